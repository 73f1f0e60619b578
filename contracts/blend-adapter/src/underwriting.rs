//! What a loan is rated at, and why nothing is sold.

use actuary::health::closeness_up;
use actuary::{Assets, Rate};
use interfaces::adapter::AdapterConfig;
use interfaces::blend::BlendPoolClient;
use interfaces::cover::Peril;
use interfaces::price::PriceHubClient;
use soroban_sdk::{Address, Env, Vec};

use crate::answers::HubClient;
use crate::errors::{armed_by_hub, no_result, AdapterError};
use crate::facts::{Facts, Holdings};
use crate::platform;

/// The highest l = 1 / health factor at which anything is sold: 0.8. Each peril's own bound is the cover pool's.
const MAX_LTV: Rate = Rate::from_raw(8_000_000);

/// l = 1 / health factor, the worse of hub and platform, rounded up.
pub fn ltv_up(facts: &Facts, holdings: Holdings) -> Result<u32, AdapterError> {
    let health = facts.worse_health_down(holdings)?;
    if health.is_zero() {
        return Err(AdapterError::LtvTooHigh);
    }
    let ltv = closeness_up(health).map_err(no_result)?;
    u32::try_from(ltv.raw()).map_err(|_| AdapterError::LtvTooHigh)
}

/// The same, refused above what can be insured.
pub fn insurable_ltv_up(facts: &Facts, holdings: Holdings) -> Result<u32, AdapterError> {
    let ltv = ltv_up(facts, holdings)?;
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

/// Refuses to sell while a loan's peril is already under way; `position` is none for a loan that does not exist yet.
pub fn require_unarmed(
    env: &Env,
    config: &AdapterConfig,
    facts: &Facts,
    position: Option<&Address>,
) -> Result<(), AdapterError> {
    let market = &facts.market;
    require_pair_unarmed(env, config, &market.collateral, &facts.asset)?;
    facts.require_agreement()?;
    platform::require_sound(env, config, &market.platform, facts.platform.status)?;
    if position.is_some_and(|position| platform::is_auctioned(env, &market.platform, position)) {
        return Err(AdapterError::AuctionOpen);
    }
    Ok(())
}

/// Refuses while the hub has armed a pair.
pub fn require_pair_unarmed(
    env: &Env,
    config: &AdapterConfig,
    collateral: &Address,
    debt: &Address,
) -> Result<(), AdapterError> {
    let hub = PriceHubClient::new(env, &config.price_hub);
    hub.armed(collateral, debt)
        .map_or(Ok(()), |armed| Err(armed_by_hub(armed)))
}

/// Refuses a platform that lends against anything without two independent sources of its price. It is asked at every
/// sale, since a platform may list more.
pub fn require_sources(
    env: &Env,
    config: &AdapterConfig,
    platform: &Address,
) -> Result<(), AdapterError> {
    for asset in accepted_collaterals(env, platform) {
        if !has_two_venues(env, config, &asset) {
            return Err(AdapterError::CollateralLacksSources);
        }
    }
    Ok(())
}

/// What a platform lends against: reserves with a collateral factor that take supply, or still hold some: disabling one
/// stops new supply and leaves loans against the old.
pub fn accepted_collaterals(env: &Env, platform: &Address) -> Vec<Address> {
    let mut accepted = Vec::new(env);
    for asset in BlendPoolClient::new(env, platform).get_reserve_list() {
        let reserve = platform::reserve(env, platform, &asset);
        let is_supplied = reserve.config.enabled || reserve.data.b_supply > 0;
        if is_supplied && reserve.config.c_factor > 0 {
            accepted.push_back(asset);
        }
    }
    accepted
}

/// Whether the hub asks at least two venues for an asset's price; sources of one venue count as one.
fn has_two_venues(env: &Env, config: &AdapterConfig, asset: &Address) -> bool {
    let sources = HubClient::new(env, &config.price_hub).sources(asset);
    let first = sources.first().map(|source| source.venue);
    sources.iter().any(|source| Some(source.venue) != first)
}
