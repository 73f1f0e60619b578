//! A transaction as it came in. Everything that needs no ledger is done here, on whatever thread.

use std::collections::BTreeSet;

use soroban_env_host::xdr::TransactionEnvelope;

/// A transaction: decoded, hashed, its signatures verified.
#[derive(Clone, Debug)]
pub struct Submission {
    /// As it was sent.
    pub envelope: TransactionEnvelope,
    /// Hash of what its sender signed, the fee bump if it is one.
    pub hash: [u8; 32],
    /// Hash of the transaction inside a fee bump.
    pub inner_hash: Option<[u8; 32]>,
    /// Size of the envelope.
    pub bytes: u32,
    /// Keys named in the transaction whose signature over `hash` holds, for a fee bump's fee source.
    pub(crate) signers: BTreeSet<[u8; 32]>,
    /// Keys whose signature over the inner hash holds; as `signers` without a fee bump.
    pub(crate) inner_signers: BTreeSet<[u8; 32]>,
    /// Whether a signature is nobody's who is named (`txBAD_AUTH_EXTRA`).
    pub(crate) has_extra: bool,
}

/// Why bytes are no transaction.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmissionError {
    /// Not base64, or not XDR of an envelope, or longer than one may be.
    #[error("the transaction cannot be decoded: {0}")]
    Malformed(String),
}

impl Submission {
    /// Decodes an envelope of at most `limit` bytes and verifies its signatures for the network `network_id`.
    ///
    /// # Errors
    /// [`SubmissionError::Malformed`].
    pub fn decode(
        _base64: &str,
        _network_id: [u8; 32],
        _limit: u32,
    ) -> Result<Self, SubmissionError> {
        Err(SubmissionError::Malformed("not built".into()))
    }
}
