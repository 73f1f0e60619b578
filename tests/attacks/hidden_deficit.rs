//! A theft that is hidden, spoilt, blown up or shown again: cover is not bought for what has been stolen, what was proven is not
//! talked small by a large deposit, a lender who leaves for a moment gains others no more than one who leaves, and what came
//! back is not paid for a second time.

use localnet::{InvokeError, Keypair};
use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter::AdapterError,
        insured_vault::{Client, CoverRequest, Peril, Quote, Route},
    },
    world::{Setup, World},
};

use crate::scene::*;

const SUPPLY: u32 = 0;
const WITHDRAW: u32 = 1;
const DEPOSIT: i128 = 100_000 * UNIT;
/// A twentieth of what is lent, the deposit included.
const LOOT: i128 = 255_000 * UNIT;
/// A hundred times what is lent.
const FORTUNE: i128 = 510_000_000 * UNIT;

/// A world whose settlement asset can be taken back by its issuer, as a thief would, and a vault with a deposit.
fn lent() -> (World, Client) {
    let setup = Setup {
        has_clawback: true,
        ..Setup::default()
    };
    let (world, _) = staked(&setup);
    let vault = world.deploy_vault("vault");
    let lender = world.funded("lender", DEPOSIT);
    vault
        .deposit(DEPOSIT, &lender, &lender, &lender)
        .send(&world.ledger, &lender)
        .unwrap();
    (world, vault)
}

/// The same after the waiting period of its cover.
fn insured() -> (World, Client) {
    let (world, vault) = lent();
    insure(&world, &vault).unwrap();
    world.sleep(15 * DAY);
    (world, vault)
}

fn insure(world: &World, vault: &Client) -> Result<Quote, InvokeError> {
    let owner = &world.owner;
    world
        .usdc
        .mint(&world.ledger, &owner.address(), 1_000 * UNIT);
    let request = CoverRequest {
        limit: 50_000 * UNIT,
        max_premium: 1_000 * UNIT,
        max_rate: 5_000_000,
        perils: vec![Peril::Contract],
        route: Route::Repay,
        weeks: 8,
    };
    vault.insure(owner, &request).send(&world.ledger, owner)
}

fn steal(world: &World, amount: i128) {
    world
        .usdc
        .claw_back(&world.ledger, &world.pool.address, amount);
}

fn request_of(world: &World, who: &Keypair, request_type: u32, amount: i128) {
    let asset = &world.usdc.contract;
    world
        .pool
        .request(&world.ledger, who, request_type, asset, amount)
        .unwrap();
}

fn prove(world: &World) -> Result<i128, InvokeError> {
    let call = world
        .lenders
        .prove_deficit(&world.pool.address, &world.usdc.contract);
    let index = call.send(&world.ledger, &world.keeper)?;
    Ok(index.index)
}

fn settle(world: &World, vault: &Client) -> i128 {
    let settle = vault.settle(&world.keeper);
    settle.send(&world.ledger, &world.keeper).unwrap()
}

#[test]
fn a_theft_is_not_insured_by_hiding_it_behind_a_large_deposit() {
    let (world, vault) = lent();
    let before = world.ledger.snapshot();
    assert!(insure(&world, &vault).is_ok(), "before the theft");
    world.ledger.revert(&before);
    steal(&world, LOOT);
    let thief = world.funded("thief", FORTUNE);
    request_of(&world, &thief, SUPPLY, FORTUNE);
    let no_deficit = AdapterError::NoDeficit as u32;
    refused(prove(&world), no_deficit, "half of a thousandth");
    let short = AdapterError::PlatformNotActive as u32;
    refused(insure(&world, &vault), short, "cover");
}

#[test]
fn a_proof_is_not_spoilt_by_a_large_deposit_at_the_second_look() {
    let (world, vault) = insured();
    steal(&world, LOOT);
    prove(&world).unwrap();
    world.watch(HOUR);
    let undisturbed = world.ledger.snapshot();
    let all = prove(&world).unwrap();
    let paid = settle(&world, &vault);
    world.ledger.revert(&undisturbed);
    let lp = world.funded("lp who would pay", FORTUNE);
    request_of(&world, &lp, SUPPLY, FORTUNE / 25);
    let little = prove(&world).unwrap();
    assert!(
        0 < little && little < all / 4,
        "{little} of {all}, for a moment"
    );
    request_of(&world, &lp, WITHDRAW, FORTUNE / 25);
    assert_eq!(prove(&world), Ok(all), "all, on the same first look");
    assert_eq!(settle(&world, &vault), paid, "and is paid");
    assert!((4_990 * UNIT..=5_010 * UNIT).contains(&paid), "{paid}");
}

#[test]
fn leaving_while_it_is_counted_gains_no_more_than_leaving_for_good() {
    let (world, vault) = insured();
    let large = world.funded("large lender", 20 * LOOT);
    request_of(&world, &large, SUPPLY, 20 * LOOT);
    steal(&world, LOOT);
    prove(&world).unwrap();
    world.watch(HOUR);
    let seen = world.ledger.snapshot();
    prove(&world).unwrap();
    let with_all = settle(&world, &vault);
    world.ledger.revert(&seen);
    request_of(&world, &large, WITHDRAW, 20 * LOOT);
    prove(&world).unwrap();
    let gone = world.ledger.snapshot();
    let without = settle(&world, &vault);
    world.ledger.revert(&gone);
    request_of(&world, &large, SUPPLY, 20 * LOOT);
    assert_eq!(settle(&world, &vault), without, "whether they come back");
    assert_eq!(
        (with_all, without),
        (DEPOSIT / 40, DEPOSIT / 20),
        "a part each"
    );
    assert_eq!(settle(&world, &vault), 0, "and nothing more");
}

#[test]
fn what_was_given_back_and_stolen_again_is_not_paid_again() {
    let (world, vault) = insured();
    steal(&world, LOOT);
    prove(&world).unwrap();
    world.watch(HOUR);
    let index = prove(&world).unwrap();
    assert!(settle(&world, &vault) > 0, "paid");
    world.usdc.mint(&world.ledger, &world.pool.address, LOOT);
    assert_eq!(prove(&world), Ok(index), "it is there again");
    steal(&world, LOOT);
    let no_deficit = AdapterError::NoDeficit as u32;
    refused(prove(&world), no_deficit, "the same again");
    assert_eq!(settle(&world, &vault), 0, "nothing more");
    steal(&world, LOOT);
    prove(&world).unwrap();
    world.watch(HOUR);
    assert_eq!(prove(&world), Ok(2 * index), "only what is more counts");
}
