use actuary::advance::*;
use actuary::time::{DAY, HOUR};
use actuary::*;
use proptest::prelude::*;

use crate::exact;
use crate::exact::{assets, big, fitting, many_cases, rate, ten_to, up_to};

#[test]
fn a_foreclosure_splits_the_value_between_debt_pool_and_owner() {
    let split = |value, debt, discount| {
        Foreclosure::split(assets(value), assets(debt), assets(200), rate(discount)).unwrap()
    };
    let rich = split(1_001, 700, 500_000);
    assert_eq!(
        (rich.price, rich.to_pool, rich.to_owner, rich.written_off),
        (assets(251), assets(200), assets(51), assets(0)),
        "enough"
    );
    let poor = split(1_001, 700, 1_000_000);
    assert_eq!(
        (poor.price, poor.to_pool, poor.written_off),
        (assets(201), assets(200), assets(0)),
        "just enough, rounded up"
    );
    let lost = split(1_000, 950, 0);
    assert_eq!(
        (lost.price, lost.to_pool, lost.to_owner, lost.written_off),
        (assets(50), assets(50), assets(0), assets(150)),
        "short"
    );
    let under = split(900, 950, 0);
    assert_eq!(
        (under.price, under.written_off),
        (assets(0), assets(200)),
        "under water"
    );
    let absurd = Foreclosure::split(assets(1), assets(0), assets(0), rate(10_000_001));
    assert_eq!(absurd, Err(MathError::Underflow), "a discount above 100 %");
}

#[test]
fn the_discount_grows_to_ten_percent_in_six_hours() {
    let discount = |seconds| discount_down(1_000, 1_000 + seconds);
    assert_eq!(discount(0), Ok(Rate::ZERO), "at the start");
    assert_eq!(discount(1), Ok(rate(46)), "46.3, rounded down");
    assert_eq!(discount(3 * HOUR), Ok(rate(500_000)), "half way");
    assert_eq!(discount(6 * HOUR), Ok(rate(1_000_000)), "at the end");
    assert_eq!(discount(7 * HOUR), Ok(rate(1_000_000)), "and no more");
    assert_eq!(
        discount_down(1, 0),
        Err(MathError::TimeReversed),
        "backwards"
    );
}

#[test]
fn foreclosure_needs_95_percent_or_seven_days() {
    let at = |owed, now| is_foreclosable(assets(900), assets(owed), assets(1_000), DAY, now);
    assert_eq!(at(50, 0), Ok(false), "at 95 %");
    assert_eq!(at(51, 0), Ok(true), "above");
    assert_eq!(at(1, 8 * DAY - 1), Ok(false), "a second before");
    assert_eq!(at(1, 8 * DAY), Ok(true), "seven days after the end");
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn a_foreclosure_loses_nothing(
        value in up_to(ten_to(27)), debt in up_to(ten_to(27)), owed in up_to(ten_to(27)), discount in up_to(1_000_000),
    ) {
        let split = Foreclosure::split(assets(value), assets(debt), assets(owed), rate(discount)).unwrap();
        let price = (exact::div_up(&(big(value) * (FULL_RATE - discount)), &big(FULL_RATE)) - debt).max(big(0));
        prop_assert_eq!(Ok(split.price.raw()), fitting(&price), "price");
        prop_assert_eq!(split.to_pool.raw() + split.to_owner.raw(), split.price.raw(), "all of the price");
        prop_assert_eq!(split.to_pool.raw() + split.written_off.raw(), owed, "all that was owed");
        prop_assert!(split.to_owner.is_zero() || split.written_off.is_zero(), "the pool comes first");
    }
}
