//! Who has shown who they are, and who is sanctioned, by what was done: whether the pool may sell to them, and pay them.

use std::collections::{BTreeMap, BTreeSet};

use localnet::{xdr::ScAddress, Bytes};
use testkit::bindings::cover_pool::IdentityTerms;

/// What a person has shown of a tier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub until: u64,
    /// What was signed of it.
    pub data: Bytes,
    pub is_revoked: bool,
}

/// Everybody, and what the pool asks of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// None: nothing is asked of anybody.
    pub terms: Option<IdentityTerms>,
    /// By person and tier.
    pub shown: BTreeMap<(ScAddress, u32), Shown>,
    pub sanctioned: BTreeSet<ScAddress>,
    /// Claims that were signed so far.
    pub signed: u64,
}

/// The tiers, by the topics of their claims.
pub const BASIC: u32 = 1;
pub const FULL: u32 = 2;

impl People {
    /// Whether somebody has shown a tier that holds still.
    pub fn is_verified(&self, person: &ScAddress, tier: u32, now: u64) -> bool {
        let shown = self.shown.get(&(person.clone(), tier));
        shown.is_some_and(|shown| !shown.is_revoked && now < shown.until)
    }

    /// Whether the pool knows that somebody is sanctioned.
    pub fn is_sanctioned(&self, person: &ScAddress) -> bool {
        let asks = |terms: &IdentityTerms| terms.sanctions.is_some();
        self.terms.as_ref().is_some_and(asks) && self.sanctioned.contains(person)
    }

    /// Whether all their cover together may come to `total`, of which the last is on `subject`. A vault that holds its own policy is
    /// nobody.
    pub fn may_be_covered(
        &self,
        (subject, owner): (&ScAddress, &ScAddress),
        total: i128,
        now: u64,
    ) -> bool {
        let Some(terms) = self.terms.as_ref().filter(|_| subject != owner) else {
            return true;
        };
        let is_enough = |most: i128| total <= most;
        !self.is_sanctioned(owner)
            && (is_enough(terms.free_limit)
                || (is_enough(terms.basic_limit) && self.is_verified(owner, BASIC, now))
                || self.is_verified(owner, FULL, now))
    }

    /// Whether they may get shares for a deposit.
    pub fn may_stake(&self, lp: &ScAddress, now: u64) -> bool {
        let is_known = self.is_verified(lp, BASIC, now) || self.is_verified(lp, FULL, now);
        self.terms.is_none() || (is_known && !self.is_sanctioned(lp))
    }
}
