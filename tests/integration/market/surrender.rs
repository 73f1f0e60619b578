//! `collateral`: an asset that failed is handed over, its claim waits, and salvage sells it for the pool.

use actuary::{loss::collateral_loss_down, Assets, Price, Rate};
use localnet::{xdr::ScAddress, Keypair};
use testkit::{
    asset::UNIT,
    bindings::{
        cover_pool::CoverError, loan_market::Peril, market_adapter::AdapterError,
        salvage::SalvageError, OnLedger,
    },
    feeds::PRICE_ONE,
    market::{Market, MarketSetup},
    world::{Setup, World},
};

use super::{insured, loan, policy, world_with};
use crate::stage::{
    applicant, books, fall, refused, unauthorised, COLLATERAL, DAY, HOUR, LIMIT, WEEK,
};

/// Prices down to 92 % of the reference.
const FALL: [i128; 2] = [1_920, 1_840];

/// A world with a market whose collateral is to be worth 2 000.
fn pegged() -> (World, Market) {
    let setup = MarketSetup {
        peg: 2_000 * PRICE_ONE,
        ..MarketSetup::default()
    };
    world_with(&Setup::default(), &setup)
}

/// An insured loan whose collateral has been at 92 % of its reference for 7 hours.
fn failed() -> (World, Market, Keypair, ScAddress) {
    let (world, market) = pegged();
    let (owner, address, _) = insured(&world, &market, "borrower", &[Peril::Collateral]);
    world.sleep(2 * DAY);
    fall(&world, &FALL);
    world.watch(7 * HOUR);
    (world, market, owner, address)
}

/// What one unit in a whole loan pays: the reference less a tenth.
fn owed(amount: i128) -> i128 {
    let value = Assets::from_raw(amount * 2_000);
    let (peg, mean) = (2_000 * PRICE_ONE, 1_840 * PRICE_ONE);
    let (peg, mean) = (Price::from_raw(peg), Price::from_raw(mean));
    let loss = collateral_loss_down(value, peg, mean, Rate::from_raw(1_000_000));
    loss.unwrap().raw()
}

#[test]
fn what_is_surrendered_is_paid_for_and_sold_for_the_pool() {
    let (world, market, owner, address) = failed();
    let ledger = &world.ledger;
    let before = loan(&world, &market, &address);
    let surrender = market.insurer.surrender(&address, UNIT, owed(UNIT));
    let claim = surrender.send(ledger, &owner).unwrap();
    let held = world.collateral.balance(ledger, &market.salvage.0);
    assert_eq!(held, UNIT, "in salvage");
    let stored = world.cover.claim(claim).view(ledger).unwrap().unwrap();
    assert_eq!(stored.amount, owed(UNIT), "what actuary says");
    let finalize = market.insurer.finalize(claim, &world.keeper);
    refused(
        finalize.clone().send(ledger, &world.keeper),
        CoverError::NotPayable as u32,
        "its window is open",
    );
    let offer = market.salvage.offer(claim);
    refused(
        offer.send(ledger, &world.keeper),
        SalvageError::ClaimOpen as u32,
        "nor is it sold",
    );
    world.sleep(2 * DAY + 60);
    let grown = loan(&world, &market, &address).debt;
    let paid = finalize.clone().send(ledger, &world.keeper).unwrap();
    assert_eq!(paid, owed(UNIT), "paid");
    let after = loan(&world, &market, &address);
    assert_eq!(after.debt, grown - paid, "off the debt");
    assert_eq!(after.collateral, before.collateral - UNIT, "what is left");
    assert_eq!(policy(&world, &address).limit, LIMIT - paid, "limit left");
    refused(
        finalize.send(ledger, &world.keeper),
        AdapterError::NoSuchClaim as u32,
        "twice",
    );
    // The auction has fallen to half after 36 of 72 hours.
    world.sleep(36 * HOUR);
    let buyer = world.funded("buyer", 10_000 * UNIT);
    let nav = books(&world).nav_lo;
    let buy = market.salvage.buy(claim, &buyer, UNIT, 2_000 * UNIT);
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
    let (world, market, owner, address) = failed();
    let stranger = applicant(&world, "stranger");
    let surrender = |least| market.insurer.surrender(&address, UNIT, least);
    unauthorised(
        surrender(0).send(&world.ledger, &stranger),
        "somebody else's",
    );
    let dear = surrender(owed(UNIT) + 1).send(&world.ledger, &owner);
    refused(dear, AdapterError::ClaimTooSmall as u32, "for more");
    let held = world.collateral.balance(&world.ledger, &market.salvage.0);
    assert_eq!(held, 0, "nothing has moved");
}

