//! A transaction as it came in. Everything that needs no ledger is done here, on whatever thread.

use std::collections::BTreeSet;

use base64::{engine::general_purpose::STANDARD, Engine};
use ed25519_dalek::{Signature, VerifyingKey};
use soroban_env_host::xdr::{
    self, AccountId, DecoratedSignature, FeeBumpTransactionEnvelope, FeeBumpTransactionInnerTx,
    Limits, MuxedAccount, OperationBody, Preconditions, ReadXdr, SignerKey, SorobanTransactionData,
    Transaction, TransactionEnvelope, TransactionExt, TransactionV1Envelope, Uint256, WriteXdr,
};

use crate::costs::size;

/// How deeply XDR may be nested, as on the network.
const XDR_DEPTH: u32 = 500;
/// How much deeper metadata is than the values in it, each of which may be as deep as that by itself.
const METADATA_DEPTH: u32 = 32;
/// Signatures that are verified for one hash at most, as on the network: hints may be made to collide.
const MAX_VERIFICATIONS: u32 = 1_000;
/// Signatures that may have to be verified for one request at most: as many as one transaction may ask for, with a fee bump's
/// own.
pub(crate) const VERIFICATIONS: u32 = MAX_VERIFICATIONS + 20;

/// A transaction: decoded, hashed, its signatures verified.
#[derive(Clone, Debug)]
pub struct Submission {
    /// As it was sent; a V0 envelope as the V1 envelope that says and signs the same, which is what the network makes of it.
    pub envelope: TransactionEnvelope,
    /// Hash of what its sender signed, the fee bump if it is one.
    pub hash: [u8; 32],
    /// Hash of the transaction inside a fee bump.
    pub inner_hash: Option<[u8; 32]>,
    /// Size of the envelope.
    pub bytes: u32,
    /// The transaction, that inside a fee bump if it is one.
    pub(crate) transaction: Transaction,
    /// Size of the envelope of `transaction`.
    pub(crate) transaction_bytes: u32,
    /// Who signed `transaction`.
    pub(crate) signed: Signed,
    /// The fee bump around it.
    pub(crate) bump: Option<Bump>,
}

/// Whose signatures over a hash hold.
#[derive(Clone, Debug, Default)]
pub(crate) struct Signed {
    /// Keys that are named in the transaction.
    pub keys: BTreeSet<[u8; 32]>,
    /// Whether a signature is nobody's who is named, or there twice (`txBAD_AUTH_EXTRA`).
    pub has_extra: bool,
}

/// Who pays for a transaction instead of its source.
#[derive(Clone, Debug)]
pub(crate) struct Bump {
    pub source: AccountId,
    /// All that it offers, stroops.
    pub fee: i64,
    pub signed: Signed,
}

impl Bump {
    /// The fee bump that has the hash `hash`, its payer's signature verified.
    fn verified(
        outer: &FeeBumpTransactionEnvelope,
        hash: &[u8; 32],
        left: &mut u32,
    ) -> Result<Self, SubmissionError> {
        let payer = &outer.tx.fee_source;
        Ok(Self {
            source: account_id(payer),
            fee: outer.tx.fee,
            signed: verify(&[key(payer)], &outer.signatures, hash, left)?,
        })
    }
}

/// Why bytes are no transaction.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmissionError {
    /// Not base64, or not XDR of an envelope, or longer than one may be.
    #[error("the transaction cannot be decoded: {0}")]
    Malformed(String),
    /// Those of one request would take too long.
    #[error("too many signatures would have to be verified: send fewer transactions at once")]
    TooManySignatures,
}

impl From<xdr::Error> for SubmissionError {
    fn from(error: xdr::Error) -> Self {
        Self::Malformed(error.to_string())
    }
}

impl Submission {
    /// Decodes an envelope of at most `limit` bytes and verifies its signatures for the network `network_id`.
    ///
    /// # Errors
    /// [`SubmissionError::Malformed`].
    pub fn decode(base64: &str, network_id: [u8; 32], limit: u32) -> Result<Self, SubmissionError> {
        let mut left = VERIFICATIONS;
        Self::decode_within(base64, network_id, limit, &mut left)
    }

