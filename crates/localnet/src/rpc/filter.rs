//! Which events are asked for.

use serde::Deserialize;
use soroban_env_host::xdr::{ContractEvent, ContractEventBody, ContractEventType, Hash, ScVal};
use stellar_strkey::Contract;

use super::{jsonrpc::Failure, params::from_base64};

/// Filters of one request, contracts and topics of one filter.
const MOST: usize = 5;
/// Segments of one topic filter, a last `**` not counted.
const SEGMENTS: usize = 4;

/// A filter as it comes in.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct FilterParams {
    #[serde(rename = "type")]
    kinds: Option<String>,
    contract_ids: Option<Vec<String>>,
    topics: Option<Vec<Vec<String>>>,
}

/// Events of these kinds and contracts with one of these topics; what is empty admits all.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    kinds: Vec<ContractEventType>,
    contracts: Vec<[u8; 32]>,
    topics: Vec<Topics>,
}

#[derive(Debug, PartialEq, Eq)]
struct Topics {
    segments: Vec<Segment>,
    /// Whether more may follow: the filter ends in `**`.
    is_open: bool,
}

#[derive(Debug, PartialEq, Eq)]
enum Segment {
    Any,
    Is(ScVal),
}

/// Reads the filters of a request.
pub(crate) fn filters(params: Vec<FilterParams>) -> Result<Vec<Filter>, Failure> {
    if params.len() > MOST {
        return Err(Failure::params("maximum 5 filters per request"));
    }
    let numbered = (1..).zip(params);
    let read = |(number, params)| {
        let wrong =
            |message: String| Failure::params(format!("filter {number} invalid: {message}"));
        Filter::read(params).map_err(wrong)
    };
    numbered.map(read).collect()
}

impl Filter {
    fn read(params: FilterParams) -> Result<Self, String> {
        let kinds = params.kinds.unwrap_or_default();
        let kinds = kinds.split(',').filter(|kind| !kind.is_empty());
        let contracts = params.contract_ids.unwrap_or_default();
        let topics = params.topics.unwrap_or_default();
        if contracts.len() > MOST {
            return Err("maximum 5 contract IDs per filter".into());
        }
        if topics.len() > MOST {
            return Err("maximum 5 topics per filter".into());
        }
        let contract = |(number, id): (usize, String)| match id.parse() {
            Ok(Contract(id)) => Ok(id),
            Err(_) => Err(format!("contract ID {number} invalid")),
        };
        let topic = |(number, topic)| {
            Topics::read(topic).map_err(|message| format!("topic {number} invalid: {message}"))
        };
        Ok(Self {
            kinds: kinds.map(kind).collect::<Result<_, _>>()?,
            contracts: (1..)
                .zip(contracts)
                .map(contract)
                .collect::<Result<_, _>>()?,
            topics: (1..)
                .zip(topics)
                .map(topic)
                .collect::<Result<_, String>>()?,
        })
    }

    /// Whether it admits `event`.
    pub(crate) fn admits(&self, event: &ContractEvent) -> bool {
        let ContractEventBody::V0(body) = &event.body;
        let contract = event.contract_id.as_ref().map(|id| &id.0);
        let is_of_contract = || contract.is_some_and(|Hash(id)| self.contracts.contains(id));
        let has_topics = || self.topics.iter().any(|topics| topics.admit(&body.topics));
        (self.kinds.is_empty() || self.kinds.contains(&event.type_))
            && (self.contracts.is_empty() || is_of_contract())
            && (self.topics.is_empty() || has_topics())
    }
}

fn kind(name: &str) -> Result<ContractEventType, String> {
    match name {
        "contract" => Ok(ContractEventType::Contract),
        "system" => Ok(ContractEventType::System),
        _ => Err("filter type invalid: if set, type must be either 'system' or 'contract'".into()),
    }
}

impl Topics {
    fn read(mut segments: Vec<String>) -> Result<Self, String> {
        if segments.is_empty() {
            return Err("topic must have at least 1 segment".into());
        }
        let is_open = segments.last().is_some_and(|last| last == "**");
        if is_open {
            segments.pop();
        }
        if let Some(at) = segments.iter().position(|segment| segment == "**") {
            let number = at.saturating_add(1);
            return Err(format!(
                "segment {number} invalid: wildcard '**' is only allowed as the last segment"
            ));
        }
        if segments.len() > SEGMENTS {
            return Err("topic cannot have more than 4 segments".into());
        }
        let segment = |(number, text): (usize, String)| match text.as_str() {
            "*" => Ok(Segment::Any),
            value => from_base64(value)
                .map(Segment::Is)
                .map_err(|error| format!("segment {number} invalid: {error}")),
        };
        Ok(Self {
            segments: (1..).zip(segments).map(segment).collect::<Result<_, _>>()?,
            is_open,
        })
    }

    fn admit(&self, topics: &[ScVal]) -> bool {
        let fits = match self.is_open {
            true => topics.len() >= self.segments.len(),
            false => topics.len() == self.segments.len(),
        };
        fits && self.segments.iter().zip(topics).all(|pair| match pair {
            (Segment::Any, _) => true,
            (Segment::Is(wanted), topic) => wanted == topic,
        })
    }
}
