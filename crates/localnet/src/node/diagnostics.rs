//! What a failed transaction's metadata says of why it failed.

use soroban_env_host::{
    xdr::{
        ContractEvent, ContractEventBody, ContractEventType, ContractEventV0, DiagnosticEvent,
        ExtensionPoint, ScError, ScErrorCode, ScErrorType, ScString, ScSymbol, ScVal,
    },
    Error,
};

use crate::costs::encoded;

/// Bytes, XDR, of the diagnostics that are kept of one failure or told of one simulation, at most.
const MOST: usize = 64 << 10;

/// The last of `events` that fit, in their order: those tell why, and all of them may be as much as the host's memory holds.
pub(crate) fn last_events(mut events: Vec<DiagnosticEvent>) -> Vec<DiagnosticEvent> {
    let mut left = MOST;
    events.reverse();
    events.retain(|event| {
        let rest = left.checked_sub(encoded(event));
        left = rest.unwrap_or(left);
        rest.is_some()
    });
    events.reverse();
    events.shrink_to_fit();
    events
}

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

#[cfg(test)]
mod tests {
    use super::*;

    fn event(length: usize) -> DiagnosticEvent {
        let why = "x".repeat(length);
        error((ScErrorType::Context, ScErrorCode::InvalidAction), &why)
    }

    #[test]
    fn the_last_events_that_fit_are_kept_in_their_order() {
        // What an event takes beside its words.
        let beside = encoded(&event(0));
        let all = [60_000, 4, 30_000, MOST - 30_000 - 2 * beside].map(event);
        assert_eq!(last_events(all.to_vec()), all[2..], "to the last byte");
        let one_more = [60_000, 30_000, MOST - 30_000 - 2 * beside + 4].map(event);
        assert_eq!(last_events(one_more.to_vec()), one_more[2..]);
        let long = [4, MOST, 8].map(event);
        let without = [4, 8].map(event);
        assert_eq!(last_events(long.to_vec()), without, "too long alone");
    }
}
