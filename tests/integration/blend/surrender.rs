//! `collateral` on Blend: an asset that failed is handed over, its claim waits and repays the loan, and salvage sells it for the
//! pool.

use actuary::{loss::collateral_loss_down, Assets, Price, Rate};
use localnet::{InvokeError, Keypair};
use testkit::{
    asset::UNIT,
    bindings::{blend_adapter::Peril, position, salvage::SalvageError},
    feeds::PRICE_ONE,
    world::{Setup, World},
};

use crate::stage::*;

/// Prices down to 92 % of the reference.
const FALL: [i128; 2] = [1_920, 1_840];
/// Blend's error for a loan that would not stay healthy.
const INVALID_HF: u32 = 1_205;

/// A world whose collateral is to be worth 2 000.
fn pegged() -> World {
    let setup = Setup {
        peg: 2_000 * PRICE_ONE,
        ..Setup::default()
    };
    staked(&setup, CAPITAL)
}

/// An insured loan whose collateral has been at 92 % of its reference for 7 hours.
fn failed() -> (World, Keypair, position::Client) {
    let world = pegged();
    let (owner, position, _) = insured(&world, "borrower", request(Peril::Collateral));
    world.sleep(2 * DAY);
    fall(&world, &FALL);
    world.watch(7 * HOUR);
    (world, owner, position)
}

fn surrender(
    world: &World,
    (owner, position): (&Keypair, &position::Client),
    amount: i128,
    least: i128,
) -> Result<u32, InvokeError> {
    let call = world.adapter.surrender(&position.0, amount, least);
    call.send(&world.ledger, owner)
}

/// What `actuary` says that so much collateral is claimed for: the reference less a tenth.
fn owed(amount: i128) -> i128 {
    let value = Assets::from_raw(amount * 2_000);
    let (peg, mean) = (2_000 * PRICE_ONE, 1_840 * PRICE_ONE);
    let (peg, mean) = (Price::from_raw(peg), Price::from_raw(mean));
    let loss = collateral_loss_down(value, peg, mean, Rate::from_raw(1_000_000));
    loss.unwrap().raw()
}

/// What of a position's collateral is on Blend.
fn on_blend(world: &World, position: &position::Client) -> i128 {
    let held = world.pool.positions(&world.ledger, &position.0);
    held.collateral[&1]
}

fn in_salvage(world: &World) -> i128 {
    world.collateral.balance(&world.ledger, &world.salvage.0)
}

#[test]
fn what_is_surrendered_repays_the_loan_and_is_sold_for_the_pool() {
    let (world, owner, position) = failed();
    let ledger = &world.ledger;
    let claim = surrender(&world, (&owner, &position), UNIT, owed(UNIT)).unwrap();
    assert_eq!(in_salvage(&world), UNIT, "in salvage");
    assert_eq!(on_blend(&world, &position), COLLATERAL - UNIT, "left");
    let stored = world.cover.claim(claim).view(ledger).unwrap().unwrap();
    assert_eq!(stored.amount, owed(UNIT), "what actuary says");
    let finalize = || {
        let call = world.adapter.finalize(claim, &world.keeper);
        call.send(ledger, &world.keeper)
    };
    world.sleep(2 * DAY - 60);
    refused(
        finalize(),
        CoverError::NotPayable as u32,
        "its window is open",
    );
    let offer = world.salvage.offer(claim);
    refused(
        offer.send(ledger, &world.keeper),
        SalvageError::ClaimOpen as u32,
        "nor is it sold",
    );
    world.watch(120);
    let (debt, purse) = (world.health(&position).debt, usdc(&world, &owner));
    assert_eq!(finalize(), Ok(owed(UNIT)), "paid");
    let repaid = debt - world.health(&position).debt;
    assert!((0..=1).contains(&(owed(UNIT) - repaid)), "{repaid} repaid");
    assert_eq!(usdc(&world, &owner), purse, "not the owner's");
    let left = policy(&world, &position);
    assert_eq!(left.limit, LIMIT - owed(UNIT), "limit left");
    assert_eq!(left.paid, owed(UNIT), "booked");
    refused(finalize(), AdapterError::NoSuchClaim as u32, "twice");
    // The auction has fallen to half after 36 of 72 hours.
    world.sleep(36 * HOUR);
    let buyer = world.funded("buyer", 10_000 * UNIT);
    let nav = books(&world).nav_lo;
    let buy = world.salvage.buy(claim, &buyer, UNIT, 2_000 * UNIT);
    let price = buy.clone().send(ledger, &buyer).unwrap();
    assert_eq!(price, 1_000 * UNIT, "half of its reference");
    assert_eq!(books(&world).nav_lo - nav, price, "the pool's");
    let bought = world.collateral.balance(ledger, &buyer.address());
    assert_eq!(bought, UNIT, "the buyer's");
    refused(
        buy.send(ledger, &buyer),
        SalvageError::UnknownLot as u32,
        "it is sold",
    );
}

