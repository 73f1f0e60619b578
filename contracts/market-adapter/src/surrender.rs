//! Collateral that has failed: its owner hands it over and claims what it was worth.

use adjuster::peg::Peg;
use adjuster::policy::{loan_interest, policy};
use adjuster::surrender::{rated_left, Surrender};
use interfaces::adapter::AdapterError;
use interfaces::platform::InsuredPlatformClient;
use soroban_sdk::{Address, Env};

use crate::events::CollateralSurrendered;
use crate::facts::{listed, scale};
use crate::storage::{self, Listed, Registration};

/// Files the claim, then hands the collateral to salvage.
pub fn surrender(
    env: &Env,
    loan: &Address,
    amount: i128,
    least: i128,
) -> Result<u32, AdapterError> {
    let registration = storage::registration(env, loan).ok_or(AdapterError::NotInsuredHere)?;
    let Registration(platform, ltv, price, rated) = registration;
    let client = InsuredPlatformClient::new(env, &platform);
    let owner = client.loan(loan).owner;
    owner.require_auth();
    let Listed(market, terms) = listed(env, &platform)?;
    let config = storage::config(env);
    let salvage = config.salvage.ok_or(AdapterError::NoSalvage)?;
    let interest = loan_interest(loan);
    policy(env, &config.cover_pool, &interest)?.require_nothing_owed()?;
    let left = Registration(platform.clone(), ltv, price, rated_left(rated, amount)?);
    storage::set_registration(env, loan, &left);
    let surrender = Surrender {
        env,
        price_hub: &config.price_hub,
        collateral: &terms.collateral,
        asset: &terms.asset,
        peg: Peg::from(&market),
        scale: scale(&terms),
        owner: &owner,
        amount,
    };
    let filed = surrender.file(&config.cover_pool, &interest, least)?;
    client.surrender(loan, &amount, &salvage);
    surrender.book(&salvage, &filed);
    CollateralSurrendered {
        loan: loan.clone(),
        owner: owner.clone(),
        claim: filed.claim,
        amount,
    }
    .publish(env);
    Ok(filed.claim)
}