    /// As [`Submission::decode`], with `left` signatures that may still be verified.
    ///
    /// # Errors
    /// [`SubmissionError::TooManySignatures`] too.
    pub(crate) fn decode_within(
        base64: &str,
        network_id: [u8; 32],
        limit: u32,
        left: &mut u32,
    ) -> Result<Self, SubmissionError> {
        let malformed = |what: &str| SubmissionError::Malformed(what.into());
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        // Four characters carry three bytes; the last four may be padded.
        if base64.len() / 4 > limit / 3 + 1 {
            return Err(malformed("too long"));
        }
        let bytes = STANDARD.decode(base64);
        let bytes = bytes.map_err(|_| malformed("not base64"))?;
        if bytes.len() > limit {
            return Err(malformed("too long"));
        }
        let envelope = TransactionEnvelope::from_xdr(&bytes, limits(&bytes))?;
        Self::within(envelope, network_id, left)
    }

    /// Hashes `envelope` and verifies its signatures for the network `network_id`.
    ///
    /// # Errors
    /// [`SubmissionError::Malformed`] when it cannot be encoded.
    pub fn new(
        envelope: TransactionEnvelope,
        network_id: [u8; 32],
    ) -> Result<Self, SubmissionError> {
        let mut left = VERIFICATIONS;
        Self::within(envelope, network_id, &mut left)
    }

    fn within(
        envelope: TransactionEnvelope,
        network_id: [u8; 32],
        left: &mut u32,
    ) -> Result<Self, SubmissionError> {
        let envelope = renewed(envelope);
        let bytes = size(envelope.to_xdr(Limits::none())?.len());
        let hash = envelope.hash(network_id)?;
        let (inner, inner_hash, bump) = match &envelope {
            TransactionEnvelope::Tx(plain) => (plain, None, None),
            TransactionEnvelope::TxFeeBump(outer) => {
                let FeeBumpTransactionInnerTx::Tx(inner) = &outer.tx.inner_tx;
                let bump = Bump::verified(outer, &hash, left)?;
                (inner, Some(inner.hash(network_id)?), Some(bump))
            }
            TransactionEnvelope::TxV0(_) => {
                return Err(SubmissionError::Malformed("an old envelope".into()))
            }
        };
        let transaction_bytes = match bump {
            // Around the transaction, an envelope has four bytes that say which kind it is.
            Some(_) => size(inner.to_xdr(Limits::none())?.len()).saturating_add(4),
            None => bytes,
        };
        Ok(Self {
            transaction: inner.tx.clone(),
            transaction_bytes,
            signed: verify(
                &named(&inner.tx),
                &inner.signatures,
                &inner_hash.unwrap_or(hash),
                left,
            )?,
            envelope,
            hash,
            inner_hash,
            bytes,
            bump,
        })
    }

    /// Whose sequence number it uses.
    pub(crate) fn source(&self) -> AccountId {
        account_id(&self.transaction.source_account)
    }

    /// Who pays for it.
    pub(crate) fn fee_source(&self) -> AccountId {
        self.bump
            .as_ref()
            .map_or_else(|| self.source(), |bump| bump.source.clone())
    }

    /// All that it offers to pay, stroops.
    pub(crate) fn bid(&self) -> i64 {
        let own = i64::from(self.transaction.fee);
        self.bump.as_ref().map_or(own, |bump| bump.fee)
    }

    /// Operations that it pays for; a fee bump counts as one.
    pub(crate) fn paid_operations(&self) -> i64 {
        let own = i64::from(size(self.transaction.operations.len()));
        own.saturating_add(self.bump.is_some().into()).max(1)
    }

    /// What the transaction declares to use, if it is a call, an extension or a restoration.
    pub(crate) fn soroban(&self) -> Option<&SorobanTransactionData> {
        let first = self.transaction.operations.first()?;
        match &self.transaction.ext {
            TransactionExt::V1(data) if is_soroban(&first.body) => Some(data),
            _ => None,
        }
    }

    /// The fee for resources that it declares, stroops.
    pub(crate) fn resource_fee(&self) -> i64 {
        self.soroban().map_or(0, |data| data.resource_fee)
    }

