//! Shares of LPs, minted, moved and paid.

use localnet::{xdr::ScAddress, Event};

use super::{amount, field, read, topic};
use crate::{
    rules::{expect, Broken, Rules},
    shadow::{Exit, Shadow, Value, EXIT_DELAY},
};

impl Shadow {
    pub(super) fn deposited(&mut self, event: &Event, before: Value) -> Rules {
        let (receiver, assets, shares): (ScAddress, i128, i128) = (
            topic(event, 3),
            field(event, "assets"),
            field(event, "shares"),
        );
        let is_fair = shares * (before.hi + 1) <= assets * (before.shares + 1_000);
        expect("I12", is_fair || self.shares == 0, || {
            format!("{shares} shares for {assets} at {before:?}")
        })?;
        expect("K1", self.people.may_stake(&receiver, self.now), || {
            format!("shares for {receiver}, who has not shown who they are")
        })?;
        self.cash += assets;
        self.shares += shares;
        *self.balances.entry(receiver).or_default() += shares;
        Ok(())
    }

    pub(super) fn withdrawn(&mut self, event: &Event, before: Value) -> Rules {
        let (assets, shares): (i128, i128) = (field(event, "assets"), field(event, "shares"));
        let is_fair = assets * (before.shares + 1_000) <= shares * (before.lo + 1);
        expect("I12", is_fair, || {
            format!("{assets} for {shares} shares at {before:?}")
        })?;
        let left = before.lo - assets;
        expect("I05", self.exposure() <= left, || {
            format!("an exit leaves {left} for limits of {}", self.exposure())
        })?;
        for (number, group) in (0..).zip(&self.groups) {
            let most = Self::share_down(left, group.cap);
            let held = self.exposure_of(number);
            expect("I05", held <= most, || {
                format!("group {number}: {held} above {most} at exit")
            })?;
        }
        self.cash -= assets;
        Ok(())
    }

    pub(super) fn transferred(&mut self, event: &Event) {
        let amount = amount(event);
        *self.balances.entry(topic(event, 1)).or_default() -= amount;
        *self.balances.entry(topic(event, 2)).or_default() += amount;
    }

    pub(super) fn exit_requested(&mut self, event: &Event) {
        let (slot, shares) = read(&event.data);
        let requested_at = self.now;
        self.exits.insert(
            (topic(event, 1), slot),
            Exit {
                shares,
                requested_at,
            },
        );
    }

    pub(super) fn exit_paid(&mut self, event: &Event, pool: &ScAddress) -> Rules {
        let (slot, shares): (u32, i128) = read(&event.data);
        let at = (topic::<ScAddress>(event, 1), slot);
        let Some(exit) = self.exits.get_mut(&at) else {
            return Err(Broken::new("I14", format!("no exit waits in slot {slot}")));
        };
        let matures = exit.requested_at + EXIT_DELAY;
        expect("I14", self.now >= matures, || {
            format!("exit paid before {matures}")
        })?;
        exit.shares -= shares;
        let left = exit.shares;
        expect("I14", left >= 0, || {
            format!("{left} shares left of an exit")
        })?;
        if left == 0 {
            self.exits.remove(&at);
        }
        self.shares -= shares;
        *self.balances.entry(pool.clone()).or_default() -= shares;
        Ok(())
    }
}
