//! `vangnet kyc`: what an issuer of claims does off chain: signing a claim, checking one, preparing its revocation.
//!
//! `claim` is a claim and its file; `secret` the key that signs; `check` what is wrong with a claim, as far as it can be told
//! offline; `revoke` the call that takes it back. The contracts are in `contracts/claim-issuer` and `contracts/identity`; how a
//! person becomes verified is in `docs/identity.md`.

mod check;
mod claim;
mod error;
mod revoke;
mod secret;

use localnet::{PUBLIC, TESTNET};

pub use check::{check, table, Verdict};
pub use claim::{issue, read, read_file, Claim, ContractId, Credential, Order, ED25519};
pub use error::KycError;
pub use revoke::{revocation, Argument, Call, Scope};
pub use secret::Secret;

/// The passphrase of a network: of one that is named, else the text itself.
#[must_use]
pub fn passphrase(network: &str) -> &str {
    match network {
        "public" => PUBLIC,
        "testnet" => TESTNET,
        other => other,
    }
}

#[cfg(test)]
mod tests;
