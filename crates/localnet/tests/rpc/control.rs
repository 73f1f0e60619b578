//! The port that moves time.

use std::net::{Ipv4Addr, TcpStream};

use localnet::{
    node::Pace,
    rpc::{serve, ServerConfig},
};

use crate::{http, node, World};

#[tokio::test]
async fn time_moves_and_ledgers_close_when_told() {
    let world = World::new(Pace::Manual);
    let closed = world.control("/close", r#"{"time":1767225700}"#);
    assert_eq!(
        (&closed["sequence"], &closed["closedAt"]),
        (&2.into(), &1_767_225_700.into())
    );
    let open = |status: serde_json::Value| status["openLedger"].clone();
    let (_, before) = http::get(&format!(
        "{}/status",
        world.running.control_url.as_ref().unwrap()
    ));
    let before = open(serde_json::from_str(&before).unwrap())["time"]
        .as_u64()
        .unwrap();
    let after = open(world.control("/advance", r#"{"seconds":3600}"#));
    assert_eq!(after["time"], before + 3_600);
    let after = open(world.control("/time", &format!(r#"{{"time":{}}}"#, before + 7_200)));
    assert_eq!(after["time"], before + 7_200);
    assert!(after["sequence"].as_u64() > Some(1_000));
}

#[tokio::test]
async fn a_snapshot_is_gone_back_to_and_a_dump_is_carried_over() {
    let world = World::new(Pace::Manual);
    let id = world.control("/snapshot", "")["id"].clone();
    let alice = world.account("alice").await;
    let control = world.running.control_url.clone().unwrap();
    let dumped = raw_dump(&format!("{control}/dump"));
    world.control("/revert", &format!(r#"{{"id":{id}}}"#));
    let address = alice.account_id().to_string();
    assert!(world.client.get_account(&address).await.is_err());

    let other = World::new(Pace::Manual);
    let control = other.running.control_url.clone().unwrap();
    let status = raw_post(&format!("{control}/load"), &dumped);
    assert_eq!(status, 200);
    assert_eq!(
        other.client.get_account(&address).await.unwrap().balance,
        crate::FUNDS
    );
    let (status, told) = http::post(&format!("{control}/revert"), r#"{"id":99}"#);
    assert_eq!(status, 400, "{told}");
}

#[test]
fn what_is_wrong_is_refused() {
    let world = World::new(Pace::Manual);
    let control = world.running.control_url.clone().unwrap();
    for (path, params) in [
        ("/close", "1"),
        ("/close", r#"{"time":1}"#),
        ("/close", r#"{"time":1767225600}"#),
        ("/close", r#"{"time":18446744073709551615}"#),
        ("/close", r#"{"when":1}"#),
        ("/advance", "{}"),
        ("/advance", r#"{"seconds":-1}"#),
        ("/advance", r#"{"seconds":18446744073709551615}"#),
        ("/time", r#"{"time":0}"#),
        ("/revert", "[]"),
    ] {
        let (status, told) = http::post(&format!("{control}{path}"), params);
        assert_eq!(status, 400, "{path} {params}: {told}");
        assert!(told.contains("error"), "{told}");
    }
    for path in ["/close", "/dump"] {
        let (status, _) = http::get(&format!("{control}{path}"));
        assert_eq!(status, 405, "{path}");
    }
    // A page could send this much without being asked for more.
    let load = format!("{control}/load");
    for kind in ["application/json", "text/plain"] {
        let said = http::say("POST", &load, &[("content-type", kind)], "");
        assert_eq!(said.status, 415, "{kind}");
    }
    // The network goes on.
    world.control("/close", "{}");
}

#[test]
fn pages_in_a_browser_are_kept_out() {
    let world = World::new(Pace::Manual);
    let url = format!("{}/close", world.running.control_url.as_ref().unwrap());
    let json = ("content-type", "application/json");
    for (headers, status) in [
        (vec![json], 200),
        (vec![json, ("origin", "http://evil.example")], 403),
        (vec![json, ("sec-fetch-site", "cross-site")], 403),
        (vec![json, ("sec-fetch-site", "same-site")], 403),
        (vec![json, ("sec-fetch-site", "none")], 200),
        (vec![json, ("host", "evil.example:80")], 403),
        (vec![("content-type", "text/plain")], 415),
    ] {
        assert_eq!(
            http::say("POST", &url, &headers, "{}").status,
            status,
            "{headers:?}"
        );
    }
}

#[test]
fn a_clock_on_the_wall_is_not_moved_and_control_is_off_unless_wanted() {
    let world = World::new(Pace::OnDemand);
    let url = format!("{}/advance", world.running.control_url.as_ref().unwrap());
    let (status, told) = http::post(&url, r#"{"seconds":5}"#);
    assert_eq!(status, 400, "{told}");

    let mut config = ServerConfig::local(node(Pace::Manual));
    config.control_port = None;
    let running = serve(config).unwrap();
    assert_eq!(running.control_url, None);
    let (status, _) = http::post(&format!("{}/close", running.rpc_url), "{}");
    assert_eq!(status, 404);
}

#[test]
#[cfg(target_os = "linux")] // Where a machine has more than one address of its own.
fn control_is_on_this_machine_whoever_may_ask_for_the_rest() {
    let mut config = ServerConfig::local(node(Pace::Manual));
    config.address = (Ipv4Addr::UNSPECIFIED, 0).into();
    let running = serve(config).unwrap();
    let connect = |url: &str, host: &str| {
        let (_, port) = url.rsplit_once(':').unwrap();
        TcpStream::connect((host, port.parse().unwrap())).map(drop)
    };
    let control = running.control_url.as_ref().unwrap();
    for (url, is_everywhere) in [(&running.rpc_url, true), (control, false)] {
        assert!(connect(url, "127.0.0.1").is_ok(), "{url}");
        assert_eq!(connect(url, "127.0.0.2").is_ok(), is_everywhere, "{url}");
    }
}

fn raw_dump(url: &str) -> Vec<u8> {
    exchange(url, "POST", "content-type: application/json\r\n", &[])
}

fn raw_post(url: &str, body: &[u8]) -> u16 {
    let said = exchange(
        url,
        "POST",
        "content-type: application/octet-stream\r\n",
        body,
    );
    // Only the body comes back: an error's is JSON with one.
    if String::from_utf8_lossy(&said).contains("\"error\"") {
        400
    } else {
        200
    }
}

/// The body of the answer, bytes as they are.
fn exchange(url: &str, method: &str, header: &str, body: &[u8]) -> Vec<u8> {
    use std::io::{Read, Write};
    let (host, path) = url
        .strip_prefix("http://")
        .unwrap()
        .split_once('/')
        .unwrap();
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    let length = body.len();
    let head = format!(
        "{method} /{path} HTTP/1.0\r\nhost: {host}\r\n{header}content-length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut said = Vec::new();
    stream.read_to_end(&mut said).unwrap();
    let head = said
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .unwrap();
    said.split_off(head + 4)
}
