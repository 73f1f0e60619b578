//! What became of a transaction.

use serde::{Deserialize, Deserializer};
use stellar_rpc_client::GetTransactionResponseRaw;
use wire::xdr::{
    ContractDataEntry, ContractEvent, ContractExecutable, DiagnosticEvent,
    FeeBumpTransactionInnerTx, Hash, LedgerEntryChange, LedgerEntryData, ScAddress,
    ScContractInstance, ScVal, TransactionEnvelope, TransactionMeta, TransactionResult,
    TransactionResultResult,
};

use crate::{
    decode,
    error::{hex, Error},
    rpc::{Question, Rpc},
};

const METHOD: &str = "getTransaction";

/// A transaction that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Applied {
    pub ledger: u32,
    pub is_success: bool,
    pub result: TransactionResult,
    pub returned: Option<ScVal>,
    pub created: Vec<(ScAddress, [u8; 32])>,
    pub events: Vec<ContractEvent>,
    pub diagnostics: Vec<DiagnosticEvent>,
}

/// What the server knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Applied(Box<Applied>),
    /// Not among the ledgers that the server keeps.
    Nowhere(Kept),
}

/// The ledgers that the server keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Kept {
    #[serde(rename = "oldestLedger")]
    pub oldest: u32,
    #[serde(rename = "latestLedger")]
    pub latest: u32,
    /// When the latest closed, Unix seconds.
    #[serde(rename = "latestLedgerCloseTime", deserialize_with = "seconds")]
    pub closed_at: u64,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(flatten)]
    found: GetTransactionResponseRaw,
    #[serde(flatten)]
    kept: Kept,
}

/// The hash of no transaction.
const NOBODYS: [u8; 32] = [0; 32];

/// Servers write times as strings or as numbers.
fn seconds<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Seconds {
        Number(u64),
        Text(String),
    }
    match Seconds::deserialize(from)? {
        Seconds::Number(number) => Ok(number),
        Seconds::Text(text) => text.parse().map_err(serde::de::Error::custom),
    }
}

/// Asks which ledgers the server keeps: what it says to the hash of no transaction holds nothing else. `getLatestLedger` tells
/// the last one with all its transactions, which of a crowded ledger are more than an answer may have.
pub(crate) async fn kept(rpc: &Rpc) -> Result<Kept, Error> {
    let question = Question::new(METHOD).with("hash", hex(&NOBODYS))?;
    rpc.ask(question).await
}

/// Asks what became of the transaction `hash`.
pub(crate) async fn outcome(
    rpc: &Rpc,
    hash: [u8; 32],
    network_id: [u8; 32],
) -> Result<Outcome, Error> {
    let question = Question::new(METHOD).with("hash", hex(&hash))?;
    let answer: Answer = rpc.ask(question).await?;
    let is_success = match answer.found.status.as_str() {
        "SUCCESS" => true,
        "FAILED" => false,
        "NOT_FOUND" => return Ok(Outcome::Nowhere(answer.kept)),
        _ => return Err(Error::answer(METHOD, "a status that there is not")),
    };
    let applied = read(answer.found, is_success, hash, network_id)?;
    Ok(Outcome::Applied(Box::new(applied)))
}

fn read(
    found: GetTransactionResponseRaw,
    is_success: bool,
    hash: [u8; 32],
    network_id: [u8; 32],
) -> Result<Applied, Error> {
    let envelope: TransactionEnvelope = present(found.envelope_xdr.as_deref())?;
    if !is_known_by(&envelope, hash, network_id)? {
        return Err(Error::answer(METHOD, "another transaction"));
    }
    let result: TransactionResult = present(found.result_xdr.as_deref())?;
    if succeeded(&result) != is_success {
        return Err(Error::answer(METHOD, "a status that its result belies"));
    }
    let meta = found.result_meta_xdr.as_deref();
    let meta: Option<TransactionMeta> = meta.map(|text| decode::xdr(METHOD, text)).transpose()?;
    let created = meta.as_ref().map(created).unwrap_or_default();
    let (returned, events, in_meta) = meta.map_or_else(Default::default, opened);
    let nested = found.events.and_then(|events| events.diagnostic_events_xdr);
    let said = found.diagnostic_events_xdr.or(nested).unwrap_or_default();
    let diagnostics = if said.is_empty() {
        in_meta
    } else {
        decode::all(METHOD, &said)?
    };
    let no_ledger = || Error::answer(METHOD, "applied in no ledger");
    Ok(Applied {
        ledger: found.ledger.ok_or_else(no_ledger)?,
        is_success,
        result,
        returned,
        created,
        events,
        diagnostics,
    })
}

fn present<T: wire::xdr::ReadXdr>(text: Option<&str>) -> Result<T, Error> {
    let missing = || Error::answer(METHOD, "applied, without envelope or result");
    decode::xdr(METHOD, text.ok_or_else(missing)?)
}

/// Whether the envelope's hash, or that of the transaction inside a fee bump, is `hash`.
fn is_known_by(
    envelope: &TransactionEnvelope,
    hash: [u8; 32],
    network_id: [u8; 32],
) -> Result<bool, Error> {
    if envelope.hash(network_id)? == hash {
        return Ok(true);
    }
    match envelope {
        TransactionEnvelope::TxFeeBump(bump) => {
            let FeeBumpTransactionInnerTx::Tx(inner) = &bump.tx.inner_tx;
            Ok(inner.hash(network_id)? == hash)
        }
        _ => Ok(false),
    }
}

fn succeeded(result: &TransactionResult) -> bool {
    matches!(
        result.result,
        TransactionResultResult::TxSuccess(_) | TransactionResultResult::TxFeeBumpInnerSuccess(_)
    )
}

/// The contracts that were created with code of their own, with that code's hash.
fn created(meta: &TransactionMeta) -> Vec<(ScAddress, [u8; 32])> {
    let TransactionMeta::V4(meta) = meta else {
        return Vec::new();
    };
    let operations = meta.operations.iter();
    let changes = operations.flat_map(|operation| operation.changes.iter());
    let created = changes.filter_map(|change| match change {
        LedgerEntryChange::Created(entry) => contract_of(&entry.data),
        _ => None,
    });
    created.collect()
}

/// The contract whose instance an entry is, if it has code of its own.
fn contract_of(data: &LedgerEntryData) -> Option<(ScAddress, [u8; 32])> {
    match data {
        LedgerEntryData::ContractData(ContractDataEntry {
            contract,
            val:
                ScVal::ContractInstance(ScContractInstance {
                    executable: ContractExecutable::Wasm(Hash(hash)),
                    ..
                }),
            ..
        }) => Some((contract.clone(), *hash)),
        _ => None,
    }
}

/// The return value, the contracts' events and what the host said.
fn opened(meta: TransactionMeta) -> (Option<ScVal>, Vec<ContractEvent>, Vec<DiagnosticEvent>) {
    match meta {
        TransactionMeta::V4(meta) => {
            let operations = meta.operations.into_vec().into_iter();
            (
                meta.soroban_meta.and_then(|meta| meta.return_value),
                operations
                    .flat_map(|operation| operation.events.into_vec())
                    .collect(),
                meta.diagnostic_events.into_vec(),
            )
        }
        TransactionMeta::V3(meta) => match meta.soroban_meta {
            Some(meta) => (
                Some(meta.return_value),
                meta.events.into_vec(),
                meta.diagnostic_events.into_vec(),
            ),
            None => Default::default(),
        },
        _ => Default::default(),
    }
}
