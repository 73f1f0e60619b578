use actuary::lending::{growth_up, interest_up, Debts, RateModel};
use actuary::{Assets, Rate, Shares};

use super::{World, DAY, RATES, UNIT, YEAR};
use crate::books::{Books, FILED_FOR, NUMBERS};

fn rates() -> RateModel {
    let rate = |raw: u32| Rate::from_raw(raw.into());
    RateModel {
        base: rate(RATES.base),
        slope: rate(RATES.slope),
        steep: rate(RATES.steep),
        target: rate(RATES.target),
    }
}

/// 1 000 lent out of 2 000.
fn half_lent() -> Books {
    Books {
        cash: Assets::from_raw(1_000 * UNIT),
        supply: Assets::from_raw(2_000 * UNIT),
        supply_shares: Shares::from_raw(2_000 * UNIT * 1_000_000),
        debts: Debts {
            amount: Assets::from_raw(1_000 * UNIT),
            shares: Shares::from_raw(1_000 * UNIT * 1_000_000),
        },
        ..Books::default()
    }
}

#[test]
fn books_are_stored_field_by_field() {
    let numbers: [i128; NUMBERS] = core::array::from_fn(|at| at as i128 + 1);
    let books = Books::from_numbers(numbers);
    assert_eq!(books.numbers(), numbers, "there and back");
    assert_eq!(books.cash, Assets::from_raw(1), "first");
    assert_eq!(books.rate, Rate::from_raw(16), "last");
}

#[test]
fn interest_is_the_formulas_and_the_fee_is_part_of_it() {
    let mut books = half_lent();
    let fee = Rate::from_raw(1_000_000);
    let (interest, shares) = books.accrue(&rates(), fee, YEAR).unwrap();
    let growth = growth_up(Rate::from_raw(450_000), YEAR).unwrap();
    let exact = interest_up(Assets::from_raw(1_000 * UNIT), growth, 0).unwrap();
    assert_eq!(interest, exact.amount, "4.5 % at half use");
    assert_eq!(
        books.debts.amount.raw(),
        1_000 * UNIT + interest.raw(),
        "debt"
    );
    assert_eq!(books.supply.raw(), 2_000 * UNIT + interest.raw(), "supply");
    assert_eq!(books.ahead, exact.ahead, "ahead");
    let value = shares.raw() * (books.supply.raw() + 1) / (books.supply_shares.raw() + 1_000_000);
    let tenth = interest.raw() / 10;
    assert!(
        (tenth - 1..=tenth).contains(&value),
        "fee {value} of {tenth}"
    );
    assert_eq!(books.fee_shares, shares, "waits in the books");
    assert_eq!(
        books.accrue(&rates(), fee, YEAR),
        Ok((Assets::ZERO, Shares::ZERO)),
        "once"
    );
    assert_eq!(
        books.accrue(&rates(), fee, 0),
        Ok((Assets::ZERO, Shares::ZERO)),
        "backwards"
    );
    assert_eq!(books.last, YEAR, "time stands");
}

#[test]
fn how_often_interest_accrues_at_a_rate_changes_nothing() {
    let (mut often, mut daily) = (half_lent(), half_lent());
    let flat = RateModel {
        slope: Rate::ZERO,
        ..rates()
    };
    for second in (5..=DAY).step_by(5) {
        often.accrue(&flat, Rate::ZERO, second).unwrap();
    }
    daily.accrue(&flat, Rate::ZERO, DAY).unwrap();
    let difference = often.debts.amount.raw() - daily.debts.amount.raw();
    // 17 280 roundings, and no unit for any of them; the polynomial of a day is its exponential.
    assert!((0..=1).contains(&difference), "{difference} units apart");
}

#[test]
fn time_before_anything_is_lent_costs_nothing() {
    let world = World::new();
    world.pass(YEAR);
    let loan = world.loan(100, 50);
    assert_eq!(world.debt(&loan), 50 * UNIT, "no interest from before");
    let before = world.state();
    world.pass(YEAR);
    let after = world.state();
    assert!(after.debt > before.debt, "interest");
    assert_eq!(
        after.debt - before.debt,
        after.supply - before.supply,
        "the same"
    );
    assert_eq!(world.debt(&loan), after.debt, "one loan owes it all");
    world.check_books();
}

#[test]
fn a_claim_counts_for_thirty_days() {
    let mut books = half_lent();
    books.file(Assets::from_raw(7), 100).unwrap();
    assert_eq!(
        books.filed(100 + FILED_FOR - 1),
        Assets::from_raw(7),
        "waits"
    );
    assert_eq!(books.filed(100 + FILED_FOR), Assets::ZERO, "is over");
    books.file(Assets::from_raw(5), 100 + FILED_FOR).unwrap();
    assert_eq!(books.filed, Assets::from_raw(5), "the old one is gone");
    books.file(Assets::ZERO, 200 + FILED_FOR).unwrap();
    assert_eq!(books.filed_at, 100 + FILED_FOR, "nothing prolongs nothing");
    let high = books.supply_high(200 + FILED_FOR).unwrap();
    assert_eq!(high.raw(), 2_000 * UNIT + 5, "deposits mint at it");
}

#[test]
fn what_waits_for_owners_is_not_liquid() {
    let books = Books {
        credits: Assets::from_raw(3),
        cash: Assets::from_raw(10),
        ..Books::default()
    };
    assert_eq!(books.liquid(), Assets::from_raw(7), "liquid");
}
