//! What is kept of closed ledgers, as clients ask for it.

/// A place in history, ordered as applied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Ledger.
    pub ledger: u32,
    /// Transaction within it, from 1 in the order of application.
    pub transaction: u32,
    /// Event within it, from 0.
    pub event: u32,
}

/// A closed ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerRecord {
    /// Its sequence number.
    pub sequence: u32,
    /// Hash of its header.
    pub hash: [u8; 32],
    /// When it closed, Unix seconds.
    pub closed_at: u64,
    /// `LedgerHeaderHistoryEntry`, XDR.
    pub header: Vec<u8>,
    /// `LedgerCloseMeta`, XDR.
    pub meta: Vec<u8>,
}

/// An applied transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransactionRecord {
    /// Hash of the envelope as sent: of the fee bump, if it is one.
    pub hash: [u8; 32],
    /// Hash of the transaction inside a fee bump.
    pub inner_hash: Option<[u8; 32]>,
    /// Ledger and order of application.
    pub position: Position,
    /// When its ledger closed, Unix seconds.
    pub closed_at: u64,
    /// Whether it succeeded.
    pub is_success: bool,
    /// `TransactionEnvelope`, XDR.
    pub envelope: Vec<u8>,
    /// `TransactionResult`, XDR.
    pub result: Vec<u8>,
    /// `TransactionMeta` V4, XDR.
    pub meta: Vec<u8>,
}

/// An event of a contract, or of the network (fees).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRecord {
    /// Ledger, transaction, and order in it.
    pub position: Position,
    /// Operation within the transaction, from 0.
    pub operation: u32,
    /// When its ledger closed, Unix seconds.
    pub closed_at: u64,
    /// The transaction.
    pub transaction_hash: [u8; 32],
    /// Whether the transaction succeeded.
    pub is_success: bool,
    /// `ContractEvent`, XDR.
    pub event: Vec<u8>,
}
