//! On which ground a call was refused, in words.

use std::fmt;

use localnet::InvokeError;
use testkit::bindings::cover_pool::CoverError;
use testkit::bindings::identity_verifier::IdentityError;

/// On which ground a call was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// A contract's error of this code.
    Code(u32),
    /// A signature is missing.
    Unsigned,
    /// Anything else.
    Other,
}

/// OpenZeppelin's timelock: the delay is not over, or it was executed already.
pub const NOT_READY: Ground = Ground::Code(4_002);
/// OpenZeppelin's governor: no such proposal.
pub const NO_SUCH_PROPOSAL: Ground = Ground::Code(4_200);
/// OpenZeppelin's governor: too few votes to propose.
pub const TOO_FEW_VOTES: Ground = Ground::Code(4_202);
/// OpenZeppelin's governor: the vote has not begun, or is over.
pub const NOT_ACTIVE: Ground = Ground::Code(4_205);
/// OpenZeppelin's governor: the vote is not over, or was not won.
pub const NOT_WON: Ground = Ground::Code(4_206);
/// OpenZeppelin's governor: who has voted votes no more.
pub const HAS_VOTED: Ground = Ground::Code(4_216);
/// A base rate outside its bounds.
pub const OUT_OF_BOUNDS: Ground = Ground::Code(CoverError::BaseOutOfBounds as u32);
/// A claim's window is open.
pub const NOT_PAYABLE: Ground = Ground::Code(CoverError::NotPayable as u32);
/// The claim is disputed already, or cannot be.
pub const NOT_DISPUTABLE: Ground = Ground::Code(CoverError::NotDisputable as u32);
/// Somebody else's policy.
pub const NOT_THEIRS: Ground = Ground::Code(CoverError::NotTheirs as u32);
/// They have not shown who they are.
pub const UNVERIFIED: Ground = Ground::Code(CoverError::Unverified as u32);
/// They are on the list.
pub const SANCTIONED: Ground = Ground::Code(CoverError::Sanctioned as u32);
/// An identity claim whose time is over.
pub const EXPIRED: Ground = Ground::Code(IdentityError::Expired as u32);

/// The names of the errors that stories need, as their contracts declare them.
const NAMES: [(Ground, &str); 13] = [
    (NOT_READY, "InvalidOperationState"),
    (NO_SUCH_PROPOSAL, "ProposalNotFound"),
    (TOO_FEW_VOTES, "InsufficientProposerVotes"),
    (NOT_ACTIVE, "ProposalNotActive"),
    (NOT_WON, "ProposalNotSuccessful"),
    (HAS_VOTED, "AlreadyVoted"),
    (OUT_OF_BOUNDS, "BaseOutOfBounds"),
    (NOT_PAYABLE, "NotPayable"),
    (NOT_DISPUTABLE, "NotDisputable"),
    (NOT_THEIRS, "NotTheirs"),
    (UNVERIFIED, "Unverified"),
    (SANCTIONED, "Sanctioned"),
    (EXPIRED, "Expired"),
];

impl Ground {
    /// Of a call that failed.
    pub fn of(error: &InvokeError) -> Self {
        match error {
            InvokeError::Unauthorized { .. } => Self::Unsigned,
            // What the called contract answers itself; it may have asked others who failed before.
            InvokeError::Contract { code, .. } => Self::Code(*code),
            other => other.first_error_code().map_or(Self::Other, Self::Code),
        }
    }

    /// The error's code, if a contract refused.
    pub const fn code(self) -> Option<u32> {
        match self {
            Self::Code(code) => Some(code),
            Self::Unsigned | Self::Other => None,
        }
    }

    /// The error's name.
    pub fn name(self) -> &'static str {
        let known = NAMES.iter().find(|(ground, _)| *ground == self);
        match (self, known) {
            (_, Some((_, name))) => name,
            (Self::Unsigned, _) => "Unauthorized",
            (Self::Code(_) | Self::Other, _) => "refused",
        }
    }
}

impl fmt::Display for Ground {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code() {
            Some(code) => write!(f, "{} (#{code})", self.name()),
            None => f.write_str(self.name()),
        }
    }
}
