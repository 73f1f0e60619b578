//! What the server admits.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use localnet::{
    node::Pace,
    rpc::{serve, ServerConfig},
};

use crate::{http, node, World};

const HEALTH: &str = r#"{"jsonrpc":"2.0","id":1,"method":"getHealth"}"#;
const JSON: (&str, &str) = ("content-type", "application/json");

#[test]
fn pages_of_any_origin_may_ask() {
    let world = World::new(Pace::Manual);
    let url = &world.running.rpc_url;
    let asked = [
        ("origin", "http://wallet.example"),
        ("access-control-request-method", "POST"),
        (
            "access-control-request-headers",
            "content-type,x-client-name,x-client-version",
        ),
    ];
    let said = http::say("OPTIONS", url, &asked, "");
    assert_eq!(said.status, 200);
    for header in [
        "access-control-allow-origin:",
        "access-control-allow-methods:",
    ] {
        assert!(said.headers.contains(header), "{}", said.headers);
    }
    assert!(
        said.headers.contains("x-client-version"),
        "{}",
        said.headers
    );
    let said = http::say("POST", url, &[JSON, asked[0]], HEALTH);
    assert_eq!(said.status, 200);
    assert!(
        said.headers.contains("access-control-allow-origin:"),
        "{}",
        said.headers
    );
}

#[test]
fn a_body_of_half_a_mebibyte_is_the_longest() {
    let world = World::new(Pace::Manual);
    let (status, _) = http::post(&world.running.rpc_url, &" ".repeat(512 * 1_024 + 1));
    assert_eq!(status, 413);
    let padded = format!("{HEALTH}{}", " ".repeat(512 * 1_024 - HEALTH.len()));
    assert_eq!(http::post(&world.running.rpc_url, &padded).0, 200);
}

#[test]
fn only_json_by_post_is_heard_on_the_paths_that_clients_know() {
    let world = World::new(Pace::Manual);
    let url = &world.running.rpc_url;
    assert_eq!(http::say("POST", url, &[], HEALTH).status, 415);
    assert_eq!(http::get(url).0, 405);
    for path in ["/", "/rpc", "/soroban/rpc"] {
        assert_eq!(http::post(&format!("{url}{path}"), HEALTH).0, 200, "{path}");
    }
}

#[test]
fn requests_of_one_second_are_bounded() {
    let mut config = ServerConfig::local(node(Pace::Manual));
    config.requests_per_second = 3;
    let running = serve(config).unwrap();
    let answers: Vec<_> = (0..10)
        .map(|_| http::post(&running.rpc_url, HEALTH).0)
        .collect();
    assert_eq!(answers[..3], [200; 3]);
    assert!(answers.contains(&429), "{answers:?}");
}

#[test]
fn a_key_that_is_asked_for_twice_is_answered_once() {
    use localnet::xdr::{Limits, WriteXdr};
    let world = World::new(Pace::Manual);
    let key = wire::account_key(&world.running.root);
    let key = key.to_xdr_base64(Limits::none()).unwrap();
    let body = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"getLedgerEntries","params":{{"keys":["{key}","{key}"]}}}}"#
    );
    let (_, said) = http::post(&world.running.rpc_url, &body);
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    let entries = said["result"]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 1, "{said}");
}

/// Files that this process may have open at once; 0 where the system does not tell.
fn open_files() -> u64 {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"));
    let most = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    most.unwrap_or_default()
}

#[test]
fn connections_at_once_are_bounded() {
    const CONNECTIONS: usize = 1_024;
    // Both ends of each are here.
    if open_files() < 3 * CONNECTIONS as u64 {
        eprintln!("skipped: needs {} open files: `ulimit -n`", 3 * CONNECTIONS);
        return;
    }
    let world = World::new(Pace::Manual);
    let host = world.running.rpc_url.strip_prefix("http://").unwrap();
    let connect = || {
        let mut connection = TcpStream::connect(host).unwrap();
        let length = HEALTH.len();
        let asked = format!(
            "POST / HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{HEALTH}"
        );
        connection.write_all(asked.as_bytes()).unwrap();
        connection
    };
    let is_answered = |connection: &mut TcpStream, patience| {
        let patience = Duration::from_millis(patience);
        connection.set_read_timeout(Some(patience)).unwrap();
        connection.read(&mut [0; 1_024]).is_ok_and(|read| read > 0)
    };
    let mut open: Vec<_> = (0..CONNECTIONS).map(|_| connect()).collect();
    for connection in &mut open {
        assert!(is_answered(connection, 20_000), "there is room");
    }
    let mut next = connect();
    assert!(!is_answered(&mut next, 300), "there is none");
    open.pop();
    assert!(is_answered(&mut next, 20_000), "once one is gone");
}
