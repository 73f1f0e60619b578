//! What contracts said: one record per successful submission.

use soroban_env_host::xdr::{ContractEvent, ContractEventBody, ScAddress, ScVal};

/// One event of a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The contract that emitted it.
    pub contract: ScAddress,
    /// Its topics, the name first.
    pub topics: Vec<ScVal>,
    /// Its data.
    pub data: ScVal,
}

impl Event {
    /// The network's event as ours.
    #[must_use]
    pub fn from_xdr(event: ContractEvent) -> Self {
        let ContractEventBody::V0(body) = event.body;
        Self {
            contract: ScAddress::Contract(event.contract_id.unwrap_or_default()),
            topics: body.topics.into(),
            data: body.data,
        }
    }

    /// Whether the first topic is the symbol `name`.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        matches!(self.topics.first(), Some(ScVal::Symbol(symbol)) if symbol.as_slice() == name.as_bytes())
    }
}

/// The events of one submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Ledger in which it was applied.
    pub sequence: u32,
    /// Unix time of that ledger, seconds.
    pub time: u64,
    /// Events in the order they were emitted.
    pub events: Vec<Event>,
}
