//! Answers as JSON, field by field as the real server writes them: numbers that may be large are strings.

use base64::{engine::general_purpose::STANDARD, Engine};
use serde_json::{json, Map, Value};
use soroban_env_host::xdr::{
    ContractEvent, ContractEventBody, ContractEventType, LedgerEntry, LedgerEntryExt, Limits,
    WriteXdr,
};
use soroban_simulation::simulation::LedgerEntryDiff;
use time::{format_description::well_known::Rfc3339, OffsetDateTime};

use super::{
    answer::{Answer, Answered, FoundEntry, Range, Reply},
    fees::{Distribution, Fees},
    history::decode_event,
    jsonrpc::{Failure, Rejected, INTERNAL_ERROR},
    simulate::Simulated,
    transactions::{listed, single},
};
use crate::{
    network::PROTOCOL_VERSION,
    node::{EventRecord, LedgerRecord, Sent, OPERATIONS},
    state::key_of,
};

/// What the network does not do, for whoever asks for its version.
const NOT_SUPPORTED: [&str; 3] = [
    "consensus, peers, history archives and Horizon",
    "xdrFormat json",
    "upgrades of the protocol and of the network's settings",
];

/// The response to a request; empty when nobody waits for one.
#[must_use]
pub fn render(answer: Answer) -> Vec<u8> {
    let calls = answer.calls.into_iter();
    let mut responses: Vec<Value> = calls.filter_map(response).collect();
    let body = match (answer.is_batch, responses.len()) {
        (_, 0) => return Vec::new(),
        (true, _) => Value::Array(responses),
        (false, _) => responses.swap_remove(0),
    };
    bytes(&body)
}

impl Rejected {
    /// The response to a body that carries no calls.
    #[must_use]
    pub fn render(&self) -> Vec<u8> {
        bytes(&failed(Value::Null, &self.0))
    }
}

fn bytes(body: &Value) -> Vec<u8> {
    // A tree of JSON values always has a text.
    serde_json::to_vec(body).unwrap_or_default()
}

fn response(answered: Answered) -> Option<Value> {
    let id = answered.id?;
    Some(match answered.outcome.and_then(result) {
        Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
        Err(failure) => failed(id, &failure),
    })
}

fn failed(id: Value, failure: &Failure) -> Value {
    let Failure { code, message } = failure;
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
}

fn result(reply: Reply) -> Result<Value, Failure> {
    match reply {
        Reply::Health { range, retention } => Ok(health(range, retention)),
        Reply::Network {
            passphrase,
            friendbot_url,
        } => Ok(network(&passphrase, friendbot_url)),
        Reply::VersionInfo => Ok(version_info()),
        Reply::LatestLedger(record) => latest_ledger(&record),
        Reply::FeeStats {
            latest,
            ledgers,
            fees,
        } => Ok(fee_stats(latest, ledgers, fees)),
        Reply::LedgerEntries { latest, entries } => {
            let entries = list(entries, entry)?;
            Ok(json!({ "entries": entries, "latestLedger": latest }))
        }
        Reply::Ledgers {
            range,
            ledgers,
            cursor,
        } => {
            let ledgers = list(&ledgers, |record| Ok(ledger(record)))?;
            let page = json!({ "ledgers": ledgers, "cursor": cursor.to_string() });
            Ok(with_range(page, range, Value::from, "CloseTime"))
        }
        Reply::Transactions {
            range,
            transactions,
            cursor,
        } => {
            let transactions = list(&transactions, listed)?;
            let page = json!({ "transactions": transactions, "cursor": cursor.to_string() });
            Ok(with_range(page, range, Value::from, "CloseTimestamp"))
        }
        Reply::Transaction { range, hash, found } => {
            let body = single(&hash, found.as_deref())?;
            Ok(with_range(body, range, text, "CloseTime"))
        }
        Reply::Events {
            range,
            events,
            cursor,
        } => {
            // One that cannot be read is no reason to keep the others back.
            let read = events
                .iter()
                .filter_map(|record| Some((record, decode_event(record)?)));
            let events = list(read, |(record, content)| event(record, &content))?;
            let page = json!({ "events": events, "cursor": cursor });
            Ok(with_range(page, range, text, "CloseTime"))
        }
        Reply::Sent {
            hash,
            sent,
            latest,
            latest_closed_at,
        } => {
            let mut body = receipt(&hash, &sent)?;
            insert(&mut body, "latestLedger", Some(latest.into()));
            let time = text(latest_closed_at);
            insert(&mut body, "latestLedgerCloseTime", Some(time));
            Ok(body)
        }
        Reply::Simulated { latest, simulated } => simulation(latest, &simulated),
    }
}

/// The items as JSON, one by one.
fn list<T>(
    items: impl IntoIterator<Item = T>,
    one: impl Fn(T) -> Result<Value, Failure>,
) -> Result<Value, Failure> {
    let items = items.into_iter().map(one);
    Ok(Value::Array(items.collect::<Result<_, _>>()?))
}

