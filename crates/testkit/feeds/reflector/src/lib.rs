#![no_std]
//! A test price feed that speaks as Reflector Pulse does: SEP-40, 14 decimals, a record every 300 s, 20 at a time.
//!
//! It answers what its admin set, and nothing for an asset that was never set or was cleared.

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

use interfaces::price::{Asset, PriceData, PriceFeed};
use soroban_sdk::{contract, contractimpl, contracttype, symbol_short, Address, Env, Vec};
use stellar_access::ownable;
use stellar_macros::only_owner;

/// Seconds between two records.
pub const RESOLUTION: u32 = 300;

/// Decimals of every price.
pub const DECIMALS: u32 = 14;

/// The most records kept, and answered in one call.
pub const MAX_RECORDS: u32 = 20;

#[cfg(test)]
mod test;

#[contracttype]
enum DataKey {
    Assets,
    Records(Asset),
}

/// A Reflector-like feed.
#[contract]
pub struct ReflectorFeed;

#[contractimpl]
impl ReflectorFeed {
    /// `admin` may set prices.
    pub fn __constructor(env: Env, admin: Address) {
        ownable::set_owner(&env, &admin);
    }

    /// Records the price of `asset`, with 14 decimals. Its time is cut to the resolution, as Reflector's is; a price for
    /// the same time replaces the one before. Admin only.
    #[only_owner]
    pub fn set_price(env: Env, asset: Asset, price: i128, timestamp: u64) {
        list(&env, &asset);
        let timestamp = timestamp - timestamp % u64::from(RESOLUTION);
        let mut kept = records(&env, &asset);
        if kept
            .first()
            .is_some_and(|newest| newest.timestamp == timestamp)
        {
            kept.pop_front();
        }
        kept.push_front(PriceData { price, timestamp });
        let kept = kept.slice(..kept.len().min(MAX_RECORDS));
        env.storage()
            .persistent()
            .set(&DataKey::Records(asset), &kept);
    }

    /// Forgets every price of `asset`. Admin only.
    #[only_owner]
    pub fn clear(env: Env, asset: Asset) {
        env.storage().persistent().remove(&DataKey::Records(asset));
    }
}

#[contractimpl]
impl PriceFeed for ReflectorFeed {
    fn base(_env: Env) -> Asset {
        Asset::Other(symbol_short!("USD"))
    }

    fn assets(env: Env) -> Vec<Asset> {
        env.storage()
            .instance()
            .get(&DataKey::Assets)
            .unwrap_or_else(|| Vec::new(&env))
    }

    fn decimals(_env: Env) -> u32 {
        DECIMALS
    }

    fn resolution(_env: Env) -> u32 {
        RESOLUTION
    }

    fn price(env: Env, asset: Asset, timestamp: u64) -> Option<PriceData> {
        let timestamp = timestamp - timestamp % u64::from(RESOLUTION);
        records(&env, &asset)
            .iter()
            .find(|record| record.timestamp == timestamp)
    }

    fn prices(env: Env, asset: Asset, records: u32) -> Option<Vec<PriceData>> {
        let kept = self::records(&env, &asset);
        let newest = kept.slice(..kept.len().min(records));
        (!newest.is_empty()).then_some(newest)
    }

    fn lastprice(env: Env, asset: Asset) -> Option<PriceData> {
        records(&env, &asset).first()
    }
}

fn list(env: &Env, asset: &Asset) {
    let mut assets = ReflectorFeed::assets(env.clone());
    if !assets.contains(asset) {
        assets.push_back(asset.clone());
        env.storage().instance().set(&DataKey::Assets, &assets);
    }
}

fn records(env: &Env, asset: &Asset) -> Vec<PriceData> {
    let key = DataKey::Records(asset.clone());
    env.storage()
        .persistent()
        .get(&key)
        .unwrap_or_else(|| Vec::new(env))
}
