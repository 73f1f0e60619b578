//! One policy and its limit.

use super::advance::Advances;
use super::group::Group;
use super::pool::require;
use super::{Account, Refused, GRACE, WEEK};

/// Cover that was sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Who is paid.
    pub owner: Account,
    /// Index of its group.
    pub group: usize,
    /// When it was sold.
    pub start: u64,
    /// When it ends: a week boundary.
    pub end: u64,
    /// q: scaled units per second that the pool earns until `end`.
    pub earning_rate: i128,
    /// What is left of the cover, in units.
    pub limit: i128,
    /// What was sold, in units.
    pub original_limit: i128,
    /// The payer lets it renew at yearly rates up to this; 0: never.
    pub max_rate: i128,
    /// What it owes.
    pub advances: Advances,
    /// Draws before this time earn no bounty.
    pub next_draw_bounty: u64,
    /// Claims that wait.
    pub open_claims: u64,
}

impl Policy {
    /// Whether its limit is in force at `now`: until one week after the end.
    pub fn is_in_grace(&self, now: u64) -> bool {
        now < self.end + GRACE
    }

    /// The premium that the pool has yet to earn, in scaled units.
    pub fn unearned(&self, now: u64) -> i128 {
        self.earning_rate * i128::from(self.end.saturating_sub(now))
    }

    /// The week at whose start the limit leaves the exposure.
    fn leaving_week(&self) -> u64 {
        (self.end + GRACE) / WEEK
    }

    /// Raises the limit, or lowers it with a negative amount, and the exposure with it.
    pub(super) fn change_limit(&mut self, amount: i128, groups: &mut [Group]) {
        self.limit += amount;
        groups[self.group].change(amount, self.leaving_week());
    }

    /// Takes at most the limit, up to the end of the grace week. Returns the amount taken.
    pub(super) fn cut_limit(
        &mut self,
        amount: i128,
        now: u64,
        groups: &mut [Group],
    ) -> Result<i128, Refused> {
        let amount = amount.min(self.limit);
        require(self.is_in_grace(now) && amount > 0, Refused::NothingCovered)?;
        self.change_limit(-amount, groups);
        Ok(amount)
    }

    /// What it owes, with fees up to `now`.
    pub(super) fn owing(&mut self, now: u64) -> Result<&Advances, Refused> {
        require(self.advances.drawn > 0, Refused::NothingOwed)?;
        self.advances.accrue(now);
        Ok(&self.advances)
    }

    /// Whether the owner may cancel or renew it: nothing owed, no claim open.
    pub(super) fn require_changeable(&self) -> Result<(), Refused> {
        require(
            self.advances.drawn == 0 && self.open_claims == 0,
            Refused::AdvanceOrClaimOpen,
        )
    }
}
