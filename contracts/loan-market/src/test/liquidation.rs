use interfaces::market::Liquidated;
use interfaces::platform::Liquidation;
use soroban_sdk::Address;

use super::{code, refused, World, UNIT};
use crate::MarketError;

/// 0.70 and 0.84: a loan of 100 against 80 is unsafe at both, worth more than its debt over LIF at the second only.
const LOW: i128 = 70_000_000_000_000;
const HIGHER: i128 = 84_000_000_000_000;

fn liquidate(world: &World, loan: &Address, seize: i128, max_repay: i128) -> Liquidated {
    world
        .market
        .liquidate(loan, &world.liquidator, &seize, &max_repay, &true)
}

#[test]
fn a_safe_loan_is_not_liquidated() {
    let world = World::new();
    let (loan, healthy) = (world.loan(100, 80), code(MarketError::Healthy));
    let attempt = || {
        refused(
            world
                .market
                .try_liquidate(&loan, &world.liquidator, &UNIT, &UNIT, &true),
        )
    };
    assert_eq!(attempt(), healthy, "health 1");
    world.set_price(99_999_999_999_999);
    assert_eq!(attempt(), None, "below 1");
    world.market.repay(&loan, &world.borrower, &(80 * UNIT));
    world.set_price(1);
    assert_eq!(attempt(), healthy, "without debt");
}

#[test]
fn a_partial_liquidation_takes_collateral_for_what_it_is_worth_less_the_incentive() {
    let world = World::new();
    let loan = world.loan(100, 80);
    world.set_price(HIGHER);
    let (before, held) = (
        world.asset.balance(&world.liquidator),
        world.collateral.balance(&world.liquidator),
    );
    let liquidated = liquidate(&world, &loan, 50 * UNIT, 100 * UNIT);
    let expected = Liquidation {
        time: world.now(),
        price: HIGHER,
        collateral: 100 * UNIT,
        debt: 80 * UNIT,
        seized: 50 * UNIT,
        repaid: 40 * UNIT,
        bad_debt: 0,
    };
    assert_eq!(liquidated.liquidation, expected, "42 / 1.05");
    assert_eq!(
        world.asset.balance(&world.liquidator),
        before - 40 * UNIT,
        "the excess is back"
    );
    assert_eq!(
        world.collateral.balance(&world.liquidator),
        held + 50 * UNIT,
        "taken"
    );
    let facts = world.facts(&loan);
    assert_eq!(
        (facts.collateral, facts.debt),
        (50 * UNIT, 40 * UNIT),
        "left"
    );
    assert_eq!(world.state().written_off, 0, "no loss");
    world.check_books();
}

#[test]
fn no_more_is_repaid_than_is_owed_and_allowed() {
    let world = World::new();
    let loan = world.loan(100, 80);
    world.set_price(95_000_000_000_000);
    let capped = liquidate(&world, &loan, 100 * UNIT, 19 * UNIT).liquidation;
    assert_eq!(
        (capped.seized, capped.repaid),
        (21 * UNIT, 19 * UNIT),
        "allowed"
    );
    let facts = world.facts(&loan);
    assert_eq!(
        (facts.collateral, facts.debt),
        (79 * UNIT, 61 * UNIT),
        "left"
    );
    let whole = liquidate(&world, &loan, 79 * UNIT, 100 * UNIT).liquidation;
    assert_eq!((whole.repaid, whole.bad_debt), (61 * UNIT, 0), "owed");
    assert!(world.facts(&loan).collateral > 0, "the rest is the owner's");
    world.market.close(&loan, &0);
    world.check_books();
}

#[test]
fn bad_debt_is_spread_over_the_lenders_in_the_same_call() {
    let world = World::new();
    let loan = world.loan(100, 80);
    world.set_price(LOW);
    let before = world.state();
    let liquidated = liquidate(&world, &loan, 1_000 * UNIT, 100 * UNIT);
    let repaid = (70 * UNIT * 100 + 104) / 105;
    assert_eq!(liquidated.liquidation.repaid, repaid, "70 / 1.05, up");
    assert_eq!(
        liquidated.liquidation.bad_debt,
        80 * UNIT - repaid,
        "bad debt"
    );
    assert_eq!(liquidated.socialised, 80 * UNIT - repaid, "all of it");
    assert!(!liquidated.is_unsettled, "there was no cover");
    let after = world.state();
    assert_eq!(
        after.supply,
        before.supply - liquidated.socialised,
        "supply"
    );
    assert_eq!(after.written_off, liquidated.socialised, "counted");
    assert_eq!(
        world.market.solvency().written_off,
        0,
        "nothing was missing"
    );
    assert_eq!(
        (after.debt, after.debt_shares, after.unsettled),
        (0, 0, 0),
        "no debt"
    );
    let facts = world.facts(&loan);
    assert_eq!((facts.collateral, facts.debt), (0, 0), "over");
    world.check_books();
}

#[test]
fn one_loss_does_not_touch_other_borrowers() {
    let world = World::new();
    let (other, loan) = (world.loan(1_000, 500), world.loan(100, 80));
    world.pass(super::YEAR);
    world.set_price(LOW);
    let owed = world.debt(&other);
    liquidate(&world, &loan, 1_000 * UNIT, 100 * UNIT);
    let eased = owed - world.debt(&other);
    assert!((0..=1).contains(&eased), "but for the rounding: {eased}");
    world.check_books();
}

#[test]
fn a_loan_that_ended_badly_can_be_used_again() {
    let world = World::new();
    let loan = world.loan(100, 80);
    world.set_price(LOW);
    liquidate(&world, &loan, 1_000 * UNIT, 100 * UNIT);
    world
        .market
        .supply_collateral(&loan, &world.borrower, &(100 * UNIT));
    world
        .market
        .borrow_more(&loan, &(10 * UNIT), &world.borrower);
    assert_eq!(world.debt(&loan), 10 * UNIT, "owes only what is new");
    world.check_books();
}

#[test]
fn amounts_are_checked() {
    let world = World::new();
    let loan = world.loan(100, 80);
    // One unit of collateral costs about a million units.
    world.set_price(1);
    let attempt = |seize: i128, most: i128| {
        refused(
            world
                .market
                .try_liquidate(&loan, &world.liquidator, &seize, &most, &true),
        )
    };
    let invalid = code(MarketError::InvalidAmount);
    assert_eq!(attempt(0, 1), invalid, "nothing seized");
    assert_eq!(attempt(1, 0), invalid, "nothing repaid");
    assert_eq!(attempt(-1, 1), invalid, "less than nothing");
}

#[test]
fn a_repayment_that_buys_no_collateral_is_refused() {
    let world = World::new();
    // One unit of collateral is worth a thousand of the asset.
    world.set_price(1_000 * interfaces::price::PRICE_ONE);
    let (owner, market) = (&world.borrower, &world.market);
    let loan = market.borrow(owner, &100, &80_000, &None, &None).0;
    world.set_price(990 * interfaces::price::PRICE_ONE);
    let cheap = refused(market.try_liquidate(&loan, &world.liquidator, &1, &900, &true));
    assert_eq!(cheap, code(MarketError::TooExpensive), "one costs 943");
    let liquidated = liquidate(&world, &loan, 1, 943);
    assert_eq!(liquidated.liquidation.repaid, 943, "rounded up");
    world.check_books();
}
