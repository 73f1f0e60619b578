//! What is wrong with a claim, as far as it can be told without the network: whether it was revoked cannot.

use ed25519_dalek::{Signature, VerifyingKey};

use super::claim::{Claim, ED25519};
use super::error::KycError;
use crate::policy::moment;

/// What a check found first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is wrong.
    Valid,
    /// The file contradicts itself or is not as long as it must be.
    Malformed(&'static str),
    /// It is of another topic than the one that was asked for.
    WrongTopic(u32),
    /// The key in it did not sign it.
    BadSignature,
    /// It is over since then.
    Expired(String),
}

impl Verdict {
    /// The exit code of `vangnet kyc show`.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Valid => 0,
            Self::Malformed(_) => 3,
            Self::BadSignature => 4,
            Self::Expired(_) => 5,
            Self::WrongTopic(_) => 6,
        }
    }

    /// What it is called, and what to do.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Valid => "valid".into(),
            Self::Malformed(what) => {
                format!("malformed: {what}; to do: have the issuer sign a new claim")
            }
            Self::BadSignature => "badly signed: the key in it did not sign this; to do: have the issuer sign a new claim".into(),
            Self::Expired(since) => {
                format!("expired since {since}; to do: have the issuer sign a new claim")
            }
            Self::WrongTopic(wanted) => format!(
                "of another topic than {wanted}; to do: ask the issuer for a claim of topic {wanted}"
            ),
        }
    }
}

/// Checks a claim as of `now`, unix seconds, and of which topic it is if one is named.
pub fn check(claim: &Claim, now: u64, topic: Option<u32>) -> Result<Verdict, KycError> {
    let Some((created_at, valid_until)) = claim.times() else {
        return Ok(Verdict::Malformed("its data is not 16 or 32 bytes long"));
    };
    if valid_until != claim.valid_until || valid_until <= created_at {
        return Ok(Verdict::Malformed("its times contradict each other"));
    }
    if claim.scheme != ED25519 {
        return Ok(Verdict::Malformed("its scheme is not 101, ed25519"));
    }
    if claim.signature.len() != 96 {
        return Ok(Verdict::Malformed("its signature is not 96 bytes long"));
    }
    if !is_signed(claim)? {
        return Ok(Verdict::BadSignature);
    }
    if now >= valid_until {
        return Ok(Verdict::Expired(moment(valid_until)));
    }
    Ok(match topic {
        Some(wanted) if wanted != claim.topic => Verdict::WrongTopic(wanted),
        _ => Verdict::Valid,
    })
}

/// What a claim says, a line each.
#[must_use]
pub fn table(claim: &Claim) -> String {
    let mut lines = vec![
        ("network", claim.network.clone()),
        ("issuer", claim.issuer.to_string()),
        ("identity", claim.identity.to_string()),
        ("topic", claim.topic.to_string()),
        ("nonce", claim.nonce.to_string()),
    ];
    if let Some((created_at, valid_until)) = claim.times() {
        lines.push(("made", moment(created_at)));
        lines.push(("valid until", moment(valid_until)));
    }
    if let Some(number) = claim.credential() {
        lines.push(("credential", number));
    }
    let lines = lines.into_iter();
    lines
        .map(|(name, value)| format!("{name:<12}{value}\n"))
        .collect()
}

/// Whether the key in a claim signed it, by the rules that the network has.
fn is_signed(claim: &Claim) -> Result<bool, KycError> {
    let message = claim.message()?;
    let parts = claim.signature.split_first_chunk();
    let Some((key, signature)) = parts else {
        return Ok(false);
    };
    let (Ok(key), Ok(signature)) = (
        VerifyingKey::from_bytes(key),
        Signature::from_slice(signature),
    ) else {
        return Ok(false);
    };
    Ok(key.verify_strict(&message, &signature).is_ok())
}
