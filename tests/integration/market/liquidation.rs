//! `liquidation` on the market: the penalty of a liquidation that a fall of the price caused goes to the borrower.

use actuary::{
    health,
    loss::{grant_cap_up, liquidation_loss_down},
    Assets, Rate,
};
use localnet::xdr::ScAddress;
use testkit::{
    asset::UNIT,
    bindings::{
        loan_market::{CoverRequest, Liquidated, MarketError, Peril},
        market_adapter::{self as insurer, AdapterError},
        OnLedger,
    },
    market::Market,
    world::World,
};

use super::{insured, liquidate_part, loan, paid, policy, world, DEBT};
use crate::stage::{
    fall, payout, price, refused, unauthorised, usdc, COLLATERAL, DAY, HOUR, LIMIT,
};

/// Prices down to where the usual loan may be liquidated and leaves no bad debt: safe above 1 250.
const FALL: [i128; 3] = [1_600, 1_300, 1_200];

/// What `actuary` says that a borrower is owed for this liquidation at 1 200, of which so much was granted before.
fn expected(done: &Liquidated, granted: i128, limit: i128) -> i128 {
    let amount = Assets::from_raw;
    let lost = amount(done.liquidation.seized * 1_200);
    let repaid = amount(done.liquidation.repaid);
    let incentive = Rate::from_raw(10_500_000);
    let loss = liquidation_loss_down(lost, repaid, incentive, amount(granted)).unwrap();
    payout(loss, 3_000_000, amount(limit))
}

/// A loan insured against liquidation that may be liquidated, past its waiting period.
fn fallen() -> (World, Market, ScAddress) {
    let (world, market) = world();
    let (_, address, _) = insured(&world, &market, "borrower", &[Peril::Liquidation]);
    world.sleep(2 * DAY);
    fall(&world, &FALL);
    (world, market, address)
}

#[test]
fn seven_tenths_of_the_penalty_repay_the_loan() {
    let (world, market, address) = fallen();
    let debt = loan(&world, &market, &address).debt;
    let done = liquidate_part(&world, &market, &address, COLLATERAL / 2, true).unwrap();
    let owes = expected(&done, 0, LIMIT);
    assert!(owes > 190 * UNIT, "seven tenths of five per cent of 5 714");
    assert_eq!(done.to_borrower, owes, "what actuary says");
    let left = loan(&world, &market, &address).debt;
    assert_eq!(left, debt - done.liquidation.repaid - owes, "off the debt");
    assert_eq!(policy(&world, &address).limit, LIMIT - owes, "limit left");
    let again = market.platform.settle_cover(&address, &world.keeper);
    refused(
        again.send(&world.ledger, &world.keeper),
        MarketError::NothingUnsettled as u32,
        "twice",
    );
}

#[test]
fn each_part_is_a_loss_of_its_own_and_paid_once() {
    let (world, market, address) = fallen();
    let mut limit = LIMIT;
    for _ in 0..2 {
        let done = liquidate_part(&world, &market, &address, COLLATERAL / 10, true).unwrap();
        let owes = expected(&done, 0, limit);
        assert_eq!(done.to_borrower, owes, "what actuary says");
        limit -= owes;
        assert_eq!(policy(&world, &address).limit, limit, "limit left");
    }
}

#[test]
fn what_was_granted_for_the_same_fall_is_taken_off() {
    let (world, market) = world();
    let perils = [Peril::Grant, Peril::Liquidation];
    let (_, address, _) = insured(&world, &market, "borrower", &perils);
    world.sleep(2 * DAY);
    fall(&world, &[1_750, 1_550]);
    world.trigger();
    let facts = loan(&world, &market, &address);
    let fallen = health::Loan {
        collateral: Assets::from_raw(facts.collateral * 1_550),
        debt: Assets::from_raw(facts.debt),
        collateral_factor: Rate::from_raw(8_000_000),
        liability_factor: Rate::FULL,
    };
    let needed = grant_cap_up(&fallen, health::TARGET).unwrap().raw();
    let grant = market.insurer.grant(&vec![address.clone()], &world.keeper);
    let granted = paid(&grant.send(&world.ledger, &world.keeper).unwrap()[0]);
    assert_eq!(granted, needed * 9 / 10, "a tenth of the need is borne");
    fall(&world, &[1_300, 1_200]);
    let limit = policy(&world, &address).limit;
    let done = liquidate_part(&world, &market, &address, COLLATERAL / 2, true).unwrap();
    let owes = expected(&done, needed, limit);
    assert!(owes > 0 && owes < expected(&done, 0, limit), "less by it");
    assert_eq!(done.to_borrower, owes, "what actuary says");
}

