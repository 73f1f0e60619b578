//! Who signs.

use std::{future::Future, pin::Pin};

use wire::{
    xdr::{AccountId, HashIdPreimage, ScAddress, TransactionSignaturePayload},
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

/// What is signed, so that a signer can judge it. The SHA-256 of its XDR is the hash that comes with it: a signer that
/// trusts nobody reckons it.
#[derive(Clone, Copy, Debug)]
pub enum Signed<'a> {
    /// A transaction of the signer's account, or a fee bump that it pays, and the network.
    Transaction(&'a TransactionSignaturePayload),
    /// An authorisation of a call, with all the calls within it, until when it is valid, and the network.
    Authorisation(&'a HashIdPreimage),
}

/// Holder of an ed25519 key: in memory, in a key service or in a wallet.
pub trait Signer: Send + Sync {
    /// The public key, which names the account too.
    fn public_key(&self) -> [u8; 32];

    /// The signature of `hash`, which is that of `signed`.
    fn sign<'a>(&'a self, hash: &'a [u8; 32], signed: Signed<'a>) -> Signing<'a>;

    /// The account.
    fn account_id(&self) -> AccountId {
        wire::account_id(self.public_key())
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

    fn sign<'a>(&'a self, hash: &'a [u8; 32], _: Signed<'a>) -> Signing<'a> {
        let signature = Keypair::sign(self, hash);
        Box::pin(std::future::ready(Ok(signature)))
    }
}
