//! Claims: paid at once, or filed, challenged and settled.

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
    /// Who challenged it; empty: nobody.
    pub challenger: Account,
    /// The challenger's bond, in units; 0: not challenged.
    #[serde(with = "digits")]
    pub bond: i128,
}

impl CoverPool {
    /// An instant claim: pays at most the limit. Returns the amount paid.
    pub fn pay_claim(&mut self, id: u64, amount: i128, deliverable: bool) -> Result<i128, Refused> {
        let policy = find_mut(&mut self.policies, id)?;
        let amount = policy.cut_limit(amount, self.now, &mut self.groups)?;
        let owner = policy.owner.clone();
        self.pay_loss(&owner, amount, deliverable);
        self.pay_bounty();
        Ok(amount)
    }

    /// A claim that waits: the amount moves from the exposure to pending; the reserve is not touched. Returns the
    /// claim's number.
    pub fn file_claim(&mut self, policy_id: u64, amount: i128) -> Result<u64, Refused> {
        let policy = find_mut(&mut self.policies, policy_id)?;
        let amount = policy.cut_limit(amount, self.now, &mut self.groups)?;
        policy.open_claims += 1;
        self.pending += amount;
        let claim = Claim {
            policy: policy_id,
            amount,
            filed_at: self.now,
            ..Claim::default()
        };
        let id = self.next_id();
        self.claims.insert(id, claim);
        Ok(id)
    }

    /// Holds a bond of 2 % of the claim (rounded up) or the minimum. Returns it.
    pub fn challenge_claim(&mut self, id: u64, challenger: &str) -> Result<i128, Refused> {
        let claim = find_mut(&mut self.claims, id)?;
        require(
            self.now < claim.filed_at + CHALLENGE_WINDOW && claim.bond == 0,
            Refused::TooLateOrChallenged,
        )?;
        claim.challenger = challenger.to_owned();
        claim.bond = self.terms.bond_up(claim.amount);
        self.cash += claim.bond;
        self.bonds += claim.bond;
        Ok(claim.bond)
    }

    /// After the window: pays the claim in full, or what the court decided if it was challenged. Returns the amount
    /// paid.
    ///
    /// The denied part returns to the limit inside the grace week; later it is free capital.
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
        let is_challenged = claim.bond > 0;
        let paid = if is_challenged {
            amount.min(claim.amount)
        } else {
            claim.amount
        };
        self.claims.remove(&id);
        self.pending -= claim.amount;
        let policy = find_mut(&mut self.policies, claim.policy)?;
        policy.open_claims -= 1;
        if policy.is_in_grace(self.now) {
            policy.change_limit(claim.amount - paid, &mut self.groups);
        }
        let claimant = policy.owner.clone();
        self.pay_loss(&claimant, paid, deliverable);
        self.release_bond(&claim, &claimant, paid, deliverable);
        if paid > 0 {
            self.pay_bounty();
        }
        Ok(paid)
    }

    /// Back to a challenger who was right, even in part; else half (rounded down) to the claimant, the rest kept.
    fn release_bond(&mut self, claim: &Claim, claimant: &str, paid: i128, deliverable: bool) {
        self.bonds -= claim.bond;
        if paid < claim.amount {
            self.pay(&claim.challenger, claim.bond, true);
        } else {
            let half = claim.bond / 2;
            self.pay(claimant, half, deliverable);
            self.reserve += claim.bond - half;
        }
    }
}
