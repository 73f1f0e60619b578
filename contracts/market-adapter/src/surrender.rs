//! Collateral that has failed: its owner hands it over and claims what it was worth.

use actuary::loss::collateral_loss_down;
use actuary::price::cross_down;
use actuary::time::HOUR;
use actuary::{Assets, Price, Rate};
use adjuster::answers::{HubClient, PoolClient};
use adjuster::policy::{loan_interest, policy};
use adjuster::refusal::no_result;
use interfaces::adapter::AdapterError;
use interfaces::cover::{Loss, Peril, Settlement};
use interfaces::platform::{InsuredPlatformClient, LoanTerms};
use interfaces::salvage::{Lot, SalvageClient};
use soroban_sdk::{Address, Env};

use crate::events::CollateralSurrendered;
use crate::facts::{listed, platform_of, scale};
use crate::storage::{self, Listed};

/// The hours over which collateral must have failed.
const HOURS: u32 = 6;

/// Files the claim, then hands the collateral to salvage. The claim is made before anything leaves the loan, so that nothing is
/// surrendered for less than `least`.
pub fn surrender(
    env: &Env,
    loan: &Address,
    amount: i128,
    least: i128,
) -> Result<u32, AdapterError> {
    let platform = platform_of(env, loan)?;
    let client = InsuredPlatformClient::new(env, &platform);
    let owner = client.loan(loan).owner;
    owner.require_auth();
    let Listed(market, terms) = listed(env, &platform)?;
    let config = storage::config(env);
    let salvage = config.salvage.ok_or(AdapterError::NoSalvage)?;
    let interest = loan_interest(loan);
    policy(env, &config.cover_pool, &interest)?.require_nothing_owed()?;
    let surrendered = Assets::checked_from_raw(amount).map_err(no_result)?;
    let value = scale(&terms).value_down(market.peg, surrendered)?;
    let loss = collateral_loss_down(
        value,
        Price::from_raw(market.peg),
        mean_down(env, &config.price_hub, &terms)?,
        Rate::from_raw(market.peg_deductible.into()),
    )
    .map_err(no_result)?;
    if loss.is_zero() {
        return Err(AdapterError::NotFailed);
    }
    let loss = Loss {
        peril: Peril::Collateral,
        event: 0,
        amount: loss.raw(),
        occurred_at: env
            .ledger()
            .timestamp()
            .saturating_sub(u64::from(HOURS) * HOUR),
        rescue: true,
        // A mean over hours has no number of sources of its own.
        sources: 0,
    };
    // A claim that waits has no bounty yet, so it does not matter whose it would be.
    let settled = PoolClient::new(env, &config.cover_pool).pay(&interest, &loss, &owner);
    let Settlement::Filed(claim, claimed) = settled else {
        return Err(AdapterError::NoSuchClaim);
    };
    if claimed < least {
        return Err(AdapterError::ClaimTooSmall);
    }
    client.surrender(loan, &amount, &salvage);
    let lot = Lot {
        asset: terms.collateral,
        amount,
        surrendered: amount,
        value: value.raw(),
        owner: owner.clone(),
        sold_from: None,
    };
    SalvageClient::new(env, &salvage).book(&env.current_contract_address(), &claim, &lot);
    CollateralSurrendered {
        loan: loan.clone(),
        owner,
        claim,
        amount,
    }
    .publish(env);
    Ok(claim)
}

/// The mean price of the pair over the last hours, rounded down.
fn mean_down(env: &Env, price_hub: &Address, terms: &LoanTerms) -> Result<Price, AdapterError> {
    let mean = |asset| match HubClient::new(env, price_hub).try_twap(asset, &HOURS) {
        Ok(Ok(mean)) => Ok(Price::from_raw(mean)),
        _ => Err(AdapterError::PriceUnavailable),
    };
    cross_down(mean(&terms.collateral)?, mean(&terms.asset)?).map_err(no_result)
}
