//! What salvage keeps, and for how long.

use entries::{extend_instance, found, founded, get, remove, set};
use interfaces::salvage::Lot;
use soroban_sdk::{contracttype, Address, Env, Vec};

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
    founded(env, &DataKey::Founding)
}

/// Writes what salvage was founded on.
pub fn set_founding(env: &Env, founding: &Founding) {
    found(env, &DataKey::Founding, founding);
}

/// The lot of a claim.
pub fn lot(env: &Env, claim: u32) -> Option<Lot> {
    get(env, &DataKey::Lot(claim))
}

/// Writes the lot of a claim, or removes one of which nothing is left.
pub fn set_lot(env: &Env, claim: u32, lot: &Lot) {
    let key = DataKey::Lot(claim);
    if lot.amount == 0 {
        remove(env, &key);
    } else {
        set(env, &key, lot);
    }
}

/// What is held of an asset for all lots.
pub fn held(env: &Env, asset: &Address) -> i128 {
    let key = DataKey::Held(asset.clone());
    get(env, &key).unwrap_or(0)
}

/// Writes what is held of an asset for all lots.
pub fn set_held(env: &Env, asset: &Address, amount: i128) {
    let key = DataKey::Held(asset.clone());
    set(env, &key, &amount);
    extend_instance(env);
}
