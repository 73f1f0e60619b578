//! What a failed transaction's metadata says of why it failed.

use soroban_env_host::{
    xdr::{
        ContractEvent, ContractEventBody, ContractEventType, ContractEventV0, DiagnosticEvent,
        ExtensionPoint, ScError, ScErrorCode, ScErrorType, ScString, ScSymbol, ScVal,
    },
    Error,
};

/// An error of the network around the host, in words.
pub(crate) fn error((kind, code): (ScErrorType, ScErrorCode), why: &str) -> DiagnosticEvent {
    let why = why.try_into().map(|why| ScVal::String(ScString(why)));
    event(
        "error",
        Error::from_type_and_code(kind, code),
        why.unwrap_or(ScVal::Void),
    )
}

/// The host's error, after its own account of it.
pub(crate) fn host_failed(error: Error) -> DiagnosticEvent {
    event("host_fn_failed", error, ScVal::Void)
}

fn event(name: &str, error: Error, data: ScVal) -> DiagnosticEvent {
    let error = ScError::try_from(error);
    let error = error.unwrap_or(ScError::Context(ScErrorCode::InternalError));
    let name = ScSymbol(name.try_into().unwrap_or_default());
    let topics = vec![ScVal::Symbol(name), ScVal::Error(error)];
    DiagnosticEvent {
        in_successful_contract_call: false,
        event: ContractEvent {
            ext: ExtensionPoint::V0,
            contract_id: None,
            type_: ContractEventType::Diagnostic,
            body: ContractEventBody::V0(ContractEventV0 {
                topics: topics.try_into().unwrap_or_default(),
                data,
            }),
        },
    }
}
