//! What the host said while a call ran, read from its diagnostic events.

use stellar_xdr::{ContractEventBody, DiagnosticEvent, ScError, ScVal};

use crate::value::render;

/// An event in one line.
#[must_use]
pub fn line(event: &DiagnosticEvent) -> String {
    let (topics, data) = topics_and_data(event);
    let topics: Vec<_> = topics.iter().map(render).collect();
    format!("{}: {}", topics.join(" "), render(data))
}

/// The error that an event tells of, if it tells of one.
#[must_use]
pub fn error(event: &DiagnosticEvent) -> Option<&ScError> {
    match topics_and_data(event).0 {
        [ScVal::Symbol(name), ScVal::Error(error), ..] if name.as_slice() == b"error" => {
            Some(error)
        }
        _ => None,
    }
}

fn topics_and_data(event: &DiagnosticEvent) -> (&[ScVal], &ScVal) {
    let ContractEventBody::V0(body) = &event.event.body;
    (body.topics.as_slice(), &body.data)
}
