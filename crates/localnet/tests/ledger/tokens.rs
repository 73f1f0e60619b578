use localnet::{xdr::Asset, Auth, InvokeError};

use crate::{World, FUNDS, ONE};

#[test]
fn a_transfer_moves_exactly_its_amount_and_says_so() {
    let world = World::new();
    let sent = world.pay(120 * ONE);
    assert_eq!(world.balance(&world.alice), 380 * ONE, "alice");
    assert_eq!(world.balance(&world.bob), 120 * ONE, "bob");
    assert_eq!(sent.events.len(), 1, "events");
    assert!(sent.events[0].is_named("transfer"), "event name");
    assert_eq!(sent.events[0].contract, world.usd, "event contract");
}

#[test]
fn a_refused_transfer_names_the_contract_error_and_changes_nothing() {
    let world = World::new();
    let before = world.ledger.entry_count();
    let args = (&world.alice, &world.bob, 501 * ONE);
    let refused = world
        .ledger
        .call(&world.alice, &world.usd, "transfer", args, Auth::Sign(&[]));
    let Err(InvokeError::Contract { code, diagnostics }) = refused else {
        panic!("not a contract error: {refused:?}");
    };
    assert_eq!(code, 10, "BalanceError");
    assert!(!diagnostics.lines.is_empty(), "the host said why");
    assert_eq!(world.balance(&world.alice), 500 * ONE, "alice");
    assert_eq!(world.ledger.entry_count(), before, "entries");
}

#[test]
fn the_native_asset_moves_between_accounts() {
    let world = World::new();
    let xlm = world
        .ledger
        .deploy_asset(&world.alice, Asset::Native)
        .unwrap();
    assert_eq!(
        world.ledger.contract_of_asset(Asset::Native).unwrap(),
        xlm,
        "predicted address"
    );
    let args = (&world.alice, &world.bob, 5 * ONE);
    world
        .ledger
        .call(&world.alice, &xlm, "transfer", args, Auth::Sign(&[]))
        .unwrap();
    let balance =
        |key: &localnet::Keypair| world.ledger.account(&key.account_id()).unwrap().balance;
    assert_eq!(balance(&world.alice), FUNDS - 50_000_000, "alice");
    assert_eq!(balance(&world.bob), FUNDS + 50_000_000, "bob");
}

#[test]
fn a_missing_source_account_is_refused() {
    let world = World::new();
    let ghost = localnet::Keypair::named("ghost");
    let refused = world
        .ledger
        .call(&ghost, &world.usd, "decimals", (), Auth::None);
    assert_eq!(refused, Err(InvokeError::UnknownSource(ghost.account_id())));
}
