//! What the cover pool asks about people: whether they have shown who they are, and whether they are sanctioned. And what the
//! identity contracts refuse.

use soroban_sdk::{contractclient, contracterror, Address, Env};

/// Length of claim data with nothing but the two times, in bytes: when it was made and until when it holds.
pub const DATA_TIMES: u32 = 16;
/// Length with a credential's random number of 16 bytes after them.
pub const DATA_WITH_CREDENTIAL: u32 = 32;

/// Verifies a tier; OpenZeppelin's `IdentityVerifier`, as far as the pool uses it.
#[contractclient(name = "IdentityVerifierClient")]
pub trait IdentityVerifier {
    /// Fails unless the account's identity holds a valid claim of every topic the tier requires. Anyone.
    fn verify_identity(env: Env, account: Address);
}

/// Which identity a wallet has made; OpenZeppelin's `IdentityRegistryStorage`, as far as a verifier uses it.
#[contractclient(name = "IdentityRegistryClient")]
pub trait IdentityRegistry {
    /// The wallet's identity. Anyone. Errors: `NoIdentity`.
    fn stored_identity(env: Env, account: Address) -> Result<Address, IdentityError>;
}

/// A list of sanctioned accounts.
#[contractclient(name = "SanctionsClient")]
pub trait Sanctions {
    /// Whether an account is on it. Anyone.
    fn is_sanctioned(env: Env, account: Address) -> bool;
}

/// What the identity contracts refuse, and why. Codes 8000 to 8099. The `status` of a verifier is one of them.
#[contracterror]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum IdentityError {
    /// A claim carries no link.
    UriNotEmpty = 8000,
    /// Claim data holds when it was made, until when it holds, and at most a credential's number: 16 or 32 bytes.
    DataMalformed = 8001,
    /// The wallet has an identity already.
    AlreadyRegistered = 8002,
    /// The issuer signs by ed25519 alone: scheme 101.
    UnsupportedScheme = 8010,
    /// A signature is the public key and what it signed: 96 bytes.
    SignatureMalformed = 8011,
    /// The issuer does not let this key sign claims of this topic.
    KeyNotAllowed = 8012,
    /// The claim's time is over: it must be renewed.
    Expired = 8013,
    /// The issuer has revoked the claim.
    Revoked = 8014,
    /// The wallet has made no identity.
    NoIdentity = 8040,
    /// The identity holds no claim of a required topic.
    ClaimMissing = 8041,
    /// The claim is of an issuer that the verifier does not trust.
    UntrustedIssuer = 8042,
    /// The key did not sign this: the claim was altered, is another identity's, issuer's or network's, or was signed before the issuer
    /// revoked all of them; or the issuer does not answer.
    SignatureRefused = 8043,
    /// The verifier requires nothing, or a topic that it trusts nobody for: nobody is verified.
    NotSetUp = 8044,
    /// A verifier holds its topics and issuers itself.
    HeldHere = 8045,
}
