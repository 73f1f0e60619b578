//! What clients and networks agree on beforehand.

use stellar_xdr::{AccountId, LedgerKey, LedgerKeyAccount};

/// The passphrase that official clients know for networks of one's own.
pub const STANDALONE: &str = "Standalone Network ; February 2017";

/// The key under which an account is stored.
#[must_use]
pub fn account_key(id: &AccountId) -> LedgerKey {
    LedgerKey::Account(LedgerKeyAccount {
        account_id: id.clone(),
    })
}
