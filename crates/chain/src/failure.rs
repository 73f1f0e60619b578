//! What failed inside a call, read from what the host said.

use std::fmt::{self, Display, Formatter};

use wire::{
    said,
    xdr::{ContractId, DiagnosticEvent, ScError, ScErrorCode},
};

/// Lines that are kept of what the host said, and characters of each.
const LINES: usize = 40;
const LENGTH: usize = 400;

/// A call's failure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    /// The error: of the outermost contract that gave a code of its own, or else the host's. `None` when the server
    /// does not tell.
    pub error: Option<ScError>,
    /// The error that started it: a contract's own code survives here when a caller hides it.
    pub first: Option<ScError>,
    /// The contract it comes from.
    pub contract: Option<ContractId>,
    /// What the contract calls it, if it is one of ours.
    pub name: Option<&'static str>,
    /// What the host said, oldest first; the last lines of it.
    pub lines: Vec<String>,
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match (&self.error, self.name) {
            (Some(ScError::Contract(code)), Some(name)) => write!(f, "{name} (#{code})"),
            (Some(ScError::Contract(code)), None) => write!(f, "contract error #{code}"),
            (Some(error), _) => write!(f, "host error {error:?}"),
            (None, _) => write!(f, "no reason given"),
        }
    }
}

impl Failure {
    /// Reads the host's events.
    pub(crate) fn from_events(events: &[DiagnosticEvent]) -> Self {
        let raised: Vec<_> = events.iter().filter_map(raised).collect();
        let (error, contract) = match raised.last() {
            Some((error, contract)) => match outermost(error, &raised) {
                Some((error, contract)) => (Some(error.clone()), contract.cloned()),
                None => (Some((*error).clone()), contract.cloned()),
            },
            None => (None, None),
        };
        let name = match &error {
            Some(ScError::Contract(code)) => bindings::error_name(*code),
            _ => None,
        };
        let skipped = events.len().saturating_sub(LINES);
        Self {
            first: raised.first().map(|(error, _)| (*error).clone()),
            error,
            contract,
            name,
            lines: events.iter().skip(skipped).map(line).collect(),
        }
    }

    /// The same with the server's own words at the end.
    pub(crate) fn with_line(mut self, words: &str) -> Self {
        self.lines.push(words.chars().take(LENGTH).collect());
        self
    }
}

/// A contract's code that a caller did not catch ends the caller as an invalid action: the code is the last before it.
fn outermost<'a>(
    last: &ScError,
    raised: &[(&'a ScError, Option<&'a ContractId>)],
) -> Option<(&'a ScError, Option<&'a ContractId>)> {
    if *last != ScError::Context(ScErrorCode::InvalidAction) {
        return None;
    }
    let is_own = |(error, _): &&(&ScError, _)| matches!(error, ScError::Contract(_));
    raised.iter().rev().find(is_own).copied()
}

fn raised(event: &DiagnosticEvent) -> Option<(&ScError, Option<&ContractId>)> {
    let error = said::error(event)?;
    Some((error, event.event.contract_id.as_ref()))
}

fn line(event: &DiagnosticEvent) -> String {
    said::line(event).chars().take(LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use wire::{
        value::symbol,
        xdr::{
            ContractEvent, ContractEventBody, ContractEventType, ContractEventV0, ExtensionPoint,
            Hash, ScVal,
        },
    };

    use super::*;

    fn told(error: ScError, contract: u8) -> DiagnosticEvent {
        let topics = vec![symbol("error").unwrap_or(ScVal::Void), ScVal::Error(error)];
        DiagnosticEvent {
            in_successful_contract_call: false,
            event: ContractEvent {
                ext: ExtensionPoint::V0,
                contract_id: Some(ContractId(Hash([contract; 32]))),
                type_: ContractEventType::Diagnostic,
                body: ContractEventBody::V0(ContractEventV0 {
                    topics: topics.try_into().unwrap_or_default(),
                    data: ScVal::Void,
                }),
            },
        }
    }

    const ESCALATED: ScError = ScError::Context(ScErrorCode::InvalidAction);

    #[test]
    fn a_code_that_nobody_caught_is_its_contracts() {
        let events = [told(ScError::Contract(7_101), 2), told(ESCALATED, 1)];
        let failure = Failure::from_events(&events);
        assert_eq!(failure.error, Some(ScError::Contract(7_101)), "error");
        assert_eq!(
            failure.contract,
            Some(ContractId(Hash([2; 32]))),
            "contract"
        );
        assert_eq!(failure.lines.len(), 2, "lines");
    }

    #[test]
    fn an_outer_code_counts_before_one_that_was_caught() {
        let events = [told(ScError::Contract(5), 2), told(ScError::Contract(7), 1)];
        let failure = Failure::from_events(&events);
        assert_eq!(failure.error, Some(ScError::Contract(7)), "outer");
    }

    #[test]
    fn a_hosts_error_after_a_caught_code_is_the_hosts() {
        let budget = ScError::Budget(ScErrorCode::ExceededLimit);
        let events = [told(ScError::Contract(5), 2), told(budget.clone(), 1)];
        assert_eq!(Failure::from_events(&events).error, Some(budget), "budget");
    }

    #[test]
    fn our_codes_have_names_and_others_none() {
        let ours = Failure::from_events(&[told(ScError::Contract(7_000), 1)]);
        assert_eq!(ours.name, bindings::error_name(7_000), "ours");
        let foreign = Failure::from_events(&[told(ScError::Contract(9), 1)]);
        assert_eq!(foreign.name, None, "a library's");
        assert_eq!(Failure::from_events(&[]).error, None, "silence");
    }
}
