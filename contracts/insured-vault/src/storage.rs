//! What the vault keeps, and for how long. No other file touches storage.
//!
//! Instance: what the vault is built on, its owner, its name. Persistent: the books. Balances and allowances are
//! OpenZeppelin's.

use actuary::{Assets, Shares};
use entries::{extend_instance, set};
use interfaces::vault::VaultConfig;
use soroban_sdk::{contracttype, Env};

use crate::books::{Books, Owed};
use crate::errors::VaultError;

/// Keys of all entries.
#[contracttype]
pub enum DataKey {
    /// Instance: what the vault is built on.
    Config,
    /// The books.
    Books,
}

/// The books as they are stored, in the order of [`Books`].
type Stored = (
    i128,
    i128,
    i128,
    i128,
    u64,
    i128,
    u64,
    i128,
    i128,
    i128,
    i128,
    u64,
);

/// What the vault is built on.
pub fn config(env: &Env) -> Result<VaultConfig, VaultError> {
    env.storage()
        .instance()
        .get(&DataKey::Config)
        .ok_or(VaultError::Corrupt)
}

/// Writes what the vault is built on, once.
pub fn set_config(env: &Env, config: &VaultConfig) {
    env.storage().instance().set(&DataKey::Config, config);
}

/// The books as they were last written.
pub fn books(env: &Env) -> Result<Books, VaultError> {
    let stored: Option<Stored> = env.storage().persistent().get(&DataKey::Books);
    let (
        b_tokens,
        cash,
        shares,
        defaults,
        defaults_since,
        deficits,
        deficits_since,
        filed,
        paid_seen,
        index_seen,
        deficits_seen,
        seen_at,
    ) = stored.ok_or(VaultError::Corrupt)?;
    let owed = |amount, since| Owed {
        amount: Assets::from_raw(amount),
        since,
    };
    Ok(Books {
        b_tokens,
        cash: Assets::from_raw(cash),
        shares: Shares::from_raw(shares),
        defaults: owed(defaults, defaults_since),
        deficits: owed(deficits, deficits_since),
        filed: Assets::from_raw(filed),
        paid_seen: Assets::from_raw(paid_seen),
        index_seen,
        deficits_seen,
        seen_at,
    })
}

/// Writes the books, and keeps code, owner and config alive with them.
pub fn set_books(env: &Env, books: &Books) {
    let stored: Stored = (
        books.b_tokens,
        books.cash.raw(),
        books.shares.raw(),
        books.defaults.amount.raw(),
        books.defaults.since,
        books.deficits.amount.raw(),
        books.deficits.since,
        books.filed.raw(),
        books.paid_seen.raw(),
        books.index_seen,
        books.deficits_seen,
        books.seen_at,
    );
    set(env, &DataKey::Books, &stored);
    extend_instance(env);
}
