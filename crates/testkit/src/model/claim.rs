//! Claims: paid at once, or filed, challenged or appealed for, and settled.

use serde::{Deserialize, Serialize};

use super::pool::{find, find_mut, require};
use super::{digits, Account, CoverPool, Refused, CHALLENGE_WINDOW};

/// A claim that waits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Claim {
    /// The policy's number.
    #[serde(with = "digits")]
    pub policy: u64,
    /// What is claimed, in units.
    #[serde(with = "digits")]
    pub amount: i128,
    /// When it was filed.
    #[serde(with = "digits")]
    pub filed_at: u64,
    /// Who challenged it, or appealed; empty: nobody.
    pub challenger: Account,
    /// Their bond, in units; 0: not disputed.
    #[serde(with = "digits")]
    pub bond: i128,
    /// Whether it is for a draw: lent by the adapter alone, and closed by anyone once nothing can be lent.
    pub advance: bool,
    /// Whether its owner asked the court for it, so that nothing but the court grants it.
    pub appeal: bool,
}

impl CoverPool {
    /// An instant claim: pays at most the limit. Returns the amount paid; or, where the group has had its cap in 24 hours,
    /// the number of the claim that waits instead.
    pub fn pay_claim(&mut self, id: u64, amount: i128, deliverable: bool) -> Result<i128, Refused> {
        let policy = find(&self.policies, id)?;
        let (owner, group) = (policy.owner.clone(), policy.group);
        let amount = policy.covered(amount, self.now)?;
        if self.must_wait(group, amount) {
            return self.file(id, amount, false).map(i128::from);
        }
        find_mut(&mut self.policies, id)?.change_limit(-amount, &mut self.groups);
        self.groups[group].count(amount);
        self.pay_loss(&owner, amount, deliverable);
        self.pay_bounty(id)?;
        self.earn_out(id)?;
        Ok(amount)
    }

    /// A claim that waits: the amount moves from the exposure to pending; the reserve is not touched. Returns the
    /// claim's number.
    pub fn file_claim(&mut self, policy_id: u64, amount: i128) -> Result<u64, Refused> {
        let amount = find(&self.policies, policy_id)?.covered(amount, self.now)?;
        self.file(policy_id, amount, false)
    }

    pub(super) fn file(
        &mut self,
        policy_id: u64,
        amount: i128,
        advance: bool,
    ) -> Result<u64, Refused> {
        let policy = find_mut(&mut self.policies, policy_id)?;
        policy.change_limit(-amount, &mut self.groups);
        policy.open_claims += 1;
        self.pending += amount;
        let claim = Claim {
            policy: policy_id,
            amount,
            filed_at: self.now,
            advance,
            ..Claim::default()
        };
        let id = self.next_id();
        self.claims.insert(id, claim);
        Ok(id)
    }

    /// Holds a bond of 2 % of the claim (rounded up) or the minimum; not of a draw's, which is lent. Returns it.
    pub fn challenge_claim(&mut self, id: u64, challenger: &str) -> Result<i128, Refused> {
        let claim = find_mut(&mut self.claims, id)?;
        require(
            self.now < claim.filed_at + CHALLENGE_WINDOW && claim.bond == 0 && !claim.advance,
            Refused::TooLateOrChallenged,
        )?;
        claim.challenger = challenger.to_owned();
        claim.bond = self.terms.bond_up(claim.amount);
        self.cash += claim.bond;
        self.bonds += claim.bond;
        Ok(claim.bond)
    }

    /// The owner asks the court for a loss, with a bond as a challenger's. Returns the claim's number.
    pub fn appeal_claim(&mut self, policy_id: u64, amount: i128) -> Result<u64, Refused> {
        let policy = find(&self.policies, policy_id)?;
        let (owner, amount) = (policy.owner.clone(), policy.covered(amount, self.now)?);
        let id = self.file(policy_id, amount, false)?;
        let bond = self.terms.bond_up(amount);
        let claim = find_mut(&mut self.claims, id)?;
        (claim.challenger, claim.bond, claim.appeal) = (owner, bond, true);
        self.cash += bond;
        self.bonds += bond;
        Ok(id)
    }

    /// After the window: pays the claim in full, or what the court decided if it is disputed. Returns the amount
    /// paid.
    ///
    /// The denied part returns to the limit inside the grace week; later, and after a foreclosure, it is free capital. A
    /// claim for a draw is closed with nothing, once nothing can be lent.
    pub fn settle_claim(
        &mut self,
        id: u64,
        amount: i128,
        deliverable: bool,
    ) -> Result<i128, Refused> {
        let claim = find(&self.claims, id)?.clone();
        require(
            self.now >= claim.filed_at + CHALLENGE_WINDOW,
            Refused::WindowOpen,
        )?;
        let policy = find_mut(&mut self.policies, claim.policy)?;
        let is_covered = policy.is_backed(self.now) && !policy.is_foreclosed();
        require(!(claim.advance && is_covered), Refused::OnlyTheAdapterNow)?;
        let is_disputed = claim.bond > 0;
        let paid = if claim.advance {
            0
        } else if is_disputed {
            amount.min(claim.amount)
        } else {
            claim.amount
        };
        self.claims.remove(&id);
        self.pending -= claim.amount;
        policy.open_claims -= 1;
        if is_covered {
            policy.change_limit(claim.amount - paid, &mut self.groups);
        }
        let claimant = policy.owner.clone();
        self.pay_loss(&claimant, paid, deliverable);
        self.release_bond(&claim, &claimant, paid, deliverable);
        if paid > 0 {
            self.pay_bounty(claim.policy)?;
        }
        self.earn_out(claim.policy)?;
        Ok(paid)
    }

    /// Back to who was right, even in part; else half (rounded down) to the other side, the claimant or else the LPs, the rest kept.
    fn release_bond(&mut self, claim: &Claim, claimant: &str, paid: i128, deliverable: bool) {
        self.bonds -= claim.bond;
        if claim.appeal && paid > 0 {
            self.pay(&claim.challenger, claim.bond, deliverable);
        } else if claim.appeal {
            self.reserve += claim.bond - claim.bond / 2;
        } else if paid < claim.amount {
            self.pay(&claim.challenger, claim.bond, true);
        } else {
            let half = claim.bond / 2;
            self.pay(claimant, half, deliverable);
            self.reserve += claim.bond - half;
        }
    }
}
