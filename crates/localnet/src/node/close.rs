//! The queue, and a ledger from opening to sealing.

use std::collections::VecDeque;

use soroban_env_host::xdr::{LedgerEntryChanges, TransactionMetaV4, TransactionResult};

use super::{changes::Changes, LedgerRecord, Node, NodeError, Submission, TransactionRecord};

/// What came of sending a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It waits for a ledger, or is in the open one.
    Pending,
    /// It waits already, or was applied.
    Duplicate,
    /// The queue is full, or its source has a transaction waiting.
    TryAgainLater,
    /// It cannot be applied.
    Error(Box<TransactionResult>),
}

/// Transactions that wait.
#[derive(Default)]
pub(crate) struct Queue(pub VecDeque<Submission>);

/// An applied transaction of the open ledger.
pub(crate) struct Applied {
    pub submission: Submission,
    pub result: TransactionResult,
    pub meta: TransactionMetaV4,
    /// The fee's charge, before any transaction is applied.
    pub fee_changes: LedgerEntryChanges,
    /// The fee's refund, after all were.
    pub refund_changes: LedgerEntryChanges,
}

/// The ledger that is being made.
#[derive(Default)]
pub(crate) struct OpenLedger {
    pub applied: Vec<Applied>,
    /// All that changed since the last one closed.
    pub changes: Changes,
}

impl Node {
    /// Takes in a transaction: it waits for the next ledger, or is applied to the open one (`Pace::Eager`).
    ///
    /// # Errors
    /// [`NodeError`] when the node cannot go on; a transaction that is refused is a [`Sent`].
    pub fn send(&mut self, _submission: Submission) -> Result<Sent, NodeError> {
        Ok(Sent::TryAgainLater)
    }

    /// Closes the open ledger at `time`, Unix seconds, or now by its own clock: applies what waits, as much as a ledger takes, seals
    /// and stores it. The next one is then open.
    ///
    /// # Errors
    /// [`NodeError::Refused`] when `time` is before the last ledger's; [`NodeError::Storage`].
    pub fn close(&mut self, _time: Option<u64>) -> Result<LedgerRecord, NodeError> {
        Ok(self.latest.clone())
    }

    /// A transaction that was applied to the open ledger, which is not closed yet (`Pace::Eager`).
    pub(crate) fn applied_now(&self, _hash: &[u8; 32]) -> Option<TransactionRecord> {
        None
    }
}
