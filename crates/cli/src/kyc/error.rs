//! What can be wrong with what an issuer gives. No message repeats a secret.

use thiserror::Error;

/// What was refused, and what to do.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum KycError {
    /// The key is no secret.
    #[error(
        "the signing key is not a Stellar secret\n  to do: give one key that starts with S, alone in its file or variable"
    )]
    NotASecret,
    /// An address of a contract is wanted.
    #[error("`{0}` is not the address of a contract\n  to do: write it as Stellar does, C and 55 more characters")]
    NotAContract(String),
    /// A credential's number is wanted.
    #[error("a credential's number is 16 bytes\n  to do: write 32 hexadecimal digits, with or without dashes, as of a random UUID")]
    NotACredential,
    /// The claim would end before it begins.
    #[error("the claim would be over by {0}, no later than it is made\n  to do: name a later end")]
    EndsTooSoon(String),
    /// The file cannot be read.
    #[error(
        "{0} cannot be read: {1}\n  to do: name a claim's file, as `vangnet kyc issue` writes it"
    )]
    Unreadable(String, String),
    /// The file is no claim.
    #[error("this is not a claim: {0}\n  to do: name a file as `vangnet kyc issue` writes it")]
    NotAClaim(String),
    /// A value cannot be written as XDR.
    #[error(
        "the claim cannot be encoded: {0}\n  to do: report it with this command, without its key"
    )]
    Encoding(String),
}
