//! Who authorises a call.

use soroban_env_host::{
    auth::RecordedAuthPayload,
    xdr::{ScVal, SorobanAddressCredentials, SorobanAuthorizationEntry, SorobanCredentials},
};
use wire::Keypair;

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
