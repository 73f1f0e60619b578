//! Claims whose window has passed.

use actuary::Assets;
use adjuster::answers::{Claim, PoolClient};
use adjuster::policy::policy;
use adjuster::rescue::measured_again;
use adjuster::surrender::{give_back, offer};
use interfaces::adapter::AdapterError;
use interfaces::cover::{Class, CoverPoolClient, Interest, Peril};
use interfaces::platform::Beneficiary;
use soroban_sdk::{Address, Env};

use crate::facts::{listed, platform_of, Case};
use crate::rescue::{fee_rate_up, plan};
use crate::{payment, storage};

/// Has the cover pool pay a claim and hands it on; an advance is measured again. What was surrendered for it is offered for sale, or
/// given back if it was denied.
pub fn finalize(env: &Env, id: u32, bounty_to: &Address) -> Result<i128, AdapterError> {
    let config = storage::config(env);
    let claim = PoolClient::new(env, &config.cover_pool)
        .claim(&id)
        .ok_or(AdapterError::NoSuchClaim)?;
    let platform = platform_of_interest(env, &claim.interest)?;
    if claim.peril == Peril::Advance {
        return finalize_advance(env, &platform, id, &claim, bounty_to);
    }
    let (asset, adapter) = (payment::token(env), env.current_contract_address());
    let before = asset.balance(&adapter);
    give_back(env, config.salvage.as_ref(), id, &claim);
    let paid = CoverPoolClient::new(env, &config.cover_pool).finalize(&id, bounty_to);
    // Of a loan that was foreclosed the pool pays the policy's owner itself.
    let arrived = asset.balance(&adapter).saturating_sub(before);
    payment::compensate(env, &platform, &beneficiary(&claim), arrived);
    offer(env, config.salvage.as_ref(), id, &claim);
    Ok(paid)
}

/// Lenders bear what a default and a deficit cost; the rest is the borrower's.
fn beneficiary(claim: &Claim) -> Beneficiary {
    match claim.peril {
        Peril::Default | Peril::Contract => Beneficiary::Lenders,
        _ => Beneficiary::Borrower(claim.interest.0.clone()),
    }
}

fn platform_of_interest(env: &Env, interest: &Interest) -> Result<Address, AdapterError> {
    match interest.1 {
        Class::Loan => platform_of(env, &interest.0),
        Class::Deposit => listed(env, &interest.0).map(|listed| listed.0.platform),
    }
}

fn finalize_advance(
    env: &Env,
    platform: &Address,
    id: u32,
    claim: &Claim,
    bounty_to: &Address,
) -> Result<i128, AdapterError> {
    let loan = &claim.interest.0;
    let case = Case::read(env, loan)?;
    let policy = policy(env, &case.config.cover_pool, &claim.interest);
    let claimed = Assets::from_raw(claim.amount);
    let planned = policy.and_then(|policy| plan(&case.facts, case.holdings, &policy, claimed));
    let amount = measured_again(planned)?;
    let rate = fee_rate_up(&case.facts, &case.loan)?;
    let pool = CoverPoolClient::new(env, &case.config.cover_pool);
    let drawn = pool.finalize_draw(&id, &amount, &rate, bounty_to);
    payment::repay(env, platform, loan, case.holdings.debt, drawn);
    Ok(drawn)
}
