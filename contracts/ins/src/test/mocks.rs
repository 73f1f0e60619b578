//! A cover pool that holds the policies it is told, and an adapter that notes what it is asked to assign.

use interfaces::assign::Assignable;
use interfaces::cover::{Books, Class, GroupTerms, Interest, Policy, Route};
use soroban_sdk::{contract, contractimpl, contracttype, vec, Address, Env, Error, Vec};

#[contracttype]
enum Key {
    Asset,
    Adapter,
    Policy(Interest),
    Held(Address),
    Assigned,
    Refusal,
}

#[contract]
pub struct MockPool;

#[contractimpl]
impl MockPool {
    pub fn __constructor(env: Env, asset: Address, adapter: Address) {
        env.storage().instance().set(&Key::Asset, &asset);
        env.storage().instance().set(&Key::Adapter, &adapter);
    }

    pub fn set_policy(env: Env, interest: Interest, owner: Address, limit: i128, end: u64) {
        let mut held = Self::policies_of(env.clone(), owner.clone());
        let holder = Key::Held(owner.clone());
        let policy = Policy {
            payer: owner.clone(),
            owner,
            group: 3,
            perils: vec![&env],
            route: Route::Repay,
            start: 0,
            end,
            earning_rate: 0,
            limit,
            original_limit: limit,
            topped_up: 0,
            topped_up_from: 0,
            max_rate: 0,
            paid: 0,
            drawn: 0,
            fees_due: 0,
            open_claims: 0,
            event: 0,
            event_loss: 0,
        };
        held.push_back((interest.clone(), policy.clone()));
        env.storage().instance().set(&holder, &held);
        env.storage()
            .instance()
            .set(&Key::Policy(interest), &policy);
    }

    pub fn query_asset(env: Env) -> Address {
        env.storage().instance().get(&Key::Asset).unwrap()
    }

    pub fn policies_of(env: Env, owner: Address) -> Vec<(Interest, Policy)> {
        let held = env.storage().instance().get(&Key::Held(owner));
        held.unwrap_or_else(|| Vec::new(&env))
    }

    pub fn policy(env: Env, interest: Interest) -> Option<Policy> {
        env.storage().instance().get(&Key::Policy(interest))
    }

    /// Two for each policy that is listed, whatever its limit: a number that only the pool can know.
    pub fn insured_of(env: Env, owner: Address) -> i128 {
        2 * i128::from(Self::policies_of(env, owner).len())
    }

    /// The one group that there is.
    pub fn group(env: Env, group: u32) -> Option<GroupTerms> {
        (group == 3).then(|| GroupTerms {
            adapter: env.storage().instance().get(&Key::Adapter).unwrap(),
            platform: None,
            class: Class::Loan,
            cap: 0,
            subject_cap: 0,
            perils: vec![&env],
            knots: vec![&env],
            rate_min: 0,
            rate_max: 0,
            deductible: 0,
        })
    }

    /// Each number is another one.
    pub fn books(_env: Env) -> Books {
        Books {
            cash: 1,
            unearned: 2,
            earning_rate: 3,
            pending: 4,
            claimable: 5,
            bonds: 6,
            bounties: 7,
            reserve: 8,
            drawn: 9,
            fees_owed: 10,
            fee_rate: 11,
            shares: 12,
            queued: 13,
            exposure: 14,
            in_force: 15,
            appealed: 0,
            nav_lo: 16,
            nav_hi: 17,
        }
    }
}

#[contract]
pub struct MockAdapter;

#[contractimpl]
impl MockAdapter {
    /// From now on it refuses with this code.
    pub fn refuse(env: Env, code: u32) {
        env.storage().instance().set(&Key::Refusal, &code);
    }

    /// What it was asked to assign, and to whom.
    pub fn assigned(env: Env) -> Vec<(Interest, Address)> {
        let assigned = env.storage().instance().get(&Key::Assigned);
        assigned.unwrap_or_else(|| Vec::new(&env))
    }
}

#[contractimpl]
impl Assignable for MockAdapter {
    fn assign(env: Env, interest: Interest, to: Address) {
        if let Some(code) = env.storage().instance().get(&Key::Refusal) {
            env.panic_with_error(Error::from_contract_error(code));
        }
        let mut assigned = Self::assigned(env.clone());
        assigned.push_back((interest, to));
        env.storage().instance().set(&Key::Assigned, &assigned);
    }
}