fn health(range: Range, retention: u32) -> Value {
    let body = json!({ "status": "healthy", "ledgerRetentionWindow": retention });
    with_range(body, range, Value::from, "CloseTime")
}

fn network(passphrase: &str, friendbot_url: Option<String>) -> Value {
    let mut body = json!({ "passphrase": passphrase, "protocolVersion": PROTOCOL_VERSION });
    insert(&mut body, "friendbotUrl", friendbot_url.map(Value::from));
    body
}

fn fee_stats(latest: u32, ledgers: u32, Fees { soroban, classic }: Fees) -> Value {
    json!({
        "sorobanInclusionFee": Distribution::new(soroban, ledgers),
        "inclusionFee": Distribution::new(classic, ledgers),
        "latestLedger": latest,
    })
}

fn text(time: u64) -> Value {
    time.to_string().into()
}

/// Adds the latest and oldest ledgers and when they closed, as `time` writes that.
fn with_range(mut body: Value, range: Range, time: fn(u64) -> Value, suffix: &str) -> Value {
    let both = [
        ("latestLedger", range.latest, range.latest_closed_at),
        ("oldestLedger", range.oldest, range.oldest_closed_at),
    ];
    for (name, ledger, closed_at) in both {
        insert(&mut body, name, Some(ledger.into()));
        insert(&mut body, &format!("{name}{suffix}"), Some(time(closed_at)));
    }
    body
}

/// Adds a field to an object, if there is a value.
pub(crate) fn insert(body: &mut Value, name: &str, value: Option<Value>) {
    if let (Value::Object(fields), Some(value)) = (body, value) {
        fields.insert(name.into(), value);
    }
}

fn version_info() -> Value {
    let operations = format!("operations other than {OPERATIONS} (opNOT_SUPPORTED)");
    let mut not_supported = vec![operations.as_str()];
    not_supported.extend(NOT_SUPPORTED);
    json!({
        "version": concat!("vangnet-localnet ", env!("CARGO_PKG_VERSION")),
        "commitHash": "",
        "buildTimestamp": "",
        "captiveCoreVersion":
            "none: soroban-env-host 28.0.2 in a ledger of one node; not compared with a real validator",
        "protocolVersion": PROTOCOL_VERSION,
        "isComparedWithValidator": false,
        "notSupported": not_supported,
    })
}

fn latest_ledger(record: &LedgerRecord) -> Result<Value, Failure> {
    // The history entry is hash, header and an empty extension; clients want the header alone.
    let header = record
        .header
        .len()
        .checked_sub(4)
        .and_then(|end| record.header.get(32..end))
        .ok_or_else(|| Failure::new(INTERNAL_ERROR, "a stored header is too short"))?;
    Ok(json!({
        "id": hex::encode(record.hash),
        "protocolVersion": PROTOCOL_VERSION,
        "sequence": record.sequence,
        "closeTime": record.closed_at.to_string(),
        "headerXdr": STANDARD.encode(header),
        "metadataXdr": STANDARD.encode(&record.meta),
    }))
}

fn ledger(record: &LedgerRecord) -> Value {
    json!({
        "hash": hex::encode(record.hash),
        "sequence": record.sequence,
        "ledgerCloseTime": record.closed_at.to_string(),
        "headerXdr": STANDARD.encode(&record.header),
        "metadataXdr": STANDARD.encode(&record.meta),
    })
}

fn entry(found: FoundEntry) -> Result<Value, Failure> {
    let mut body = json!({
        "key": base64(&found.key)?,
        "xdr": base64(&found.entry.data)?,
        "lastModifiedLedgerSeq": found.entry.last_modified_ledger_seq,
    });
    let live_until = found.live_until.map(Value::from);
    insert(&mut body, "liveUntilLedgerSeq", live_until);
    let ext: &LedgerEntryExt = &found.entry.ext;
    insert(&mut body, "extXdr", Some(base64(ext)?.into()));
    Ok(body)
}

fn event(record: &EventRecord, event: &ContractEvent) -> Result<Value, Failure> {
    let ContractEventBody::V0(body) = &event.body;
    let topics = body.topics.iter().map(base64);
    let contract = event.contract_id.as_ref();
    Ok(json!({
        "type": match event.type_ {
            ContractEventType::System => "system",
            ContractEventType::Contract => "contract",
            ContractEventType::Diagnostic => "diagnostic",
        },
        "ledger": record.position.ledger,
        "ledgerClosedAt": date(record.closed_at)?,
        "contractId": contract.map(ToString::to_string).unwrap_or_default(),
        "id": super::cursor::event_id(record.position),
        "operationIndex": record.position.operation,
        "transactionIndex": record.position.transaction,
        "txHash": hex::encode(record.transaction_hash),
        "inSuccessfulContractCall": record.is_success,
        "topic": topics.collect::<Result<Vec<_>, _>>()?,
        "value": base64(&body.data)?,
    }))
}

