//! Who signs.

use std::{future::Future, pin::Pin};

use wire::{
    xdr::{AccountId, PublicKey, ScAddress, Uint256},
    Keypair,
};

/// A signature to come.
pub type Signing<'a> = Pin<Box<dyn Future<Output = Result<[u8; 64], SignerError>> + Send + 'a>>;

/// Why a signer gave no signature.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signer gave no signature: {reason}")]
pub struct SignerError {
    /// What it said.
    pub reason: String,
    /// Whether asking again may help.
    pub is_retryable: bool,
}

/// Holder of an ed25519 key: in memory, in a key service or in a wallet.
pub trait Signer: Send + Sync {
    /// The public key, which names the account too.
    fn public_key(&self) -> [u8; 32];

    /// The signature of a SHA-256, of a transaction or of an authorisation.
    fn sign<'a>(&'a self, hash: &'a [u8; 32]) -> Signing<'a>;

    /// The account.
    fn account_id(&self) -> AccountId {
        AccountId(PublicKey::PublicKeyTypeEd25519(Uint256(self.public_key())))
    }

    /// The account as a contract sees it.
    fn address(&self) -> ScAddress {
        ScAddress::Account(self.account_id())
    }
}

impl Signer for Keypair {
    fn public_key(&self) -> [u8; 32] {
        Keypair::public_key(self)
    }

    fn sign<'a>(&'a self, hash: &'a [u8; 32]) -> Signing<'a> {
        let signature = Keypair::sign(self, hash);
        Box::pin(std::future::ready(Ok(signature)))
    }
}
