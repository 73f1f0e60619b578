//! Applied transactions as JSON.

use base64::{engine::general_purpose::STANDARD, Engine};
use serde_json::{json, Map, Value};
use soroban_env_host::xdr::{ReadXdr, TransactionMeta, TransactionMetaV4};

use super::{
    jsonrpc::Failure,
    render::{base64, insert},
};
use crate::node::{own_limits, TransactionRecord};

/// The answer to `getTransaction`, without the range of ledgers.
pub(crate) fn single(hash: &[u8; 32], found: Option<&TransactionRecord>) -> Result<Value, Failure> {
    let Some(record) = found else {
        return Ok(json!({
            "status": "NOT_FOUND",
            "txHash": hex::encode(hash),
            "applicationOrder": 0,
            "feeBump": false,
            "events": {},
            "ledger": 0,
            "createdAt": "0",
        }));
    };
    let mut body = details(hash, record)?;
    // A string here and a number in lists: that is how the real server has it.
    let created_at = record.closed_at.to_string();
    insert(&mut body, "createdAt", Some(created_at.into()));
    Ok(body)
}

/// One of `getTransactions`.
pub(crate) fn listed(record: &TransactionRecord) -> Result<Value, Failure> {
    let mut body = details(&record.hash, record)?;
    insert(&mut body, "createdAt", Some(record.closed_at.into()));
    Ok(body)
}

fn details(hash: &[u8; 32], record: &TransactionRecord) -> Result<Value, Failure> {
    let mut body = json!({
        "status": if record.is_success { "SUCCESS" } else { "FAILED" },
        "txHash": hex::encode(hash),
        "applicationOrder": record.position.transaction,
        "feeBump": record.inner_hash.is_some(),
        "envelopeXdr": STANDARD.encode(&record.envelope),
        "resultXdr": STANDARD.encode(&record.result),
        "resultMetaXdr": STANDARD.encode(&record.meta),
    });
    // What became of it is told in any case, if only with its metadata as it is.
    let meta = TransactionMeta::from_xdr(&record.meta, own_limits(&record.meta));
    let mut told = Value::Object(Map::new());
    if let Ok(TransactionMeta::V4(meta)) = &meta {
        let diagnostic = meta.diagnostic_events.iter().map(base64);
        let diagnostic = diagnostic.collect::<Result<Vec<_>, _>>()?;
        let diagnostic = (!diagnostic.is_empty()).then(|| diagnostic.into());
        insert(&mut body, "diagnosticEventsXdr", diagnostic);
        told = events(meta)?;
    }
    insert(&mut body, "events", Some(told));
    insert(&mut body, "ledger", Some(record.position.ledger.into()));
    Ok(body)
}

/// The network's events (fees) and those of contracts, operation by operation.
fn events(meta: &TransactionMetaV4) -> Result<Value, Failure> {
    let mut body = Value::Object(Map::new());
    let network = meta.events.iter().map(base64);
    let network = network.collect::<Result<Vec<_>, _>>()?;
    if !network.is_empty() {
        insert(&mut body, "transactionEventsXdr", Some(network.into()));
    }
    let operations = meta.operations.iter().map(|operation| {
        let events = operation.events.iter().map(base64);
        events.collect::<Result<Vec<_>, _>>()
    });
    let operations = operations.collect::<Result<Vec<_>, _>>()?;
    if !operations.is_empty() {
        insert(&mut body, "contractEventsXdr", Some(json!(operations)));
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::Position;

    #[test]
    fn a_transaction_whose_metadata_cannot_be_read_is_told_all_the_same() {
        let record = TransactionRecord {
            hash: [1; 32],
            inner_hash: None,
            position: Position::default(),
            closed_at: 5,
            is_success: true,
            envelope: vec![1],
            result: vec![2],
            meta: vec![255; 6],
        };
        for told in [listed(&record), single(&record.hash, Some(&record))] {
            let told = told.unwrap_or_default();
            assert_eq!(told["status"], "SUCCESS", "{told}");
            assert_eq!(told["resultMetaXdr"], "////////");
            assert_eq!(told["events"], json!({}));
        }
    }
}
