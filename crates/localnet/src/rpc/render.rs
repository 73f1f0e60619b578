//! Answers as JSON, field by field as the real server writes them: numbers that may be large are strings.

use base64::{engine::general_purpose::STANDARD, Engine};
use serde_json::{json, Map, Value};
use soroban_env_host::xdr::{LedgerEntry, LedgerEntryExt, Limits, WriteXdr};
use soroban_simulation::simulation::LedgerEntryDiff;

use super::{
    answer::{Answer, Answered, FoundEntry, Range, Reply},
    fees::{Distribution, Fees},
    jsonrpc::{Failure, Rejected, INTERNAL_ERROR},
    pages,
    simulate::Simulated,
    transactions::single,
};
use crate::{
    network::PROTOCOL_VERSION,
    node::{LedgerRecord, Sent, TransactionRecord, OPERATIONS},
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
        Reply::LedgerEntries { latest, entries } => ledger_entries(latest, entries),
        Reply::Ledgers {
            range,
            ledgers,
            cursor,
        } => pages::ledgers(range, &ledgers, cursor),
        Reply::Transactions {
            range,
            transactions,
            cursor,
        } => pages::transactions(range, &transactions, cursor),
        Reply::Transaction { range, hash, found } => transaction(range, &hash, found.as_deref()),
        Reply::Events {
            range,
            events,
            cursor,
        } => pages::events(range, &events, &cursor),
        Reply::Sent {
            hash,
            sent,
            latest,
            latest_closed_at,
        } => receipt(&hash, &sent, latest, latest_closed_at),
        Reply::Simulated { latest, simulated } => simulation(latest, &simulated),
    }
}

/// The items as JSON, one by one.
pub(crate) fn list<T>(
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

fn ledger_entries(latest: u32, entries: Vec<FoundEntry>) -> Result<Value, Failure> {
    let entries = list(entries, entry)?;
    Ok(json!({ "entries": entries, "latestLedger": latest }))
}

fn transaction(
    range: Range,
    hash: &[u8; 32],
    found: Option<&TransactionRecord>,
) -> Result<Value, Failure> {
    Ok(with_range(single(hash, found)?, range, text, "CloseTime"))
}

/// A time, Unix seconds, as most methods write it.
pub(crate) fn text(time: u64) -> Value {
    time.to_string().into()
}

/// Adds the latest and oldest ledgers and when they closed, as `time` writes that.
pub(crate) fn with_range(
    mut body: Value,
    range: Range,
    time: fn(u64) -> Value,
    suffix: &str,
) -> Value {
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

fn receipt(
    hash: &[u8; 32],
    sent: &Sent,
    latest: u32,
    latest_closed_at: u64,
) -> Result<Value, Failure> {
    let mut body = json!({ "status": status(sent), "hash": hex::encode(hash) });
    if let Sent::Error(result) = sent {
        insert(&mut body, "errorResultXdr", Some(base64(&**result)?.into()));
    }
    insert(&mut body, "latestLedger", Some(latest.into()));
    let time = text(latest_closed_at);
    insert(&mut body, "latestLedgerCloseTime", Some(time));
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