#[test]
fn the_owner_alone_surrenders_and_for_no_less_than_they_say() {
    let (world, owner, position) = failed();
    let stranger = applicant(&world, "stranger");
    unauthorised(
        surrender(&world, (&stranger, &position), UNIT, 0),
        "somebody else's",
    );
    for caller in [&owner, &stranger] {
        let direct = position.surrender(UNIT, caller, 1);
        closed(&world.ledger, caller, direct);
    }
    let dear = surrender(&world, (&owner, &position), UNIT, owed(UNIT) + 1);
    refused(dear, AdapterError::ClaimTooSmall as u32, "for more");
    assert_eq!(in_salvage(&world), 0, "nothing has moved");
}

#[test]
fn the_rest_of_the_loan_must_stay_healthy() {
    let (world, owner, position) = failed();
    let most = surrender(&world, (&owner, &position), 6 * UNIT, 0);
    refused(most, INVALID_HF, "0.66 would be left");
    assert_eq!(policy(&world, &position).open_claims, 0, "nothing is filed");
    assert_eq!(in_salvage(&world), 0, "nothing has moved");
}

#[test]
fn a_dip_is_no_failure_and_a_failing_asset_is_not_insured() {
    let world = pegged();
    let (owner, position, _) = insured(&world, "borrower", request(Peril::Collateral));
    world.sleep(2 * DAY);
    fall(&world, &FALL);
    let early = surrender(&world, (&owner, &position), UNIT, 0);
    refused(early, AdapterError::NotFailed as u32, "an hour of it");
    let late = applicant(&world, "late");
    let insure = Some(request(Peril::Collateral));
    let opened = world.open_loan(&late, COLLATERAL, DEBT, insure);
    refused(opened, AdapterError::PriceFalling as u32, "armed");
    world.sleep(26 * HOUR);
    let insure = Some(request(Peril::Collateral));
    let opened = world.open_loan(&late, COLLATERAL, DEBT, insure);
    refused(opened, AdapterError::BelowPeg as u32, "still below 97.5 %");
}

#[test]
fn the_six_hours_lie_after_the_waiting_period() {
    let world = pegged();
    let (owner, position, _) = insured(&world, "borrower", request(Peril::Collateral));
    world.watch(17 * HOUR);
    fall(&world, &FALL);
    world.watch(7 * HOUR);
    let early = surrender(&world, (&owner, &position), UNIT, 0);
    refused(early, CoverError::OutsideCover as u32, "it began before");
    world.watch(6 * HOUR);
    let claim = surrender(&world, (&owner, &position), UNIT, owed(UNIT));
    assert!(claim.is_ok(), "six hours later: {claim:?}");
}

#[test]
fn a_failure_after_the_end_is_not_paid_nor_one_that_is_claimed_after_the_grace_week() {
    let world = pegged();
    let (owner, position, quote) = insured(&world, "borrower", request(Peril::Collateral));
    world.sleep(quote.end + HOUR - world.ledger.now());
    fall(&world, &FALL);
    world.watch(7 * HOUR);
    let late = surrender(&world, (&owner, &position), UNIT, 0);
    let outside = CoverError::OutsideCover as u32;
    refused(late, outside, "it began after the end");
    world.sleep(WEEK);
    let expired = surrender(&world, (&owner, &position), UNIT, 0);
    let error = CoverError::Expired as u32;
    refused(expired, error, "the grace week is over");
    assert_eq!(in_salvage(&world), 0, "nothing has moved");
}

#[test]
fn the_limit_is_the_most_that_is_claimed() {
    let (world, owner, position) = failed();
    assert!(owed(3 * UNIT) > LIMIT, "three are worth more");
    let claim = surrender(&world, (&owner, &position), 3 * UNIT, LIMIT).unwrap();
    let filed = world.cover.claim(claim).view(&world.ledger).unwrap();
    assert_eq!(filed.unwrap().amount, LIMIT, "the limit");
    let more = surrender(&world, (&owner, &position), UNIT / 10, 0);
    refused(more, CoverError::NothingCovered as u32, "nothing is left");
    world.sleep(2 * DAY + 60);
    let finalize = world.adapter.finalize(claim, &world.keeper);
    let paid = finalize.send(&world.ledger, &world.keeper);
    assert_eq!(paid, Ok(LIMIT), "paid");
    assert_eq!(policy(&world, &position).paid, LIMIT, "booked");
}
