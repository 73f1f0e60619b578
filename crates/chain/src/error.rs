//! What can go wrong, each either worth another try or final.
//!
//! Once a signed transaction has been shown to a server, only that server says what becomes of it. So nothing that fails
//! after that is worth another try: whoever makes the same anew on the word of a server that lies pays twice.

use std::ops::RangeInclusive;

use wire::{
    xdr::{
        AccountId, ScAddress, ScError, SorobanAuthorizationEntry, SorobanAuthorizedFunction,
        TransactionResult,
    },
    ValueError,
};

use crate::{failure::Failure, signer::SignerError};

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The URL is none.
    #[error("no URL of an RPC: {0}")]
    Url(String),
    /// The server was not reached, or did not answer in time.
    #[error("{method}: the server was not reached: {reason}")]
    Unreachable {
        /// What was asked.
        method: &'static str,
        /// What went wrong.
        reason: String,
    },
    /// What was to be asked cannot be sent: nothing was.
    #[error("{method}: the question cannot be asked: {problem}")]
    Question {
        /// What was to be asked.
        method: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// The server, or one on the way to it, was reached and is too busy or in trouble.
    #[error("{method}: the server is busy (HTTP {status})")]
    Busy {
        /// What was asked.
        method: &'static str,
        /// Its HTTP status.
        status: u16,
    },
    /// The server answered that it will not do it.
    #[error("{method}: refused ({code}): {message}")]
    Refused {
        /// What was asked.
        method: &'static str,
        /// The JSON-RPC error's code, or the HTTP status.
        code: i64,
        /// What the server said.
        message: String,
    },
    /// The server's answer cannot be true.
    #[error("{method}: the answer makes no sense: {problem}")]
    Answer {
        /// What was asked.
        method: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// The server serves another network.
    #[error("the server serves {found:?}, not {wanted:?}")]
    Passphrase {
        /// The network wanted.
        wanted: String,
        /// The server's.
        found: String,
    },
    /// A value cannot be converted.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// Something is too long for XDR.
    #[error("cannot be encoded: {0}")]
    Encoding(#[from] wire::xdr::Error),
    /// The call would fail, or failed: by simulation, so nothing was sent.
    #[error("the call fails: {0}")]
    Call(Box<Failure>),
    /// A transaction was applied and failed. Its fee is paid.
    #[error("transaction {} failed: {}", hex(&.0.hash), .0.failure)]
    Failed(Box<Failed>),
    /// The network does not take the transaction in, and no fee is paid, as the server says. It has the transaction all the
    /// same, and can submit it up to its time bound.
    #[error("the network does not accept transaction {}: {}", hex(.hash), .result.result.name())]
    NotAccepted {
        /// Its hash.
        hash: [u8; 32],
        /// The network's own words.
        result: Box<TransactionResult>,
    },
    /// The network has no room for the transaction now, and no fee is paid, as the server says. It has the transaction all
    /// the same, and can submit it up to its time bound.
    #[error("the network has no room for transaction {} now", hex(.0))]
    NoRoom([u8; 32]),
    /// The transaction was not applied before its time was up, and never will be; no fee is paid. Its time is past by the
    /// client's own clock, but that it was not applied is the server's word.
    #[error("transaction {} was not applied in time", hex(.0))]
    Expired([u8; 32]),
    /// Whether the transaction was or will be applied cannot be told. It must not be sent anew: ask for it again.
    #[error("whether transaction {} is applied is not known", hex(.hash))]
    Unknown {
        /// Its hash.
        hash: [u8; 32],
        /// What kept it from being known, unless it is time alone that ran out.
        #[source]
        cause: Option<Box<Error>>,
    },
    /// Archived entries are in the way even after they were restored.
    #[error("entries are archived again as soon as they are restored")]
    StillArchived,
    /// The call needs a signature that nobody here can give.
    #[error("the signature of {0} is missing")]
    MissingSignature(ScAddress),
    /// The server asks to sign something other than what was to be called.
    #[error("the authorisation is not of this call")]
    ForeignAuthorisation(Box<SorobanAuthorizationEntry>),
    /// The call authorises another within it that the caller does not allow.
    #[error("{} within the call is not allowed", named(.0))]
    CallNotAllowed(Box<SorobanAuthorizedFunction>),
    /// It failed after authorisations were signed and shown to the server. Whoever has them can use them, for this call
    /// alone, up to a ledger: until then the same must not be sent anew.
    #[error("{cause}; what was signed for it can be used up to ledger {until}")]
    Authorised {
        /// The last ledger in which they are valid.
        until: u32,
        /// What failed.
        #[source]
        cause: Box<Error>,
    },
    /// A signer did not sign.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// The account does not exist.
    #[error("account {0} does not exist")]
    UnknownAccount(AccountId),
    /// The fee would be higher than allowed; nothing was sent.
    #[error(
        "a fee of {fee} stroops is over the ceiling of {ceiling}: allow that much with `Fees::ceiling`, if it is worth it \
         (uploads of wasm pay its rent, up to 150 XLM for our contracts)"
    )]
    FeeTooHigh {
        /// The fee, stroops.
        fee: i64,
        /// The most allowed, stroops.
        ceiling: i64,
    },
}

