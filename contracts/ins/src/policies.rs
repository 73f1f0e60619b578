//! Which policy is meant, and its assignment.

use entries::extend_instance;
use interfaces::assign::AssignableClient;
use interfaces::cover::{CoverPoolClient, Interest, Policy};
use soroban_sdk::{Address, Env, MuxedAddress};
use stellar_tokens::fungible::emit_transfer;

use crate::errors::InsError;
use crate::storage;

/// The cover pool.
pub fn pool(env: &Env) -> CoverPoolClient<'_> {
    CoverPoolClient::new(env, &storage::cover_pool(env))
}

/// Assigns the one policy of `from` that has exactly `amount` left.
pub fn transfer(
    env: &Env,
    from: &Address,
    to: &MuxedAddress,
    amount: i128,
) -> Result<(), InsError> {
    let mut meant = None;
    for interest in pool(env).policies_of(from) {
        let Ok(policy) = in_force(env, &interest) else {
            continue;
        };
        if policy.limit == amount && amount > 0 {
            if meant.is_some() {
                return Err(InsError::SeveralPolicies);
            }
            meant = Some((interest, policy));
        }
    }
    let (interest, policy) = meant.ok_or(InsError::NoSuchPolicy)?;
    hand_on(env, &interest, &policy, to)
}

/// Assigns the policy on `interest`; its owner signs.
pub fn assign(env: &Env, interest: &Interest, to: &Address) -> Result<(), InsError> {
    let policy = in_force(env, interest)?;
    policy.owner.require_auth();
    hand_on(env, interest, &policy, &to.into())
}

/// A policy that has not ended.
fn in_force(env: &Env, interest: &Interest) -> Result<Policy, InsError> {
    pool(env)
        .policy(interest)
        .filter(|policy| env.ledger().timestamp() < policy.end)
        .ok_or(InsError::NotInForce)
}

/// Has the adapter of the policy's group assign it, so that the cover and what it insures move together or not at all.
fn hand_on(
    env: &Env,
    interest: &Interest,
    policy: &Policy,
    to: &MuxedAddress,
) -> Result<(), InsError> {
    let (group, assignee) = (pool(env).group(&policy.group), to.address());
    let group = group.ok_or(InsError::NotInForce)?;
    AssignableClient::new(env, &group.adapter).assign(interest, &assignee);
    extend_instance(env);
    emit_transfer(env, &policy.owner, &assignee, to.id(), policy.limit);
    Ok(())
}
