//! What the cover pool asks about people: whether they have shown who they are, and whether they are sanctioned.

use soroban_sdk::{contractclient, Address, Env};

/// Verifies a tier; OpenZeppelin's `IdentityVerifier`, as far as the pool uses it.
#[contractclient(name = "IdentityVerifierClient")]
pub trait IdentityVerifier {
    /// Fails unless the account's identity holds a valid claim of every topic the tier requires. Anyone.
    fn verify_identity(env: Env, account: Address);
}

/// A list of sanctioned accounts.
#[contractclient(name = "SanctionsClient")]
pub trait Sanctions {
    /// Whether an account is on it. Anyone.
    fn is_sanctioned(env: Env, account: Address) -> bool;
}
