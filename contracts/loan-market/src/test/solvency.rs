use super::{World, UNIT};
use crate::storage;

#[test]
fn what_is_missing_is_spread_over_the_lenders_and_stays_counted() {
    let world = World::new();
    let loan = world.loan(100, 50);
    assert_eq!(world.market.write_off(), 0, "nothing is missing");
    world.claw_back(&world.market.address, 1_000 * UNIT);
    let before = world.market.solvency();
    assert_eq!(world.market.write_off(), 1_000 * UNIT, "written off");
    let after = world.market.solvency();
    assert_eq!(
        after.supply,
        before.supply - 1_000 * UNIT,
        "lenders bear it"
    );
    assert_eq!(
        after.cash,
        before.cash - 1_000 * UNIT,
        "cash is what is there"
    );
    assert_eq!(after.written_off, 1_000 * UNIT, "counted");
    assert_eq!(
        after.liabilities,
        world.debt(&loan),
        "borrowers owe as before"
    );
    let state = world.state();
    assert_eq!(state.written_off, 1_000 * UNIT, "in the books");
    assert_eq!(
        state.supply_high,
        state.supply + 1_000 * UNIT,
        "cover may still pay it"
    );
    assert_eq!(world.market.write_off(), 0, "once");
    world.check_books();
}

#[test]
fn interest_that_is_told_when_nothing_is_missing_is_booked() {
    let world = World::new();
    world.loan(20_000, 9_000);
    world.pass(86_400);
    let due = world.state().supply;
    assert_eq!(world.market.write_off(), 0, "nothing is missing");
    let read = || storage::books(&world.env).supply.raw();
    let booked = world.env.as_contract(&world.market.address, read);
    assert_eq!(booked, due, "interest of a day");
}

#[test]
fn without_an_insurer_what_is_missing_is_gone() {
    let world = World::empty();
    world.market.supply(&world.lender, &(100 * UNIT), &0);
    world.claw_back(&world.market.address, 10 * UNIT);
    world.market.write_off();
    let state = world.state();
    assert_eq!(
        (state.supply, state.supply_high),
        (90 * UNIT, 90 * UNIT),
        "nobody pays"
    );
}

#[test]
fn a_gift_is_no_income() {
    let world = World::new();
    let before = world.state();
    world.mint(&world.market.address, 1_000 * UNIT);
    assert_eq!(world.state(), before, "the books do not see it");
    world.claw_back(&world.market.address, 1_000 * UNIT);
    assert_eq!(world.market.write_off(), 0, "nor its loss");
}

#[test]
fn lenders_bear_no_more_than_they_have() {
    let world = World::new();
    let loan = world.loan(20_000, 9_000);
    world.claw_back(&world.market.address, 1_000 * UNIT);
    world.market.write_off();
    // Now all of the supply is lent out, and its borrower never repays.
    world.set_price(1_000_000_000);
    let most = 20_000 * UNIT;
    world
        .market
        .liquidate(&loan, &world.liquidator, &most, &most, &false);
    assert!(world.state().supply < UNIT, "nothing is left");
    world.claw_back(&world.market.address, world.state().cash);
    assert_eq!(
        world.market.write_off(),
        world.market.solvency().written_off - 1_000 * UNIT,
        "the rest"
    );
    assert_eq!(world.state().supply, 0, "never below nothing");
    assert_eq!(world.market.write_off(), 0, "and nothing more");
}
