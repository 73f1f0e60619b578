//! Transactions from sending to being found.

use localnet::{
    node::Pace,
    rpc::{serve, ServerConfig},
    xdr::{Asset, Hash, OperationBody, PaymentOp, ScVal, TransactionResultResult},
    Keypair,
};
use serde_json::{json, Value};
use stellar_rpc_client::{Error, GetTransactionsRequest, TransactionsPaginationOptions};

use crate::{http, native_contract, node, signed, transaction, transfer, World, FUNDS, START};

fn payment(to: &Keypair, amount: i64) -> OperationBody {
    OperationBody::Payment(PaymentOp {
        destination: to.account_id().into(),
        asset: Asset::Native,
        amount,
    })
}

fn page(start: Option<u32>, cursor: Option<u64>, limit: u32) -> GetTransactionsRequest {
    GetTransactionsRequest {
        start_ledger: start,
        pagination: Some(TransactionsPaginationOptions {
            cursor,
            limit: Some(limit),
        }),
    }
}

#[tokio::test]
async fn a_payment_is_found_once_its_ledger_closed() {
    let world = World::new(Pace::Manual);
    let (alice, bob) = (world.account("alice").await, world.account("bob").await);
    let sequence = world.next_sequence(&alice).await;
    let envelope = signed(&alice, transaction(&alice, sequence, payment(&bob, 5)));
    let hash = world.client.send_transaction(&envelope).await.unwrap();

    let waiting = world.client.get_transaction(&hash).await.unwrap();
    assert_eq!(
        (waiting.status.as_str(), waiting.ledger),
        ("NOT_FOUND", Some(0))
    );
    world.control("/close", "{}");
    let found = world.client.get_transaction(&hash).await.unwrap();
    assert_eq!((found.status.as_str(), found.ledger), ("SUCCESS", Some(4)));
    assert_eq!(
        (found.application_order, found.fee_bump),
        (Some(1), Some(false))
    );
    assert_eq!(found.created_at.map(|time| time > 0), Some(true));
    assert_eq!(found.envelope, Some(envelope));
    assert_eq!(found.tx_hash, Some(hash.to_string()));
    let bob = world
        .client
        .get_account(&bob.account_id().to_string())
        .await
        .unwrap();
    assert_eq!(bob.balance, FUNDS + 5);

    let fees = world.client.get_fee_stats().await.unwrap();
    assert_eq!(fees.inclusion_fee.transaction_count, 3);
    assert_eq!(fees.inclusion_fee.min, "100");
}

#[tokio::test]
async fn an_eager_network_reports_before_the_ledger_closes() {
    let world = World::new(Pace::Eager);
    let (alice, bob) = (world.account("alice").await, world.account("bob").await);
    let sequence = world.next_sequence(&alice).await;
    let envelope = signed(&alice, transaction(&alice, sequence, payment(&bob, 5)));
    let hash = world.client.send_transaction(&envelope).await.unwrap();
    let found = world.client.get_transaction(&hash).await.unwrap();
    assert_eq!((found.status.as_str(), found.ledger), ("SUCCESS", Some(2)));
    assert_eq!(world.client.get_latest_ledger().await.unwrap().sequence, 1);
}

#[tokio::test]
async fn what_cannot_be_applied_is_refused_with_the_networks_code() {
    let world = World::new(Pace::Manual);
    let (alice, bob) = (world.account("alice").await, world.account("bob").await);
    let sequence = world.next_sequence(&alice).await;
    let envelope = signed(&alice, transaction(&alice, sequence + 1, payment(&bob, 5)));
    let refused = world.client.send_transaction(&envelope).await.unwrap_err();
    let Error::TransactionSubmissionFailed(told) = refused else {
        panic!("{refused}")
    };
    let code = format!("{:#?}", TransactionResultResult::TxBadSeq);
    assert_eq!(told, code);
}

#[tokio::test]
async fn sending_twice_is_a_duplicate() {
    use localnet::xdr::{Limits, WriteXdr};
    let world = World::new(Pace::Manual);
    let (alice, bob) = (world.account("alice").await, world.account("bob").await);
    let sequence = world.next_sequence(&alice).await;
    let envelope = signed(&alice, transaction(&alice, sequence, payment(&bob, 5)));
    let envelope = envelope.to_xdr_base64(Limits::none()).unwrap();
    let body = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"sendTransaction","params":{{"transaction":"{envelope}"}}}}"#
    );
    let status = || -> Value {
        let (_, said) = http::post(&world.running.rpc_url, &body);
        serde_json::from_str::<Value>(&said).unwrap()["result"].clone()
    };
    let sent = status();
    assert_eq!(
        (&sent["status"], &sent["latestLedger"]),
        (&"PENDING".into(), &3.into())
    );
    assert!(sent["latestLedgerCloseTime"].is_string());
    assert_eq!(status()["status"], "DUPLICATE");
}

