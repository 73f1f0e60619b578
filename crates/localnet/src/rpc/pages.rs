//! Pages of ledgers, transactions and events as JSON.

use base64::{engine::general_purpose::STANDARD, Engine};
use serde_json::{json, Value};
use soroban_env_host::xdr::{ContractEvent, ContractEventBody, ContractEventType};
use time::{format_description::well_known::Rfc3339, OffsetDateTime};

use super::{
    answer::Range,
    cursor::event_id,
    history::decode_event,
    jsonrpc::{Failure, INTERNAL_ERROR},
    render::{base64, list, text, with_range},
    transactions::listed,
};
use crate::node::{EventRecord, LedgerRecord, TransactionRecord};

pub(crate) fn ledgers(
    range: Range,
    ledgers: &[LedgerRecord],
    cursor: u32,
) -> Result<Value, Failure> {
    let ledgers = list(ledgers, |record| Ok(ledger(record)))?;
    let page = json!({ "ledgers": ledgers, "cursor": cursor.to_string() });
    Ok(with_range(page, range, Value::from, "CloseTime"))
}

pub(crate) fn transactions(
    range: Range,
    transactions: &[TransactionRecord],
    cursor: u64,
) -> Result<Value, Failure> {
    let transactions = list(transactions, listed)?;
    let page = json!({ "transactions": transactions, "cursor": cursor.to_string() });
    Ok(with_range(page, range, Value::from, "CloseTimestamp"))
}

pub(crate) fn events(range: Range, events: &[EventRecord], cursor: &str) -> Result<Value, Failure> {
    // One that cannot be read is no reason to keep the others back.
    let read = events
        .iter()
        .filter_map(|record| Some((record, decode_event(record)?)));
    let events = list(read, |(record, content)| event(record, &content))?;
    let page = json!({ "events": events, "cursor": cursor });
    Ok(with_range(page, range, text, "CloseTime"))
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
        "id": event_id(record.position),
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

#[cfg(test)]
#[allow(clippy::unwrap_used)] // all of this is tests
mod tests {
    use soroban_env_host::xdr::{ContractEventV0, ExtensionPoint, Limits, ScVal, WriteXdr};

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
        let page = events(
            Range {
                latest: 1,
                latest_closed_at: 5,
                oldest: 1,
                oldest_closed_at: 5,
            },
            &[record(vec![255; 6]), record(sound)],
            "a",
        );
        let page = page.unwrap();
        let events = page["events"].as_array().unwrap();
        assert_eq!(events.len(), 1, "{page}");
        assert_eq!(events[0]["value"], "AAAAAQ==");
    }
}
