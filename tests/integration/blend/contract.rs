//! `contract` on Blend: a pool that is robbed, which its own books prove, and the vaults that lend there.

use actuary::{
    loss::{LossIndex, BLEND_SCALE},
    math::mul_div_down,
    Assets,
};
use localnet::{InvokeError, Keypair};
use testkit::{
    asset::UNIT,
    bindings::{
        blend_lenders as lenders, cover_pool as cover,
        insured_vault::{Client, CoverRequest, Peril, Route},
    },
    world::{Setup, World, DEPOSITS},
};

use crate::stage::*;

const DEPOSIT: i128 = 100_000 * UNIT;
/// What is taken: a tenth of all that is lent, with the deposit.
const LOOT: i128 = 510_000 * UNIT;

/// A world whose settlement asset can be taken back by its issuer, and a vault that is insured up to `limit`.
fn insured_up_to(limit: i128, perils: &[Peril]) -> (World, Client, Keypair) {
    let setup = Setup {
        has_clawback: true,
        ..Setup::default()
    };
    let world = staked(&setup, CAPITAL);
    let vault = world.deploy_vault("vault");
    let lender = world.funded("lender", DEPOSIT);
    vault
        .deposit(DEPOSIT, &lender, &lender, &lender)
        .send(&world.ledger, &lender)
        .unwrap();
    insure(&world, &vault, limit, perils).unwrap();
    (world, vault, lender)
}

/// The owner pays, so that the deposit stays what it was.
fn insure(world: &World, vault: &Client, limit: i128, perils: &[Peril]) -> Result<(), InvokeError> {
    world
        .usdc
        .mint(&world.ledger, &world.owner.address(), 5_000 * UNIT);
    let request = CoverRequest {
        limit,
        max_premium: 5_000 * UNIT,
        max_rate: 5_000_000,
        perils: perils.to_vec(),
        route: Route::Repay,
        weeks: 8,
    };
    vault
        .insure(&world.owner, &request)
        .send(&world.ledger, &world.owner)
        .map(drop)
}

/// A thief takes `amount` from Blend.
fn rob(world: &World, amount: i128) {
    world
        .usdc
        .claw_back(&world.ledger, &world.pool.address, amount);
}

fn prove(world: &World) -> Result<lenders::LossIndex, InvokeError> {
    let call = world
        .lenders
        .prove_deficit(&world.pool.address, &world.usdc.contract);
    call.send(&world.ledger, &world.keeper)
}

/// Two looks with an hour between them.
fn prove_twice(world: &World) -> lenders::LossIndex {
    prove(world).unwrap();
    world.watch(HOUR);
    prove(world).unwrap()
}

fn settle(world: &World, vault: &Client) -> Result<i128, InvokeError> {
    vault
        .settle(&world.keeper)
        .send(&world.ledger, &world.keeper)
}

fn policy_of(world: &World, vault: &Client) -> cover::Policy {
    let interest = cover::Interest(vault.0.clone(), cover::Class::Deposit);
    let policy = world.cover.policy(&interest).view(&world.ledger);
    policy.unwrap().unwrap()
}

/// What `actuary` says that the vault lost by what is missing: no more than a bToken's part for each of its own.
fn share_of(world: &World, vault: &Client, missing: i128) -> i128 {
    let reserve = world.pool.reserve(&world.ledger, &world.usdc).data;
    let index = LossIndex {
        last: reserve.b_rate,
        lambda: mul_div_down(missing, BLEND_SCALE, reserve.b_supply).unwrap(),
    };
    let held = vault.state().view(&world.ledger).unwrap().b_tokens;
    let loss = index.loss_down(held, 0).unwrap();
    payout(loss, 0, Assets::MAX)
}

#[test]
fn a_vault_is_paid_for_a_deficit_that_was_seen_twice() {
    let (world, vault, lender) = insured_up_to(50_000 * UNIT, &[Peril::Default, Peril::Contract]);
    world.sleep(15 * DAY);
    let worth = |world: &World| {
        let shares = vault.balance(&lender).view(&world.ledger).unwrap();
        let worth = vault.preview_redeem(shares).view(&world.ledger);
        worth.unwrap()
    };
    let before = worth(&world);
    rob(&world, LOOT);
    let loss = share_of(&world, &vault, LOOT);
    assert!((9_990 * UNIT..=10_010 * UNIT).contains(&loss), "{loss}");
    prove(&world).unwrap();
    refused(
        prove(&world),
        AdapterError::NoDeficit as u32,
        "at once again",
    );
    assert_eq!(settle(&world, &vault), Ok(0), "seen once");
    world.watch(HOUR);
    let index = prove(&world).unwrap();
    assert_eq!(index.deficits, index.index, "deficits alone");
    let state = vault.state().view(&world.ledger).unwrap();
    assert_eq!(state.owed, loss, "owed in full");
    assert!(
        (worth(&world) + loss - before).abs() <= 2,
        "what is missing is not in the shares"
    );
    assert_eq!(
        settle(&world, &vault),
        Ok(loss),
        "paid without co-insurance"
    );
    assert!(
        (worth(&world) - before).abs() <= 2,
        "as if nothing had been"
    );
    assert_eq!(settle(&world, &vault), Ok(0), "once");
    refused(prove(&world), AdapterError::NoDeficit as u32, "nor again");
}