    /// What of its bid is for being included, stroops; below zero when the bid does not cover the resource fee.
    pub(crate) fn inclusion_bid(&self) -> i64 {
        self.bid().saturating_sub(self.resource_fee())
    }
}

/// For what may have been written by anybody: as deep as the network allows, and no longer than it is.
pub(crate) fn limits(bytes: &[u8]) -> Limits {
    Limits {
        depth: XDR_DEPTH,
        len: bytes.len(),
    }
}

/// For what the node wrote down itself: metadata around values.
pub(crate) fn own_limits(bytes: &[u8]) -> Limits {
    Limits {
        depth: XDR_DEPTH + METADATA_DEPTH,
        len: bytes.len(),
    }
}

/// An old envelope as the new one that says and signs the same.
fn renewed(envelope: TransactionEnvelope) -> TransactionEnvelope {
    match envelope {
        TransactionEnvelope::TxV0(old) => TransactionEnvelope::Tx(TransactionV1Envelope {
            tx: old.tx.into(),
            signatures: old.signatures,
        }),
        envelope => envelope,
    }
}

/// Whether an operation runs in the host, or acts on what lives there.
pub(crate) fn is_soroban(body: &OperationBody) -> bool {
    matches!(
        body,
        OperationBody::InvokeHostFunction(_)
            | OperationBody::ExtendFootprintTtl(_)
            | OperationBody::RestoreFootprint(_)
    )
}

/// The account behind an address that may carry an id.
pub(crate) fn account_id(account: &MuxedAccount) -> AccountId {
    account.clone().account_id()
}

pub(crate) fn key(account: &MuxedAccount) -> [u8; 32] {
    match account {
        MuxedAccount::Ed25519(Uint256(key)) => *key,
        MuxedAccount::MuxedEd25519(muxed) => muxed.ed25519.0,
    }
}

/// Keys that may sign `transaction`: of its source, of its operations' sources, and of those that it asks for.
fn named(transaction: &Transaction) -> Vec<[u8; 32]> {
    let mut keys = BTreeSet::from([key(&transaction.source_account)]);
    let sources = transaction.operations.iter();
    keys.extend(sources.filter_map(|operation| operation.source_account.as_ref().map(key)));
    if let Preconditions::V2(conditions) = &transaction.cond {
        let extra = conditions.extra_signers.iter();
        keys.extend(extra.filter_map(|signer| match signer {
            SignerKey::Ed25519(Uint256(key)) => Some(*key),
            _ => None,
        }));
    }
    keys.into_iter().collect()
}

/// The first signature of each key counts. What may have to be verified is taken from `left`.
fn verify(
    named: &[[u8; 32]],
    signatures: &[DecoratedSignature],
    hash: &[u8; 32],
    left: &mut u32,
) -> Result<Signed, SubmissionError> {
    let is_hinted =
        |key: &&[u8; 32], signature: &DecoratedSignature| key.ends_with(&signature.hint.0);
    let hinted = signatures.iter().map(|signature| {
        let keys = named.iter().filter(|key| is_hinted(key, signature));
        keys.count()
    });
    let due = size(hinted.sum()).min(MAX_VERIFICATIONS);
    *left = left
        .checked_sub(due)
        .ok_or(SubmissionError::TooManySignatures)?;
    let mut signed = Signed::default();
    let mut verifications = 0;
    for signature in signatures {
        let signer = named.iter().find(|key| {
            if !is_hinted(key, signature) || signed.keys.contains(*key) {
                return false;
            }
            verifications += 1;
            verifications <= MAX_VERIFICATIONS && holds(key, signature, hash)
        });
        match signer {
            Some(key) => drop(signed.keys.insert(*key)),
            None => signed.has_extra = true,
        }
    }
    Ok(signed)
}

fn holds(key: &[u8; 32], signature: &DecoratedSignature, hash: &[u8; 32]) -> bool {
    let (Ok(key), Ok(signature)) = (
        VerifyingKey::from_bytes(key),
        Signature::from_slice(&signature.signature.0),
    ) else {
        return false;
    };
    key.verify_strict(hash, &signature).is_ok()
}
