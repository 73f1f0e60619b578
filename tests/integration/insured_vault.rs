//! `insured-vault`: deposits lent on Blend, insured as a whole.

use localnet::Keypair;
use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter::{CoverRequest, Peril},
        insured_vault::{Client, CoverRequest as VaultRequest, Peril as VaultPeril, Route},
    },
    world::World,
};

use crate::stage::*;

fn deposited(world: &World) -> (Client, Keypair) {
    let (vault, lender) = (
        world.deploy_vault("vault"),
        world.funded("lender", 10_000 * UNIT),
    );
    let deposit = vault.deposit(10_000 * UNIT, &lender, &lender, &lender);
    deposit.send(&world.ledger, &lender).unwrap();
    (vault, lender)
}

fn cover() -> VaultRequest {
    VaultRequest {
        limit: 5_000 * UNIT,
        max_premium: 200 * UNIT,
        max_rate: 5_000_000,
        perils: vec![VaultPeril::Default],
        route: Route::Repay,
        weeks: 8,
    }
}

#[test]
fn a_lender_deposits_is_lent_and_leaves() {
    let world = world();
    let (vault, lender) = (
        world.deploy_vault("vault"),
        world.funded("lender", 10_000 * UNIT),
    );
    let deposit = || vault.deposit(10_000 * UNIT, &lender, &lender, &lender);
    guarded(&world.ledger, &lender, deposit());
    let shares = deposit().send(&world.ledger, &lender).unwrap();
    let state = vault.state().view(&world.ledger).unwrap();
    assert_eq!(state.cash + state.lent, state.assets_low, "assets");
    assert!(
        state.assets_low >= 10_000 * UNIT - 1,
        "all of it is there: {state:?}"
    );
    let redeem = || vault.redeem(shares, &lender, &lender, &lender);
    guarded(&world.ledger, &lender, redeem());
    let out = redeem().send(&world.ledger, &lender).unwrap();
    assert!(
        (10_000 * UNIT - 2..=10_000 * UNIT).contains(&out),
        "no profit from rounding: {out}"
    );
    assert_eq!(usdc(&world, &lender), out, "paid");
}

#[test]
fn the_owner_insures_and_cancels_for_all_depositors() {
    let world = world();
    let (vault, lender) = deposited(&world);
    let insure = || vault.insure(&vault.0, &cover());
    unauthorised(
        insure().send(&world.ledger, &lender),
        "a depositor does not insure",
    );
    let quote = insure().send(&world.ledger, &world.owner).unwrap();
    let ratio = vault.cover_ratio().view(&world.ledger).unwrap();
    assert!(
        (4_999_000..=5_030_000).contains(&ratio),
        "half is covered: {ratio}"
    );
    let state = vault.state().view(&world.ledger).unwrap();
    assert!(
        state.assets_low <= 10_000 * UNIT - quote.premium + 1,
        "the vault paid: {state:?}"
    );
    world.sleep(8 * DAY);
    let cancel = || vault.cancel();
    guarded(&world.ledger, &world.owner, cancel());
    let before = vault.state().view(&world.ledger).unwrap();
    let refund = cancel().send(&world.ledger, &world.owner).unwrap();
    let after = vault.state().view(&world.ledger).unwrap();
    assert_eq!(
        after.cash,
        before.cash + refund,
        "the refund is the depositors'"
    );
    assert_eq!(vault.cover_ratio().view(&world.ledger), Ok(0), "uncovered");
}

#[test]
fn money_moves_by_the_owner_only_between_vault_and_platform() {
    let world = world();
    let (vault, _) = deposited(&world);
    let lent = vault.state().view(&world.ledger).unwrap().lent;
    guarded(&world.ledger, &world.owner, vault.divest(lent / 2));
    vault
        .divest(lent / 2)
        .send(&world.ledger, &world.owner)
        .unwrap();
    guarded(&world.ledger, &world.owner, vault.invest(lent / 4));
    let hash = world
        .ledger
        .upload(&world.owner, testkit::wasm::INSURED_VAULT)
        .unwrap();
    guarded(
        &world.ledger,
        &world.owner,
        vault.upgrade(&hash, &world.owner),
    );
}

#[test]
fn a_settlement_without_a_loss_pays_nothing() {
    let world = world();
    let (vault, _) = deposited(&world);
    vault
        .insure(&vault.0, &cover())
        .send(&world.ledger, &world.owner)
        .unwrap();
    let settled = vault
        .settle(&world.keeper)
        .send(&world.ledger, &world.keeper);
    assert_eq!(settled, Ok(0), "nothing was lost");
    let unused: CoverRequest = request(Peril::Default);
    let as_loan = world
        .adapter
        .insure(&vault.0, &unused)
        .send(&world.ledger, &world.keeper);
    refused(
        as_loan,
        AdapterError::NotAPosition as u32,
        "a vault is no position",
    );
}
