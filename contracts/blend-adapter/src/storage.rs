//! What the adapter keeps, and for how long. A rescue writes none of it.

use interfaces::adapter::{AdapterConfig, Market};
use soroban_sdk::unwrap::UnwrapOptimized;
use soroban_sdk::{contracttype, Address, Env, IntoVal, TryFromVal, Val};

/// Ledgers in a day, at five seconds each.
const DAY_IN_LEDGERS: u32 = 17_280;

/// An entry that lives shorter than this is extended when it is written.
const TTL_THRESHOLD: u32 = 120 * DAY_IN_LEDGERS;

/// What it is extended to.
const TTL_EXTENDED: u32 = 180 * DAY_IN_LEDGERS;

/// How long the start of a foreclosure is kept; it is good for a day.
const START_TTL: u32 = 2 * DAY_IN_LEDGERS;

/// What is kept of a position.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration(
    /// The number of its market.
    pub u32,
    /// The l = 1 / health factor it was rated at when it was insured, 1e7 = 1; 0 if it never was.
    pub u32,
    /// Its collateral at the last sale or renewal, in its smallest unit: a grant counts no more.
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
    /// Temporary: when a position's foreclosure started.
    Started(Address),
    /// What a foreclosure could not deliver to an owner.
    Uncollected(Address),
}

/// What the adapter is built on.
pub fn config(env: &Env) -> AdapterConfig {
    // The constructor writes it and nothing removes it.
    env.storage()
        .instance()
        .get(&DataKey::Config)
        .unwrap_optimized()
}

/// Writes what the adapter is built on.
pub fn set_config(env: &Env, config: &AdapterConfig) {
    env.storage().instance().set(&DataKey::Config, config);
}

/// The debt asset of every market: the cover pool's settlement asset.
pub fn asset(env: &Env) -> Address {
    // The constructor writes it and nothing removes it.
    env.storage()
        .instance()
        .get(&DataKey::Asset)
        .unwrap_optimized()
}

/// Writes the debt asset of every market.
pub fn set_asset(env: &Env, asset: &Address) {
    env.storage().instance().set(&DataKey::Asset, asset);
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

/// When a position's foreclosure started.
pub fn started(env: &Env, position: &Address) -> Option<u64> {
    env.storage()
        .temporary()
        .get(&DataKey::Started(position.clone()))
}

/// Writes when a position's foreclosure started.
pub fn set_started(env: &Env, position: &Address, time: u64) {
    let key = DataKey::Started(position.clone());
    env.storage().temporary().set(&key, &time);
    env.storage()
        .temporary()
        .extend_ttl(&key, START_TTL, START_TTL);
}

/// Forgets the start of a position's foreclosure.
pub fn remove_started(env: &Env, position: &Address) {
    env.storage()
        .temporary()
        .remove(&DataKey::Started(position.clone()));
}

/// What foreclosures could not deliver to `owner`.
pub fn uncollected(env: &Env, owner: &Address) -> i128 {
    get(env, &DataKey::Uncollected(owner.clone())).unwrap_or(0)
}

/// Writes what foreclosures could not deliver to `owner`.
pub fn set_uncollected(env: &Env, owner: &Address, amount: i128) {
    let key = DataKey::Uncollected(owner.clone());
    if amount == 0 {
        env.storage().persistent().remove(&key);
    } else {
        set(env, &key, &amount);
    }
}

/// Keeps code, owner and config alive.
pub fn extend_instance(env: &Env) {
    env.storage()
        .instance()
        .extend_ttl(TTL_THRESHOLD, TTL_EXTENDED);
}

fn get<V: TryFromVal<Env, Val>>(env: &Env, key: &DataKey) -> Option<V> {
    env.storage().persistent().get(key)
}

fn set<V: IntoVal<Env, Val>>(env: &Env, key: &DataKey, value: &V) {
    env.storage().persistent().set(key, value);
    extend(env, key);
}

fn extend(env: &Env, key: &DataKey) {
    env.storage()
        .persistent()
        .extend_ttl(key, TTL_THRESHOLD, TTL_EXTENDED);
}