#[test]
fn a_second_deficit_is_paid_on_top_of_the_first() {
    let (world, vault, _) = insured_up_to(50_000 * UNIT, &[Peril::Contract]);
    world.sleep(15 * DAY);
    rob(&world, LOOT);
    prove_twice(&world);
    let first = settle(&world, &vault).unwrap();
    rob(&world, LOOT);
    world.sleep(25 * HOUR);
    prove_twice(&world);
    let loss = share_of(&world, &vault, LOOT);
    let second = settle(&world, &vault).unwrap();
    assert!((second - loss).abs() <= 2, "{second} of {loss}");
    assert_eq!(policy_of(&world, &vault).paid, first + second, "booked");
}

#[test]
fn a_deficit_is_paid_up_to_the_limit() {
    let (world, vault, _) = insured_up_to(5_000 * UNIT, &[Peril::Contract]);
    world.sleep(15 * DAY);
    rob(&world, LOOT);
    prove_twice(&world);
    assert_eq!(settle(&world, &vault), Ok(5_000 * UNIT), "the limit");
    assert_eq!(settle(&world, &vault), Ok(0), "nothing more");
}

#[test]
fn a_large_deficit_waits_in_the_claims_window() {
    let (world, vault, _) = insured_up_to(50_000 * UNIT, &[Peril::Contract]);
    world.sleep(15 * DAY);
    rob(&world, 3 * LOOT);
    prove_twice(&world);
    assert_eq!(settle(&world, &vault), Ok(0), "filed");
    let filed = vault.state().view(&world.ledger).unwrap().filed;
    assert!(filed > 29_000 * UNIT, "{filed}");
    world.sleep(2 * DAY);
    let claim = world.cover.finalize(1, &world.keeper);
    assert_eq!(claim.send(&world.ledger, &world.keeper), Ok(filed), "paid");
    assert_eq!(settle(&world, &vault), Ok(filed), "arrived");
}

#[test]
fn a_deficit_of_the_waiting_period_is_not_paid_nor_one_after_the_end() {
    let (world, vault, _) = insured_up_to(50_000 * UNIT, &[Peril::Contract]);
    world.sleep(13 * DAY);
    rob(&world, LOOT);
    prove_twice(&world);
    world.sleep(2 * DAY);
    assert_eq!(settle(&world, &vault), Ok(0), "seen in the waiting period");
    let end = policy_of(&world, &vault).end;
    world.sleep(end + HOUR - world.ledger.now());
    rob(&world, LOOT);
    prove_twice(&world);
    assert_eq!(settle(&world, &vault), Ok(0), "seen after the end");
}

#[test]
fn a_deficit_is_not_paid_to_who_insured_against_defaults_alone() {
    let (world, vault, _) = insured_up_to(50_000 * UNIT, &[Peril::Default]);
    world.sleep(15 * DAY);
    rob(&world, LOOT);
    prove_twice(&world);
    assert_eq!(settle(&world, &vault), Ok(0), "another peril");
    assert_eq!(vault.state().view(&world.ledger).unwrap().owed, 0, "owed");
}

#[test]
fn two_vaults_are_each_paid_their_own_part() {
    let (world, first, _) = insured_up_to(50_000 * UNIT, &[Peril::Contract]);
    let second = world.deploy_vault("second vault");
    let lender = world.funded("second lender", DEPOSIT / 2);
    second
        .deposit(DEPOSIT / 2, &lender, &lender, &lender)
        .send(&world.ledger, &lender)
        .unwrap();
    insure(&world, &second, 20_000 * UNIT, &[Peril::Contract]).unwrap();
    world.sleep(15 * DAY);
    rob(&world, LOOT);
    let parts = [&first, &second].map(|vault| share_of(&world, vault, LOOT));
    prove_twice(&world);
    for (vault, part) in [&first, &second].into_iter().zip(parts) {
        assert_eq!(settle(&world, vault), Ok(part), "its own part");
    }
}

#[test]
fn nothing_is_sold_and_nobody_enters_while_anything_is_missing() {
    let (world, vault, _) = insured_up_to(50_000 * UNIT, &[Peril::Contract]);
    let other = world.deploy_vault("other vault");
    let newcomer = world.funded("newcomer", 1_000 * UNIT);
    rob(&world, 1);
    let sold = insure(&world, &other, 1_000 * UNIT, &[Peril::Contract]);
    refused(sold, AdapterError::PlatformNotActive as u32, "a sale");
    let deposit = || vault.deposit(1_000 * UNIT, &newcomer, &newcomer, &newcomer);
    assert!(
        deposit().send(&world.ledger, &newcomer).is_err(),
        "a deposit"
    );
    world.usdc.mint(&world.ledger, &world.pool.address, 1);
    assert!(deposit().send(&world.ledger, &newcomer).is_ok(), "whole");
    let capped = world.cover.room(DEPOSITS).view(&world.ledger).unwrap();
    assert!(capped > 0, "room");
}