#[test]
fn the_limit_is_the_most_that_is_paid() {
    let (world, market) = world();
    let owner = super::applicant(&world, "borrower");
    let small = CoverRequest {
        limit: 100 * UNIT,
        ..super::request(&[Peril::Liquidation])
    };
    let opened = market.borrow(&world.ledger, &owner, COLLATERAL, DEBT, Some(small));
    let (address, _) = opened.unwrap();
    world.sleep(2 * DAY);
    fall(&world, &FALL);
    let done = liquidate_part(&world, &market, &address, COLLATERAL / 2, true).unwrap();
    assert_eq!(expected(&done, 0, 100 * UNIT), 100 * UNIT, "cut");
    assert_eq!(done.to_borrower, 100 * UNIT, "the limit");
    fall(&world, &[1_100, 1_000]);
    let more = liquidate_part(&world, &market, &address, COLLATERAL / 10, true).unwrap();
    assert_eq!((more.to_borrower, more.is_unsettled), (0, false), "no more");
}

/// Nearer to its liquidation than the fall of a tenth that this peril needs, a loan is not insured at all.
#[test]
fn a_loan_at_the_edge_is_not_insured() {
    let (world, market) = world();
    let owner = super::applicant(&world, "borrower");
    let edge = 14_500 * UNIT;
    let request = Some(super::request(&[Peril::Liquidation]));
    let opened = market.borrow(&world.ledger, &owner, COLLATERAL, edge, request);
    refused(opened, AdapterError::LtvTooHigh as u32, "l = 0.91");
}

#[test]
fn a_loan_that_ends_in_bad_debt_pays_its_borrower_nothing() {
    let (world, market) = world();
    let (owner, address, _) = insured(&world, &market, "borrower", &[Peril::Liquidation]);
    world.sleep(2 * DAY);
    fall(&world, &[1_600, 1_300, 1_050, 900]);
    let before = usdc(&world, &owner);
    let done = super::liquidate(&world, &market, &address, true).unwrap();
    assert_eq!((done.covered, done.to_borrower), (0, 0), "the lenders lost");
    assert_eq!(usdc(&world, &owner), before, "nor later");
}

#[test]
fn nothing_is_paid_before_the_waiting_period_or_after_the_end() {
    let (world, market) = world();
    let start = world.ledger.snapshot();
    let unpaid = |address: &ScAddress, label: &str| {
        fall(&world, &FALL);
        let done = liquidate_part(&world, &market, address, COLLATERAL / 2, true).unwrap();
        assert!(expected(&done, 0, LIMIT) > 0, "there is a penalty");
        assert_eq!((done.to_borrower, done.is_unsettled), (0, false), "{label}");
        assert_eq!(policy(&world, address).paid, 0, "{label}");
    };
    let (_, early, _) = insured(&world, &market, "early", &[Peril::Liquidation]);
    unpaid(&early, "waiting");
    world.ledger.revert(&start);
    price(&world, 2_000);
    let (_, late, quote) = insured(&world, &market, "late", &[Peril::Liquidation]);
    world.sleep(quote.end + HOUR - world.ledger.now());
    unpaid(&late, "an hour after the end");
}

/// It counts from when it was made: what was left out of a liquidation before the end is paid after it.
#[test]
fn a_penalty_of_before_the_end_is_paid_in_the_grace_week() {
    let (world, market) = world();
    let (_, address, quote) = insured(&world, &market, "borrower", &[Peril::Liquidation]);
    world.sleep(quote.end - 3 * HOUR - world.ledger.now());
    fall(&world, &FALL);
    let done = liquidate_part(&world, &market, &address, COLLATERAL / 2, false).unwrap();
    assert!(done.is_unsettled, "left for later");
    world.sleep(2 * DAY);
    assert!(world.ledger.now() > quote.end, "the cover has ended");
    let settle = market.platform.settle_cover(&address, &world.keeper);
    let settled = settle.send(&world.ledger, &world.keeper);
    assert_eq!(settled, Ok(expected(&done, 0, LIMIT)), "what actuary says");
}

/// Only the platform says what was liquidated, and the insurer settles it once.
#[test]
fn a_stranger_reports_no_liquidation() {
    let (world, market, address) = fallen();
    let stranger = world.actor("stranger");
    let done = liquidate_part(&world, &market, &address, COLLATERAL / 2, true).unwrap();
    let told = done.liquidation;
    let more = insurer::Liquidation {
        bad_debt: told.bad_debt,
        collateral: told.collateral,
        debt: told.debt,
        price: told.price,
        repaid: told.repaid,
        seized: told.collateral,
        time: told.time,
    };
    let (insurer, platform) = (&market.insurer, &market.platform.0);
    let settle = insurer.settle_liquidation(platform, &address, &more, &stranger);
    unauthorised(
        settle.send(&world.ledger, &stranger),
        "in the platform's name",
    );
}
