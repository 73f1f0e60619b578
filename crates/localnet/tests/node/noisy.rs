//! A contract that says much before it fails.

use localnet::xdr::{
    DiagnosticEvent, InvokeHostFunctionResult, Limits, OperationResult, OperationResultTr, ReadXdr,
    TransactionResultResult as Tx, WriteXdr,
};
use serde_json::json;

use crate::{
    coded::{wasm, Coded, Function},
    draft::{symbol, Draft},
    World,
};

/// Bytes, XDR, of the diagnostics that are kept or told.
const MOST: usize = 64 << 10;

/// `noisy` makes four million bytes, logs them eight times, and traps. Of more the host would keep nothing.
fn module() -> Vec<u8> {
    // Numbers of 32 bits as the host takes them: 0, 1, 2^22.
    let (none, one) = ([0x42, 0x04], [0x42, 0x84, 0x80, 0x80, 0x80, 0x10]);
    let many = [0x42, 0x84, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20];
    let code = [
        // A 64-bit local for the bytes, a 32-bit one to count.
        [2, 1, 0x7e, 1, 0x7f].as_slice(),
        &[none.as_slice(), &many, &[0x10, 0, 0x21, 0]].concat(),
        // Where they are, at the start of the memory.
        &[0x41, 0, 0x20, 0, 0x37, 3, 0],
        &[0x03, 0x40],
        &[none, none, none].concat(),
        &[one.as_slice(), &[0x10, 1, 0x1a]].concat(),
        &[
            0x20, 1, 0x41, 1, 0x6a, 0x22, 1, 0x41, 8, 0x49, 0x0d, 0, 0x0b,
        ],
        &[0x00, 0x0b],
    ];
    let imports = [
        (b'b', b'3', 1), // bytes_new_from_linear_memory
        (b'x', b'_', 2), // log_from_linear_memory
    ];
    let noisy = Function {
        name: "noisy",
        kind: 0,
        body: code.concat(),
    };
    wasm(&[0, 2, 4], &imports, 65, &[noisy])
}

/// A call of it.
fn world() -> (World, Draft) {
    let mut world = World::new();
    let contract = Coded::founded(&mut world, module());
    let call = contract.call(&world, &world.alice, "noisy", Vec::new(), &[]);
    let call = call.with(|data| data.resources.instructions = 100_000_000);
    (world, call)
}

fn bytes(events: &[DiagnosticEvent]) -> usize {
    let bytes = |event: &DiagnosticEvent| event.to_xdr(Limits::none()).unwrap().len();
    events.iter().map(bytes).sum()
}

#[test]
fn of_what_a_failed_call_says_only_the_last_is_kept() {
    let (mut world, call) = world();
    let outcome = world.apply(call.sign(&world, &[&world.alice]));
    let trapped = OperationResultTr::InvokeHostFunction(InvokeHostFunctionResult::Trapped);
    let results = vec![OperationResult::OpInner(trapped)];
    assert_eq!(
        outcome.result.result,
        Tx::TxFailed(results.try_into().unwrap())
    );
    let events = outcome.meta.diagnostic_events;
    let said = bytes(&events);
    assert!((100..=MOST).contains(&said), "{said} bytes");
    let localnet::xdr::ContractEventBody::V0(last) = &events.last().unwrap().event.body;
    assert_eq!(last.topics[0], symbol("host_fn_failed"));
    assert!(world.node.latest().meta.len() < 2 * MOST, "in the ledger");
}

#[test]
fn of_what_a_failed_simulation_says_only_the_last_is_told() {
    let (mut world, call) = world();
    let envelope = call.sign(&world, &[&world.alice]).envelope;
    let envelope = envelope.to_xdr_base64(Limits::none()).unwrap();
    let said = world.ask("simulateTransaction", &json!({ "transaction": envelope }));
    let error = said["error"].as_str().unwrap();
    assert!(error.contains("WasmVm, InvalidAction"), "{error}");
    assert!(error.len() <= MOST, "{} bytes of words", error.len());
    let events = said["events"].as_array().unwrap().iter();
    let events = events.map(|event| {
        let event = event.as_str().unwrap();
        DiagnosticEvent::from_xdr_base64(event, Limits::none()).unwrap()
    });
    let said = bytes(&events.collect::<Vec<_>>());
    assert!((100..=MOST).contains(&said), "{said} bytes");
}
