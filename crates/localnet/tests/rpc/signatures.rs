//! How many signatures are verified for one request.

use localnet::{
    node::{Node, Pace, Sent, Submission},
    rpc::{answer, parse, render, Terms},
    xdr::{
        Asset, CreateAccountOp, Limits, OperationBody, PaymentOp, Transaction, TransactionEnvelope,
        TransactionResultResult, TransactionV1Envelope, WriteXdr,
    },
    Keypair,
};
use serde_json::{json, Value};

use crate::{node, signed, transaction};

/// What each signature says of its key: all of them the same.
const HINT: [u8; 4] = [7; 4];

fn payment(to: &Keypair) -> OperationBody {
    OperationBody::Payment(PaymentOp {
        destination: to.account_id().into(),
        asset: Asset::Native,
        amount: 1,
    })
}

/// A transaction of `source` with a hundred sources of operations, whose keys all have `hint`.
fn with_sources(source: &Keypair, sequence: i64, hint: [u8; 4]) -> Transaction {
    let mut tx = transaction(source, sequence, payment(source));
    let one = tx.operations[0].clone();
    let operations = (0..100).map(|index| {
        let mut key = [index; 32];
        key[28..].copy_from_slice(&hint);
        let mut operation = one.clone();
        operation.source_account = Some(wire::account_id(key).into());
        operation
    });
    tx.operations = operations.collect::<Vec<_>>().try_into().unwrap();
    tx
}

/// A transaction of `source` with a hundred sources of operations and twenty signatures, any of which may be any one's.
fn colliding(source: &Keypair, sequence: i64) -> TransactionEnvelope {
    let tx = with_sources(source, sequence, HINT);
    let mut key = [0; 32];
    key[28..].copy_from_slice(&HINT);
    let signature = wire::decorated(key, [1; 64]).unwrap();
    let signatures = vec![signature; 20].try_into().unwrap();
    TransactionEnvelope::Tx(TransactionV1Envelope { tx, signatures })
}

/// What is said to each of `envelopes`, sent in one batch.
fn sent(envelopes: &[TransactionEnvelope]) -> Vec<Value> {
    let mut node = Node::open(node(Pace::Manual)).unwrap();
    let terms = Terms::of(&node);
    let calls = envelopes.iter().map(|envelope| {
        let envelope = envelope.to_xdr_base64(Limits::none()).unwrap();
        let params = json!({ "transaction": envelope });
        json!({ "jsonrpc": "2.0", "id": 1, "method": "sendTransaction", "params": params })
    });
    let calls = Value::Array(calls.collect()).to_string();
    let request = parse(calls.as_bytes(), &terms).unwrap();
    serde_json::from_slice(&render(answer(&mut node, request))).unwrap()
}

fn refused(said: &[Value]) -> Vec<usize> {
    let is_refused = |said: &Value| {
        let message = said["error"]["message"].as_str().unwrap_or_default();
        message.starts_with("too many signatures")
    };
    let said = said.iter().enumerate();
    said.filter_map(|(index, said)| is_refused(said).then_some(index))
        .collect()
}

#[test]
fn a_request_has_no_more_signatures_verified_than_one_transaction_may_ask_for() {
    let alice = Keypair::named("alice");
    let envelopes: Vec<_> = (1..=20).map(|number| colliding(&alice, number)).collect();
    let said = sent(&envelopes);
    assert_eq!(refused(&said), (1..20).collect::<Vec<_>>());
    assert_eq!(said[0]["result"]["status"], "ERROR", "{}", said[0]);
    assert_eq!(said[1]["error"]["code"], -32_600);
}

#[test]
fn a_batch_of_ordinary_transactions_is_verified_whole() {
    let alice = Keypair::named("alice");
    let envelope = |number| signed(&alice, transaction(&alice, number, payment(&alice)));
    let said = sent(&(1..=20).map(envelope).collect::<Vec<_>>());
    assert_eq!(refused(&said), [0; 0]);
    // A few more than what one may ask for, with one transaction that asks for all.
    let mut envelopes: Vec<_> = (1..=3).map(envelope).collect();
    envelopes.push(colliding(&alice, 4));
    assert_eq!(refused(&sent(&envelopes)), [0; 0]);
    // A thousand, twenty, and one more.
    let TransactionEnvelope::Tx(mut twenty) = envelope(5) else {
        panic!("another kind");
    };
    twenty.signatures = vec![twenty.signatures[0].clone(); 20].try_into().unwrap();
    let all = [
        colliding(&alice, 4),
        TransactionEnvelope::Tx(twenty),
        envelope(6),
    ];
    assert_eq!(refused(&sent(&all)), [2]);
}

#[test]
fn of_one_transaction_a_thousand_signatures_are_verified() {
    let alice = Keypair::named("alice");
    let [.., a, b, c, d] = alice.public_key();
    // A hundred and one keys with Alice's hint, so that ten wrong signatures take more than a thousand attempts.
    let mut tx = with_sources(&alice, (2 << 32) + 1, [a, b, c, d]);
    tx.fee = 10_000;
    let TransactionEnvelope::Tx(signed) = signed(&alice, tx) else {
        panic!("another kind");
    };
    let right = signed.signatures[0].clone();
    let wrong = wire::decorated(alice.public_key(), [1; 64]).unwrap();
    let is_signed = |wrongs: usize| {
        let mut envelope = signed.clone();
        let signatures = [vec![wrong.clone(); wrongs], vec![right.clone()]].concat();
        envelope.signatures = signatures.try_into().unwrap();
        let mut node = founded(&alice);
        let network_id = node.network().network_id();
        let sent = Submission::new(TransactionEnvelope::Tx(envelope), network_id).unwrap();
        match node.send(sent).unwrap() {
            Sent::Error(result) => result.result != TransactionResultResult::TxBadAuth,
            other => panic!("{other:?}"),
        }
    };
    assert!(is_signed(8), "within a thousand");
    assert!(!is_signed(10), "beyond");
}

/// A node on which `account` has coins, in ledger 2.
fn founded(account: &Keypair) -> Node {
    let mut node = Node::open(node(Pace::Manual)).unwrap();
    let root = node.root();
    let created = OperationBody::CreateAccount(CreateAccountOp {
        destination: account.account_id(),
        starting_balance: crate::FUNDS,
    });
    let created = signed(&root, transaction(&root, 1, created));
    let network_id = node.network().network_id();
    let created = Submission::new(created, network_id).unwrap();
    assert_eq!(node.send(created).unwrap(), Sent::Pending);
    node.close(None).unwrap();
    node
}
