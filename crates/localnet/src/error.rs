//! What can go wrong, by name.

use std::fmt::{self, Display, Formatter};

use soroban_env_host::{
    budget::Budget,
    xdr::{self, DiagnosticEvent, LedgerKey, ScError, ScErrorCode},
    HostError,
};

use wire::{said, ValueError};

use crate::network::Limits;

/// A limit of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Metered CPU instructions.
    Instructions,
    /// Metered memory, bytes.
    Memory,
    /// Keys in the footprint.
    FootprintEntries,
    /// Entries read from disk.
    DiskReadEntries,
    /// Bytes read from disk.
    DiskReadBytes,
    /// Entries written.
    WriteEntries,
    /// Bytes written.
    WriteBytes,
    /// Bytes of events and return value.
    EventBytes,
    /// Bytes of the transaction envelope.
    TransactionBytes,
    /// Bytes of one contract data key.
    KeyBytes,
    /// Bytes of one contract data entry.
    DataEntryBytes,
    /// Bytes of one contract's wasm.
    CodeBytes,
}

impl Display for Limit {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Instructions => "instructions",
            Self::Memory => "memory bytes",
            Self::FootprintEntries => "footprint entries",
            Self::DiskReadEntries => "entries read from disk",
            Self::DiskReadBytes => "bytes read from disk",
            Self::WriteEntries => "entries written",
            Self::WriteBytes => "bytes written",
            Self::EventBytes => "bytes of events and return value",
            Self::TransactionBytes => "bytes of transaction",
            Self::KeyBytes => "bytes of a key",
            Self::DataEntryBytes => "bytes of an entry",
            Self::CodeBytes => "bytes of wasm",
        })
    }
}

/// What the host said while a failed call ran, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    /// One line per diagnostic event.
    pub lines: Vec<String>,
    /// The error that started the failure: a contract's own code survives here when a caller hides it.
    pub cause: Option<ScError>,
}

impl Diagnostics {
    pub(crate) fn from_events(events: &[DiagnosticEvent]) -> Self {
        Self {
            lines: events.iter().map(said::line).collect(),
            cause: events.iter().find_map(said::error).cloned(),
        }
    }
}

impl Display for Diagnostics {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        const LAST: usize = 8;
        let skipped = self.lines.len().saturating_sub(LAST);
        self.lines
            .iter()
            .skip(skipped)
            .try_for_each(|line| write!(f, "\n  {line}"))
    }
}

/// Why a call did not happen. The ledger is unchanged.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum InvokeError {
    /// The called contract failed with its own error code.
    #[error("contract error #{code}{diagnostics}")]
    Contract {
        /// The contract's code.
        code: u32,
        /// What the host said.
        diagnostics: Diagnostics,
    },
    /// An authorisation is missing, wrongly signed, expired or already used.
    #[error("not authorised{diagnostics}")]
    Unauthorized {
        /// What the host said.
        diagnostics: Diagnostics,
    },
    /// The call needed an entry that its footprint does not declare, or declares read-only.
    #[error("outside the footprint{diagnostics}")]
    OutsideFootprint {
        /// What the host said.
        diagnostics: Diagnostics,
    },
    /// Any other failure of the host, a trap of the contract included.
    #[error("host error {error:?}{diagnostics}")]
    Host {
        /// The host's error.
        error: ScError,
        /// What the host said.
        diagnostics: Diagnostics,
    },
    /// The call uses more than the network allows.
    #[error("{used} {which} reach over the network's limit of {limit}")]
    LimitExceeded {
        /// Which limit.
        which: Limit,
        /// What the call used; for instructions and memory, up to where it was stopped.
        used: u64,
        /// What the network allows.
        limit: u64,
    },
    /// An archived entry is declared read-only, so it cannot be restored.
    #[error("archived entry is not in the read-write footprint: {0:?}")]
    Archived(Box<LedgerKey>),
    /// The transaction's source account does not exist.
    #[error("source account {0} does not exist")]
    UnknownSource(xdr::AccountId),
    /// A value cannot be converted.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// A value is too large or too deep for XDR.
    #[error("cannot be encoded: {0}")]
    Encoding(String),
    /// The network that keeps the ledger did not do it, for a reason of its own.
    #[error("network: {0}")]
    Network(String),
    /// The host broke an invariant of the ledger: a bug here.
    #[error("ledger invariant broken: {0}")]
    Internal(&'static str),
}

