#![no_std]
//! A test price feed that speaks as RedStone does: SEP-40 with the last price only, and decimals that may change.
//!
//! It answers what its admin set, and nothing for an asset that was never set or was cleared.

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

use interfaces::price::{Asset, PriceData, PriceFeed};
use soroban_sdk::{contract, contractimpl, contracttype, symbol_short, vec, Address, Env, Vec};
use stellar_access::ownable;
use stellar_macros::only_owner;

/// Decimals of every price until the admin changes them.
pub const DEFAULT_DECIMALS: u32 = 8;

#[cfg(test)]
mod test;

#[contracttype]
enum DataKey {
    Assets,
    Decimals,
    Last(Asset),
}

/// A RedStone-like feed.
#[contract]
pub struct RedstoneFeed;

#[contractimpl]
impl RedstoneFeed {
    /// `admin` may set prices and decimals.
    pub fn __constructor(env: Env, admin: Address) {
        ownable::set_owner(&env, &admin);
    }

    /// Sets the last price of `asset`, with the feed's decimals now. Admin only.
    #[only_owner]
    pub fn set_price(env: Env, asset: Asset, price: i128, timestamp: u64) {
        list(&env, &asset);
        let last = PriceData { price, timestamp };
        env.storage().persistent().set(&DataKey::Last(asset), &last);
    }

    /// Changes the decimals of every price from now on; prices already set are not converted. Admin only.
    #[only_owner]
    pub fn set_decimals(env: Env, decimals: u32) {
        env.storage().instance().set(&DataKey::Decimals, &decimals);
    }

    /// Forgets the price of `asset`. Admin only.
    #[only_owner]
    pub fn clear(env: Env, asset: Asset) {
        env.storage().persistent().remove(&DataKey::Last(asset));
    }
}

#[contractimpl]
impl PriceFeed for RedstoneFeed {
    fn base(_env: Env) -> Asset {
        Asset::Other(symbol_short!("USD"))
    }

    fn assets(env: Env) -> Vec<Asset> {
        env.storage()
            .instance()
            .get(&DataKey::Assets)
            .unwrap_or_else(|| Vec::new(&env))
    }

    fn decimals(env: Env) -> u32 {
        env.storage()
            .instance()
            .get(&DataKey::Decimals)
            .unwrap_or(DEFAULT_DECIMALS)
    }

    fn resolution(_env: Env) -> u32 {
        1
    }

    fn price(env: Env, asset: Asset, timestamp: u64) -> Option<PriceData> {
        Self::lastprice(env, asset).filter(|last| last.timestamp == timestamp)
    }

    fn prices(env: Env, asset: Asset, records: u32) -> Option<Vec<PriceData>> {
        let last = Self::lastprice(env.clone(), asset).filter(|_| records > 0)?;
        Some(vec![&env, last])
    }

    fn lastprice(env: Env, asset: Asset) -> Option<PriceData> {
        env.storage().persistent().get(&DataKey::Last(asset))
    }
}

fn list(env: &Env, asset: &Asset) {
    let mut assets = RedstoneFeed::assets(env.clone());
    if !assets.contains(asset) {
        assets.push_back(asset.clone());
        env.storage().instance().set(&DataKey::Assets, &assets);
    }
}
