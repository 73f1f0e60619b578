//! Advances: cover that is lent to the insured instead of given.

use super::exact::{div_up, product};
use super::group::Group;
use super::policy::Policy;
use super::pool::{find, find_mut, require, CoverPool};
use super::{Refused, ADVANCE_DELAY, FULL_RATE, SCALE, YEAR};

/// What one policy owes, and with the same fields what all owe: the sums stay equal to the last scaled unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advances {
    /// The time up to which fees are counted in `fees_owed`.
    pub last: u64,
    /// D: principal, in units.
    pub drawn: i128,
    /// F: fees, in scaled units.
    pub fees_owed: i128,
    /// Scaled units per second that `drawn` costs.
    pub fee_rate: i128,
}

impl Advances {
    /// Nothing owed.
    pub fn new(now: u64) -> Self {
        Self {
            last: now,
            drawn: 0,
            fees_owed: 0,
            fee_rate: 0,
        }
    }

    /// Fees at `now`, in scaled units.
    pub fn fees_at(&self, now: u64) -> i128 {
        self.fees_owed + self.fee_rate * i128::from(now - self.last)
    }

    /// Counts the fees up to `now`.
    pub fn accrue(&mut self, now: u64) {
        self.fees_owed = self.fees_at(now);
        self.last = now;
    }

    /// Fees in units, rounded up, as of the last accrual.
    pub fn fees_due_up(&self) -> i128 {
        div_up(self.fees_owed, SCALE)
    }

    /// Principal and fees in units, rounded up, as of the last accrual.
    pub fn owed_up(&self) -> i128 {
        self.drawn + self.fees_due_up()
    }

    fn change(&mut self, change: &Change) {
        self.drawn += change.drawn;
        self.fees_owed += change.fees_owed;
        self.fee_rate += change.fee_rate;
    }
}

/// What is added to a policy's advances, to the sum of all, and to the group's.
struct Change {
    drawn: i128,
    fees_owed: i128,
    fee_rate: i128,
}

impl Change {
    fn book(&self, policy: &mut Policy, all: &mut Advances, groups: &mut [Group]) {
        policy.advances.change(self);
        all.change(self);
        groups[policy.group].drawn += self.drawn;
    }
}

impl CoverPool {
    /// Lends at most the limit, at a yearly rate; LPs bear it alone. Flat fee and fee rate are rounded up. Returns the
    /// amount lent; or, where the group has had its cap in 24 hours, the number of the claim that waits instead, one at a
    /// time.
    pub fn draw_advance(
        &mut self,
        id: u64,
        amount: i128,
        advance_rate: i128,
    ) -> Result<i128, Refused> {
        let now = self.now;
        let policy = find(&self.policies, id)?;
        require(
            now >= policy.start + ADVANCE_DELAY && now < policy.end,
            Refused::TooEarlyOrOver,
        )?;
        let amount = policy.covered(amount, now)?;
        if self.must_wait(policy.group, amount) {
            require(policy.open_claims == 0, Refused::AdvanceOrClaimOpen)?;
            return self.file(id, amount, true).map(i128::from);
        }
        let policy = find_mut(&mut self.policies, id)?;
        policy.change_limit(-amount, &mut self.groups);
        self.groups[policy.group].count(amount);
        self.cash -= amount;
        policy.advances.accrue(now);
        let flat_fee = div_up(product(&[amount, self.terms.advance_flat_fee]), FULL_RATE);
        let yearly = product(&[amount, advance_rate, SCALE]);
        let change = Change {
            drawn: amount,
            fees_owed: flat_fee * SCALE,
            fee_rate: div_up(yearly, i128::from(YEAR) * FULL_RATE),
        };
        change.book(policy, &mut self.advances, &mut self.groups);
        self.pay_bounty(id)?;
        Ok(amount)
    }

    /// Takes at most what is owed: fees first, then principal with its share of the fee rate (the rest rounded up).
    ///
    /// All of it is cash. The principal restores the limit, before the end only. Returns the amount taken.
    pub fn pay_back(&mut self, id: u64, amount: i128) -> Result<i128, Refused> {
        require(amount > 0, Refused::NothingPaid)?;
        let now = self.now;
        let policy = find_mut(&mut self.policies, id)?;
        let advances = policy.owing(now)?;
        let amount = amount.min(advances.owed_up());
        let fees = amount.min(advances.fees_due_up());
        let principal = amount - fees;
        let left = product(&[advances.fee_rate, advances.drawn - principal]);
        let change = Change {
            drawn: -principal,
            fees_owed: -advances.fees_owed.min(fees * SCALE),
            fee_rate: div_up(left, advances.drawn) - advances.fee_rate,
        };
        self.cash += amount;
        change.book(policy, &mut self.advances, &mut self.groups);
        if now < policy.end {
            policy.change_limit(principal, &mut self.groups);
        }
        Ok(amount)
    }

    /// Takes in what was recovered, at most what is owed, and writes the rest off. It ends the policy: what is left of the
    /// limit is cut. Returns the amount taken.
    pub fn foreclose(&mut self, id: u64, recovered: i128) -> Result<i128, Refused> {
        let policy = find_mut(&mut self.policies, id)?;
        let advances = policy.owing(self.now)?;
        let recovered = recovered.min(advances.owed_up());
        let change = Change {
            drawn: -advances.drawn,
            fees_owed: -advances.fees_owed,
            fee_rate: -advances.fee_rate,
        };
        self.cash += recovered;
        change.book(policy, &mut self.advances, &mut self.groups);
        if policy.is_backed(self.now) {
            policy.change_limit(-policy.limit, &mut self.groups);
        }
        (policy.limit, policy.original_limit) = (0, 0);
        self.earn_out(id)?;
        Ok(recovered)
    }
}
