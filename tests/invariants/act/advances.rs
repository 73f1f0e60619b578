//! The end of an advance on Blend.

use localnet::{xdr::ScAddress, Auth};
use testkit::bindings::cover_pool as cover;

use super::Run;
use crate::{
    follow::Told,
    rules::{expect_equal, Broken, Rules},
    shadow::{Key, Policy},
    step::Part,
};

/// Looks of the hub until it trusts a price that has jumped.
pub(super) const UNTIL_TRUSTED: u8 = 4;
/// The health at which a loan is rescued, in thousandths.
pub(super) const DISTRESSED: u32 = 1_070;
/// As a batch has them, bit by bit.
pub(super) const ALL_LOANS: u8 = 0x3f;
/// Debt and advance as a part of the collateral's value, in thousandths: foreclosed, with something left for the owner.
pub(super) const BRINK: i128 = 965;
/// The same where a foreclosure has lost its reason.
pub(super) const SAFE: i128 = 800;

impl Run<'_> {
    /// A loan that owes.
    fn debtor(&self, number: u8) -> u8 {
        let owes = |run: &Self, key: &Key, policy: &Policy| {
            let direct = (key.0.clone(), cover::Class::Deposit as u32);
            policy.advance.drawn > 0 || run.owed(&direct) > 0
        };
        self.apt(number, owes)
    }

    /// A loan that owes; when there is none, the price falls until one is rescued.
    fn indebted(&mut self, number: u8) -> Result<u8, Broken> {
        let mut keys = (0..self.positions.len() as u8).map(|loan| self.loan_key(loan));
        if keys.all(|key| self.owed(&key) == 0) {
            let now = self.now();
            let is_lendable = |_: &Self, _: &Key, policy: &Policy| {
                policy.perils & 1 == 1 && policy.limit > 0 && now < policy.end
            };
            let loan = self.apt(number, is_lendable);
            self.sink(loan, DISTRESSED)?;
            self.watch(UNTIL_TRUSTED)?;
            self.rescue(ALL_LOANS)?;
        }
        Ok(self.debtor(number))
    }

    pub(super) fn owed(&self, key: &Key) -> i128 {
        let now = self.now();
        self.policy(key).map_or(0, |policy| {
            policy.advance.drawn + policy.advance.due_at(now)
        })
    }

    pub(super) fn pay_back(&mut self, loan: u8, size: Part, by_stranger: bool) -> Rules {
        let loan = self.debtor(loan);
        let position = self.position(loan);
        let payer = if by_stranger {
            self.stage.liquidator.clone()
        } else {
            self.owner_of(&position)
        };
        // Now and then an advance of a direct policy, if the subject has one.
        let direct: Key = (position.clone(), cover::Class::Deposit as u32);
        let class = if self.owed(&direct) > 0 {
            cover::Class::Deposit
        } else {
            cover::Class::Loan
        };
        let key: Key = (position.clone(), class as u32);
        let amount = size.of(self.owed(&key));
        let told = Told {
            policy: Some(key),
            ..Told::default()
        };
        self.guarded(
            self.pool()
                .pay_back(&cover::Interest(position, class), &payer, amount),
            &[&payer],
            told,
        )
        .map(drop)
    }

    pub(super) fn refinance(&mut self, loan: u8) -> Rules {
        let loan = self.debtor(loan);
        let position = self.position(loan);
        self.anyone(self.adapter().refinance(&position)).map(drop)
    }

    pub(super) fn start_foreclosure(&mut self, loan: u8) -> Rules {
        let loan = self.debtor(loan);
        let position = self.position(loan);
        self.anyone(self.adapter().start_foreclosure(&position))
            .map(drop)
    }

    /// The price at which a loan's debt and advance are this part of its value, in thousandths, until the hub trusts it.
    pub(super) fn press(&mut self, (debt, value): (i128, i128), part: i128) -> Rules {
        let permille = (debt * 1_000_000)
            .checked_div(part * value)
            .unwrap_or(1_000);
        let permille = permille.clamp(200, 5_000);
        self.tape.set(1, permille as u32);
        // A foreclosure needs the mean of a quarter of an hour as well.
        self.watch(UNTIL_TRUSTED + 2)
    }

    fn press_loan(&mut self, loan: u8, part: i128) -> Rules {
        let (position, key) = (self.position(loan), self.loan_key(loan));
        match self.health(&position) {
            Some(now) => self.press((now.debt + self.owed(&key), now.value), part),
            None => Ok(()),
        }
    }

    /// Of four one only tries; the others let the loan come to the brink before, and recover.
    pub(super) fn cure(&mut self, number: u8) -> Rules {
        let loan = self.indebted(number)?;
        let position = self.position(loan);
        if !number.is_multiple_of(4) {
            self.press_loan(loan, BRINK)?;
            self.anyone(self.adapter().start_foreclosure(&position))?;
            self.press_loan(loan, SAFE)?;
        }
        self.anyone(self.adapter().cure(&position)).map(drop)
    }

    /// Half of the loans come to the brink before, and half of their owners cannot be paid.
    pub(super) fn foreclose(&mut self, number: u8, assigned: bool) -> Rules {
        let loan = self.indebted(number)?;
        let (position, payer) = (self.position(loan), self.stage.liquidator.clone());
        if number.is_multiple_of(2) {
            self.press_loan(loan, BRINK)?;
        }
        let owner = self.owner_of(&position).address();
        if number.is_multiple_of(4) && owner != payer.address() {
            self.authorise(&owner, false);
        }
        self.anyone(self.adapter().start_foreclosure(&position))?;
        // Nothing is sold in the first 15 minutes.
        self.watch(3)?;
        let Some(health) = self.health(&position) else {
            return Ok(());
        };
        let (bid, adapter) = (health.value.max(0), self.adapter());
        if assigned {
            return self
                .own(
                    adapter.foreclose_by_assignment(&position, &payer, bid),
                    &payer,
                )
                .map(drop);
        }
        let pay_max = health.debt * 101 / 100;
        let call = adapter.foreclose(&position, &payer, pay_max, i64::MAX.into(), bid);
        self.own(call, &payer).map(drop)
    }

    /// Whether somebody can be paid.
    pub(super) fn authorise(&self, holder: &ScAddress, authorised: bool) -> bool {
        let (usdc, ledger) = (&self.stage.world.usdc, &self.stage.world.ledger);
        let args = (holder, authorised);
        let (issuer, token) = (&usdc.issuer, &usdc.contract);
        let set = ledger.call(issuer, token, "set_authorized", args, Auth::Sign(&[]));
        set.is_ok()
    }

    /// What waits for an owner, who can be paid by now, most often.
    pub(super) fn collect(&mut self, who: u8) -> Rules {
        let waiting: Vec<_> = self.blend.uncollected.keys().cloned().collect();
        let recipients = &self.stage.recipients;
        let owner = super::choose(&waiting, who)
            .unwrap_or(&recipients[usize::from(who) % recipients.len()])
            .clone();
        if !who.is_multiple_of(4) {
            self.authorise(&owner, true);
        }
        // The adapter tells nothing of it, so the books are told before; a refusal leaves them as they were.
        let waited = self.blend.uncollected.remove(&owner);
        let reply = self.anyone(self.adapter().collect(&owner))?;
        match (reply, waited) {
            (None, Some(waited)) => {
                self.blend.uncollected.insert(owner, waited);
                Ok(())
            }
            (None, None) => Ok(()),
            (Some(outcome), waited) => {
                let collected = outcome.get().expect("an amount");
                expect_equal("M8", "collected", Some::<i128>(collected), waited)
            }
        }
    }
}
