//! `depreciation` on the market: advances, their pay-back and foreclosure, and grants.

use actuary::{
    advance::{discount_down, Foreclosure},
    health::{Loan, TARGET},
    loss::grant_cap_up,
    Assets, Rate,
};
use localnet::xdr::ScAddress;
use testkit::{
    asset::UNIT,
    bindings::{
        cover_pool::{self as cover, CoverError},
        loan_market::{CoverRequest, Peril},
        market_adapter::{AdapterError, Outcome},
        OnLedger,
    },
    market::Market,
    world::World,
};

use super::{insured, loan, paid, policy, world, DEBT};
use crate::stage::{
    books, fall, payout, price, refused, usdc, usdc_of, COLLATERAL, DAY, HOUR, LIMIT,
};

/// What a keeper's attempt to rescue a loan comes to.
fn rescue(world: &World, market: &Market, loan: &ScAddress) -> Outcome {
    let call = market.insurer.rescue(&vec![loan.clone()], &world.keeper);
    call.send(&world.ledger, &world.keeper).unwrap().remove(0)
}

/// What a keeper's attempt to pay a loan its grant comes to.
fn grant(world: &World, market: &Market, loan: &ScAddress) -> Outcome {
    let call = market.insurer.grant(&vec![loan.clone()], &world.keeper);
    call.send(&world.ledger, &world.keeper).unwrap().remove(0)
}

/// A loan as `actuary` sees it at so many dollars.
fn at(world: &World, market: &Market, address: &ScAddress, dollars: i128) -> Loan {
    let facts = loan(world, market, address);
    Loan {
        collateral: Assets::from_raw(facts.collateral * dollars),
        debt: Assets::from_raw(facts.debt),
        collateral_factor: Rate::from_raw(8_000_000),
        liability_factor: Rate::FULL,
    }
}

/// A loan with one of the two layers, up to `limit`.
fn limited(world: &World, market: &Market, peril: Peril, limit: i128) -> ScAddress {
    let owner = super::applicant(world, "borrower");
    let request = CoverRequest {
        limit,
        ..super::request(&[peril])
    };
    let opened = market.borrow(&world.ledger, &owner, COLLATERAL, DEBT, Some(request));
    opened.unwrap().0
}

#[test]
fn an_advance_lifts_the_loan_to_the_target_and_is_paid_back() {
    let (world, market) = world();
    let (owner, address, _) = insured(&world, &market, "borrower", &[Peril::Advance]);
    world.sleep(2 * DAY);
    fall(&world, &[1_600, 1_350]);
    let debt = loan(&world, &market, &address).debt;
    let needed = at(&world, &market, &address, 1_350).repay_to_reach_up(TARGET);
    let drawn = paid(&rescue(&world, &market, &address));
    assert_eq!(drawn, needed.unwrap().raw(), "what actuary says");
    assert_eq!(
        loan(&world, &market, &address).debt,
        debt - drawn,
        "repaid by it"
    );
    let health = market.insurer.health(&address).view(&world.ledger).unwrap();
    assert!((12_500_000..12_500_010).contains(&health.hub), "the target");
    assert_eq!(
        rescue(&world, &market, &address),
        Outcome::Skipped(AdapterError::Healthy as u32),
        "once"
    );
    let more = market
        .platform
        .borrow_more(&address, UNIT, &owner)
        .send(&world.ledger, &owner);
    refused(more, AdapterError::AdvanceOwed as u32, "while it is owed");
    let owed = policy(&world, &address);
    let owed = owed.drawn + owed.fees_due;
    assert!(owed > drawn, "with its fee");
    world.usdc.mint(&world.ledger, &owner.address(), owed);
    let interest = cover::Interest(address.clone(), cover::Class::Loan);
    let back = world.cover.pay_back(&interest, &owner, owed);
    back.send(&world.ledger, &owner).unwrap();
    let policy = policy(&world, &address);
    assert_eq!((policy.drawn, policy.limit), (0, LIMIT), "whole again");
}

#[test]
fn a_grant_repays_the_loan_exactly() {
    let (world, market) = world();
    let (_, address, _) = insured(&world, &market, "borrower", &[Peril::Grant]);
    world.sleep(2 * DAY);
    fall(&world, &[1_700, 1_500]);
    world.trigger();
    let before = loan(&world, &market, &address);
    // A quarter fell; with a tenth borne that is 3 000, of which a health factor of 1.25 needs less.
    let fallen = at(&world, &market, &address, 1_500);
    let cap = grant_cap_up(&fallen, TARGET).unwrap();
    assert!(cap < Assets::from_raw(3_000 * UNIT), "the cap binds");
    let owed = payout(cap, 1_000_000, Assets::from_raw(LIMIT));
    let given = paid(&grant(&world, &market, &address));
    assert_eq!(given, owed, "what actuary says");
    let after = loan(&world, &market, &address);
    assert_eq!(after.debt, before.debt - given, "off the debt");
    assert_eq!(after.collateral, COLLATERAL, "the collateral stays");
    assert_eq!(
        usdc_of(&world, &market.insurer.0),
        0,
        "nothing stays between"
    );
    let again = Outcome::Skipped(AdapterError::NothingLost as u32);
    assert_eq!(grant(&world, &market, &address), again, "twice");
}

