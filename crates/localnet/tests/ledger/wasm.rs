//! Uploaded wasm.

use localnet::Auth;

use crate::World;

#[path = "../fixtures/module.rs"]
mod fixture;

pub use fixture::module;

#[test]
fn uploaded_wasm_is_stored_once_and_runs() {
    let world = World::new();
    let wasm = module(0);
    let hash = world.ledger.upload(&world.alice, &wasm).unwrap();
    let entries = world.ledger.entry_count();
    assert_eq!(
        world.ledger.upload(&world.bob, &wasm).unwrap(),
        hash,
        "same hash"
    );
    assert_eq!(world.ledger.entry_count(), entries, "nothing stored again");

    let salt = [7; 32];
    let contract = world
        .ledger
        .create_contract(&world.alice, hash, salt, (), &[])
        .unwrap();
    assert_eq!(
        world.ledger.contract_of(&world.alice, salt).unwrap(),
        contract,
        "address"
    );
    let outcome = world
        .ledger
        .call(&world.bob, &contract, "noop", (), Auth::None)
        .unwrap();
    assert_eq!(outcome.get(), Ok(()), "void");
    assert_eq!(outcome.costs.write_entries, 0, "a call that writes nothing");
}

#[test]
fn the_same_salt_cannot_be_used_twice() {
    let world = World::new();
    let hash = world.ledger.upload(&world.alice, &module(0)).unwrap();
    world
        .ledger
        .create_contract(&world.alice, hash, [7; 32], (), &[])
        .unwrap();
    assert!(world
        .ledger
        .create_contract(&world.alice, hash, [7; 32], (), &[])
        .is_err());
}
