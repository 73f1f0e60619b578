//! Accounts, payments, trustlines.

use soroban_env_host::xdr::{AccountId, OperationBody, OperationResult};

use super::changes::Changes;
use crate::ledger::Ledger;

/// What the operation comes to if it is malformed.
pub(crate) fn malformed(_source: &AccountId, _body: &OperationBody) -> Option<OperationResult> {
    None
}

/// Applies one operation of `source`.
pub(crate) fn apply(
    _ledger: &Ledger,
    _changes: &mut Changes,
    _source: &AccountId,
    _body: &OperationBody,
) -> OperationResult {
    OperationResult::OpNotSupported
}
