//! What clients and networks agree on beforehand.

use sha2::{Digest, Sha256};
use stellar_xdr::{AccountId, LedgerKey, LedgerKeyAccount};

/// Seconds between two ledgers, as networks that keep time have them.
pub const SECONDS_PER_LEDGER: u64 = 5;

/// The public network's passphrase.
pub const PUBLIC: &str = "Public Global Stellar Network ; September 2015";
/// The test network's.
pub const TESTNET: &str = "Test SDF Network ; September 2015";
/// The passphrase that official clients know for networks of one's own.
pub const STANDALONE: &str = "Standalone Network ; February 2017";

/// The id of the network with this passphrase, which all signatures bind to: its SHA-256.
#[must_use]
pub fn network_id(passphrase: &str) -> [u8; 32] {
    Sha256::digest(passphrase.as_bytes()).into()
}

/// The key under which an account is stored.
#[must_use]
pub fn account_key(id: &AccountId) -> LedgerKey {
    LedgerKey::Account(LedgerKeyAccount {
        account_id: id.clone(),
    })
}
