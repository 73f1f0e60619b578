//! Blend's own prices beside the hub's.

use actuary::price::{cross_down, differ_by_more_than, DIVERGENCE};
use actuary::Price;
use adjuster::refusal::no_result;
use interfaces::adapter::AdapterError;
use soroban_sdk::{Address, Env};

use crate::platform;

/// The platform's own prices of a pair, if it would accept them itself.
pub fn own_prices(
    env: &Env,
    oracle: &Address,
    collateral: &Address,
    debt: &Address,
) -> Option<(Price, Price)> {
    let price = |asset| platform::price(env, oracle, asset).map(Price::from_raw);
    price(collateral).zip(price(debt))
}

/// Refuses when the platform's prices of a pair and the hub's are more than 3 % apart.
pub fn require_agreement(own: (Price, Price), at_hub: i128) -> Result<(), AdapterError> {
    let own = cross_down(own.0, own.1).map_err(no_result)?;
    if differ_by_more_than(own, Price::from_raw(at_hub), DIVERGENCE).map_err(no_result)? {
        return Err(AdapterError::PricesDiverge);
    }
    Ok(())
}
