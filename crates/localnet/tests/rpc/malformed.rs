//! Nonsense, to every method: answered or refused, never a panic, never a hang. Without HTTP.

use std::time::{Duration, Instant};

use localnet::{
    node::{Node, Pace},
    rpc::{answer, parse, render, Terms},
    xdr::{Limits, WriteXdr},
    Keypair,
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{json, Value};

use crate::{invocation, native_contract, node, signed, transaction};

/// What each mutation starts from: one good call of every method.
pub(crate) fn calls() -> Vec<Value> {
    let root = Keypair::from_seed(node(Pace::Manual).network.network_id());
    let tx = transaction(&root, 1, invocation(native_contract()));
    let tx = signed(&root, tx).to_xdr_base64(Limits::none()).unwrap();
    let call = |method: &str, params: Value| json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let page = json!({ "startLedger": 1, "pagination": { "limit": 5 }, "xdrFormat": "base64" });
    let filter = json!({ "type": "contract", "contractIds": [crate::native_address().to_string()],
        "topics": [["*", "AAAADwAAAAh0cmFuc2Zlcg==", "**"]] });
    vec![
        call("getHealth", Value::Null),
        call("getNetwork", json!({})),
        call("getVersionInfo", json!({})),
        call("getLatestLedger", json!({})),
        call("getFeeStats", json!({})),
        call("getLedgers", page.clone()),
        call("getTransactions", page),
        call("getTransaction", json!({ "hash": "07".repeat(32) })),
        call("getLedgerEntries", json!({ "keys": ["AAAACAAAAAE="] })),
        call(
            "getEvents",
            json!({ "startLedger": 1, "endLedger": 2, "filters": [filter] }),
        ),
        call(
            "getEvents",
            json!({ "pagination": { "cursor": "0000000004294967296-0000000001" } }),
        ),
        call("sendTransaction", json!({ "transaction": tx })),
        call(
            "simulateTransaction",
            json!({ "transaction": tx, "authMode": "record",
            "resourceConfig": { "instructionLeeway": 7 } }),
        ),
    ]
}

/// A change to a call: which value in it, and what becomes of it.
fn change() -> impl Strategy<Value = (usize, Change)> {
    let text = prop_oneof![
        Just(String::new()),
        ".{0,20}",
        "[A-Za-z0-9+/]{0,64}={0,2}",
        "[0-9]{1,22}-[0-9]{1,12}",
        (0_usize..4_000).prop_map(|length| "A".repeat(length * 4)),
    ];
    let value = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        prop_oneof![Just(0), Just(1), Just(2), Just(u64::from(u32::MAX))].prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.prop_map(Value::from),
        (0_usize..300).prop_map(|count| vec![json!("AAAA"); count].into()),
        (0_usize..100).prop_map(nested),
        Just(json!({})),
    ];
    let change = prop_oneof![
        3 => value.prop_map(Change::To),
        1 => Just(Change::Gone),
        4 => (any::<usize>(), any::<u8>()).prop_map(|(at, with)| Change::Byte(at, with)),
        1 => any::<usize>().prop_map(Change::Cut),
    ];
    (any::<usize>(), change)
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(Value::Null, |inner, _| json!([inner]))
}

#[derive(Clone, Debug)]
pub(crate) enum Change {
    To(Value),
    Gone,
    Byte(usize, u8),
    Cut(usize),
}

fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    found.push(at.clone());
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(name, value)| pointers(value, format!("{at}/{name}"), found)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(index, value)| pointers(value, format!("{at}/{index}"), found)),
        _ => {}
    }
}

impl Change {
    pub(crate) fn apply(self, call: &mut Value, which: usize) {
        let mut places = Vec::new();
        pointers(call, String::new(), &mut places);
        let place = &places[which % places.len()];
        let value = call.pointer_mut(place).unwrap();
        match (self, &mut *value) {
            (Self::To(new), _) => *value = new,
            (Self::Byte(at, with), Value::String(text)) if !text.is_empty() => {
                *value = Value::from(mangled(text, at, with));
            }
            (Self::Cut(at), Value::String(text)) if !text.is_empty() => {
                let at = at % text.len();
                text.truncate(
                    (0..=at)
                        .rev()
                        .find(|at| text.is_char_boundary(*at))
                        .unwrap_or(0),
                );
            }
            (_, value) => *value = Value::Null,
        }
    }
}

