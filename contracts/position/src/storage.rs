//! What a position keeps: two instance entries that a rescue never writes; and, while liquidations of it are insured, a third
//! that every change writes.

use entries::{found, founded};
use interfaces::position::{Account, Links, Watch};
use soroban_sdk::{contracttype, Env};

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
    founded(env, &DataKey::Account)
}

/// Writes what this position is.
pub fn set_account(env: &Env, account: &Account) {
    found(env, &DataKey::Account, account);
}

/// Whom it listens to.
pub fn links(env: &Env) -> Links {
    founded(env, &DataKey::Links)
}

/// Writes whom it listens to.
pub fn set_links(env: &Env, links: &Links) {
    found(env, &DataKey::Links, links);
}

/// What it remembers of its holdings; none if it is not watched.
pub fn watch(env: &Env) -> Option<Watch> {
    env.storage().instance().get(&DataKey::Watch)
}

/// Writes what it remembers of its holdings.
pub fn set_watch(env: &Env, watch: &Watch) {
    found(env, &DataKey::Watch, watch);
}
