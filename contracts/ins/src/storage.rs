//! What the token keeps: where its cover pool is. Name, symbol and decimals are OpenZeppelin's entry.

use entries::{found, founded};
use soroban_sdk::{contracttype, Address, Env};

/// Keys of all entries.
#[contracttype]
enum DataKey {
    /// Instance: the cover pool.
    CoverPool,
}

/// The cover pool.
pub fn cover_pool(env: &Env) -> Address {
    founded(env, &DataKey::CoverPool)
}

/// Writes the cover pool, once.
pub fn set_cover_pool(env: &Env, cover_pool: &Address) {
    found(env, &DataKey::CoverPool, cover_pool);
}
