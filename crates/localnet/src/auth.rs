//! Who authorises a call, and how the authorisation is signed.

use sha2::{Digest, Sha256};
use soroban_env_host::{
    auth::RecordedAuthPayload,
    xdr::{
        self, Hash, HashIdPreimage, HashIdPreimageSorobanAuthorization, ScVal,
        SorobanAddressCredentials, SorobanAuthorizationEntry, SorobanCredentials, WriteXdr,
    },
};

use crate::{error::InvokeError, keypair::Keypair, value};

/// Ledgers for which a fresh signature is valid.
pub const SIGNATURE_LIFETIME: u32 = 100;

/// Where the authorisations of a call come from.
#[derive(Clone, Copy, Debug)]
pub enum Auth<'a> {
    /// None at all, not even the source account's.
    None,
    /// Whatever the simulation asks for: the source account's by the transaction itself, the others signed by the
    /// given keys. An address without a key here stays unsigned, so the call fails.
    Sign(&'a [&'a Keypair]),
    /// Exactly these entries.
    Explicit(&'a [SorobanAuthorizationEntry]),
}

/// An authorisation entry asking for the signature of `recorded`'s address.
pub(crate) fn unsigned(recorded: RecordedAuthPayload) -> SorobanAuthorizationEntry {
    let credentials = match (recorded.address, recorded.nonce) {
        (Some(address), Some(nonce)) => SorobanCredentials::Address(SorobanAddressCredentials {
            address,
            nonce,
            signature_expiration_ledger: 0,
            signature: ScVal::Void,
        }),
        _ => SorobanCredentials::SourceAccount,
    };
    SorobanAuthorizationEntry {
        credentials,
        root_invocation: recorded.invocation,
    }
}

/// Signs `entry` if its address is `signer`'s; the signature is valid up to ledger `expiration`.
///
/// # Errors
/// When the entry cannot be encoded.
pub fn sign_entry(
    entry: &mut SorobanAuthorizationEntry,
    signer: &Keypair,
    network_id: [u8; 32],
    expiration: u32,
) -> Result<(), InvokeError> {
    let SorobanCredentials::Address(credentials) = &mut entry.credentials else {
        return Ok(());
    };
    if credentials.address != signer.address() {
        return Ok(());
    }
    let preimage = HashIdPreimage::SorobanAuthorization(HashIdPreimageSorobanAuthorization {
        network_id: Hash(network_id),
        nonce: credentials.nonce,
        signature_expiration_ledger: expiration,
        invocation: entry.root_invocation.clone(),
    });
    let payload = Sha256::digest(preimage.to_xdr(xdr::Limits::none())?);
    credentials.signature_expiration_ledger = expiration;
    credentials.signature = account_signature(signer, &payload)?;
    Ok(())
}

/// What the host expects of a classic account: a vector of public keys and signatures.
fn account_signature(signer: &Keypair, payload: &[u8]) -> Result<ScVal, InvokeError> {
    let signature = value::map(vec![
        (
            value::symbol("public_key")?,
            value::bytes(&signer.public_key())?,
        ),
        (
            value::symbol("signature")?,
            value::bytes(&signer.sign(payload))?,
        ),
    ])?;
    Ok(value::vector(vec![signature])?)
}
