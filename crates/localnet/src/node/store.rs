//! What is kept: entries, the last closed ledger, and the history of the last `retention` ledgers. One commit a ledger; once
//! it returns, a crash loses nothing of it.

use std::path::Path;

use soroban_env_host::xdr::LedgerKey;

use super::{changes::Changes, EventRecord, LedgerRecord, NodeError, Position, TransactionRecord};
use crate::state::Entry;

/// The store, in a folder or in memory.
pub(crate) struct Store;

/// What was found when the store was opened.
pub(crate) struct Found {
    pub entries: Vec<(LedgerKey, Entry)>,
    pub latest: LedgerRecord,
}

impl Store {
    /// Opens the store in `folder`, or an empty one in memory.
    pub fn open(
        _folder: Option<&Path>,
        _retention: u32,
    ) -> Result<(Self, Option<Found>), NodeError> {
        Ok((Self, None))
    }

    /// Keeps a closed ledger: what it changed, itself, its transactions and their events; forgets what is beyond the retention.
    pub fn commit(
        &mut self,
        _changes: &Changes,
        _ledger: &LedgerRecord,
        _transactions: &[TransactionRecord],
        _events: &[EventRecord],
    ) -> Result<(), NodeError> {
        Ok(())
    }

    /// The oldest ledger that is kept.
    pub fn oldest(&self) -> u32 {
        0
    }

    /// Ledgers from `from` on, oldest first, at most `count`.
    pub fn ledgers(&self, _from: u32, _count: usize) -> Result<Vec<LedgerRecord>, NodeError> {
        Ok(Vec::new())
    }

    /// The transaction of this hash: a fee bump's own or that of the transaction inside it.
    pub fn transaction(&self, _hash: &[u8; 32]) -> Result<Option<TransactionRecord>, NodeError> {
        Ok(None)
    }

    /// Transactions after `after`, in the order applied, at most `count`.
    pub fn transactions(
        &self,
        _after: Position,
        _count: usize,
    ) -> Result<Vec<TransactionRecord>, NodeError> {
        Ok(Vec::new())
    }

    /// Hands `take` the events from `from` on (inclusive) in ledgers before `until`, in order, or backwards, until it answers `false`.
    pub fn events(
        &self,
        _from: Position,
        _until: u32,
        _backwards: bool,
        _take: &mut dyn FnMut(EventRecord) -> bool,
    ) -> Result<(), NodeError> {
        Ok(())
    }
}
