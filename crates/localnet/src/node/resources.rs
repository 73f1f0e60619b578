//! What transactions declare to use of the host and of its entries: limits, fees, footprints.

use std::collections::BTreeSet;

use soroban_env_host::{
    fees::{compute_transaction_resource_fee, TransactionResources},
    xdr::{
        Asset, ContractDataDurability, ContractIdPreimage, ExtendFootprintTtlResult, HostFunction,
        InvokeHostFunctionResult, LedgerFootprint, LedgerKey, Limits as XdrLimits, Memo,
        MuxedAccount, OperationBody, OperationResult, OperationResultTr, RestoreFootprintResult,
        SorobanTransactionData, SorobanTransactionDataExt, TransactionResultCode as Code,
        TrustLineAsset, WriteXdr,
    },
};

use super::{
    asset::{is_valid, issuer},
    Submission,
};
use crate::{costs::size, network::NetworkConfig};

/// Parts of a resource fee, stroops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ResourceFee {
    pub non_refundable: i64,
    pub refundable: i64,
}

/// What the declared resources cost, and `event_bytes` bytes of events and return value.
pub(crate) fn fee(
    config: &NetworkConfig,
    submission: &Submission,
    data: &SorobanTransactionData,
    event_bytes: u32,
) -> ResourceFee {
    let resources = &data.resources;
    let declared = TransactionResources {
        instructions: resources.instructions,
        disk_read_entries: disk_read_entries(submission, data),
        write_entries: size(resources.footprint.read_write.len()),
        disk_read_bytes: resources.disk_read_bytes,
        write_bytes: resources.write_bytes,
        contract_events_size_bytes: event_bytes,
        transaction_size_bytes: submission.transaction_bytes,
    };
    let (non_refundable, refundable) = compute_transaction_resource_fee(&declared, &config.fees);
    ResourceFee {
        non_refundable,
        refundable,
    }
}

/// Entries that are read from disk: accounts and trustlines, archived entries, and all that a restoration names.
pub(crate) fn disk_read_entries(submission: &Submission, data: &SorobanTransactionData) -> u32 {
    let footprint = &data.resources.footprint;
    let first = submission.transaction.operations.first();
    if first.is_some_and(|op| matches!(op.body, OperationBody::RestoreFootprint(_))) {
        return size(footprint.read_write.len());
    }
    let classic = keys(footprint).filter(|key| !has_time_to_live(key)).count();
    size(classic.saturating_add(archived(data).len()))
}

/// Positions in the read-write footprint of entries that the call restores.
pub(crate) fn archived(data: &SorobanTransactionData) -> &[u32] {
    match &data.ext {
        SorobanTransactionDataExt::V0 => &[],
        SorobanTransactionDataExt::V1(ext) => &ext.archived_soroban_entries,
    }
}

fn keys(footprint: &LedgerFootprint) -> impl Iterator<Item = &LedgerKey> {
    footprint
        .read_only
        .iter()
        .chain(footprint.read_write.iter())
}

fn has_time_to_live(key: &LedgerKey) -> bool {
    matches!(key, LedgerKey::ContractData(_) | LedgerKey::ContractCode(_))
}

fn is_persistent(key: &LedgerKey) -> bool {
    match key {
        LedgerKey::ContractData(data) => data.durability == ContractDataDurability::Persistent,
        LedgerKey::ContractCode(_) => true,
        _ => false,
    }
}

/// Whether what a transaction with one such operation declares is within the network's rules.
pub(crate) fn check(config: &NetworkConfig, submission: &Submission) -> Result<(), Code> {
    let data = submission.soroban().ok_or(Code::TxMalformed)?;
    check_where_another_waits(config, submission, data)?;
    valid(has_allowed_memo(submission))?;
    let least = fee(config, submission, data, 0);
    let least = least.non_refundable.checked_add(least.refundable);
    valid(least.is_some_and(|least| data.resource_fee >= least))?;
    let mut seen = BTreeSet::new();
    valid(keys(&data.resources.footprint).all(|key| seen.insert(key)))
}

/// The part of it that the network looks at even where the source has another transaction waiting.
pub(crate) fn check_where_another_waits(
    config: &NetworkConfig,
    submission: &Submission,
    data: &SorobanTransactionData,
) -> Result<(), Code> {
    valid(is_within_limits(config, submission, data))?;
    valid(keys(&data.resources.footprint).all(|key| is_allowed_key(config, key)))?;
    valid(submission.transaction_bytes <= config.limits.transaction_bytes)?;
    valid(has_sound_archived(data))
}

fn valid(is_valid: bool) -> Result<(), Code> {
    match is_valid {
        true => Ok(()),
        false => Err(Code::TxSorobanInvalid),
    }
}

