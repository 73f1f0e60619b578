//! Bodies and clients that nobody means well by: no mutation of a good call, but what breaks servers elsewhere.

use std::{
    collections::BTreeSet,
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use base64::{engine::general_purpose::STANDARD, Engine};
use localnet::{
    node::{Node, Pace},
    rpc::{answer, parse, render, Terms},
};
use serde_json::{json, Value};

use crate::{http, malformed::calls, node, World};

const METHODS: [&str; 12] = [
    "getHealth",
    "getNetwork",
    "getVersionInfo",
    "getLatestLedger",
    "getLedgers",
    "getLedgerEntries",
    "simulateTransaction",
    "sendTransaction",
    "getTransaction",
    "getTransactions",
    "getEvents",
    "getFeeStats",
];

/// Every field that some method has, where it is.
const FIELDS: [&str; 14] = [
    "startLedger",
    "endLedger",
    "pagination",
    "pagination.limit",
    "pagination.cursor",
    "filters",
    "keys",
    "hash",
    "transaction",
    "authMode",
    "useUpgradedAuth",
    "resourceConfig",
    "xdrFormat",
    "noSuchField",
];

/// A node, asked without HTTP.
struct Asked {
    node: Node,
    terms: Terms,
}

impl Asked {
    fn new() -> Self {
        let node = Node::open(node(Pace::Eager)).unwrap();
        let terms = Terms::of(&node);
        Self { node, terms }
    }

    /// What is said to `body`, which comes in time.
    fn say(&mut self, body: &str) -> Value {
        let began = Instant::now();
        let said = match parse(body.as_bytes(), &self.terms) {
            Ok(request) => render(answer(&mut self.node, request)),
            Err(rejected) => rejected.render(),
        };
        let shown = &body[..body.len().min(300)];
        assert!(began.elapsed() < Duration::from_secs(2), "{shown}");
        assert!(said.len() < 4 << 20, "{shown}");
        let text = String::from_utf8(said).unwrap();
        for word in ["the node failed", "panicked"] {
            assert!(!text.contains(word), "{shown}: {text}");
        }
        serde_json::from_str(&text).unwrap()
    }

    fn call(&mut self, method: &str, params: &str) -> Value {
        self.say(&call(method, params))
    }

    /// The code of the error that `method` says to `params`; 0 for a result.
    fn code(&mut self, method: &str, params: &Value) -> i64 {
        let said = self.call(method, &params.to_string());
        said["error"]["code"].as_i64().unwrap_or_default()
    }
}

fn call(method: &str, params: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{params}}}"#)
}

/// In a thread that is as deep as the server's own.
fn in_depth(run: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().stack_size(64 << 20);
    thread.spawn(run).unwrap().join().unwrap();
}

#[test]
fn good_calls_of_every_method_are_what_is_mutated() {
    let mut asked = Asked::new();
    let mut mutated = BTreeSet::new();
    for call in calls() {
        let said = asked.say(&call.to_string());
        assert!(said["result"].is_object(), "{call}: {said}");
        mutated.insert(call["method"].as_str().unwrap().to_owned());
    }
    assert_eq!(mutated, METHODS.map(str::to_owned).into());
    assert_eq!(asked.code("getEverything", &json!({})), -32_601);
}

