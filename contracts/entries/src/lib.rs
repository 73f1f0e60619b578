#![no_std]
//! How our contracts keep their ledger entries, and for how long. Which entries a contract has is in its own `storage`.

pub mod packed;

#[cfg(test)]
mod test;

use soroban_sdk::unwrap::UnwrapOptimized;
use soroban_sdk::{Env, IntoVal, TryFromVal, Val};

/// Ledgers in a day, at five seconds each.
pub const DAY_IN_LEDGERS: u32 = 17_280;

/// An entry that lives shorter than this is extended when it is written.
pub const TTL_THRESHOLD: u32 = 120 * DAY_IN_LEDGERS;

/// What it is extended to.
pub const TTL_EXTENDED: u32 = 180 * DAY_IN_LEDGERS;

/// How long a temporary entry is kept that is good for a day.
const DAY_TTL: u32 = 2 * DAY_IN_LEDGERS;

/// An instance entry that the constructor writes and nothing removes.
pub fn founded<V: TryFromVal<Env, Val>>(env: &Env, key: &impl IntoVal<Env, Val>) -> V {
    env.storage().instance().get(key).unwrap_optimized()
}

/// Writes an instance entry.
pub fn found(env: &Env, key: &impl IntoVal<Env, Val>, value: &impl IntoVal<Env, Val>) {
    env.storage().instance().set(key, value);
}

/// Keeps code and instance entries alive.
pub fn extend_instance(env: &Env) {
    env.storage()
        .instance()
        .extend_ttl(TTL_THRESHOLD, TTL_EXTENDED);
}

/// A persistent entry.
pub fn get<V: TryFromVal<Env, Val>>(env: &Env, key: &impl IntoVal<Env, Val>) -> Option<V> {
    env.storage().persistent().get(key)
}

/// Writes a persistent entry.
pub fn set<K: IntoVal<Env, Val>>(env: &Env, key: &K, value: &impl IntoVal<Env, Val>) {
    env.storage().persistent().set(key, value);
    extend(env, key);
}

/// Keeps a persistent entry alive.
pub fn extend(env: &Env, key: &impl IntoVal<Env, Val>) {
    env.storage()
        .persistent()
        .extend_ttl(key, TTL_THRESHOLD, TTL_EXTENDED);
}

/// Forgets a persistent entry.
pub fn remove(env: &Env, key: &impl IntoVal<Env, Val>) {
    env.storage().persistent().remove(key);
}

/// A temporary entry that is good for a day.
pub fn day_entry<V: TryFromVal<Env, Val>>(env: &Env, key: &impl IntoVal<Env, Val>) -> Option<V> {
    env.storage().temporary().get(key)
}

/// Writes a temporary entry that is good for a day.
pub fn set_day_entry<K: IntoVal<Env, Val>>(env: &Env, key: &K, value: &impl IntoVal<Env, Val>) {
    env.storage().temporary().set(key, value);
    env.storage().temporary().extend_ttl(key, DAY_TTL, DAY_TTL);
}

/// Forgets a temporary entry.
pub fn remove_day_entry(env: &Env, key: &impl IntoVal<Env, Val>) {
    env.storage().temporary().remove(key);
}
