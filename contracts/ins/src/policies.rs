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
    let is_meant =
        |policy: &Policy| amount > 0 && policy.limit == amount && is_in_force(env, policy);
    let held = pool(env).policies_of(from);
    let mut meant = held.into_iter().filter(|(_, policy)| is_meant(policy));
    let (interest, policy) = meant.next().ok_or(InsError::NoSuchPolicy)?;
    if meant.next().is_some() {
        return Err(InsError::SeveralPolicies);
    }
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
        .filter(|policy| is_in_force(env, policy))
        .ok_or(InsError::NotInForce)
}

fn is_in_force(env: &Env, policy: &Policy) -> bool {
    env.ledger().timestamp() < policy.end
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
