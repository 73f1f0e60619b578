//! `default` on the market: the lenders are paid inside the liquidation, before the loss is spread over them.

use actuary::{loss::default_loss_down, Assets, Rate};
use localnet::{contract_address, xdr::ScAddress};
use testkit::{
    asset::UNIT,
    bindings::{
        cover_pool as cover,
        loan_market::{Liquidated, MarketError, Peril},
        OnLedger,
    },
    market::Market,
    world::World,
};

use super::{insured, liquidate, loan, policy, request, supply, world};
use crate::stage::{
    applicant, fall, payout, price, refused, unauthorised, usdc_of, DAY, HOUR, LIMIT,
};

/// Prices from where a loan is safe down to where its collateral is worth less than its debt.
const CRASH: [i128; 4] = [1_600, 1_300, 1_050, 900];

/// What `actuary` says that cover owes the lenders of a loan at `dollars`.
fn expected(world: &World, market: &Market, address: &ScAddress, dollars: i128) -> i128 {
    let facts = loan(world, market, address);
    let value = Assets::from_raw(facts.collateral * dollars);
    let recoverable = -(-value.raw() * 10_000_000 / 10_500_000);
    let (debt, bad) = (
        Assets::from_raw(facts.debt),
        Assets::from_raw(facts.debt - recoverable),
    );
    let loss = default_loss_down(bad, debt, value, Rate::from_raw(10_500_000)).unwrap();
    let limit = Assets::from_raw(policy(world, address).limit);
    payout(loss, 1_000_000, limit)
}

#[test]
fn lenders_are_paid_in_the_same_transaction() {
    let (world, market) = world();
    let (_, address, _) = insured(&world, &market, "borrower", &[Peril::Default]);
    world.sleep(4 * DAY);
    fall(&world, &CRASH);
    let owes = expected(&world, &market, &address, 900);
    let before = supply(&world, &market);
    let Liquidated {
        liquidation,
        covered,
        socialised,
        is_unsettled,
        ..
    } = liquidate(&world, &market, &address, true).unwrap();
    assert!(liquidation.bad_debt > 1_000 * UNIT, "there is bad debt");
    assert_eq!(covered, owes, "what actuary says");
    assert_eq!(socialised, liquidation.bad_debt - covered, "the rest");
    assert!(!is_unsettled, "settled");
    let lost = before - supply(&world, &market);
    assert!((lost - socialised).abs() <= 1, "the lenders bear the rest");
    assert_eq!(
        policy(&world, &address).limit,
        LIMIT - covered,
        "limit left"
    );
    assert_eq!(
        usdc_of(&world, &market.insurer.0),
        0,
        "nothing stays between"
    );
    let again = market
        .platform
        .settle_cover(&address, &world.keeper)
        .send(&world.ledger, &world.keeper);
    refused(again, MarketError::NothingUnsettled as u32, "twice");
}

#[test]
fn without_cover_the_lenders_lose_all_of_it() {
    let (world, market) = world();
    let owner = super::applicant(&world, "borrower");
    let opened = market.borrow(
        &world.ledger,
        &owner,
        crate::stage::COLLATERAL,
        super::DEBT,
        None,
    );
    let (address, _) = opened.unwrap();
    fall(&world, &CRASH);
    let before = supply(&world, &market);
    let done = liquidate(&world, &market, &address, true).unwrap();
    assert_eq!((done.covered, done.is_unsettled), (0, false), "no cover");
    assert_eq!(done.socialised, done.liquidation.bad_debt, "all of it");
    let lost = before - supply(&world, &market);
    assert!((lost - done.socialised).abs() <= 1, "by the lenders");
}

#[test]
fn nothing_is_paid_before_the_waiting_period_or_after_the_term() {
    let (world, market) = world();
    let start = world.ledger.snapshot();
    let (_, early, _) = insured(&world, &market, "early", &[Peril::Default]);
    fall(&world, &CRASH);
    let done = liquidate(&world, &market, &early, true).unwrap();
    assert_eq!((done.covered, done.is_unsettled), (0, false), "waiting");
    assert_eq!(done.socialised, done.liquidation.bad_debt, "uncovered");
    world.ledger.revert(&start);
    price(&world, 2_000);
    let (_, late, quote) = insured(&world, &market, "late", &[Peril::Default]);
    world.sleep(quote.end + HOUR - world.ledger.now());
    fall(&world, &CRASH);
    let done = liquidate(&world, &market, &late, true).unwrap();
    assert_eq!((done.covered, done.is_unsettled), (0, false), "ended");
    assert_eq!(policy(&world, &late).paid, 0, "nothing was paid");
}

