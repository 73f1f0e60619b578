//! A policy with its group: what claims, advances and changes of cover work on.

use actuary::Assets;
use interfaces::cover::{GroupTerms, Interest, Peril, PerilTerms};
use soroban_sdk::Env;

use crate::amount::{decrease, increase};
use crate::errors::{require, CoverError};
use crate::group::GroupBook;
use crate::policy::Policy;
use crate::storage;

/// A policy, its group's terms and its group's book, rolled to now.
pub struct Insured {
    pub interest: Interest,
    pub policy: Policy,
    pub terms: GroupTerms,
    pub group: GroupBook,
}

impl Insured {
    /// Reads everything of an interest's policy.
    pub fn load(env: &Env, interest: Interest) -> Result<Self, CoverError> {
        let now = env.ledger().timestamp();
        let mut policy = storage::policy(env, &interest)?.ok_or(CoverError::UnknownPolicy)?;
        policy.advance.accrue(now)?;
        let terms = storage::listing(env, policy.group)?.terms;
        let group = storage::group(env, policy.group, now)?;
        Ok(Self {
            interest,
            policy,
            terms,
            group,
        })
    }

    /// Writes the policy and its group.
    pub fn store(&self, env: &Env) -> Result<(), CoverError> {
        storage::set_policy(env, &self.interest, &self.policy)?;
        storage::set_group(env, self.policy.group, &self.group)
    }

    /// The terms of a peril that the policy covers.
    pub fn peril_terms(&self, peril: Peril) -> Result<PerilTerms, CoverError> {
        require(self.policy.perils.has(peril), CoverError::PerilNotCovered)?;
        find_peril(&self.terms, peril).ok_or(CoverError::PerilNotCovered)
    }

    /// Takes `amount` off the limit and off the exposure; only while the policy is in its grace.
    pub fn cut_limit(&mut self, amount: Assets) -> Result<(), CoverError> {
        self.group.ring.remove(amount, self.policy.leaving_week())?;
        decrease(&mut self.policy.limit, amount)?;
        Ok(())
    }

    /// Gives `amount` back to the limit and to the exposure; only while the policy is in its grace.
    pub fn restore_limit(&mut self, amount: Assets) -> Result<(), CoverError> {
        self.group.ring.add(amount, self.policy.leaving_week())?;
        increase(&mut self.policy.limit, amount)?;
        Ok(())
    }
}

/// A peril's terms in a group.
pub fn find_peril(terms: &GroupTerms, peril: Peril) -> Option<PerilTerms> {
    terms.perils.iter().find(|sold| sold.peril == peril)
}
