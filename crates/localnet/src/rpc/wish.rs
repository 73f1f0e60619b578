//! The parameters of `simulateTransaction`: from the client's envelope to one operation, its footprint and its authorisations, or
//! to why it cannot be simulated.

use serde::Deserialize;
use soroban_env_host::xdr::{
    AccountId, FeeBumpTransactionInnerTx, LedgerFootprint, Memo, MuxedAccount, OperationBody,
    PublicKey, TransactionEnvelope, TransactionExt, Uint256,
};

use super::params::{check_format, from_base64};

/// One operation to be simulated, taken out of its transaction.
#[derive(Debug)]
pub(crate) struct Wish {
    pub source: AccountId,
    pub operation: OperationBody,
    /// Keys to extend or to restore.
    pub footprint: LedgerFootprint,
    pub auth: AuthMode,
    /// Whether recorded authorisations take the credentials of protocol 27.
    pub has_upgraded_auth: bool,
    /// Instructions to declare beyond those used, at least.
    pub leeway: u32,
}

/// Where a simulated call's authorisations come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AuthMode {
    /// The transaction's own; they must suffice.
    Enforce,
    /// Recorded, each address for the call that the transaction makes.
    Record,
    /// Recorded, for whatever call.
    RecordAllowNonRoot,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct SimulateParams {
    transaction: Option<String>,
    auth_mode: Option<String>,
    use_upgraded_auth: Option<bool>,
    resource_config: Option<ResourceConfig>,
    xdr_format: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ResourceConfig {
    instruction_leeway: Option<u64>,
}

/// Reads what is to be simulated, or tells why it cannot be.
pub(crate) fn wish(params: SimulateParams) -> Result<Wish, String> {
    check_format(params.xdr_format.as_deref())?;
    let text = params.transaction.unwrap_or_default();
    let Ok(envelope) = from_base64::<TransactionEnvelope>(&text) else {
        return Err("Could not unmarshal transaction".into());
    };
    let transaction = match envelope {
        TransactionEnvelope::Tx(envelope) => envelope.tx,
        TransactionEnvelope::TxFeeBump(bump) => {
            let FeeBumpTransactionInnerTx::Tx(envelope) = bump.tx.inner_tx;
            envelope.tx
        }
        TransactionEnvelope::TxV0(_) => {
            return Err("Transactions of version 0 carry no contract calls".into());
        }
    };
    let [operation] = transaction.operations.as_slice() else {
        return Err("Transaction contains more than one operation".into());
    };
    if transaction.memo != Memo::None {
        return Err(
            "Transaction contains a memo. Soroban transactions do not support memos.".into(),
        );
    }
    let source = operation.source_account.as_ref();
    let config = params.resource_config.unwrap_or_default();
    Ok(Wish {
        source: account(source.unwrap_or(&transaction.source_account)),
        auth: auth_mode(params.auth_mode.as_deref(), &operation.body)?,
        footprint: footprint(&operation.body, &transaction.ext)?,
        operation: operation.body.clone(),
        has_upgraded_auth: params.use_upgraded_auth.unwrap_or_default(),
        leeway: u32::try_from(config.instruction_leeway.unwrap_or_default())
            .map_err(|_| "instructionLeeway does not fit into 32 bits")?,
    })
}

fn account(source: &MuxedAccount) -> AccountId {
    let key = match source {
        MuxedAccount::Ed25519(Uint256(key)) => *key,
        MuxedAccount::MuxedEd25519(muxed) => muxed.ed25519.0,
    };
    AccountId(PublicKey::PublicKeyTypeEd25519(Uint256(key)))
}

fn footprint(operation: &OperationBody, ext: &TransactionExt) -> Result<LedgerFootprint, String> {
    match (operation, ext) {
        (OperationBody::InvokeHostFunction(_), _) => Ok(LedgerFootprint::default()),
        (_, TransactionExt::V1(data)) => Ok(data.resources.footprint.clone()),
        (_, TransactionExt::V0) => Err(
            "To perform a SimulateTransaction for ExtendFootprintTtl or RestoreFootprint \
             operations, SorobanTransactionData must be provided"
                .into(),
        ),
    }
}

/// With authorisations in the transaction they are enforced, without they are recorded.
fn auth_mode(mode: Option<&str>, operation: &OperationBody) -> Result<AuthMode, String> {
    let wanted = match mode {
        None | Some("") => None,
        Some("enforce") => Some(AuthMode::Enforce),
        Some("record") => Some(AuthMode::Record),
        Some("record_allow_nonroot") => Some(AuthMode::RecordAllowNonRoot),
        Some(_) => {
            return Err("optional 'authMode' must be one of \
                        enforce,record,record_allow_nonroot when included"
                .into());
        }
    };
    match operation {
        OperationBody::InvokeHostFunction(operation) => match (operation.auth.is_empty(), wanted) {
            (true, None) => Ok(AuthMode::Record),
            (false, None) => Ok(AuthMode::Enforce),
            (false, Some(AuthMode::Record | AuthMode::RecordAllowNonRoot)) => Err(format!(
                "cannot set authMode to '{}' with an auth footprint",
                mode.unwrap_or_default()
            )),
            (_, Some(mode)) => Ok(mode),
        },
        OperationBody::ExtendFootprintTtl(_) | OperationBody::RestoreFootprint(_) => match wanted {
            None => Ok(AuthMode::Enforce),
            Some(_) => Err("cannot set authMode with non-InvokeHostFunction operations".into()),
        },
        other => Err(format!(
            "Transaction contains unsupported operation type: {}",
            other.name()
        )),
    }
}