/// A transaction that was applied and failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Its hash.
    pub hash: [u8; 32],
    /// The ledger it was applied in.
    pub ledger: u32,
    /// The network's own words, with the code of its operation.
    pub result: TransactionResult,
    /// What failed in the call, as far as the server tells.
    pub failure: Failure,
}

impl Error {
    /// Whether the same may succeed later without anything being changed, and does not happen twice whatever the server
    /// does: nothing that was signed has been shown to it. [`Error::NoRoom`], [`Error::Expired`], [`Error::NotAccepted`]
    /// and [`Error::Unknown`] are final for that reason. Before the same is made anew after one of them, its time bound
    /// ([`crate::Timing::lifetime`]) has to be over and another server asked for its hash.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Busy { .. } => true,
            Self::Refused { code, .. } => *code == INTERNAL_ERROR || SERVERS_OWN.contains(code),
            Self::Signer(error) => error.is_retryable,
            _ => false,
        }
    }

    /// Whether what was to be sent certainly got no further than to the server's door. Whatever else a server or one on the
    /// way to it answers, it may have handed it on: `stellar-rpc` gives up after a time with code -32001, proxies with 408 or
    /// 520 to 527.
    pub(crate) fn is_turned_away(&self) -> bool {
        match self {
            Self::Refused { code, .. } => TURNED_AWAY.contains(code),
            Self::Question { .. } | Self::Encoding(_) => true,
            _ => false,
        }
    }

    /// The code of the contract that failed, if one did.
    #[must_use]
    pub fn error_code(&self) -> Option<u32> {
        match self.failure()?.error {
            Some(ScError::Contract(code)) => Some(code),
            _ => None,
        }
    }

    /// What failed in the call, if it got that far.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Call(failure) => Some(failure),
            Self::Failed(failed) => Some(&failed.failure),
            Self::Authorised { cause, .. } => cause.failure(),
            _ => None,
        }
    }

    /// The same when authorisations had been shown that are valid up to ledger `until`.
    pub(crate) fn authorised(self, until: Option<u32>) -> Self {
        match until {
            Some(until) => Self::Authorised {
                until,
                cause: Box::new(self),
            },
            None => self,
        }
    }

    pub(crate) fn answer(method: &'static str, problem: impl Into<String>) -> Self {
        Self::Answer {
            method,
            problem: problem.into(),
        }
    }
}

fn named(function: &SorobanAuthorizedFunction) -> String {
    match function {
        SorobanAuthorizedFunction::ContractFn(call) => {
            format!("{} of {}", call.function_name.0, call.contract_address)
        }
        _ => "making a contract".into(),
    }
}

/// JSON-RPC's own code for trouble inside the server.
const INTERNAL_ERROR: i64 = -32_603;
/// The codes that it leaves to servers for trouble of theirs.
const SERVERS_OWN: RangeInclusive<i64> = -32_099..=-32_000;
/// JSON-RPC's codes for no request, no such method and wrong parameters; HTTP's for a bad request, no access, no such place, and
/// a body that is too large or of the wrong kind.
const TURNED_AWAY: [i64; 9] = [-32_600, -32_601, -32_602, 400, 401, 403, 404, 413, 415];

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
