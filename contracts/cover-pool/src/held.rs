//! Which policies an owner holds: what the INS token shows as a balance, and hands to somebody else.

use actuary::Assets;
use interfaces::cover::Interest;
use soroban_sdk::{Address, Env, Vec};

use crate::amount::increase;
use crate::errors::{require, CoverError};
use crate::events::Assigned;
use crate::identity;
use crate::insured::Insured;
use crate::policy::Policy;
use crate::storage;
use crate::types::bounds;

/// What is left of the limits of an owner's policies that have not ended.
pub fn insured_of(env: &Env, owner: &Address) -> Assets {
    let (now, mut sum) = (env.ledger().timestamp(), Assets::ZERO);
    for (_, policy) in live(env, storage::held(env, owner), owner, now) {
        if now < policy.end {
            increase(env, &mut sum, policy.limit);
        }
    }
    sum
}

/// Those of the listed policies of `owner` that are live, each with its interest.
pub fn live<'a>(
    env: &'a Env,
    listed: Vec<Interest>,
    owner: &'a Address,
    now: u64,
) -> impl Iterator<Item = (Interest, Policy)> + 'a {
    let theirs = move |policy: &Policy| policy.is_live(now) && policy.owner == *owner;
    listed.into_iter().filter_map(move |interest| {
        let policy = storage::policy(env, &interest).filter(theirs)?;
        Some((interest, policy))
    })
}

/// Makes `to` the owner of a policy. They have agreed to no rate, so it renews no more; and nobody else pays for it.
pub fn assign(env: &Env, mut insured: Insured, to: &Address) {
    let now = env.ledger().timestamp();
    let policy = &mut insured.policy;
    require(env, !policy.is_busy(), CoverError::PolicyBusy);
    let is_covered = now < policy.end && !policy.limit.is_zero();
    require(env, is_covered, CoverError::NothingCovered);
    identity::require_not_sanctioned(env, &policy.owner);
    let is_pool = *to == env.current_contract_address();
    require(env, !is_pool, CoverError::PaysItself);
    if *to != policy.owner {
        identity::require_cover(env, &insured.interest.0, to, policy.limit);
    }
    add_to_owner(env, &insured.interest, to, now);
    let from = core::mem::replace(&mut policy.owner, to.clone());
    (policy.payer, policy.max_rate) = (None, 0);
    storage::set_policy(env, &insured.interest, policy);
    let Interest(subject, class) = insured.interest;
    Assigned {
        subject,
        to: to.clone(),
        class: class as u32,
        from,
    }
    .publish(env);
}

/// Lists an interest with its new owner; of a full list, what has ended makes room. Each is listed: what an owner holds is the sum
/// of it.
pub fn add_to_owner(env: &Env, interest: &Interest, owner: &Address, now: u64) {
    if let Some(earlier) = storage::policy(env, interest) {
        if earlier.owner != *owner {
            remove_from_owner(env, interest, &earlier.owner);
        }
    }
    let mut held = storage::held(env, owner);
    if held.contains(interest) {
        return;
    }
    if held.len() >= bounds::POLICIES_PER_OWNER {
        let live = live(env, held, owner, now).map(|(interest, _)| interest);
        held = Vec::from_iter(env, live);
    }
    let has_room = held.len() < bounds::POLICIES_PER_OWNER;
    require(env, has_room, CoverError::TooMany);
    held.push_back(interest.clone());
    storage::set_held(env, owner, &held);
}

/// Takes an interest off its owner's list.
pub fn remove_from_owner(env: &Env, interest: &Interest, owner: &Address) {
    let mut held = storage::held(env, owner);
    if let Some(index) = held.first_index_of(interest) {
        held.remove(index);
        storage::set_held(env, owner, &held);
    }
}
