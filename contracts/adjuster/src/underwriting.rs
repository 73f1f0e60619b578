//! What a loan is rated at, and why nothing is sold.

use actuary::health::closeness_up;
use actuary::{Assets, Rate};
use interfaces::adapter::AdapterError;
use interfaces::cover::Peril;
use interfaces::price::PriceHubClient;
use soroban_sdk::{Address, Env, Vec};

use crate::answers::HubClient;
use crate::refusal::{armed_by_hub, no_result};

/// The highest l = 1 / health factor at which anything is sold: 0.8. Each peril's own bound is the cover pool's.
const MAX_LTV: Rate = Rate::from_raw(8_000_000);

/// l = 1 / health factor, rounded up.
pub fn ltv_up(health: Rate) -> Result<u32, AdapterError> {
    if health.is_zero() {
        return Err(AdapterError::LtvTooHigh);
    }
    let ltv = closeness_up(health).map_err(no_result)?;
    u32::try_from(ltv.raw()).map_err(|_| AdapterError::LtvTooHigh)
}

/// The same, refused above what can be insured.
pub fn insurable_ltv_up(health: Rate) -> Result<u32, AdapterError> {
    let ltv = ltv_up(health)?;
    if i128::from(ltv) > MAX_LTV.raw() {
        return Err(AdapterError::LtvTooHigh);
    }
    Ok(ltv)
}

/// Refuses an advance whose limit is above the debt.
pub fn require_limit_within_debt(
    perils: &Vec<Peril>,
    limit: i128,
    debt: Assets,
) -> Result<(), AdapterError> {
    if perils.contains(Peril::Advance) && limit > debt.raw() {
        return Err(AdapterError::LimitAboveDebt);
    }
    Ok(())
}

/// Refuses while the hub has armed a pair.
pub fn require_pair_unarmed(
    env: &Env,
    price_hub: &Address,
    collateral: &Address,
    debt: &Address,
) -> Result<(), AdapterError> {
    PriceHubClient::new(env, price_hub)
        .armed(collateral, debt)
        .map_or(Ok(()), |armed| Err(armed_by_hub(armed)))
}

/// Refuses an asset that the hub asks fewer than two venues for; sources of one venue count as one.
pub fn require_two_venues(
    env: &Env,
    price_hub: &Address,
    asset: &Address,
) -> Result<(), AdapterError> {
    let sources = HubClient::new(env, price_hub).sources(asset);
    let first = sources.first().map(|source| source.venue);
    if sources.iter().any(|source| Some(source.venue) != first) {
        Ok(())
    } else {
        Err(AdapterError::CollateralLacksSources)
    }
}
