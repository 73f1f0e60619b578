//! What an adapter keeps of foreclosures.

use entries::{day_entry, get, remove, remove_day_entry, set, set_day_entry};
use soroban_sdk::{contracttype, Address, Env};

/// Keys of these entries; those of each adapter have other names.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
enum DataKey {
    /// Temporary: when a loan's foreclosure started.
    Started(Address),
    /// What a foreclosure could not deliver to an owner.
    Uncollected(Address),
}

/// When a loan's foreclosure started.
pub fn started(env: &Env, loan: &Address) -> Option<u64> {
    day_entry(env, &DataKey::Started(loan.clone()))
}

/// Writes when a loan's foreclosure started.
pub fn set_started(env: &Env, loan: &Address, time: u64) {
    set_day_entry(env, &DataKey::Started(loan.clone()), &time);
}

/// Forgets the start of a loan's foreclosure.
pub fn remove_started(env: &Env, loan: &Address) {
    remove_day_entry(env, &DataKey::Started(loan.clone()));
}

/// What foreclosures could not deliver to `owner`.
pub fn uncollected(env: &Env, owner: &Address) -> i128 {
    get(env, &DataKey::Uncollected(owner.clone())).unwrap_or(0)
}

/// Writes what foreclosures could not deliver to `owner`.
pub fn set_uncollected(env: &Env, owner: &Address, amount: i128) {
    let key = DataKey::Uncollected(owner.clone());
    if amount == 0 {
        remove(env, &key);
    } else {
        set(env, &key, &amount);
    }
}
