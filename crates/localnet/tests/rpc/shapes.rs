//! Every method as the official client reads it, on a young ledger.

use base64::{engine::general_purpose::STANDARD, Engine};
use localnet::{
    node::Pace,
    xdr::{
        ConfigSettingId, LedgerCloseMeta, LedgerEntryData, LedgerHeader, LedgerKey,
        LedgerKeyConfigSetting, Limits, ReadXdr,
    },
};
use serde_json::Value;
use stellar_rpc_client::LedgerStart;

use crate::{http, World, START};

fn call(world: &World, method: &str, params: &str) -> Value {
    let body = format!(r#"{{"jsonrpc":"2.0","id":7,"method":"{method}","params":{params}}}"#);
    let (status, body) = http::post(&world.running.rpc_url, &body);
    assert_eq!(status, 200, "{body}");
    serde_json::from_str(&body).unwrap()
}

#[tokio::test]
async fn the_network_tells_what_it_is() {
    let world = World::new(Pace::Manual);
    let network = world.client.get_network().await.unwrap();
    assert_eq!(network.passphrase, "Standalone Network ; February 2017");
    assert_eq!(network.protocol_version, 28);
    let friendbot = format!("{}/friendbot", world.running.rpc_url);
    assert_eq!(network.friendbot_url, Some(friendbot));

    let health = world.client.get_health().await.unwrap();
    assert_eq!(health.status, "healthy");
    assert_eq!((health.oldest_ledger, health.latest_ledger), (1, 1));
    assert_eq!(health.ledger_retention_window, 100);

    let version = world.client.get_version_info().await.unwrap();
    assert!(version.version.starts_with("vangnet-localnet"));
    assert!(version
        .captive_core_version
        .contains("not compared with a real validator"));
    let version = call(&world, "getVersionInfo", "null");
    assert_eq!(
        version["result"]["isComparedWithValidator"],
        Value::Bool(false)
    );
    assert_eq!(version["id"], 7);
}

#[tokio::test]
async fn the_latest_ledger_carries_header_and_metadata() {
    let world = World::new(Pace::Manual);
    let ledger = world.client.get_latest_ledger().await.unwrap();
    assert_eq!((ledger.sequence, ledger.protocol_version), (1, 28));

    let raw = call(&world, "getLatestLedger", "{}");
    let raw = &raw["result"];
    assert_eq!(raw["closeTime"], Value::String(START.to_string()));
    let decoded = |field: &str| STANDARD.decode(raw[field].as_str().unwrap()).unwrap();
    let header = LedgerHeader::from_xdr(decoded("headerXdr"), Limits::none()).unwrap();
    assert_eq!((header.ledger_seq, header.ledger_version), (1, 28));
    LedgerCloseMeta::from_xdr(decoded("metadataXdr"), Limits::none()).unwrap();
}

#[tokio::test]
async fn ledgers_are_listed_page_by_page() {
    let world = World::new(Pace::Manual);
    for _ in 0..4 {
        world.control("/close", "{}");
    }
    let start = LedgerStart::Ledger(2);
    let page = world
        .client
        .get_ledgers(start, Some(2), None)
        .await
        .unwrap();
    let sequences = |ledgers: &[stellar_rpc_client::Ledger]| -> Vec<_> {
        ledgers.iter().map(|ledger| ledger.sequence).collect()
    };
    assert_eq!(sequences(&page.ledgers), [2, 3]);
    assert_eq!((page.oldest_ledger, page.latest_ledger), (1, 5));
    assert_eq!(page.cursor, "3");
    let start = LedgerStart::Cursor(page.cursor);
    let page = world.client.get_ledgers(start, None, None).await.unwrap();
    assert_eq!(sequences(&page.ledgers), [4, 5]);

    for (params, code) in [
        (r#"{"startLedger":6}"#, -32600),
        (r#"{"startLedger":0}"#, -32600),
        (r#"{"startLedger":1,"pagination":{"limit":201}}"#, -32600),
        (r#"{"startLedger":1,"pagination":{"cursor":"2"}}"#, -32600),
        (r#"{"pagination":{"cursor":"5"}}"#, -32602),
        (r#"{"pagination":{"cursor":"x"}}"#, -32602),
        (r#"{"startLedger":"1"}"#, -32602),
        (r#"{"startLedger":1,"xdrFormat":"json"}"#, -32602),
    ] {
        let failed = call(&world, "getLedgers", params);
        assert_eq!(failed["error"]["code"], code, "{params}: {failed}");
    }
}

#[tokio::test]
async fn entries_are_found_by_key() {
    let world = World::new(Pace::Manual);
    let root = world
        .client
        .get_account(&world.running.root.to_string())
        .await;
    assert_eq!(root.unwrap().balance, localnet::node::SUPPLY);

    let key = LedgerKey::ConfigSetting(LedgerKeyConfigSetting {
        config_setting_id: ConfigSettingId::ContractComputeV0,
    });
    let found = world
        .client
        .get_full_ledger_entries(std::slice::from_ref(&key))
        .await
        .unwrap();
    assert_eq!(found.latest_ledger, 1);
    assert_eq!(found.entries.len(), 1);
    assert_eq!(found.entries[0].key, key);
    assert!(matches!(
        found.entries[0].val,
        LedgerEntryData::ConfigSetting(_)
    ));
    assert_eq!(found.entries[0].live_until_ledger_seq, None);

    let keys = vec![format!("{:?}", "AAAA"); 201].join(",");
    let failed = call(
        &world,
        "getLedgerEntries",
        &format!(r#"{{"keys":[{keys}]}}"#),
    );
    assert_eq!(failed["error"]["code"], -32602);
    assert_eq!(
        failed["error"]["message"],
        "key count (201) exceeds maximum supported (200)"
    );
    let failed = call(&world, "getLedgerEntries", r#"{"keys":["AAAA"]}"#);
    assert_eq!(
        failed["error"]["message"],
        "cannot unmarshal key value at index 0"
    );
    // A time to live, of the hash 00..00.
    let ttl = STANDARD.encode([&[0, 0, 0, 9][..], &[0; 32]].concat());
    let failed = call(
        &world,
        "getLedgerEntries",
        &format!(r#"{{"keys":["{ttl}"]}}"#),
    );
    assert_eq!(
        failed["error"]["message"],
        "ledger ttl entries cannot be queried directly"
    );
}

#[tokio::test]
async fn fees_of_an_idle_network_are_none() {
    let world = World::new(Pace::Manual);
    let fees = world.client.get_fee_stats().await.unwrap();
    assert_eq!(
        (fees.latest_ledger, fees.inclusion_fee.transaction_count),
        (1, 0)
    );
    assert_eq!(fees.soroban_inclusion_fee.p99, "0");
}

#[tokio::test]
async fn what_is_no_call_is_refused_with_its_code() {
    let world = World::new(Pace::Manual);
    for (body, code) in [
        ("", -32700),
        ("{", -32700),
        ("[]", -32600),
        ("1", -32600),
        ("[1]", -32600),
        (r#"{"jsonrpc":"1.0","id":1,"method":"getHealth"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":1}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":[1],"method":"getHealth"}"#, -32600),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"getHealth","extra":1}"#,
            -32600,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"getHealth","params":1}"#,
            -32600,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"getHealth","params":[1]}"#,
            -32602,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"rpc.serverInfo"}"#,
            -32601,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"getTransaction"}"#,
            -32602,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"sendTransaction","params":{"transaction":"AAAA"}}"#,
            -32602,
        ),
    ] {
        let (status, said) = http::post(&world.running.rpc_url, body);
        let said: Value = serde_json::from_str(&said).unwrap();
        let said = if said.is_array() { &said[0] } else { &said };
        assert_eq!(
            (status, said["error"]["code"].as_i64()),
            (200, Some(code)),
            "{body}: {said}"
        );
    }
}

#[tokio::test]
async fn several_calls_at_once_are_answered_in_order() {
    let world = World::new(Pace::Manual);
    let body = r#"[{"jsonrpc":"2.0","id":"a","method":"getHealth"},
        {"jsonrpc":"2.0","method":"getHealth"},
        {"jsonrpc":"2.0","id":2,"method":"nothing"}]"#;
    let (_, said) = http::post(&world.running.rpc_url, body);
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said.as_array().unwrap().len(), 2);
    assert_eq!((&said[0]["id"], &said[1]["id"]), (&"a".into(), &2.into()));
    assert_eq!(said[1]["error"]["code"], -32601);
    let silent = r#"{"jsonrpc":"2.0","method":"getHealth"}"#;
    assert_eq!(
        http::post(&world.running.rpc_url, silent),
        (204, String::new())
    );
    let many = format!("[{}]", vec![silent; 21].join(","));
    let (_, said) = http::post(&world.running.rpc_url, &many);
    assert!(said.contains("-32600"), "{said}");
}