#[tokio::test]
async fn a_call_is_found_with_its_value_and_events() {
    let world = World::new(Pace::Manual);
    let (alice, bob) = (world.account("alice").await, world.account("bob").await);
    world.invoke(&alice, native_contract()).await;
    let hash = world.invoke(&alice, transfer(&alice, &bob, 7)).await;
    let found = world.client.get_transaction(&hash).await.unwrap();
    assert_eq!(found.status, "SUCCESS");
    assert_eq!(found.return_value().unwrap(), ScVal::Void);
    let of_contracts: Vec<_> = found.events.contract_events.iter().map(Vec::len).collect();
    assert_eq!(of_contracts, [1]);
    // The fee and its refund.
    assert_eq!(found.events.transaction_events.len(), 2);
    let fees = world.client.get_fee_stats().await.unwrap();
    assert_eq!(fees.soroban_inclusion_fee.transaction_count, 2);
    assert_eq!(fees.soroban_inclusion_fee.max, "100");
}

#[tokio::test]
async fn transactions_are_listed_page_by_page() {
    let world = World::new(Pace::Manual);
    let mut hashes = Vec::new();
    for name in ["one", "two", "three", "four", "five"] {
        world.account(name).await;
        let latest = world.client.get_latest_ledger().await.unwrap().sequence;
        let found = world
            .client
            .get_transactions(page(Some(latest), None, 1))
            .await
            .unwrap();
        hashes.push(found.transactions[0].tx_hash.clone().unwrap());
    }
    let (mut found, mut cursor) = (Vec::new(), None);
    for expected in [2, 2, 1, 0] {
        let start = cursor.is_none().then_some(1);
        let page = world
            .client
            .get_transactions(page(start, cursor, 2))
            .await
            .unwrap();
        assert_eq!(page.transactions.len(), expected);
        found.extend(
            page.transactions
                .into_iter()
                .map(|found| found.tx_hash.unwrap()),
        );
        cursor = Some(page.cursor);
    }
    assert_eq!(found, hashes);
    assert!(world
        .client
        .get_transactions(page(Some(99), None, 1))
        .await
        .is_err());
    assert!(world
        .client
        .get_transactions(page(Some(1), None, 201))
        .await
        .is_err());
}

#[tokio::test]
async fn an_unknown_transaction_comes_with_the_range_looked_at() {
    let world = World::new(Pace::Manual);
    world.control("/close", "{}");
    let hash = Hash([7; 32]);
    let body = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"getTransaction","params":{{"hash":"{hash}"}}}}"#
    );
    let (_, said) = http::post(&world.running.rpc_url, &body);
    let said = &serde_json::from_str::<Value>(&said).unwrap()["result"];
    assert_eq!(said["status"], "NOT_FOUND");
    assert_eq!(
        (&said["oldestLedger"], &said["latestLedger"]),
        (&1.into(), &2.into())
    );
    for field in [
        "oldestLedgerCloseTime",
        "latestLedgerCloseTime",
        "createdAt",
    ] {
        assert!(said[field].is_string(), "{field}");
    }
}

#[test]
fn what_is_beyond_the_retention_is_gone_and_the_answers_say_so() {
    let mut config = node(Pace::Manual);
    config.retention = 2;
    let running = serve(ServerConfig::local(config)).unwrap();
    let ask = |method: &str, params: Value| {
        let call = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let (_, said) = http::post(&running.rpc_url, &call.to_string());
        serde_json::from_str::<Value>(&said).unwrap()
    };
    let alice = Keypair::named("alice").account_id();
    let (_, funded) = http::get(&format!("{}/friendbot?addr={alice}", running.rpc_url));
    let funded: Value = serde_json::from_str(&funded).unwrap();
    let hash = &funded["hash"];
    let close = || {
        let url = format!("{}/close", running.control_url.as_ref().unwrap());
        assert_eq!(http::post(&url, "{}").0, 200);
    };
    let found = |status: &str, oldest: u32| {
        let said = ask("getTransaction", json!({ "hash": hash }));
        let said = &said["result"];
        assert_eq!(said["status"], status, "{said}");
        let (latest, since) = (oldest + 1, START + 5 * u64::from(oldest - 1));
        assert_eq!(said["oldestLedger"], oldest);
        assert_eq!(said["latestLedger"], latest);
        assert_eq!(said["oldestLedgerCloseTime"], since.to_string());
    };
    found("SUCCESS", 1);
    close();
    found("SUCCESS", 2);
    close();
    found("NOT_FOUND", 3);
    for method in ["getLedgers", "getTransactions", "getEvents"] {
        let said = ask(method, json!({ "startLedger": 2 }));
        assert_eq!(said["error"]["code"], -32_600, "{method}: {said}");
        let said = ask(method, json!({ "startLedger": 3 }));
        assert_eq!(said["result"]["oldestLedger"], 3, "{method}: {said}");
    }
}
