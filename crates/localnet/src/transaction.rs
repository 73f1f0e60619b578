//! A call as the network would receive it.

use std::rc::Rc;

use soroban_env_host::{
    e2e_invoke::LedgerEntryChange,
    xdr::{
        AccountId, HostFunction, InvokeHostFunctionOp, LedgerFootprint, LedgerKey, Limits, Memo,
        Operation, OperationBody, Preconditions, SequenceNumber, SorobanAuthorizationEntry,
        SorobanResources, SorobanResourcesExtV0, SorobanTransactionData, SorobanTransactionDataExt,
        TransactionExt, TransactionV1Envelope, WriteXdr,
    },
};

pub(crate) use wire::contract_call;
use wire::decorated;

use crate::{costs::size, error::InvokeError, run::Call};

/// A call ready to be executed: everything that the network would receive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// The account that sends it; its holder's signature authorises the source account's entries.
    pub source: AccountId,
    /// What is called.
    pub function: HostFunction,
    /// The entries it may read and write.
    pub footprint: LedgerFootprint,
    /// The authorisations it carries.
    pub auth: Vec<SorobanAuthorizationEntry>,
    /// Seed of the contracts' random numbers; on the network it comes from the ledger.
    pub seed: [u8; 32],
}

/// A footprint of `keys`, read-write where `writes` says so.
pub(crate) fn footprint(
    keys: &[Rc<LedgerKey>],
    writes: impl Fn(&LedgerKey) -> bool,
) -> Result<LedgerFootprint, InvokeError> {
    let (read_write, read_only): (Vec<_>, Vec<_>) = keys
        .iter()
        .map(|key| LedgerKey::clone(key))
        .partition(|key| writes(key));
    Ok(LedgerFootprint {
        read_only: read_only.try_into()?,
        read_write: read_write.try_into()?,
    })
}

/// The host reports one change per key, in the footprint's order.
pub(crate) fn pair<'a, 'b>(
    footprint: &'a LedgerFootprint,
    changes: &'b [LedgerEntryChange],
) -> Result<impl Iterator<Item = (&'a LedgerKey, &'b LedgerEntryChange)>, InvokeError> {
    let keys = footprint
        .read_only
        .iter()
        .chain(footprint.read_write.iter());
    if footprint.read_only.len() + footprint.read_write.len() != changes.len() {
        return Err(InvokeError::Internal(
            "a key of the footprint has no change",
        ));
    }
    Ok(keys.zip(changes))
}

/// Size of the envelope that would carry the call, with one signature.
pub(crate) fn transaction_bytes(
    call: &Call<'_>,
    footprint: &LedgerFootprint,
    auth: &[SorobanAuthorizationEntry],
) -> Result<u32, InvokeError> {
    let operation = InvokeHostFunctionOp {
        host_function: call.function.clone(),
        auth: auth.to_vec().try_into()?,
    };
    let resources = SorobanResources {
        footprint: footprint.clone(),
        instructions: 0,
        disk_read_bytes: 0,
        write_bytes: 0,
    };
    let envelope = TransactionV1Envelope {
        tx: soroban_env_host::xdr::Transaction {
            source_account: call.source.clone().into(),
            fee: 0,
            seq_num: SequenceNumber(0),
            cond: Preconditions::None,
            memo: Memo::None,
            operations: vec![Operation {
                source_account: None,
                body: OperationBody::InvokeHostFunction(operation),
            }]
            .try_into()?,
            ext: TransactionExt::V1(SorobanTransactionData {
                ext: SorobanTransactionDataExt::V1(SorobanResourcesExtV0::default()),
                resources,
                resource_fee: 0,
            }),
        },
        signatures: vec![decorated([0; 32], [0; 64])?].try_into()?,
    };
    Ok(size(envelope.to_xdr(Limits::none())?.len()))
}
