//! A policy with its group: what claims, advances and changes of cover work on.

use actuary::{Assets, ScaledRate};
use interfaces::cover::{Class, GroupTerms, Interest, Peril, PerilTerms, Route};
use soroban_sdk::Env;

use crate::amount::{decrease, increase};
use crate::books::Pool;
use crate::errors::{require, CoverError, OrFail};
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
    pub fn load(env: &Env, interest: Interest) -> Self {
        let now = env.ledger().timestamp();
        let mut policy = storage::policy(env, &interest)
            .ok_or(CoverError::UnknownPolicy)
            .or_fail(env);
        policy.advance.accrue(now).or_fail(env);
        let terms = storage::listing(env, policy.group).terms;
        let group = storage::group(env, policy.group, now);
        Self {
            interest,
            policy,
            terms,
            group,
        }
    }

    /// Writes the policy and its group.
    pub fn store(&self, env: &Env) {
        storage::set_policy(env, &self.interest, &self.policy);
        storage::set_group(env, self.policy.group, &self.group)
    }

    /// Whether what is paid can follow the policy's route. A deposit has no debt, and its subject need not be a contract that could
    /// be asked: the host ends such a call. But its adapter can hand the money on.
    pub fn has_route(&self) -> bool {
        self.terms.class == Class::Loan || self.policy.route == Route::Adapter
    }

    /// The terms of a peril that the policy covers.
    pub fn peril_terms(&self, env: &Env, peril: Peril) -> PerilTerms {
        require(
            env,
            self.policy.perils.has(peril),
            CoverError::PerilNotCovered,
        );
        find_peril(&self.terms, peril)
            .ok_or(CoverError::PerilNotCovered)
            .or_fail(env)
    }

    /// Takes `amount` off the limit and off the exposure; only while the policy is backed.
    pub fn cut_limit(&mut self, env: &Env, amount: Assets) {
        self.group
            .ring
            .remove(amount, self.policy.leaving_week())
            .or_fail(env);
        decrease(env, &mut self.policy.limit, amount);
    }

    /// Gives `amount` back to the limit and to the exposure; only while the policy is backed.
    pub fn restore_limit(&mut self, env: &Env, amount: Assets) {
        self.group
            .ring
            .add(amount, self.policy.leaving_week())
            .or_fail(env);
        increase(env, &mut self.policy.limit, amount);
    }

    /// Earns the rest of the premium at once where nothing is left to cover, and no advance or claim that could restore it;
    /// so that NAV hides no value.
    pub fn earn_out(&mut self, env: &Env, pool: &mut Pool) {
        let policy = &mut self.policy;
        if policy.limit.is_zero() && !policy.is_busy() && pool.now < policy.end {
            let rate = core::mem::replace(&mut policy.earning_rate, ScaledRate::ZERO);
            pool.premiums.remove(rate, policy.end).or_fail(env);
            storage::set_premiums(env, &pool.premiums);
        }
    }
}

/// A peril's terms in a group.
pub fn find_peril(terms: &GroupTerms, peril: Peril) -> Option<PerilTerms> {
    terms.perils.iter().find(|sold| sold.peril == peril)
}
