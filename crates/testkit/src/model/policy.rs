//! One policy and its limit.

use super::advance::Advances;
use super::group::Group;
use super::pool::require;
use super::{Account, Refused, ADVANCE_DELAY, GRACE, WEEK};

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
    /// What it has prepaid of bounties and not spent.
    pub bounty_left: i128,
    /// The part of the limit that a renewal added, usable from `raised_from` on.
    pub raised: i128,
    /// See `raised`.
    pub raised_from: u64,
    /// Claims that wait.
    pub open_claims: u64,
}

impl Policy {
    /// Whether its limit is backed at `now`: until one week after the end.
    pub fn is_backed(&self, now: u64) -> bool {
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

    /// What of `amount` is covered: at most the limit that is usable, up to the end of the grace week.
    pub(super) fn covered(&self, amount: i128, now: u64) -> Result<i128, Refused> {
        let waits = if now.min(self.end) < self.raised_from {
            self.raised
        } else {
            0
        };
        let amount = amount.min(self.limit - waits);
        require(self.is_backed(now) && amount > 0, Refused::NothingCovered)?;
        Ok(amount)
    }

    /// Whether a foreclosure has ended it: nothing of what was sold remains.
    pub fn is_foreclosed(&self) -> bool {
        self.original_limit == 0
    }

    /// Makes a raise of the limit wait, together with what waits now.
    pub(super) fn wait_for(&mut self, raise: i128, now: u64) {
        let waiting = if now < self.raised_from {
            self.raised
        } else {
            0
        };
        self.raised = waiting + raise;
        self.raised_from = now + ADVANCE_DELAY;
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
