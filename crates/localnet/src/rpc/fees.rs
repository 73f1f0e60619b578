//! Statistics of the fees that recent transactions paid for being included.

use serde::Serialize;
use soroban_env_host::xdr::{
    FeeBumpTransactionInnerTx, Limits, ReadXdr, SorobanTransactionMetaExt, TransactionEnvelope,
    TransactionMeta, TransactionResult,
};

use super::{answer::Room, jsonrpc::Failure};
use crate::node::{is_soroban, Node, Position, TransactionRecord};

/// Ledgers that are looked at, fewer when they are full.
const WINDOWS: [u32; 3] = [50, 10, 1];
/// Transactions that are looked at, at most, and their bytes, which have to be decoded.
const TRANSACTIONS: usize = 1_000;
const BYTES: usize = 4 << 20;

/// Inclusion fees in stroops, per operation: of contract transactions, and of the others.
#[derive(Debug, Default)]
pub(crate) struct Fees {
    pub soroban: Vec<u64>,
    pub classic: Vec<u64>,
}

/// How many recent ledgers were looked at, and what their transactions paid. Records are let go one after the other.
pub(crate) fn recent_fees(node: &Node, room: &mut Room) -> Result<(u32, Fees), Failure> {
    let latest = node.latest().sequence;
    let mut looked_at = (0, Fees::default());
    for window in WINDOWS {
        let first = latest
            .saturating_sub(window.saturating_sub(1))
            .max(node.oldest());
        let (fees, is_whole) = fees_from(node, first, room)?;
        looked_at = (latest.saturating_sub(first).saturating_add(1), fees);
        if is_whole {
            break;
        }
    }
    Ok(looked_at)
}

/// Those from ledger `first` on, and whether that is all of them.
fn fees_from(node: &Node, first: u32, room: &mut Room) -> Result<(Fees, bool), Failure> {
    let mut after = Position {
        ledger: first,
        ..Position::default()
    };
    let (mut fees, mut bytes) = (Fees::default(), 0_usize);
    for _ in 0..TRANSACTIONS {
        let found = node
            .transactions(after, 1)
            .map_err(Failure::internal)?
            .pop();
        let Some(record) = found else {
            return Ok((fees, true));
        };
        after = record.position;
        bytes = bytes.saturating_add(record.bytes());
        room.take(record.bytes());
        match inclusion_fee(&record) {
            Some((true, fee)) => fees.soroban.push(fee),
            Some((false, fee)) => fees.classic.push(fee),
            None => {}
        }
        if bytes > BYTES || !room.is_left() {
            break;
        }
    }
    Ok((fees, false))
}

/// Whether the transaction is a contract's, and what it paid per operation to be included.
fn inclusion_fee(record: &TransactionRecord) -> Option<(bool, u64)> {
    let result = TransactionResult::from_xdr(&record.result, Limits::none()).ok()?;
    let envelope = TransactionEnvelope::from_xdr(&record.envelope, Limits::none()).ok()?;
    let operations = match &envelope {
        TransactionEnvelope::TxV0(envelope) => &envelope.tx.operations,
        TransactionEnvelope::Tx(envelope) => &envelope.tx.operations,
        TransactionEnvelope::TxFeeBump(bump) => {
            let FeeBumpTransactionInnerTx::Tx(envelope) = &bump.tx.inner_tx;
            &envelope.tx.operations
        }
    };
    if operations
        .iter()
        .any(|operation| is_soroban(&operation.body))
    {
        let resources = resource_fee(&record.meta)?;
        let fee = result.fee_charged.checked_sub(resources)?;
        return Some((true, u64::try_from(fee).ok()?));
    }
    let charged = u64::try_from(result.fee_charged).ok()?;
    let count = u64::try_from(operations.len()).ok()?;
    Some((false, charged.checked_div(count)?))
}

/// What the transaction paid for resources and rent, stroops.
fn resource_fee(meta: &[u8]) -> Option<i64> {
    let TransactionMeta::V4(meta) = TransactionMeta::from_xdr(meta, Limits::none()).ok()? else {
        return None;
    };
    let SorobanTransactionMetaExt::V1(fees) = meta.soroban_meta?.ext else {
        return None;
    };
    fees.total_non_refundable_resource_fee_charged
        .checked_add(fees.total_refundable_resource_fee_charged)
}

/// How fees were distributed, stroops as strings.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Distribution {
    max: String,
    min: String,
    mode: String,
    p10: String,
    p20: String,
    p30: String,
    p40: String,
    p50: String,
    p60: String,
    p70: String,
    p80: String,
    p90: String,
    p95: String,
    p99: String,
    transaction_count: String,
    ledger_count: u32,
}

impl Distribution {
    /// Percentiles by nearest rank; all 0 without fees.
    pub(crate) fn new(mut fees: Vec<u64>, ledger_count: u32) -> Self {
        fees.sort_unstable();
        let rank = |percent: usize| {
            let rank = percent.saturating_mul(fees.len()).div_ceil(100);
            let fee = fees.get(rank.saturating_sub(1)).copied();
            fee.unwrap_or_default().to_string()
        };
        Self {
            max: fees.last().copied().unwrap_or_default().to_string(),
            min: fees.first().copied().unwrap_or_default().to_string(),
            mode: mode(&fees).to_string(),
            p10: rank(10),
            p20: rank(20),
            p30: rank(30),
            p40: rank(40),
            p50: rank(50),
            p60: rank(60),
            p70: rank(70),
            p80: rank(80),
            p90: rank(90),
            p95: rank(95),
            p99: rank(99),
            transaction_count: fees.len().to_string(),
            ledger_count,
        }
    }
}

/// The fee that occurs most, the lowest of several.
fn mode(sorted: &[u64]) -> u64 {
    let runs = sorted.chunk_by(|one, other| one == other);
    let most = runs.fold((0, 0), |(length, fee), run| match run {
        [first, ..] if run.len() > length => (run.len(), *first),
        _ => (length, fee),
    });
    most.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_the_nearest_rank() {
        let fees = (1..=10).rev().chain([100, 100, 100]).collect();
        let found = Distribution::new(fees, 7);
        assert_eq!((found.min.as_str(), found.max.as_str()), ("1", "100"));
        // The second of thirteen, the seventh, the thirteenth.
        assert_eq!(found.p10, "2");
        assert_eq!(found.p50, "7");
        assert_eq!(found.p99, "100");
        assert_eq!(found.mode, "100");
        assert_eq!(
            (found.transaction_count.as_str(), found.ledger_count),
            ("13", 7)
        );
        assert_eq!(Distribution::new(Vec::new(), 0).p99, "0");
    }
}