/// Values that are JSON, but for what is told, and no field's.
fn values() -> Vec<(String, bool)> {
    let json = [
        "null",
        "true",
        "-1",
        "1.5",
        "-0.0",
        "1e308",
        "4294967295",
        "4294967296",
        "18446744073709551615",
        "18446744073709551616",
        "\"\"",
        "\"\\u0000\"",
        "\"\\ud83d\\ude00\"",
        "[]",
        "[[]]",
        "{}",
        "{\"limit\":-1}",
        "{\"cursor\":{}}",
        "[{\"topics\":[[null]]}]",
        "{\"instructionLeeway\":18446744073709551615}",
    ];
    let no_json = [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e400",
        "-1e400",
        "0x10",
        "01",
        "+1",
        "1_000",
        "'a'",
        "undefined",
        "\"\\ud800\"",
        "\"\u{1}\"",
        "[1,]",
        "{\"a\":1,}",
    ];
    let is_json = |text: &str| (text.to_owned(), true);
    let mut values: Vec<_> = json.into_iter().map(is_json).collect();
    values.extend(no_json.map(|text| (text.to_owned(), false)));
    values.push((format!("\"{}\"", "A".repeat(400_000)), true));
    values.push((format!("[{}0]", "0,".repeat(200_000)), true));
    values.push((format!("[{}\"\"]", "\"AAAA\",".repeat(60_000)), true));
    // Longer than a float holds, and deeper than a reader goes.
    values.push(("9".repeat(400), false));
    values.push((format!("{}{}", "[".repeat(100), "]".repeat(100)), true));
    values.push((format!("{}{}", "[".repeat(9_000), "]".repeat(9_000)), false));
    values.push((
        format!("{}1{}", "{\"a\":".repeat(9_000), "}".repeat(9_000)),
        false,
    ));
    values
}