/// A call has neither memo nor accounts with ids: a contract would not see them.
fn has_allowed_memo(submission: &Submission) -> bool {
    let transaction = &submission.transaction;
    let mut operations = transaction.operations.iter();
    let Some(call) = operations.find(|op| matches!(op.body, OperationBody::InvokeHostFunction(_)))
    else {
        return true;
    };
    let has_id = |account: &MuxedAccount| matches!(account, MuxedAccount::MuxedEd25519(_));
    transaction.memo == Memo::None
        && !has_id(&transaction.source_account)
        && !call.source_account.as_ref().is_some_and(has_id)
}

fn is_within_limits(
    config: &NetworkConfig,
    submission: &Submission,
    data: &SorobanTransactionData,
) -> bool {
    let (limits, resources) = (&config.limits, &data.resources);
    let footprint = &resources.footprint;
    u64::from(resources.instructions) <= limits.instructions
        && resources.disk_read_bytes <= limits.disk_read_bytes
        && resources.write_bytes <= limits.write_bytes
        && size(keys(footprint).count()) <= limits.footprint_entries
        && disk_read_entries(submission, data) <= limits.disk_read_entries
        && size(footprint.read_write.len()) <= limits.write_entries
}

fn is_allowed_key(config: &NetworkConfig, key: &LedgerKey) -> bool {
    let is_allowed = match key {
        LedgerKey::Account(_) | LedgerKey::ContractData(_) | LedgerKey::ContractCode(_) => true,
        LedgerKey::Trustline(line) => {
            let asset = match &line.asset {
                TrustLineAsset::Native => return false,
                TrustLineAsset::PoolShare(_) => return is_short(config, key),
                TrustLineAsset::CreditAlphanum4(asset) => Asset::CreditAlphanum4(asset.clone()),
                TrustLineAsset::CreditAlphanum12(asset) => Asset::CreditAlphanum12(asset.clone()),
            };
            is_valid(&asset) && issuer(&asset) != Some(&line.account_id)
        }
        _ => false,
    };
    is_allowed && is_short(config, key)
}

fn is_short(config: &NetworkConfig, key: &LedgerKey) -> bool {
    let bytes = key
        .to_xdr(XdrLimits::none())
        .map_or(usize::MAX, |key| key.len());
    size(bytes) <= config.limits.key_bytes
}

/// Positions ascend and are those of persistent entries.
fn has_sound_archived(data: &SorobanTransactionData) -> bool {
    let positions = archived(data);
    let footprint = &data.resources.footprint.read_write;
    let key = |position: &u32| footprint.get(usize::try_from(*position).ok()?);
    let ascends = positions
        .iter()
        .zip(positions.iter().skip(1))
        .all(|(a, b)| a < b);
    ascends
        && positions
            .iter()
            .all(|position| key(position).is_some_and(is_persistent))
}

/// What the operation comes to if its own rules are broken.
pub(crate) fn operation_failure(
    config: &NetworkConfig,
    body: &OperationBody,
    data: &SorobanTransactionData,
) -> Option<OperationResult> {
    let footprint = &data.resources.footprint;
    let failure = match body {
        OperationBody::InvokeHostFunction(call) => {
            // The network leaves the code that was there when it finds these.
            let result = InvokeHostFunctionResult::Success(Default::default());
            let is_valid = match &call.host_function {
                HostFunction::UploadContractWasm(wasm) => {
                    size(wasm.len()) <= config.limits.code_bytes
                }
                HostFunction::CreateContract(create) => match &create.contract_id_preimage {
                    ContractIdPreimage::Asset(asset) => is_valid(asset),
                    ContractIdPreimage::Address(_) => true,
                },
                _ => true,
            };
            (!is_valid).then_some(OperationResultTr::InvokeHostFunction(result))
        }
        OperationBody::ExtendFootprintTtl(extend) => {
            let is_valid = footprint.read_write.is_empty()
                && footprint.read_only.iter().all(has_time_to_live)
                && extend.extend_to < config.ttl.max;
            let result = ExtendFootprintTtlResult::Malformed;
            (!is_valid).then_some(OperationResultTr::ExtendFootprintTtl(result))
        }
        OperationBody::RestoreFootprint(_) => {
            let is_valid =
                footprint.read_only.is_empty() && footprint.read_write.iter().all(is_persistent);
            let result = RestoreFootprintResult::Malformed;
            (!is_valid).then_some(OperationResultTr::RestoreFootprint(result))
        }
        _ => return Some(OperationResult::OpNotSupported),
    };
    failure.map(OperationResult::OpInner)
}
