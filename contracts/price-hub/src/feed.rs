//! The hub as a SEP-40 feed: what its sources agree on now, and the hourly means behind it.

use actuary::time::HOUR;
use interfaces::price::{Asset, PriceData};
use soroban_sdk::{symbol_short, Address, Env, Vec};

use crate::reading::{known, window_now};
use crate::storage;

/// Every price is in dollars.
pub fn base() -> Asset {
    Asset::Other(symbol_short!("USD"))
}

/// Every listed asset.
pub fn assets(env: &Env) -> Vec<Asset> {
    let mut assets = Vec::new(env);
    for asset in storage::assets(env) {
        assets.push_back(Asset::Stellar(asset));
    }
    assets
}

/// What the sources agree on now, if they do.
pub fn last_price(env: &Env, asset: &Asset) -> Option<PriceData> {
    let agreed = known(env, token(asset)?).ok()?.agreed;
    Some(PriceData {
        price: agreed.median.raw(),
        timestamp: agreed.timestamp,
    })
}

/// The mean of the whole hour that `timestamp` lies in.
pub fn price(env: &Env, asset: &Asset, timestamp: u64) -> Option<PriceData> {
    let hour = timestamp / HOUR;
    let price = window_now(env, token(asset)?)
        .ok()?
        .hours
        .mean_of(hour)?
        .raw();
    Some(PriceData {
        price,
        timestamp: hour * HOUR,
    })
}

/// The means of the last whole hours that have a price, newest first, at most 24.
pub fn prices(env: &Env, asset: &Asset, records: u32) -> Option<Vec<PriceData>> {
    let mut prices = Vec::new(env);
    let window = window_now(env, token(asset)?).ok()?;
    let priced = window
        .reference_hours()
        .filter_map(|(hour, mean)| Some((hour, mean?)));
    for (hour, mean) in priced.take(records as usize) {
        prices.push_back(PriceData {
            price: mean.raw(),
            timestamp: hour * HOUR,
        });
    }
    (!prices.is_empty()).then_some(prices)
}

/// The token contract that an asset names. The hub prices nothing else.
fn token(asset: &Asset) -> Option<&Address> {
    match asset {
        Asset::Stellar(token) => Some(token),
        Asset::Other(_) => None,
    }
}
