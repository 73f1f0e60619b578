//! What the contract keeps, and for how long. No other file touches storage.

use entries::{
    day_entry, extend, extend_instance, found, founded, get, remove_day_entry, set, set_day_entry,
};
use interfaces::blend_lenders::{LendersConfig, LossIndex, VaultTerms};
use soroban_sdk::{contracttype, Address, Env};

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
    founded(env, &DataKey::Config)
}

/// Writes what the contract is built on.
pub fn set_config(env: &Env, config: &LendersConfig) {
    found(env, &DataKey::Config, config);
}

/// The asset that every vault lends: the cover pool's settlement asset.
pub fn asset(env: &Env) -> Address {
    founded(env, &DataKey::Asset)
}

/// Writes the asset that every vault lends.
pub fn set_asset(env: &Env, asset: &Address) {
    found(env, &DataKey::Asset, asset);
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
    day_entry(env, &key)
}

/// Writes the first sight of a reserve's deficit.
pub fn set_sight(env: &Env, platform: &Address, asset: &Address, sight: &Sight) {
    let key = DataKey::Sight(platform.clone(), asset.clone());
    set_day_entry(env, &key, sight);
}

/// Forgets the first sight of a reserve's deficit.
pub fn remove_sight(env: &Env, platform: &Address, asset: &Address) {
    let key = DataKey::Sight(platform.clone(), asset.clone());
    remove_day_entry(env, &key);
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