/// A time in Unix seconds as clients read it.
fn date(time: u64) -> Result<String, Failure> {
    let wrong = || Failure::new(INTERNAL_ERROR, "a ledger's time is no date");
    let seconds = i64::try_from(time).map_err(|_| wrong())?;
    let time = OffsetDateTime::from_unix_timestamp(seconds).map_err(|_| wrong())?;
    time.format(&Rfc3339).map_err(|_| wrong())
}

fn receipt(hash: &[u8; 32], sent: &Sent) -> Result<Value, Failure> {
    let mut body = json!({ "status": status(sent), "hash": hex::encode(hash) });
    if let Sent::Error(result) = sent {
        insert(&mut body, "errorResultXdr", Some(base64(&**result)?.into()));
    }
    Ok(body)
}

fn status(sent: &Sent) -> &'static str {
    match sent {
        Sent::Pending => "PENDING",
        Sent::Duplicate => "DUPLICATE",
        Sent::TryAgainLater => "TRY_AGAIN_LATER",
        Sent::Error(_) => "ERROR",
    }
}

fn simulation(latest: u32, simulated: &Simulated) -> Result<Value, Failure> {
    let mut body = Value::Object(Map::new());
    let error = simulated.error.clone().map(Value::from);
    insert(&mut body, "error", error);
    if let Some(data) = &simulated.data {
        insert(&mut body, "transactionData", Some(base64(data)?.into()));
        let fee = data.resource_fee.to_string();
        insert(&mut body, "minResourceFee", Some(fee.into()));
    }
    if !simulated.events.is_empty() {
        let events = simulated.events.iter().map(base64);
        let events = events.collect::<Result<Vec<_>, _>>()?;
        insert(&mut body, "events", Some(events.into()));
    }
    if let Some((value, auth)) = &simulated.result {
        let auth = auth.iter().map(base64).collect::<Result<Vec<_>, _>>()?;
        let results = json!([{ "auth": auth, "xdr": base64(value)? }]);
        insert(&mut body, "results", Some(results));
    }
    if let Some(data) = &simulated.restore {
        let fee = data.resource_fee.to_string();
        let preamble = json!({ "transactionData": base64(data)?, "minResourceFee": fee });
        insert(&mut body, "restorePreamble", Some(preamble));
    }
    let changes = simulated.changes.iter().map(change);
    let changes: Vec<_> = changes
        .filter_map(Result::transpose)
        .collect::<Result<_, _>>()?;
    if !changes.is_empty() {
        insert(&mut body, "stateChanges", Some(changes.into()));
    }
    if let Some((instructions, memory)) = simulated.cost {
        let cost = json!({ "cpuInsns": instructions.to_string(), "memBytes": memory.to_string() });
        insert(&mut body, "cost", Some(cost));
    }
    insert(&mut body, "latestLedger", Some(latest.into()));
    Ok(body)
}

/// A change of an entry; none when it was and is absent.
fn change(diff: &LedgerEntryDiff) -> Result<Option<Value>, Failure> {
    let (before, after) = (&diff.state_before, &diff.state_after);
    let kind = match (before, after) {
        (None, None) => return Ok(None),
        (None, Some(_)) => "created",
        (Some(_), None) => "deleted",
        (Some(_), Some(_)) => "updated",
    };
    let key = before.as_ref().or(after.as_ref()).and_then(key_of);
    let key = key.ok_or_else(|| Failure::internal("a changed entry has no key"))?;
    let entry = |entry: &Option<LedgerEntry>| entry.as_ref().map(base64).transpose();
    let (before, after) = (entry(before)?, entry(after)?);
    Ok(Some(json!({
        "type": kind, "key": base64(&key)?, "before": before, "after": after,
    })))
}

/// XDR in base64.
pub(crate) fn base64(value: &impl WriteXdr) -> Result<String, Failure> {
    let bytes = value.to_xdr(Limits::none()).map_err(Failure::internal)?;
    Ok(STANDARD.encode(bytes))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // all of this is tests
mod tests {
    use soroban_env_host::xdr::{ContractEventV0, ExtensionPoint, ScVal};

    use super::*;
    use crate::node::Position;

    #[test]
    fn an_event_that_cannot_be_read_keeps_no_other_back() {
        let sound = ContractEvent {
            ext: ExtensionPoint::V0,
            contract_id: None,
            type_: ContractEventType::Contract,
            body: ContractEventBody::V0(ContractEventV0 {
                topics: Default::default(),
                data: ScVal::Void,
            }),
        };
        let record = |event| EventRecord {
            position: Position::default(),
            closed_at: 5,
            transaction_hash: [1; 32],
            is_success: true,
            event,
        };
        let sound = sound.to_xdr(Limits::none()).unwrap();
        let page = result(Reply::Events {
            range: Range {
                latest: 1,
                latest_closed_at: 5,
                oldest: 1,
                oldest_closed_at: 5,
            },
            events: vec![record(vec![255; 6]), record(sound)],
            cursor: "a".into(),
        });
        let page = page.unwrap();
        let events = page["events"].as_array().unwrap();
        assert_eq!(events.len(), 1, "{page}");
        assert_eq!(events[0]["value"], "AAAAAQ==");
    }
}
