//! What a position keeps: two instance entries that a rescue never writes; and, while liquidations of it are insured, a third
//! that every change writes.

use interfaces::position::{Account, Links, Watch};
use soroban_sdk::{contracttype, unwrap::UnwrapOptimized, Env};

/// Ledgers in a day, at five seconds each.
const DAY_IN_LEDGERS: u32 = 17_280;

/// An entry that lives shorter than this is extended when its owner comes by.
const TTL_THRESHOLD: u32 = 120 * DAY_IN_LEDGERS;

/// What it is extended to.
const TTL_EXTENDED: u32 = 180 * DAY_IN_LEDGERS;

/// Keys of all entries.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
enum DataKey {
    /// Instance: what this position is.
    Account,
    /// Instance: whom it listens to.
    Links,
    /// Instance: what it holds, while liquidations of it are insured.
    Watch,
}

/// What this position is.
pub fn account(env: &Env) -> Account {
    // The constructor writes it and nothing removes it.
    env.storage()
        .instance()
        .get(&DataKey::Account)
        .unwrap_optimized()
}

/// Writes what this position is.
pub fn set_account(env: &Env, account: &Account) {
    env.storage().instance().set(&DataKey::Account, account);
}

/// Whom it listens to.
pub fn links(env: &Env) -> Links {
    // The constructor writes them and nothing removes them.
    env.storage()
        .instance()
        .get(&DataKey::Links)
        .unwrap_optimized()
}

/// Writes whom it listens to.
pub fn set_links(env: &Env, links: &Links) {
    env.storage().instance().set(&DataKey::Links, links);
}

/// What it remembers of its holdings; none if it is not watched.
pub fn watch(env: &Env) -> Option<Watch> {
    env.storage().instance().get(&DataKey::Watch)
}

/// Writes what it remembers of its holdings.
pub fn set_watch(env: &Env, watch: &Watch) {
    env.storage().instance().set(&DataKey::Watch, watch);
}

/// Keeps account and code alive.
pub fn extend_instance(env: &Env) {
    env.storage()
        .instance()
        .extend_ttl(TTL_THRESHOLD, TTL_EXTENDED);
}
