//! Collateral that has failed: its owner hands it over and claims what it was worth.

use adjuster::peg::Peg;
use adjuster::policy::loan_interest;
use adjuster::surrender::{rated_left, Surrender};
use adjuster::valuation::pair;
use adjuster::Scale;
use blend_reader::platform;
use interfaces::adapter::AdapterError;
use interfaces::position::PositionClient;
use soroban_sdk::{Address, Env};

use crate::events::CollateralSurrendered;
use crate::storage::{self, Registration};
use crate::{facts, loan};

/// Files the claim, then has the position hand the collateral to salvage. Blend refuses what would leave it unhealthy.
pub fn surrender(
    env: &Env,
    position: &Address,
    owner: &Address,
    amount: i128,
    least: i128,
) -> Result<u32, AdapterError> {
    let (config, asset) = (storage::config(env), storage::asset(env));
    let (Registration(id, ltv, rated), market) = facts::registered(env, position)?;
    let salvage = config.salvage.as_ref().ok_or(AdapterError::NoSalvage)?;
    loan::policy(env, &config, position)?.require_nothing_owed()?;
    let left = rated_left(rated, amount)?;
    storage::set_registration(env, position, &Registration(id, ltv, left));
    let decimals = |asset| {
        platform::reserve(env, &market.platform, asset)
            .config
            .decimals
    };
    let surrender = Surrender {
        env,
        price_hub: &config.price_hub,
        collateral: &market.collateral,
        asset: &asset,
        peg: Peg::from(&market),
        scale: Scale {
            collateral: decimals(&market.collateral),
            debt: decimals(&asset),
        },
        owner,
        amount,
    };
    let filed = surrender.file(&config.cover_pool, &loan_interest(position), least)?;
    // Sources of an asset that fails may not agree on its price; then no later fall is measured from here.
    let price = pair(env, &config.price_hub, &market.collateral, &asset);
    let price = price.map_or(0, |pair| pair.price);
    PositionClient::new(env, position).surrender(&amount, salvage, &price);
    surrender.book(salvage, &filed);
    CollateralSurrendered {
        position: position.clone(),
        owner: owner.clone(),
        claim: filed.claim,
        amount,
    }
    .publish(env);
    Ok(filed.claim)
}
