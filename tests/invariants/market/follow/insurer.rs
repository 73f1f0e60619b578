//! What the insurer says.

use localnet::Event;

use super::{Books, Flow};
use crate::{
    cover::{Cover, Sight},
    follow::{name, read, topic},
    rules::{expect, Rules},
};

impl Books {
    pub(super) fn insurer_said(
        &mut self,
        event: &Event,
        cover: &mut Cover,
        flow: &Flow,
        now: u64,
    ) -> Rules {
        match name(event).as_str() {
            "deficit_seen" => {
                let missing = read::<(i128,)>(&event.data).0;
                self.sight = Some(Sight { missing, time: now });
            }
            "deficit_settled" => {
                let (loss, paid): (i128, i128) = read(&event.data);
                let told = (&flow.compensated[..], now);
                cover.settles_deficit(self.sight.take(), (loss, paid), told)?;
                self.settled_deficits += loss;
                expect("I09", self.settled_deficits <= self.taken, || {
                    format!(
                        "deficits of {} settled, {} taken",
                        self.settled_deficits, self.taken
                    )
                })?;
            }
            "foreclosed" => {
                let (_, _, to_owner, _): (i128, i128, i128, i128) = read(&event.data);
                let owner = self.loan(event)?.owner.clone();
                if to_owner > 0 && !flow.delivered.contains(&(owner.clone(), to_owner)) {
                    *self.uncollected.entry(owner).or_default() += to_owner;
                }
            }
            "collateral_surrendered" => {
                let (claim, amount): (u32, i128) = read(&event.data);
                let lot = self.lots.surrendered(claim, amount)?;
                cover.files_surrender((&topic(event, 1), claim), &lot, now)?;
            }
            _ => {}
        }
        Ok(())
    }
}
