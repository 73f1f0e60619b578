//! What the contract keeps, and for how long. No other file touches storage.

use interfaces::blend_lenders::{LendersConfig, LossIndex, VaultTerms};
use soroban_sdk::unwrap::UnwrapOptimized;
use soroban_sdk::{contracttype, Address, Env, IntoVal, TryFromVal, Val};

/// Ledgers in a day, at five seconds each.
const DAY_IN_LEDGERS: u32 = 17_280;

/// An entry that lives shorter than this is extended when it is written.
const TTL_THRESHOLD: u32 = 120 * DAY_IN_LEDGERS;

/// What it is extended to.
const TTL_EXTENDED: u32 = 180 * DAY_IN_LEDGERS;

/// How long the first sight of a deficit is kept; it is good for a day.
const SIGHT_TTL: u32 = 2 * DAY_IN_LEDGERS;

/// What is kept of a reserve.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackedReserve(
    /// The b_rate last seen, 12 decimals.
    pub i128,
    /// Its loss index.
    pub LossIndex,
    /// What of its deficits is in that index, see `actuary::deficit::CountedDeficit`.
    pub i128,
);

/// A deficit that was seen once.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight(
    /// What was missing, counted before or not.
    pub i128,
    /// When.
    pub u64,
);

/// Keys of all entries.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
enum DataKey {
    /// Instance: what the contract is built on.
    Config,
    /// Instance: the asset that every vault lends.
    Asset,
    /// A reserve of a platform.
    Reserve(Address, Address),
    /// A vault.
    Vault(Address),
    /// Temporary: a reserve's deficit that was seen once.
    Sight(Address, Address),
}

/// What the contract is built on.
pub fn config(env: &Env) -> LendersConfig {
    // The constructor writes it and nothing removes it.
    env.storage()
        .instance()
        .get(&DataKey::Config)
        .unwrap_optimized()
}

/// Writes what the contract is built on.
pub fn set_config(env: &Env, config: &LendersConfig) {
    env.storage().instance().set(&DataKey::Config, config);
}

/// The asset that every vault lends: the cover pool's settlement asset.
pub fn asset(env: &Env) -> Address {
    // The constructor writes it and nothing removes it.
    env.storage()
        .instance()
        .get(&DataKey::Asset)
        .unwrap_optimized()
}

/// Writes the asset that every vault lends.
pub fn set_asset(env: &Env, asset: &Address) {
    env.storage().instance().set(&DataKey::Asset, asset);
}

/// What is kept of a reserve; none if no vault lends there.
pub fn reserve(env: &Env, platform: &Address, asset: &Address) -> Option<TrackedReserve> {
    get(env, &DataKey::Reserve(platform.clone(), asset.clone()))
}

/// Writes what is kept of a reserve.
pub fn set_reserve(env: &Env, platform: &Address, asset: &Address, reserve: &TrackedReserve) {
    set(
        env,
        &DataKey::Reserve(platform.clone(), asset.clone()),
        reserve,
    );
    extend_instance(env);
}

/// The first sight of a reserve's deficit.
pub fn sight(env: &Env, platform: &Address, asset: &Address) -> Option<Sight> {
    let key = DataKey::Sight(platform.clone(), asset.clone());
    env.storage().temporary().get(&key)
}

/// Writes the first sight of a reserve's deficit.
pub fn set_sight(env: &Env, platform: &Address, asset: &Address, sight: &Sight) {
    let key = DataKey::Sight(platform.clone(), asset.clone());
    env.storage().temporary().set(&key, sight);
    env.storage()
        .temporary()
        .extend_ttl(&key, SIGHT_TTL, SIGHT_TTL);
}

/// Forgets the first sight of a reserve's deficit.
pub fn remove_sight(env: &Env, platform: &Address, asset: &Address) {
    let key = DataKey::Sight(platform.clone(), asset.clone());
    env.storage().temporary().remove(&key);
}

/// Where a vault lends and is insured; none if it is not registered.
pub fn vault(env: &Env, vault: &Address) -> Option<VaultTerms> {
    get(env, &DataKey::Vault(vault.clone()))
}

/// Registers a vault.
pub fn set_vault(env: &Env, vault: &Address, terms: &VaultTerms) {
    set(env, &DataKey::Vault(vault.clone()), terms);
}

/// Keeps a vault's registration alive.
pub fn extend_vault(env: &Env, vault: &Address) {
    extend(env, &DataKey::Vault(vault.clone()));
    extend_instance(env);
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
