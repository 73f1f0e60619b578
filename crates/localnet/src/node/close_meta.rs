//! A closed ledger as the network writes it down: transaction set, results, metadata. Written part by part, since each
//! part is large and needed once more on its own.

use soroban_env_host::xdr::{
    self, Hash, LedgerHeaderHistoryEntry, LedgerKey, Limited, Limits, OperationBody,
    TransactionEnvelope, TransactionMetaV4, WriteXdr,
};

use super::close::Applied;

// Discriminants of the unions written here.
const CLOSE_META_V2: u32 = 2;
const CLOSE_META_EXT_V1: u32 = 1;
const TRANSACTION_SET_V1: u32 = 1;
const PHASE_SEQUENTIAL: u32 = 0;
const PHASE_PARALLEL: u32 = 1;
const COMPONENT_MAYBE_DISCOUNTED_FEE: u32 = 0;
const TRANSACTION_META_V4: u32 = 4;
const NO_EXTENSION: u32 = 0;
/// An optional field that is there.
const PRESENT: u32 = 1;

/// What a ledger's metadata says besides its transactions.
pub(crate) struct Closing<'a> {
    pub header: &'a LedgerHeaderHistoryEntry,
    /// `GeneralizedTransactionSet`, XDR.
    pub transaction_set: &'a [u8],
    /// Rent per 1024 bytes, stroops.
    pub rent_rate: i64,
    /// Bytes of the live state.
    pub state_size: u64,
    pub evicted: &'a [LedgerKey],
}

/// `GeneralizedTransactionSet`, XDR: classic transactions, then those of contracts in one stage and one cluster, both by
/// hash, since the order of application is not the set's.
pub(crate) fn transaction_set(
    previous: [u8; 32],
    applied: &[Applied],
    base_fee: i64,
) -> Result<Vec<u8>, xdr::Error> {
    let mut by_hash: Vec<_> = applied.iter().map(|applied| &applied.submission).collect();
    by_hash.sort_unstable_by_key(|submission| submission.hash);
    let (contracts, classic): (Vec<_>, Vec<_>) = by_hash
        .into_iter()
        .map(|submission| &submission.envelope)
        .partition(|envelope| is_of_contracts(envelope));

    let mut out = Output::default();
    out.number(TRANSACTION_SET_V1)?;
    out.put(&Hash(previous))?;
    out.number(2)?;
    out.number(PHASE_SEQUENTIAL)?;
    if classic.is_empty() {
        out.number(0)?;
    } else {
        out.number(1)?;
        out.number(COMPONENT_MAYBE_DISCOUNTED_FEE)?;
        out.number(PRESENT)?;
        out.put(&base_fee)?;
        out.all(&classic)?;
    }
    out.number(PHASE_PARALLEL)?;
    out.number(PRESENT)?;
    out.put(&base_fee)?;
    if contracts.is_empty() {
        out.number(0)?;
    } else {
        out.number(1)?;
        out.number(1)?;
        out.all(&contracts)?;
    }
    Ok(out.0)
}

/// `TransactionResultSet`, XDR, in the order of application.
pub(crate) fn results(applied: &[Applied]) -> Result<Vec<u8>, xdr::Error> {
    let mut out = Output::default();
    out.count(applied.len())?;
    for applied in applied {
        out.put(&Hash(applied.submission.hash))?;
        out.put(&applied.result)?;
    }
    Ok(out.0)
}

/// `TransactionMeta`, XDR.
pub(crate) fn transaction_meta(meta: &TransactionMetaV4) -> Result<Vec<u8>, xdr::Error> {
    let mut out = Output::default();
    out.number(TRANSACTION_META_V4)?;
    out.put(meta)?;
    Ok(out.0)
}

/// Every transaction's `TransactionMeta`, XDR, in the order of `applied`.
pub(crate) fn transaction_metas(applied: &[Applied]) -> Result<Vec<Vec<u8>>, xdr::Error> {
    let metas = applied.iter();
    metas
        .map(|applied| transaction_meta(&applied.meta))
        .collect()
}

/// `LedgerCloseMeta`, XDR; `metas` are the transactions' own, in the order of `applied`.
pub(crate) fn close_meta(
    closing: &Closing<'_>,
    applied: &[Applied],
    metas: &[Vec<u8>],
) -> Result<Vec<u8>, xdr::Error> {
    let mut out = Output::default();
    out.number(CLOSE_META_V2)?;
    out.number(CLOSE_META_EXT_V1)?;
    out.number(NO_EXTENSION)?;
    out.put(&closing.rent_rate)?;
    out.put(closing.header)?;
    out.0.extend_from_slice(closing.transaction_set);
    out.count(applied.len())?;
    for (applied, meta) in applied.iter().zip(metas) {
        out.number(NO_EXTENSION)?;
        out.put(&Hash(applied.submission.hash))?;
        out.put(&applied.result)?;
        out.put(&applied.fee_changes)?;
        out.0.extend_from_slice(meta);
        out.put(&applied.refund_changes)?;
    }
    // No upgrades, no consensus.
    out.number(0)?;
    out.number(0)?;
    out.put(&closing.state_size)?;
    out.count(closing.evicted.len())?;
    for key in closing.evicted {
        out.put(key)?;
    }
    Ok(out.0)
}

fn is_of_contracts(envelope: &TransactionEnvelope) -> bool {
    let operations = match envelope {
        TransactionEnvelope::TxV0(envelope) => &envelope.tx.operations,
        TransactionEnvelope::Tx(envelope) => &envelope.tx.operations,
        TransactionEnvelope::TxFeeBump(envelope) => {
            let xdr::FeeBumpTransactionInnerTx::Tx(inner) = &envelope.tx.inner_tx;
            &inner.tx.operations
        }
    };
    operations.iter().any(|operation| {
        matches!(
            operation.body,
            OperationBody::InvokeHostFunction(_)
                | OperationBody::ExtendFootprintTtl(_)
                | OperationBody::RestoreFootprint(_)
        )
    })
}

/// XDR that grows.
#[derive(Default)]
struct Output(Vec<u8>);

impl Output {
    fn put(&mut self, value: &impl WriteXdr) -> Result<(), xdr::Error> {
        value.write_xdr(&mut Limited::new(&mut self.0, Limits::none()))
    }

    fn number(&mut self, number: u32) -> Result<(), xdr::Error> {
        self.put(&number)
    }

    fn count(&mut self, count: usize) -> Result<(), xdr::Error> {
        self.number(u32::try_from(count).map_err(|_| xdr::Error::LengthExceedsMax)?)
    }

    fn all(&mut self, envelopes: &[&TransactionEnvelope]) -> Result<(), xdr::Error> {
        self.count(envelopes.len())?;
        envelopes
            .iter()
            .try_for_each(|&envelope| self.put(envelope))
    }
}
