//! Which policies an owner holds: what the INS token shows as a balance.

use interfaces::cover::Interest;
use soroban_sdk::{Address, Env, Vec};

use crate::storage;
use crate::types::bounds;

/// Lists an interest with its new owner; of a full list, what has ended makes room. A list that stays full lists no more:
/// anyone may buy cover for an owner, and must not keep them from their own by filling it.
pub fn list(env: &Env, interest: &Interest, owner: &Address, now: u64) {
    if let Some(earlier) = storage::policy(env, interest) {
        if earlier.owner != *owner {
            unlist(env, interest, &earlier.owner);
        }
    }
    let mut held = storage::held(env, owner);
    if held.contains(interest) {
        return;
    }
    if held.len() >= bounds::POLICIES_PER_OWNER {
        let mut live = Vec::new(env);
        for interest in held {
            let policy = storage::policy(env, &interest);
            if policy.is_some_and(|policy| policy.is_live(now) && policy.owner == *owner) {
                live.push_back(interest);
            }
        }
        held = live;
    }
    if held.len() < bounds::POLICIES_PER_OWNER {
        held.push_back(interest.clone());
        storage::set_held(env, owner, &held);
    }
}

/// Takes an interest off its owner's list.
pub fn unlist(env: &Env, interest: &Interest, owner: &Address) {
    let mut held = storage::held(env, owner);
    if let Some(index) = held.first_index_of(interest) {
        held.remove(index);
        storage::set_held(env, owner, &held);
    }
}
