//! What salvage keeps, and for how long.

use interfaces::salvage::Lot;
use soroban_sdk::unwrap::UnwrapOptimized;
use soroban_sdk::{contracttype, Address, Env, Vec};

/// Ledgers in a day, at five seconds each.
const DAY_IN_LEDGERS: u32 = 17_280;

/// An entry that lives shorter than this is extended when it is written.
const TTL_THRESHOLD: u32 = 120 * DAY_IN_LEDGERS;

/// What it is extended to.
const TTL_EXTENDED: u32 = 180 * DAY_IN_LEDGERS;

/// What salvage was founded on.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Founding {
    /// The cover pool.
    pub cover_pool: Address,
    /// Its settlement asset.
    pub asset: Address,
    /// Who may book lots.
    pub adapters: Vec<Address>,
}

/// Keys of all entries.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
enum DataKey {
    /// Instance: what salvage was founded on.
    Founding,
    /// The lot of a claim.
    Lot(u32),
    /// What salvage holds of an asset for all its lots, by its own books.
    Held(Address),
}

/// What salvage was founded on.
pub fn founding(env: &Env) -> Founding {
    // The constructor writes it and nothing removes it.
    env.storage()
        .instance()
        .get(&DataKey::Founding)
        .unwrap_optimized()
}

/// Writes what salvage was founded on.
pub fn set_founding(env: &Env, founding: &Founding) {
    env.storage().instance().set(&DataKey::Founding, founding);
}

/// The lot of a claim.
pub fn lot(env: &Env, claim: u32) -> Option<Lot> {
    env.storage().persistent().get(&DataKey::Lot(claim))
}

/// Writes the lot of a claim, or removes one of which nothing is left.
pub fn set_lot(env: &Env, claim: u32, lot: &Lot) {
    let key = DataKey::Lot(claim);
    if lot.amount == 0 {
        env.storage().persistent().remove(&key);
    } else {
        env.storage().persistent().set(&key, lot);
        extend(env, &key);
    }
}

/// What is held of an asset for all lots.
pub fn held(env: &Env, asset: &Address) -> i128 {
    let key = DataKey::Held(asset.clone());
    env.storage().persistent().get(&key).unwrap_or(0)
}

/// Writes what is held of an asset for all lots.
pub fn set_held(env: &Env, asset: &Address, amount: i128) {
    let key = DataKey::Held(asset.clone());
    env.storage().persistent().set(&key, &amount);
    extend(env, &key);
    env.storage()
        .instance()
        .extend_ttl(TTL_THRESHOLD, TTL_EXTENDED);
}

fn extend(env: &Env, key: &DataKey) {
    env.storage()
        .persistent()
        .extend_ttl(key, TTL_THRESHOLD, TTL_EXTENDED);
}
