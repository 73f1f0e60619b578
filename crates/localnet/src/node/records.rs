//! What is kept of closed ledgers, as clients ask for it.

use soroban_env_host::xdr::{
    self, ContractEvent, Limits, TransactionEventStage, TransactionResultResult, WriteXdr,
};

use super::close::Applied;

/// A place in history, ordered as applied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Ledger.
    pub ledger: u32,
    /// Transaction within it, from 1 in the order of application; 0 or [`AFTER_ALL`] for what happens to all of them
    /// before or after they are applied.
    pub transaction: u32,
    /// Operation within it, from 0, or [`AFTER_OPERATIONS`]; 0 where none is meant.
    pub operation: u32,
    /// Event within it, from 0.
    pub event: u32,
}

/// The transaction of events that come after all transactions: refunds.
pub const AFTER_ALL: u32 = 0xF_FFFF;
/// The operation of events that come after all of a transaction's operations.
pub const AFTER_OPERATIONS: u32 = 0xFFF;

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
    /// Ledger, transaction, operation, and order in it.
    pub position: Position,
    /// When its ledger closed, Unix seconds.
    pub closed_at: u64,
    /// The transaction.
    pub transaction_hash: [u8; 32],
    /// Whether the transaction succeeded.
    pub is_success: bool,
    /// `ContractEvent`, XDR.
    pub event: Vec<u8>,
}

impl LedgerRecord {
    /// Bytes of its parts.
    pub(crate) fn bytes(&self) -> usize {
        self.header.len().saturating_add(self.meta.len())
    }
}

impl TransactionRecord {
    /// Bytes of its parts.
    pub(crate) fn bytes(&self) -> usize {
        let parts = [&self.envelope, &self.result, &self.meta];
        parts.iter().map(|part| part.len()).sum()
    }

    /// `applied` at `position`, with its metadata's XDR.
    pub(crate) fn new(
        applied: &Applied,
        position: Position,
        closed_at: u64,
        meta: Vec<u8>,
    ) -> Result<Self, xdr::Error> {
        let submission = &applied.submission;
        Ok(Self {
            hash: submission.hash,
            inner_hash: submission.inner_hash,
            position,
            closed_at,
            is_success: is_success(applied),
            envelope: submission.envelope.to_xdr(Limits::none())?,
            result: applied.result.to_xdr(Limits::none())?,
            meta,
        })
    }
}

fn is_success(applied: &Applied) -> bool {
    matches!(
        applied.result.result,
        TransactionResultResult::TxSuccess(_) | TransactionResultResult::TxFeeBumpInnerSuccess(_)
    )
}

/// The events of a ledger's transactions, in order: fees, what operations did, refunds.
pub(crate) fn events_of(
    ledger: &LedgerRecord,
    applied: &[Applied],
) -> Result<Vec<EventRecord>, xdr::Error> {
    use TransactionEventStage as Stage;
    let mut events = Vec::new();
    let (mut before_all, mut after_all) = (0..=u32::MAX, 0..=u32::MAX);
    for (transaction, applied) in (1..).zip(applied) {
        let mut push = |transaction, operation, event, content: &ContractEvent| {
            events.push(EventRecord {
                position: Position {
                    ledger: ledger.sequence,
                    transaction,
                    operation,
                    event,
                },
                closed_at: ledger.closed_at,
                transaction_hash: applied.submission.hash,
                is_success: is_success(applied),
                event: content.to_xdr(Limits::none())?,
            });
            Ok::<_, xdr::Error>(())
        };
        let mut after_operations = 0..=u32::MAX;
        for event in applied.meta.events.iter() {
            let (transaction, operation, counter) = match event.stage {
                Stage::BeforeAllTxs => (0, 0, &mut before_all),
                Stage::AfterAllTxs => (AFTER_ALL, 0, &mut after_all),
                Stage::AfterTx => (transaction, AFTER_OPERATIONS, &mut after_operations),
            };
            let index = counter.next().ok_or(xdr::Error::LengthExceedsMax)?;
            push(transaction, operation, index, &event.event)?;
        }
        for (operation, meta) in (0..).zip(applied.meta.operations.iter()) {
            for (index, event) in (0..).zip(meta.events.iter()) {
                push(transaction, operation, index, event)?;
            }
        }
    }
    events.sort_by_key(|event| event.position);
    Ok(events)
}