impl InvokeError {
    /// The code of the contract that failed first, however deep in the call tree it was.
    #[must_use]
    pub fn first_error_code(&self) -> Option<u32> {
        match (self, self.diagnostics().and_then(|d| d.cause.as_ref())) {
            (Self::Contract { code, .. }, None) => Some(*code),
            (_, Some(ScError::Contract(code))) => Some(*code),
            (Self::Contract { code, .. }, _) => Some(*code),
            _ => None,
        }
    }

    /// What the host said, if the call reached it.
    #[must_use]
    pub fn diagnostics(&self) -> Option<&Diagnostics> {
        match self {
            Self::Contract { diagnostics, .. }
            | Self::Unauthorized { diagnostics }
            | Self::OutsideFootprint { diagnostics }
            | Self::Host { diagnostics, .. } => Some(diagnostics),
            _ => None,
        }
    }

    pub(crate) fn over(which: Limit, used: impl Into<u64>, limit: impl Into<u64>) -> Self {
        Self::LimitExceeded {
            which,
            used: used.into(),
            limit: limit.into(),
        }
    }

    pub(crate) fn from_host(
        error: &HostError,
        budget: &Budget,
        headroom: u64,
        limits: &Limits,
        events: &[DiagnosticEvent],
    ) -> Self {
        let error =
            ScError::try_from(error).unwrap_or(ScError::Context(ScErrorCode::InternalError));
        match error {
            ScError::Budget(ScErrorCode::ExceededLimit) => over_budget(budget, headroom, limits),
            error => Self::failed(error, Diagnostics::from_events(events)),
        }
    }

    /// The failure with which the host ended a call, and what it said meanwhile.
    #[must_use]
    pub fn failed(error: ScError, diagnostics: Diagnostics) -> Self {
        match error {
            ScError::Contract(code) => Self::Contract { code, diagnostics },
            ScError::Auth(_) => Self::Unauthorized { diagnostics },
            ScError::Storage(ScErrorCode::ExceededLimit) => Self::OutsideFootprint { diagnostics },
            error => Self::Host { error, diagnostics },
        }
    }
}

/// A charge of memory that fails is still counted; wasm out of fuel stops short of its limit.
fn over_budget(budget: &Budget, headroom: u64, limits: &Limits) -> InvokeError {
    let used = budget.get_mem_bytes_consumed().unwrap_or(u64::MAX);
    if used > limits.memory.saturating_mul(headroom) {
        return InvokeError::over(Limit::Memory, used, limits.memory);
    }
    let used = budget.get_cpu_insns_consumed().unwrap_or(u64::MAX);
    InvokeError::over(Limit::Instructions, used, limits.instructions)
}

impl From<xdr::Error> for InvokeError {
    fn from(error: xdr::Error) -> Self {
        Self::Encoding(error.to_string())
    }
}

/// Why the ledger's own set-up operations failed.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum LedgerError {
    /// The account does not exist.
    #[error("account {0} does not exist")]
    UnknownAccount(xdr::AccountId),
    /// The account or trustline already exists.
    #[error("{0} already exists")]
    AlreadyExists(String),
    /// The clock only moves forward.
    #[error("time cannot move from {now} back to {wanted}")]
    TimeBackwards {
        /// The ledger's time, seconds.
        now: u64,
        /// The time asked for, seconds.
        wanted: u64,
    },
    /// An asset code has one to twelve letters and digits.
    #[error("{0:?} is no asset code")]
    AssetCode(String),
    /// A value is too large or too deep for XDR.
    #[error("cannot be encoded: {0}")]
    Encoding(String),
    /// The network that keeps the ledger did not do it, for a reason of its own.
    #[error("network: {0}")]
    Network(String),
    /// The host could not be set up.
    #[error("host: {0}")]
    Host(String),
}

impl From<xdr::Error> for LedgerError {
    fn from(error: xdr::Error) -> Self {
        Self::Encoding(error.to_string())
    }
}

impl From<HostError> for LedgerError {
    fn from(error: HostError) -> Self {
        Self::Host(format!("{:?}", error.error))
    }
}