#[test]
fn no_value_of_any_field_of_any_method_breaks_it() {
    in_depth(|| {
        let mut asked = Asked::new();
        for (value, is_json) in values() {
            for method in METHODS {
                for field in FIELDS {
                    let params = match field.split_once('.') {
                        Some((outer, inner)) => format!(r#"{{"{outer}":{{"{inner}":{value}}}}}"#),
                        None => format!(r#"{{"{field}":{value}}}"#),
                    };
                    let said = asked.call(method, &params);
                    let code = said["error"]["code"].as_i64();
                    let shown = &value[..value.len().min(40)];
                    let expected = match is_json {
                        true => [None, Some(-32_600), Some(-32_602)].contains(&code),
                        false => code == Some(-32_700),
                    };
                    assert!(expected, "{method} {field} {shown}: {code:?}");
                }
            }
        }
    });
}

#[test]
fn no_value_in_the_place_of_a_call_breaks_it() {
    in_depth(|| {
        let mut asked = Asked::new();
        for (value, is_json) in values() {
            let bodies = [
                value.clone(),
                format!("[{value}]"),
                format!("[{value},{value}]"),
                call("getHealth", &value),
                format!(r#"{{"jsonrpc":"2.0","id":{value},"method":"getHealth"}}"#),
                format!(r#"{{"jsonrpc":"2.0","id":1,"method":{value}}}"#),
                format!(r#"{{"jsonrpc":{value},"id":1,"method":"getHealth"}}"#),
                format!(r#"{{"jsonrpc":"2.0","id":1,"method":"getHealth","more":{value}}}"#),
            ];
            for body in bodies {
                let terms = &asked.terms;
                let Ok(request) = parse(body.as_bytes(), terms) else {
                    continue;
                };
                assert!(is_json, "{}", &body[..body.len().min(80)]);
                let said = render(answer(&mut asked.node, request));
                assert!(said.len() < 1 << 20);
            }
        }
    });
}

/// XDR that claims to be longer or deeper than it is, as `T` for every place where some is read.
fn bombs() -> Vec<Vec<u8>> {
    let word = |word: u32| word.to_be_bytes().to_vec();
    let mut bombs = vec![vec![], vec![0; 3], vec![0xff; 64], vec![0; 65_536]];
    for kind in 0..32 {
        for length in [0x7fff_ffff, 0xffff_ffff, 0x0100_0000] {
            // A union's arm that is as long as it says, or an optional one.
            bombs.push([word(kind), word(length)].concat());
            bombs.push([word(kind), word(1), word(length)].concat());
            bombs.push([word(kind), vec![0; 36], word(length)].concat());
        }
    }
    // Vectors of one vector, maps, and instances in instances.
    for link in [[16, 1, 1], [17, 1, 1], [19, 1, 1]] {
        bombs.push(link.map(word).concat().repeat(10_000));
    }
    bombs
}

#[test]
fn lengths_and_depths_that_xdr_claims_are_not_believed() {
    in_depth(|| {
        let mut asked = Asked::new();
        for bomb in bombs() {
            let bomb = STANDARD.encode(bomb);
            let keys = json!({ "keys": [bomb] });
            assert_eq!(asked.code("getLedgerEntries", &keys), -32_602);
            let sent = json!({ "transaction": bomb });
            assert_eq!(asked.code("sendTransaction", &sent), -32_602);
            let simulated = asked.call("simulateTransaction", &sent.to_string());
            assert!(simulated["result"]["error"].is_string(), "{simulated}");
            let topics = json!({ "startLedger": 1, "filters": [{ "topics": [[bomb]] }] });
            let code = asked.code("getEvents", &topics);
            assert!([0, -32_602].contains(&code), "a value or none");
        }
    });
}

/// Parameters with a list of so many.
type Listed = fn(usize) -> Value;

#[test]
fn pages_and_lists_are_as_long_as_allowed_and_no_longer() {
    let mut asked = Asked::new();
    let page = |limit: u64| json!({ "startLedger": 1, "pagination": { "limit": limit } });
    for (method, most) in [
        ("getLedgers", 200),
        ("getTransactions", 200),
        ("getEvents", 10_000),
    ] {
        for limit in [0, 1, most] {
            assert_eq!(asked.code(method, &page(limit)), 0, "{method} {limit}");
        }
        for limit in [most + 1, u64::from(u32::MAX), 1 << 32, u64::MAX] {
            assert_ne!(asked.code(method, &page(limit)), 0, "{method} {limit}");
        }
    }
    let lists: [(&str, usize, Listed); 5] = [
        (
            "getLedgerEntries",
            200,
            |count| json!({ "keys": vec!["AAAACAAAAAE="; count] }),
        ),
        (
            "getEvents",
            5,
            |count| json!({ "startLedger": 1, "filters": vec![json!({}); count] }),
        ),
        ("getEvents", 5, |count| {
            let contract = crate::native_address().to_string();
            json!({ "startLedger": 1, "filters": [{ "contractIds": vec![contract; count] }] })
        }),
        (
            "getEvents",
            5,
            |count| json!({ "startLedger": 1, "filters": [{ "topics": vec![["*"]; count] }] }),
        ),
        (
            "getEvents",
            4,
            |count| json!({ "startLedger": 1, "filters": [{ "topics": [vec!["*"; count]] }] }),
        ),
    ];
    for (method, most, params) in lists {
        assert_eq!(asked.code(method, &params(most)), 0, "{method} {most}");
        let more = params(most + 1);
        assert_eq!(asked.code(method, &more), -32_602, "{method} {most}");
    }
    let batch = |count| format!("[{}]", vec![call("getHealth", "{}"); count].join(","));
    assert_eq!(asked.say(&batch(20)).as_array().map(Vec::len), Some(20));
    assert_eq!(asked.say(&batch(21))["error"]["code"], -32_600);
}

/// What a hostile client does with a connection of its own before it stops talking.
fn hostile_starts() -> Vec<Vec<u8>> {
    let head = "POST / HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n";
    let started = [
        String::new(),
        "POST".into(),
        "POST / HTTP/1.1\r\nhost: a\r\nx: ".into(),
        format!("{head}content-length: 500000\r\n\r\n{{\"jsonrpc\""),
        format!("{head}transfer-encoding: chunked\r\n\r\nfffffff\r\n["),
        format!("{head}content-length: 99999999999999999999\r\n\r\n"),
        format!("{head}content-length: -1\r\n\r\n"),
        format!("{head}content-length: 5\r\ncontent-length: 6\r\n\r\n[]"),
        format!("{head}expect: 100-continue\r\ncontent-length: 100\r\n\r\n"),
        format!("GET /{} HTTP/1.1\r\nhost: a\r\n\r\n", "a".repeat(100_000)),
        format!("POST / HTTP/1.1\r\n{}", "a: b\r\n".repeat(10_000)),
        "\u{0}\u{1}\u{2}".repeat(1_000),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".into(),
        format!("{head}content-length: 2\r\n\r\n[]").repeat(50),
    ];
    started.map(String::into_bytes).into()
}

#[test]
fn clients_that_start_and_stop_keep_nobody_waiting() {
    let world = World::new(Pace::Manual);
    let host = world.running.rpc_url.strip_prefix("http://").unwrap();
    let mut held = Vec::new();
    for start in hostile_starts().iter().cycle().take(400) {
        let mut stream = TcpStream::connect(host).unwrap();
        // Some are refused before they are done.
        let _ = stream.write_all(start);
        held.push(stream);
    }
    let began = Instant::now();
    for method in METHODS {
        let (status, said) = http::post(&world.running.rpc_url, &call(method, "{}"));
        assert_eq!(status, 200, "{method}: {said}");
    }
    assert!(began.elapsed() < Duration::from_secs(5));
    drop(held);
}

#[test]
fn many_at_once_are_all_answered_or_told_to_come_back() {
    let world = World::new(Pace::Manual);
    let bodies: Vec<_> = calls().iter().map(Value::to_string).collect();
    let bodies = std::sync::Arc::new(bodies);
    let clients = (0..32).map(|client| {
        let (bodies, url) = (bodies.clone(), world.running.rpc_url.clone());
        thread::spawn(move || {
            for body in bodies.iter().cycle().skip(client).take(26) {
                let cut = match client % 4 {
                    0 => &body[..body.len() / 2],
                    _ => body,
                };
                let (status, said) = http::post(&url, cut);
                assert!([200, 429, 503].contains(&status), "{status}: {said}");
                assert!(serde_json::from_str::<Value>(&said).is_ok(), "{said}");
            }
        })
    });
    let clients: Vec<_> = clients.collect();
    clients
        .into_iter()
        .for_each(|client| client.join().unwrap());
}

#[test]
fn who_sends_control_a_body_slowly_keeps_nobody_waiting() {
    let world = World::new(Pace::Manual);
    let control = world.running.control_url.clone().unwrap();
    let host = control.strip_prefix("http://").unwrap();
    let slow = [
        ("/load", "application/octet-stream", 400_000_000),
        ("/close", "application/json", 60_000),
        ("/dump", "application/json", 60_000),
    ];
    let held = slow.map(|(path, kind, length)| {
        let mut stream = TcpStream::connect(host).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {kind}\r\n\
             content-length: {length}\r\n\r\n "
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream
    });
    thread::sleep(Duration::from_millis(100));
    let began = Instant::now();
    world.control("/close", "{}");
    let (status, _) = http::get(&format!("{control}/status"));
    assert_eq!(status, 200);
    assert!(began.elapsed() < Duration::from_secs(5));
    drop(held);
    let too_long = format!("{{{}}}", " ".repeat(64 << 10));
    let (status, said) = http::post(&format!("{control}/close"), &too_long);
    assert_eq!(status, 413, "{said}");
}

#[test]
fn friendbot_is_not_confused() {
    let world = World::new(Pace::Manual);
    let url = format!("{}/friendbot", world.running.rpc_url);
    let long = "A".repeat(60_000);
    for query in [
        "",
        "?",
        "?addr",
        "?addr=",
        "?addr=&addr=",
        "?addr=%47",
        "?addr=GAAA",
        "?addr=SAV7SOJ2XCEKHRRBQAJ6MMJW4FZUQPQ3GJCD4Q3NYCNBQIHIVVQZBBHD",
        &format!("?addr={}", crate::native_address()),
        &format!("?addr={long}"),
        &format!("?{}", "addr=&".repeat(5_000)),
    ] {
        let (status, said) = http::get(&format!("{url}{query}"));
        let shown = &query[..query.len().min(60)];
        assert!((400..500).contains(&status), "{shown}: {status} {said}");
    }
    let mut stream = TcpStream::connect(world.running.rpc_url.strip_prefix("http://").unwrap());
    let stream = stream.as_mut().unwrap();
    let asked = b"POST /friendbot HTTP/1.0\r\ncontent-length: 8\r\n\r\naddr=\xff\xfe\xfd";
    stream.write_all(asked).unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).unwrap();
    assert!(said.contains(" 400 "), "{said}");
}
