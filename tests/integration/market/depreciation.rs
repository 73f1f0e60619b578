//! `depreciation` on the market: advances, their pay-back and foreclosure, and grants.

use actuary::{
    health::Loan,
    loss::{grant_cap_up, payout_down},
    Assets, Rate,
};
use testkit::{
    asset::UNIT,
    bindings::{
        loan_market::Peril,
        market_adapter::{AdapterError, Outcome},
    },
};

use super::{insured, loan, paid, policy, world, DEBT};
use crate::stage::{refused, slide, usdc_of, COLLATERAL, DAY, LIMIT};

#[test]
fn an_advance_lifts_the_loan_to_the_target_and_is_paid_back() {
    let (world, market) = world();
    let (owner, address, _) = insured(&world, &market, "borrower", &[Peril::Advance]);
    world.sleep(2 * DAY);
    slide(&world, &[1_600, 1_350]);
    let debt = loan(&world, &market, &address).debt;
    let rescue = || {
        let call = market.insurer.rescue(&vec![address.clone()], &world.keeper);
        call.send(&world.ledger, &world.keeper).unwrap().remove(0)
    };
    let drawn = paid(&rescue());
    assert_eq!(
        loan(&world, &market, &address).debt,
        debt - drawn,
        "repaid by it"
    );
    let health = market.insurer.health(&address).view(&world.ledger).unwrap();
    assert!((12_500_000..12_500_010).contains(&health.hub), "the target");
    assert_eq!(
        rescue(),
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
    let interest = testkit::bindings::cover_pool::Interest(
        address.clone(),
        testkit::bindings::cover_pool::Class::Loan,
    );
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
    slide(&world, &[1_700, 1_500]);
    world.trigger();
    let before = loan(&world, &market, &address);
    let grant = market.insurer.grant(&vec![address.clone()], &world.keeper);
    let given = paid(&grant.send(&world.ledger, &world.keeper).unwrap()[0]);
    let amount = Assets::from_raw;
    // A quarter fell; with a tenth borne that is 3 000, of which a health factor of 1.25 needs less.
    let fallen = Loan {
        collateral: amount(before.collateral * 1_500),
        debt: amount(before.debt),
        collateral_factor: Rate::from_raw(8_000_000),
        liability_factor: Rate::FULL,
    };
    let cap = grant_cap_up(&fallen, Rate::from_raw(12_500_000)).unwrap();
    assert!(cap < amount(3_000 * UNIT), "the cap binds");
    let kappa = Rate::from_raw(1_000_000);
    let owed = payout_down(cap, Assets::ZERO, kappa, amount(LIMIT)).unwrap();
    assert_eq!(given, owed.raw(), "what actuary says");
    let after = loan(&world, &market, &address);
    assert_eq!(after.debt, before.debt - given, "off the debt");
    assert_eq!(after.collateral, COLLATERAL, "the collateral stays");
    assert_eq!(
        usdc_of(&world, &market.insurer.0),
        0,
        "nothing stays between"
    );
}

#[test]
fn a_loan_that_is_under_water_with_its_advance_is_foreclosed() {
    let (world, market) = world();
    let (owner, address, _) = insured(&world, &market, "borrower", &[Peril::Advance]);
    world.sleep(2 * DAY);
    slide(&world, &[1_600, 1_350]);
    let rescue = market.insurer.rescue(&vec![address.clone()], &world.keeper);
    let drawn = paid(&rescue.send(&world.ledger, &world.keeper).unwrap()[0]);
    let early = market.insurer.start_foreclosure(&address);
    refused(
        early.send(&world.ledger, &world.keeper),
        AdapterError::NotForeclosable as u32,
        "while it is worth more",
    );
    slide(&world, &[1_150, 1_040]);
    let start = market.insurer.start_foreclosure(&address);
    start.send(&world.ledger, &world.keeper).unwrap();
    let payer = world.funded("payer", 30_000 * UNIT);
    let foreclose = market
        .insurer
        .foreclose(&address, &payer, 20_000 * UNIT, 10_000 * UNIT);
    refused(
        foreclose.clone().send(&world.ledger, &payer),
        AdapterError::TooSoon as u32,
        "at once",
    );
    world.watch(1_800);
    let before = policy(&world, &address);
    let owed = before.drawn + before.fees_due;
    let nav = world.cover.books().view(&world.ledger).unwrap().nav_lo;
    let price = foreclose.send(&world.ledger, &payer).unwrap();
    assert!(drawn > 0 && price <= 10_000 * UNIT, "within the bid");
    let policy = policy(&world, &address);
    assert_eq!(policy.drawn, 0, "nothing is owed any more");
    let gained = world.cover.books().view(&world.ledger).unwrap().nav_lo - nav;
    assert!(gained >= price.min(owed) - UNIT, "the pool is paid first");
    let held = world.collateral.balance(&world.ledger, &payer.address());
    assert_eq!(held, COLLATERAL, "the payer has the collateral");
    let closed = loan(&world, &market, &address);
    assert_eq!(
        (closed.debt, closed.collateral),
        (0, 0),
        "the loan is closed"
    );
    let spent = 30_000 * UNIT - usdc_of(&world, &payer.address());
    assert!(
        spent >= price && spent < 10 * 1_100 * UNIT,
        "for its debt and price"
    );
    let premium = 300 * UNIT;
    assert!(
        usdc_of(&world, &owner.address()) > DEBT - premium,
        "the owner keeps what was borrowed"
    );
}
