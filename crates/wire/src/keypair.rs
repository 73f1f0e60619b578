//! Accounts with real ed25519 keys.

use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha256};
use stellar_xdr::{AccountId, PublicKey, ScAddress, Uint256};

/// The account that an ed25519 key controls.
#[must_use]
pub fn account_id(public_key: [u8; 32]) -> AccountId {
    AccountId(PublicKey::PublicKeyTypeEd25519(Uint256(public_key)))
}

/// An ed25519 key and the account it controls.
#[derive(Clone)]
pub struct Keypair(SigningKey);

impl Keypair {
    /// The key whose seed is the SHA-256 of `name`: the same name is always the same account.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::from_seed(Sha256::digest(name.as_bytes()).into())
    }

    /// The key of a 32-byte seed.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&seed))
    }

    /// The public key's 32 bytes.
    #[must_use]
    pub fn public_key(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// The account this key controls.
    #[must_use]
    pub fn account_id(&self) -> AccountId {
        account_id(self.public_key())
    }

    /// The account as a contract sees it.
    #[must_use]
    pub fn address(&self) -> ScAddress {
        ScAddress::Account(self.account_id())
    }

    /// Signs `message`.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl std::fmt::Debug for Keypair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keypair({})", self.address())
    }
}
