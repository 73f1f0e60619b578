//! How an authorisation is signed: what is signed, and where the signature goes.

use sha2::{Digest, Sha256};
use stellar_xdr::{
    Hash, HashIdPreimage, HashIdPreimageSorobanAuthorization,
    HashIdPreimageSorobanAuthorizationWithAddress, Limits, ScAddress, ScVal,
    SorobanAuthorizationEntry, SorobanCredentials, WriteXdr,
};

use crate::{
    keypair::Keypair,
    value::{self, ValueError},
};

/// Ledgers for which a fresh signature is valid.
pub const SIGNATURE_LIFETIME: u32 = 100;

/// Whose signature of its own `entry` asks for; `None`: the source account's, which the transaction itself carries.
#[must_use]
pub fn signatory(entry: &SorobanAuthorizationEntry) -> Option<&ScAddress> {
    match &entry.credentials {
        SorobanCredentials::SourceAccount => None,
        SorobanCredentials::Address(credentials) | SorobanCredentials::AddressV2(credentials) => {
            Some(&credentials.address)
        }
        SorobanCredentials::AddressWithDelegates(delegated) => {
            Some(&delegated.address_credentials.address)
        }
    }
}

/// What the signatory of `entry` signs for a signature that is valid up to ledger `expiration`; `None` when the entry asks
/// for no signature of its own, or for those of delegates, which are not ours to give.
#[must_use]
pub fn preimage(
    entry: &SorobanAuthorizationEntry,
    network_id: [u8; 32],
    expiration: u32,
) -> Option<HashIdPreimage> {
    let network_id = Hash(network_id);
    let invocation = entry.root_invocation.clone();
    match &entry.credentials {
        SorobanCredentials::SourceAccount | SorobanCredentials::AddressWithDelegates(_) => None,
        SorobanCredentials::Address(credentials) => Some(HashIdPreimage::SorobanAuthorization(
            HashIdPreimageSorobanAuthorization {
                network_id,
                nonce: credentials.nonce,
                signature_expiration_ledger: expiration,
                invocation,
            },
        )),
        SorobanCredentials::AddressV2(credentials) => {
            Some(HashIdPreimage::SorobanAuthorizationWithAddress(
                HashIdPreimageSorobanAuthorizationWithAddress {
                    network_id,
                    nonce: credentials.nonce,
                    signature_expiration_ledger: expiration,
                    address: credentials.address.clone(),
                    invocation,
                },
            ))
        }
    }
}

/// The SHA-256 that is signed of a [`preimage`].
///
/// # Errors
/// When it cannot be encoded.
pub fn payload(preimage: &HashIdPreimage) -> Result<[u8; 32], ValueError> {
    let bytes = preimage.to_xdr(Limits::none());
    let bytes = bytes.map_err(|_| ValueError::TooLong("authorisation"))?;
    Ok(Sha256::digest(bytes).into())
}

/// The last ledger in which the signature that `entry` carries is valid; `None` when it carries none.
#[must_use]
pub fn valid_until(entry: &SorobanAuthorizationEntry) -> Option<u32> {
    let credentials = match &entry.credentials {
        SorobanCredentials::SourceAccount => return None,
        SorobanCredentials::Address(credentials) | SorobanCredentials::AddressV2(credentials) => {
            credentials
        }
        SorobanCredentials::AddressWithDelegates(delegated) => &delegated.address_credentials,
    };
    let is_signed = credentials.signature != ScVal::Void;
    is_signed.then_some(credentials.signature_expiration_ledger)
}

/// Puts the signature that `public_key` gave over [`payload()`] into `entry`, as the host expects it of a classic account:
/// a vector of public keys and signatures.
///
/// # Errors
/// When it does not fit.
pub fn attach(
    entry: &mut SorobanAuthorizationEntry,
    public_key: [u8; 32],
    signature: [u8; 64],
    expiration: u32,
) -> Result<(), ValueError> {
    let (SorobanCredentials::Address(credentials) | SorobanCredentials::AddressV2(credentials)) =
        &mut entry.credentials
    else {
        return Ok(());
    };
    let signature = value::map(vec![
        (value::symbol("public_key")?, value::bytes(&public_key)?),
        (value::symbol("signature")?, value::bytes(&signature)?),
    ])?;
    credentials.signature_expiration_ledger = expiration;
    credentials.signature = value::vector(vec![signature])?;
    Ok(())
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
) -> Result<(), ValueError> {
    if signatory(entry) != Some(&signer.address()) {
        return Ok(());
    }
    let Some(preimage) = preimage(entry, network_id, expiration) else {
        return Ok(());
    };
    let signature = signer.sign(&payload(&preimage)?);
    attach(entry, signer.public_key(), signature, expiration)
}
