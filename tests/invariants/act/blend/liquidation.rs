//! What liquidations on Blend took of insured positions: seen, and settled with cover.

use localnet::xdr::ScAddress;
use testkit::bindings::{blend_adapter::Settlement, cover_pool as cover, position, OnLedger};

use super::Run;
use crate::{
    blend::{granted, loss, Taken, Worth},
    follow::Told,
    rules::{expect, expect_equal, Broken, Rules},
    shadow::{Key, Policy},
};

/// What Blend's own rounding may take from a repayment.
const DUST: i128 = 2;
/// Seconds of a ledger.
const LEDGER: u64 = 5;
/// The health that a liquidation of the right size leaves on Blend, and what a loan loses of it with each part of its debt, in
/// thousandths: incentive times collateral factor times liability factor.
const HEALED: i64 = 1_090;
const LOST: i64 = 815;

impl Run<'_> {
    pub(super) fn look(&mut self, loan: u8) -> Rules {
        let position = self.position(loan);
        let looked = self.anyone(position::Client(position.clone()).look())?;
        let Some(outcome) = looked else { return Ok(()) };
        let seen: Option<position::Watch> = outcome.get().expect("a watch");
        if self.blend.taken(&position) != Taken::default() {
            self.note("of a loss");
        }
        self.blend.check_watch(&position, seen.as_ref())
    }

    /// A position of which something was taken, most often.
    fn liquidated(&self, number: u8) -> u8 {
        self.apt(number, |run, key, _| {
            run.blend.taken(&key.0) != Taken::default()
        })
    }

    pub(super) fn settle_liquidation(&mut self, loan: u8) -> Rules {
        self.settle_taken(self.liquidated(loan))
    }

    /// B1, B2: what was taken is settled for its penalty, once, and what is paid reaches the loan or its owner.
    fn settle_taken(&mut self, loan: u8) -> Rules {
        let keeper = self.stage.world.keeper.clone();
        let (position, key) = (self.position(loan), self.loan_key(loan));
        let seen = position::Client(position.clone()).look();
        let seen = seen.view(&self.stage.world.ledger);
        let seen = seen.map_err(|error| Broken::new("view", format!("look: {error}")))?;
        self.blend.check_watch(&position, seen.as_ref())?;
        let told = match seen {
            Some(seen) => self.penalty(&key, &seen.taken)?,
            None => None,
        };
        let due = told.as_ref().map_or(0, |loss| self.due(&key, loss));
        let before = self.held_by(&position);
        let told = Told {
            loss: told,
            policy: None,
        };
        let call = self.adapter().settle_liquidation(&position, &keeper);
        let Some(outcome) = self.send(call, &[&keeper], told)? else {
            return Ok(());
        };
        let settled: Settlement = outcome.get().expect("a settlement");
        let (amount, what) = match settled {
            Settlement::Paid(amount) => (amount, "paid"),
            Settlement::Filed(_, amount) => (amount, "filed"),
        };
        expect_equal("B2", "settled", amount, due)?;
        if amount > 0 {
            self.note(what);
        }
        match settled {
            Settlement::Paid(_) => self.arrived(&position, before, amount),
            Settlement::Filed(..) => Ok(()),
        }
    }

    /// The loss that a liquidation was, as cover counts it; none when it owes nothing for it.
    fn penalty(&self, key: &Key, seen: &position::Taken) -> Result<Option<cover::Loss>, Broken> {
        let taken = self.blend.taken(&key.0);
        let Some(policy) = self.policy(key).filter(|_| taken != Taken::default()) else {
            return Ok(None);
        };
        let Ok(worth) = Worth::now(self.stage, &taken) else {
            return Ok(None);
        };
        let granted = granted(self.stage, key, seen.began_at)?;
        let is_owed = seen.seen_at <= policy.end && worth.has_dropped;
        let amount = if is_owed {
            (loss(&worth) - granted).max(0)
        } else {
            0
        };
        Ok(Some(cover::Loss {
            amount,
            event: 0,
            occurred_at: seen.began_at,
            peril: cover::Peril::Liquidation,
            rescue: false,
            sources: 0,
        }))
    }

    /// What a policy pays for a loss.
    fn due(&self, key: &Key, loss: &cover::Loss) -> i128 {
        let cover = crate::cover::Cover::new(self.stage, &self.shadow, &[]);
        cover.due(key, loss.peril, loss.amount, (loss.occurred_at, self.now()))
    }

    /// What a loan on Blend owes, and the USDC that its position holds.
    pub(in crate::act) fn held_by(&self, position: &ScAddress) -> (i128, i128) {
        (self.debt_of(position), self.balance(position))
    }

    /// B4: so much was paid into a loan on Blend: its debt is less by it, or its position holds more.
    pub(in crate::act) fn arrived(
        &self,
        position: &ScAddress,
        before: (i128, i128),
        paid: i128,
    ) -> Rules {
        let after = self.held_by(position);
        let arrived = before.0 - after.0 + after.1 - before.1;
        expect("B4", (arrived - paid).abs() <= DUST, || {
            format!("{paid} paid, {arrived} arrived: {before:?}, then {after:?}")
        })
    }

    /// The price falls, as much of a loan is auctioned as Blend allows, and is filled so many ledgers later.
    pub(super) fn wreck(
        &mut self,
        loan: u8,
        health: u32,
        (ledgers, percent): (u8, u8),
        settles: bool,
    ) -> Rules {
        let now = self.now();
        let is_insured = |_: &Self, _: &Key, policy: &Policy| {
            policy.perils >> cover::Peril::Liquidation as u32 & 1 == 1
                && policy.limit > 0
                && now < policy.end
        };
        let loan = self.apt(loan, is_insured);
        if settles {
            self.look(loan)?;
        }
        self.sink(loan, health)?;
        let Some(now) = self.health(&self.position(loan)) else {
            return Ok(());
        };
        let health = i64::from(now.platform / 10_000);
        let part = (HEALED - health).max(0) * 100 / (HEALED - LOST);
        self.liquidate(loan, part.clamp(1, 100) as u8)?;
        self.wait(u64::from(ledgers) * LEDGER)?;
        self.tape.tick(&self.stage.world);
        self.fill(loan, percent)?;
        if settles {
            self.settle_taken(loan)?;
        }
        Ok(())
    }
}
