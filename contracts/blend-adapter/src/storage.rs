//! What the adapter keeps, and for how long. A rescue writes none of it.

use entries::{extend, found, founded, get, set, TTL_EXTENDED, TTL_THRESHOLD};
use interfaces::adapter::{AdapterConfig, Market};
use soroban_sdk::{contracttype, Address, Env, Vec};

/// What is kept of a position.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration(
    /// The number of its market.
    pub u32,
    /// The l = 1 / health factor it was rated at when it was insured, 1e7 = 1; 0 if it never was.
    pub u32,
    /// Its collateral at the last sale or renewal less what was surrendered since, in its smallest unit: no grant counts more,
    /// and no more can be surrendered.
    pub i128,
);

/// Keys of all entries.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
enum DataKey {
    /// Instance: what the adapter is built on.
    Config,
    /// Instance: the debt asset of every market.
    Asset,
    /// Instance: how many markets are listed.
    Markets,
    /// A market's terms.
    Market(u32),
    /// The number of the market of a collateral on a platform.
    MarketOf(Address, Address),
    /// A position.
    Position(Address),
    /// How many positions were deployed for an owner.
    Opened(Address),
    /// The positions that were assigned to an owner, and still are theirs.
    Received(Address),
}

/// What the adapter is built on.
pub fn config(env: &Env) -> AdapterConfig {
    founded(env, &DataKey::Config)
}

/// Writes what the adapter is built on.
pub fn set_config(env: &Env, config: &AdapterConfig) {
    found(env, &DataKey::Config, config);
}

/// The debt asset of every market: the cover pool's settlement asset.
pub fn asset(env: &Env) -> Address {
    founded(env, &DataKey::Asset)
}

/// Writes the debt asset of every market.
pub fn set_asset(env: &Env, asset: &Address) {
    found(env, &DataKey::Asset, asset);
}

/// A market's terms.
pub fn market(env: &Env, id: u32) -> Option<Market> {
    get(env, &DataKey::Market(id))
}

/// The number of the market of `collateral` on `platform`.
pub fn market_of(env: &Env, platform: &Address, collateral: &Address) -> Option<u32> {
    get(
        env,
        &DataKey::MarketOf(platform.clone(), collateral.clone()),
    )
}

/// Lists a market or changes its terms; returns its number.
pub fn set_market(env: &Env, market: &Market) -> u32 {
    let id = market_of(env, &market.platform, &market.collateral).unwrap_or_else(|| {
        let next: u32 = env.storage().instance().get(&DataKey::Markets).unwrap_or(0);
        env.storage()
            .instance()
            .set(&DataKey::Markets, &next.saturating_add(1));
        next
    });
    set(env, &DataKey::Market(id), market);
    set(
        env,
        &DataKey::MarketOf(market.platform.clone(), market.collateral.clone()),
        &id,
    );
    id
}

/// Keeps a market's entries alive.
pub fn extend_market(env: &Env, id: u32, market: &Market) {
    extend(env, &DataKey::Market(id));
    extend(
        env,
        &DataKey::MarketOf(market.platform.clone(), market.collateral.clone()),
    );
}

/// What is kept of a position; none if this adapter did not deploy it.
pub fn registration(env: &Env, position: &Address) -> Option<Registration> {
    get(env, &DataKey::Position(position.clone()))
}

/// Writes what is kept of a position, and keeps its own entries alive as long.
pub fn set_registration(env: &Env, position: &Address, registration: &Registration) {
    set(env, &DataKey::Position(position.clone()), registration);
    env.deployer()
        .extend_ttl(position.clone(), TTL_THRESHOLD, TTL_EXTENDED);
}

/// How many positions were deployed for `owner`.
pub fn opened(env: &Env, owner: &Address) -> u32 {
    get(env, &DataKey::Opened(owner.clone())).unwrap_or(0)
}

/// Writes how many positions were deployed for `owner`.
pub fn set_opened(env: &Env, owner: &Address, count: u32) {
    set(env, &DataKey::Opened(owner.clone()), &count);
}

/// The positions that were assigned to `owner`.
pub fn received(env: &Env, owner: &Address) -> Vec<Address> {
    get(env, &DataKey::Received(owner.clone())).unwrap_or_else(|| Vec::new(env))
}

/// Writes the positions that were assigned to `owner`.
pub fn set_received(env: &Env, owner: &Address, positions: &Vec<Address>) {
    set(env, &DataKey::Received(owner.clone()), positions);
}
