use localnet::{xdr, Auth, InvokeError};

use crate::{wasm, World, ONE};

const DAY: u64 = 86_400;

fn instance(contract: &xdr::ScAddress) -> xdr::LedgerKey {
    xdr::LedgerKey::ContractData(xdr::LedgerKeyContractData {
        contract: contract.clone(),
        key: xdr::ScVal::LedgerKeyContractInstance,
        durability: xdr::ContractDataDurability::Persistent,
    })
}

#[test]
fn a_contract_archived_for_200_days_is_restored_by_the_call_that_needs_it() {
    let world = World::new();
    let contract = world
        .ledger
        .deploy(&world.alice, &wasm::module(0), ())
        .unwrap();
    let fresh = world
        .ledger
        .call(&world.alice, &contract, "noop", (), Auth::Sign(&[]))
        .unwrap();
    assert_eq!(fresh.costs.rent, 0, "nothing to pay while it lives");

    world.ledger.advance(200 * DAY);
    let ended = world.ledger.live_until(&instance(&contract)).unwrap();
    assert!(ended < world.ledger.sequence(), "archived");
    let restored = world
        .ledger
        .call(&world.alice, &contract, "noop", (), Auth::Sign(&[]))
        .unwrap();
    assert_eq!(restored.costs.write_entries, 2, "instance and code");
    assert_eq!(restored.costs.disk_read_entries, 2, "read back from disk");
    // The constant term of the cost model for parsing a module's instructions.
    let parsing = 73_077;
    let more = restored.costs.instructions - fresh.costs.instructions;
    assert!(more > parsing, "its wasm is parsed again: {more}");
    assert!(restored.costs.rent > 0, "rent: {}", restored.costs.rent);
    let lives = world.ledger.live_until(&instance(&contract)).unwrap();
    assert_eq!(
        lives,
        world.ledger.sequence() + 2_073_600 - 1,
        "120 days from now"
    );

    let after = world
        .ledger
        .call(&world.alice, &contract, "noop", (), Auth::Sign(&[]))
        .unwrap();
    assert_eq!(after.costs, fresh.costs, "as before");
}

#[test]
fn an_archived_entry_declared_read_only_is_refused() {
    let world = World::new();
    let contract = world
        .ledger
        .deploy(&world.alice, &wasm::module(0), ())
        .unwrap();
    let source = world.alice.account_id();
    let transaction = world
        .ledger
        .simulate(&source, &contract, "noop", ())
        .unwrap()
        .transaction;
    world.ledger.advance(200 * DAY);
    let refused = world.ledger.submit(&transaction);
    assert!(
        matches!(refused, Err(InvokeError::Archived(_))),
        "{refused:?}"
    );
}

#[test]
fn a_view_of_an_archived_contract_answers_and_restores_nothing() {
    let world = World::new();
    world.ledger.advance(200 * DAY);
    assert_eq!(world.balance(&world.alice), 500 * ONE, "alice");
    let ended = world.ledger.live_until(&instance(&world.usd)).unwrap();
    assert!(ended < world.ledger.sequence(), "still archived");
}

#[test]
fn an_expired_allowance_is_gone() {
    let world = World::new();
    let spender = &world.mallory;
    let until = world.ledger.sequence() + 20_000;
    let approval = (&world.alice, spender, 9 * ONE, until);
    world
        .ledger
        .call(
            &world.alice,
            &world.usd,
            "approve",
            approval,
            Auth::Sign(&[]),
        )
        .unwrap();
    let allowance = || {
        world
            .ledger
            .view::<i128>(&world.usd, "allowance", (&world.alice, spender))
            .unwrap()
    };
    assert_eq!(allowance(), 9 * ONE, "while it lives");
    world.ledger.advance(20_000 * 5);
    assert_eq!(allowance(), 9 * ONE, "in its last ledger");
    world.ledger.advance(5);
    assert_eq!(allowance(), 0, "after it");
    let args = (spender, &world.alice, &world.bob, ONE);
    let refused = world
        .ledger
        .call(spender, &world.usd, "transfer_from", args, Auth::Sign(&[]));
    assert_eq!(
        refused.unwrap_err().first_error_code(),
        Some(9),
        "AllowanceError"
    );
}