#[test]
fn the_rest_of_the_loan_must_stay_safe() {
    let (world, market, owner, address) = failed();
    let all = market.insurer.surrender(&address, COLLATERAL, 0);
    let refused = all.send(&world.ledger, &owner);
    assert!(refused.is_err(), "{refused:?}");
}

#[test]
fn a_dip_is_no_failure_and_a_failing_asset_is_not_insured() {
    let (world, market) = pegged();
    let (owner, address, _) = insured(&world, &market, "borrower", &[Peril::Collateral]);
    world.sleep(2 * DAY);
    fall(&world, &FALL);
    let early = market.insurer.surrender(&address, UNIT, 0);
    refused(
        early.send(&world.ledger, &owner),
        AdapterError::NotFailed as u32,
        "an hour of it",
    );
    let late = super::applicant(&world, "late");
    let request = super::request(&[Peril::Collateral]);
    let opened = market.borrow(&world.ledger, &late, COLLATERAL, super::DEBT, Some(request));
    assert!(opened.is_err(), "armed: {opened:?}");
}

#[test]
fn the_six_hours_lie_after_the_waiting_period() {
    let (world, market) = pegged();
    let (owner, address, _) = insured(&world, &market, "borrower", &[Peril::Collateral]);
    world.watch(17 * HOUR);
    fall(&world, &FALL);
    world.watch(7 * HOUR);
    let surrender = market.insurer.surrender(&address, UNIT, 0);
    refused(
        surrender.send(&world.ledger, &owner),
        CoverError::OutsideCover as u32,
        "it began before",
    );
}

#[test]
fn a_failure_after_the_end_is_not_paid_nor_one_that_is_claimed_after_the_grace_week() {
    let (world, market) = pegged();
    let (owner, address, quote) = insured(&world, &market, "borrower", &[Peril::Collateral]);
    world.sleep(quote.end + HOUR - world.ledger.now());
    fall(&world, &FALL);
    world.watch(7 * HOUR);
    let surrender = || {
        let call = market.insurer.surrender(&address, UNIT, 0);
        call.send(&world.ledger, &owner)
    };
    let outside = CoverError::OutsideCover as u32;
    refused(surrender(), outside, "it began after the end");
    world.sleep(WEEK);
    let expired = CoverError::Expired as u32;
    refused(surrender(), expired, "the grace week is over");
    let held = world.collateral.balance(&world.ledger, &market.salvage.0);
    assert_eq!(held, 0, "nothing has moved");
}

#[test]
fn the_limit_is_the_most_that_is_claimed() {
    let (world, market, owner, address) = failed();
    assert!(owed(3 * UNIT) > LIMIT, "three are worth more");
    let surrender = |amount, least| {
        let call = market.insurer.surrender(&address, amount, least);
        call.send(&world.ledger, &owner)
    };
    let claim = surrender(3 * UNIT, LIMIT).unwrap();
    let filed = world.cover.claim(claim).view(&world.ledger).unwrap();
    assert_eq!(filed.unwrap().amount, LIMIT, "the limit");
    let more = surrender(UNIT / 10, 0);
    refused(more, CoverError::NothingCovered as u32, "nothing is left");
    world.sleep(2 * DAY + 60);
    let finalize = market.insurer.finalize(claim, &world.keeper);
    let paid = finalize.send(&world.ledger, &world.keeper);
    assert_eq!(paid, Ok(LIMIT), "paid");
    assert_eq!(policy(&world, &address).paid, LIMIT, "booked");
}