/// Another byte in what is encoded, if it is base64; else in the text itself.
fn mangled(text: &str, at: usize, with: u8) -> String {
    use base64::{engine::general_purpose::STANDARD, Engine};
    match STANDARD.decode(text) {
        Ok(mut bytes) if !bytes.is_empty() => {
            let at = at % bytes.len();
            bytes[at] ^= with;
            STANDARD.encode(bytes)
        }
        _ => {
            let mut bytes = text.as_bytes().to_vec();
            let at = at % bytes.len();
            bytes[at] = with & 0x7f;
            String::from_utf8_lossy(&bytes).into_owned()
        }
    }
}

/// Asks, and checks that something is said, in time and of bounded size.
pub(crate) fn ask(node: &mut Node, terms: &Terms, body: &[u8]) {
    let began = Instant::now();
    let said = match parse(body, terms) {
        Ok(request) => render(answer(node, request)),
        Err(rejected) => rejected.render(),
    };
    assert!(
        began.elapsed() < Duration::from_secs(5),
        "{}",
        String::from_utf8_lossy(body)
    );
    assert!(said.len() < 40 << 20);
    if !said.is_empty() {
        let said: Value = serde_json::from_slice(&said).unwrap();
        let text = said.to_string();
        assert!(!text.contains("the node failed on this request"), "{text}");
        assert!(
            !text.contains("panicked"),
            "{text}\n{}",
            String::from_utf8_lossy(body)
        );
    }
}

#[test]
fn no_mutation_of_any_call_panics_or_hangs() {
    // The host's own depth needs more than a test's thread has.
    let run = || {
        let mut node = Node::open(node(Pace::Eager)).unwrap();
        let terms = Terms::of(&node);
        let calls = calls();
        for call in &calls {
            ask(&mut node, &terms, call.to_string().as_bytes());
        }
        let config = Config::with_cases(4_000);
        let changes = (0..calls.len(), prop::collection::vec(change(), 1..4));
        let node = std::cell::RefCell::new(node);
        let tried = TestRunner::new(config).run(&changes, |(which, changes)| {
            let mut call = calls[which].clone();
            for (place, change) in changes {
                change.apply(&mut call, place);
            }
            ask(&mut node.borrow_mut(), &terms, call.to_string().as_bytes());
            Ok(())
        });
        tried.unwrap();
    };
    std::thread::Builder::new()
        .stack_size(64 << 20)
        .spawn(run)
        .unwrap()
        .join()
        .unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_bytes_are_too_strange_to_read(bytes in prop::collection::vec(any::<u8>(), 0..200), text in ".{0,200}") {
        let terms = Terms { network_id: [0; 32], transaction_bytes: 1_000, friendbot_url: None };
        let _ = parse(&bytes, &terms);
        let _ = parse(text.as_bytes(), &terms);
    }
}

#[test]
fn nesting_does_not_exhaust_the_stack() {
    let terms = Terms {
        network_id: [0; 32],
        transaction_bytes: 200_000,
        friendbot_url: None,
    };
    for body in ["[".repeat(500_000), r#"{"params":"#.repeat(50_000)] {
        assert!(parse(body.as_bytes(), &terms).is_err());
    }
    // A vector in a vector in a vector, as a topic.
    let vectors = [&[0, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0, 1][..]; 20_000].concat();
    let vectors = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, vectors);
    let call = json!({ "jsonrpc": "2.0", "id": 1, "method": "getEvents",
        "params": { "startLedger": 1, "filters": [{ "topics": [[vectors]] }] } });
    assert!(parse(call.to_string().as_bytes(), &terms).is_ok());
}