#[test]
fn the_limit_is_the_most_that_is_paid() {
    let (world, market) = world();
    let owner = super::applicant(&world, "borrower");
    let mut small = request(&[Peril::Default]);
    small.limit = 500 * UNIT;
    let collateral = crate::stage::COLLATERAL;
    let opened = market.borrow(&world.ledger, &owner, collateral, super::DEBT, Some(small));
    let (address, _) = opened.unwrap();
    world.sleep(4 * DAY);
    fall(&world, &CRASH);
    assert_eq!(expected(&world, &market, &address, 900), 500 * UNIT, "cut");
    let done = liquidate(&world, &market, &address, true).unwrap();
    assert_eq!(done.covered, 500 * UNIT, "the limit");
    assert_eq!(policy(&world, &address).limit, 0, "used up");
}

#[test]
fn another_peril_does_not_pay_for_it() {
    let (world, market) = world();
    let (_, address, _) = insured(&world, &market, "borrower", &[Peril::Liquidation]);
    world.sleep(4 * DAY);
    fall(&world, &CRASH);
    let done = liquidate(&world, &market, &address, true).unwrap();
    assert_eq!((done.covered, done.to_borrower), (0, 0), "not insured");
}

#[test]
fn a_stranger_settles_nothing() {
    let (world, market) = world();
    let (_, address, _) = insured(&world, &market, "borrower", &[Peril::Default]);
    world.sleep(4 * DAY);
    fall(&world, &CRASH);
    let stranger = applicant(&world, "stranger");
    let loss = cover::Loss {
        amount: 1_000 * UNIT,
        event: 0,
        occurred_at: world.ledger.now(),
        peril: cover::Peril::Default,
        rescue: true,
        sources: 3,
    };
    let interest = cover::Interest(address.clone(), cover::Class::Loan);
    let paid = world.cover.pay(&interest, &loss, &stranger);
    unauthorised(paid.send(&world.ledger, &stranger), "the pool's pay");
    let facts = loan(&world, &market, &address);
    let made_up = testkit::bindings::market_adapter::Liquidation {
        bad_debt: 4_000 * UNIT,
        collateral: facts.collateral,
        debt: facts.debt,
        price: 1,
        repaid: 0,
        seized: facts.collateral,
        time: world.ledger.now(),
    };
    let insurer = &market.insurer;
    let settle = insurer.settle_liquidation(&market.platform.0, &address, &made_up, &stranger);
    unauthorised(
        settle.send(&world.ledger, &stranger),
        "in the platform's name",
    );
    let platform = contract_address([7; 32]);
    let settle = insurer.settle_liquidation(&platform, &address, &made_up, &stranger);
    assert!(
        settle.send(&world.ledger, &stranger).is_err(),
        "in that of a platform nobody listed"
    );
    let compensate = testkit::bindings::loan_market::Beneficiary::Lenders;
    let gift = market.platform.compensate(&stranger, &compensate, 1);
    unauthorised(gift.send(&world.ledger, &stranger), "the insurer's entry");
}

/// Two liquidations of parts: each is settled for what it left, and no loss twice.
#[test]
fn a_loan_liquidated_in_parts_is_paid_once() {
    let (world, market) = world();
    let (_, address, _) = insured(&world, &market, "borrower", &[Peril::Default]);
    world.sleep(4 * DAY);
    fall(&world, &CRASH);
    let half = crate::stage::COLLATERAL / 2;
    let first = super::liquidate_part(&world, &market, &address, half, true).unwrap();
    assert_eq!(
        (first.liquidation.bad_debt, first.covered),
        (0, 0),
        "collateral is left"
    );
    let owes = expected(&world, &market, &address, 900);
    let second = super::liquidate_part(&world, &market, &address, half, true).unwrap();
    assert_eq!(second.covered, owes, "the last part brings the loss");
    let third = super::liquidate_part(&world, &market, &address, half, true);
    assert!(third.is_err(), "nothing is left");
}
