//! A contract that returns a value as deep as the host makes them.

use localnet::xdr::{Limits, ReadXdr, ScVal, TransactionMeta};
use serde_json::json;

use crate::{
    coded::{wasm, Coded, Function},
    World,
};

/// Maps in maps.
const DEPTH: u8 = 99;

/// `deep` returns as many maps of one entry, each but the last around the next.
fn module() -> Vec<u8> {
    // As the host takes it.
    let void = [0x42, 0x02];
    let code = [
        // A 64-bit local for the value, a 32-bit one to count.
        [2, 1, 0x7e, 1, 0x7f].as_slice(),
        &[void.as_slice(), &[0x21, 0]].concat(),
        &[0x03, 0x40, 0x10, 0],
        &[void.as_slice(), &[0x20, 0, 0x10, 1, 0x21, 0]].concat(),
        // 99, in two bytes.
        &[0x20, 1, 0x41, 1, 0x6a, 0x22, 1, 0x41, DEPTH | 0x80, 0, 0x49],
        &[0x0d, 0, 0x0b, 0x20, 0, 0x0b],
    ];
    let imports = [
        (b'm', b'_', 0), // map_new
        (b'm', b'0', 1), // map_put
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
    let contract = Coded::founded(&mut world, module());
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
