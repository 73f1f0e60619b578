//! What Blend lends against, and whether the hub can price it.

use adjuster::underwriting::require_two_venues;
use interfaces::adapter::AdapterError;
use interfaces::blend::BlendPoolClient;
use soroban_sdk::{Address, Env, Vec};

use crate::platform;

/// Refuses a platform that lends against anything without two independent sources of its price. It is asked at every
/// sale, since a platform may list more.
pub fn require_sources(
    env: &Env,
    price_hub: &Address,
    platform: &Address,
) -> Result<(), AdapterError> {
    for asset in accepted_collaterals(env, platform) {
        require_two_venues(env, price_hub, &asset)?;
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

/// Refuses an asset of which the platform has no reserve.
pub fn require_listed(env: &Env, platform: &Address, asset: &Address) -> Result<(), AdapterError> {
    if BlendPoolClient::new(env, platform)
        .get_reserve_list()
        .contains(asset)
    {
        Ok(())
    } else {
        Err(AdapterError::InvalidMarket)
    }
}
