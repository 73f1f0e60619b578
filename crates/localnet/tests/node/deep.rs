//! A contract that makes a value as deep as the host makes them, returns it and stores it.

use std::path::Path;

use localnet::{
    node::{Node, NodeConfig, Pace},
    xdr::{
        LedgerEntryData, LedgerKey, Limits, ReadXdr, ScVal, TransactionMeta,
        TransactionResultResult as Tx,
    },
    NetworkConfig,
};
use serde_json::json;
use tempfile::tempdir;

use crate::{
    coded::{wasm, Coded, Function},
    draft, World,
};

/// Maps in maps.
const DEPTH: u8 = 99;

/// `deep` makes `depth` maps of one entry, each but the last around the next, stores them for good under nothing if they
/// are to be kept, and returns them.
fn module(depth: u8, is_kept: bool) -> Vec<u8> {
    // As the host takes it.
    let void = [0x42, 0x02];
    let kept = [&void[..], &[0x20, 0, 0x42, 1, 0x10, 2, 0x1a]].concat();
    let kept = if is_kept { kept } else { Vec::new() };
    let code = [
        // A 64-bit local for the value, a 32-bit one to count.
        [2, 1, 0x7e, 1, 0x7f].as_slice(),
        &[void.as_slice(), &[0x21, 0]].concat(),
        &[0x03, 0x40, 0x10, 0],
        &[void.as_slice(), &[0x20, 0, 0x10, 1, 0x21, 0]].concat(),
        // The depth, in two bytes.
        &[0x20, 1, 0x41, 1, 0x6a, 0x22, 1, 0x41, depth | 0x80, 0, 0x49],
        &[0x0d, 0, 0x0b],
        &kept,
        &[0x20, 0, 0x0b],
    ];
    let imports = [
        (b'm', b'_', 0), // map_new
        (b'm', b'0', 1), // map_put
        (b'l', b'_', 1), // put_contract_data
    ];
    let deep = Function {
        name: "deep",
        kind: 0,
        body: code.concat(),
    };
    wasm(&[0, 3], &imports, 0, &[deep])
}

fn depth(value: &ScVal) -> u8 {
    match value {
        ScVal::Map(Some(map)) => 1 + map.iter().map(|entry| depth(&entry.val)).max().unwrap(),
        _ => 0,
    }
}

fn run() {
    let mut world = World::new();
    let contract = Coded::founded(&mut world, module(DEPTH, false));
    let call = contract.call(&world, &world.alice, "deep", Vec::new(), &[]);
    let call = call.sign(&world, &[&world.alice]);
    let hash = hex::encode(call.hash);
    let ledger = world.apply(call).succeeded().ledger;

    let told = world.ask("getTransaction", &json!({ "hash": hash }));
    assert_eq!(told["status"], "SUCCESS");
    let page = world.ask("getTransactions", &json!({ "startLedger": ledger }));
    assert_eq!(page["transactions"][0]["status"], "SUCCESS", "in a page");
    let events = &page["transactions"][0]["events"];
    assert!(events["transactionEventsXdr"].is_array(), "all of it");
    let meta = told["resultMetaXdr"].as_str().unwrap();
    let TransactionMeta::V4(meta) = TransactionMeta::from_xdr_base64(meta, Limits::none()).unwrap()
    else {
        panic!("metadata of another version");
    };
    let value = meta.soroban_meta.unwrap().return_value.unwrap();
    assert_eq!(depth(&value), DEPTH);
}

#[test]
fn a_return_value_as_deep_as_may_be_is_told() {
    // The host's own depth needs more than a test's thread has.
    let thread = std::thread::Builder::new().stack_size(64 << 20);
    thread.spawn(run).unwrap().join().unwrap();
}

/// A network in `folder` whose contract stored a value so deep, and where; `None` when the host does not store it.
fn stored(folder: &Path, depth: u8) -> Option<(World, LedgerKey)> {
    let mut world = World::founded(Node::open(config(folder)).unwrap());
    let contract = Coded::founded(&mut world, module(depth, true));
    let key = draft::data_key(&contract.contract, ScVal::Void);
    let stored = std::slice::from_ref(&key);
    let call = contract.call(&world, &world.alice, "deep", Vec::new(), stored);
    let call = call.with(|data| data.resources.write_bytes = 10_000);
    let outcome = world.apply(call.sign(&world, &[&world.alice]));
    matches!(outcome.result.result, Tx::TxSuccess(_)).then_some((world, key))
}

fn config(folder: &Path) -> NodeConfig {
    NodeConfig {
        folder: Some(folder.into()),
        ..NodeConfig::in_memory(NetworkConfig::mainnet(), Pace::Manual)
    }
}

fn reopen() {
    let found = (1..=DEPTH).rev().find_map(|deep| {
        let folder = tempdir().unwrap();
        let (world, key) = stored(folder.path(), deep)?;
        Some((deep, folder, world, key))
    });
    let (deep, folder, world, key) = found.unwrap();
    assert!(deep > 90, "{deep}");
    drop(world);
    let node = Node::open(config(folder.path())).unwrap();
    let (entry, _) = node.entry(&key).unwrap().unwrap();
    let LedgerEntryData::ContractData(data) = &entry.data else {
        panic!("no data");
    };
    assert_eq!(depth(&data.val), deep);
}

#[test]
fn what_is_stored_as_deep_as_may_be_is_read_again_from_the_disk() {
    let thread = std::thread::Builder::new().stack_size(64 << 20);
    thread.spawn(reopen).unwrap().join().unwrap();
}