#[test]
fn neither_layer_is_paid_before_the_waiting_period_or_after_the_end() {
    let (world, market) = world();
    let start = world.ledger.snapshot();
    let perils = [Peril::Advance, Peril::Grant];
    let unpaid = |address: &ScAddress, label: &str| {
        fall(&world, &[1_700, 1_500, 1_350]);
        world.trigger();
        let outside = Outcome::Skipped(CoverError::OutsideCover as u32);
        let both = (
            rescue(&world, &market, address),
            grant(&world, &market, address),
        );
        assert_eq!(both, (outside.clone(), outside), "{label}");
        assert_eq!(policy(&world, address).limit, LIMIT, "{label}: whole");
    };
    let (_, early, quote) = insured(&world, &market, "early", &perils);
    world.sleep(quote.start + DAY - 2 * HOUR - world.ledger.now());
    unpaid(&early, "within the first day");
    world.ledger.revert(&start);
    price(&world, 2_000);
    let (_, late, quote) = insured(&world, &market, "late", &perils);
    world.sleep(quote.end + HOUR - world.ledger.now());
    unpaid(&late, "an hour after the end");
}

#[test]
fn the_limit_is_the_most_that_either_layer_pays() {
    let (world, market) = world();
    let start = world.ledger.snapshot();
    let limit = 500 * UNIT;
    let address = limited(&world, &market, Peril::Advance, limit);
    world.sleep(2 * DAY);
    fall(&world, &[1_600, 1_350]);
    let needed = at(&world, &market, &address, 1_350).repay_to_reach_up(TARGET);
    assert!(needed.unwrap().raw() > limit, "it needs more");
    assert_eq!(paid(&rescue(&world, &market, &address)), limit, "advance");
    price(&world, 1_320);
    let small = Outcome::Skipped(AdapterError::DrawTooSmall as u32);
    assert_eq!(rescue(&world, &market, &address), small, "nothing is left");

    world.ledger.revert(&start);
    price(&world, 2_000);
    let address = limited(&world, &market, Peril::Grant, limit);
    world.sleep(2 * DAY);
    fall(&world, &[1_700, 1_350]);
    world.trigger();
    let needed = grant_cap_up(&at(&world, &market, &address, 1_350), TARGET);
    assert!(needed.unwrap().raw() > 2 * limit, "it needs more");
    assert_eq!(paid(&grant(&world, &market, &address)), limit, "grant");
    let used_up = Outcome::Skipped(CoverError::NothingCovered as u32);
    assert_eq!(grant(&world, &market, &address), used_up, "nothing is left");
}

#[test]
fn a_loan_that_is_under_water_with_its_advance_is_foreclosed() {
    let (world, market) = world();
    let (owner, address, _) = insured(&world, &market, "borrower", &[Peril::Advance]);
    world.sleep(2 * DAY);
    fall(&world, &[1_600, 1_350]);
    paid(&rescue(&world, &market, &address));
    let early = market.insurer.start_foreclosure(&address);
    refused(
        early.send(&world.ledger, &world.keeper),
        AdapterError::NotForeclosable as u32,
        "while it is worth more",
    );
    fall(&world, &[1_150, 1_040]);
    let start = market.insurer.start_foreclosure(&address);
    let started = start.send(&world.ledger, &world.keeper).unwrap();
    let payer = world.funded("payer", 30_000 * UNIT);
    let foreclose = market
        .insurer
        .foreclose(&address, &payer, 20_000 * UNIT, 10_000 * UNIT);
    refused(
        foreclose.clone().send(&world.ledger, &payer),
        AdapterError::TooSoon as u32,
        "at once",
    );
    world.watch(HOUR / 2);
    let health = market.insurer.health(&address).view(&world.ledger);
    let (health, before) = (health.unwrap(), policy(&world, &address));
    let amount = Assets::from_raw;
    let owed = amount(before.drawn + before.fees_due);
    let discount = discount_down(started, world.ledger.now()).unwrap();
    let split = Foreclosure::split(amount(health.value), amount(health.debt), owed, discount);
    let split = split.unwrap();
    let (cash, purse) = (books(&world).cash, usdc(&world, &owner));
    let price = foreclose.send(&world.ledger, &payer).unwrap();
    assert_eq!(price, split.price.raw(), "what actuary says");
    assert_eq!(
        policy(&world, &address).drawn,
        0,
        "nothing is owed any more"
    );
    let to_pool = books(&world).cash - cash;
    assert_eq!(to_pool, split.to_pool.raw(), "the pool is paid first");
    let to_owner = usdc(&world, &owner) - purse;
    assert_eq!(to_owner, split.to_owner.raw(), "the owner gets the rest");
    let held = world.collateral.balance(&world.ledger, &payer.address());
    assert_eq!(held, COLLATERAL, "the payer has the collateral");
    let closed = loan(&world, &market, &address);
    assert_eq!(
        (closed.debt, closed.collateral),
        (0, 0),
        "the loan is closed"
    );
    let spent = 30_000 * UNIT - usdc(&world, &payer);
    assert_eq!(spent, health.debt + price, "for its debt and the price");
}
