use actuary::premium::*;
use actuary::time::{DAY, WEEK, YEAR};
use actuary::*;
use proptest::prelude::*;

use crate::exact;
use crate::exact::{assets, big, fitting, from_one_to, many_cases, rate, ten_to, up_to, UNIT};

const LONGEST: u64 = 13 * WEEK;

#[test]
fn a_thirteen_week_advance_policy_costs_what_the_worked_example_says() {
    // 5 000 USDC at 1.5 % a year: 5e10 * 150 000 * 7 862 400 / (31 536 000 * 1e7) = 186 986 301.37
    let premium = Premium::of(assets(5_000 * UNIT), rate(150_000), LONGEST, assets(UNIT)).unwrap();
    assert_eq!(premium.total, assets(186_986_302), "P");
    assert_eq!(premium.protocol_fee, assets(18_698_631), "f");
    assert_eq!(premium.net, assets(168_287_671), "P - f");
    // 168 287 671 * 1e12 / 7 862 400 = 21 404 109 559 422.05
    assert_eq!(
        earning_rate_down(premium.net, LONGEST),
        Ok(ScaledRate::from_raw(21_404_109_559_422)),
        "q"
    );
}

#[test]
fn a_small_policy_costs_the_least_premium() {
    let premium = Premium::of(assets(UNIT), rate(150_000), WEEK, assets(UNIT)).unwrap();
    assert_eq!(
        (premium.total, premium.protocol_fee),
        (assets(UNIT), assets(UNIT / 10)),
        "P_min and its fee"
    );
}

#[test]
fn a_refund_is_ninety_percent_of_whole_units() {
    let left = unearned(ScaledRate::from_raw(S / 2), 2 * DAY + 39, 2 * DAY).unwrap();
    assert_eq!(left, Scaled::from_raw(39 * S / 2), "19.5 units are left");
    assert_eq!(refund_down(left), Ok(assets(17)), "90 % of 19");
    assert_eq!(
        unearned(ScaledRate::MAX, DAY, DAY),
        Ok(Scaled::ZERO),
        "nothing at the end"
    );
    assert_eq!(
        unearned(ScaledRate::MAX, DAY, 2 * DAY),
        Ok(Scaled::ZERO),
        "nothing after it"
    );
}

#[test]
fn beyond_the_bounds_is_a_named_error() {
    let (limit, highest) = (MAX_LIMIT, MAX_RATE);
    let over = |amount: Assets| amount.checked_add(assets(1)).unwrap();
    assert!(
        premium_up(limit, highest, LONGEST, Assets::ZERO).is_ok(),
        "at the bounds"
    );
    assert_eq!(
        premium_up(over(limit), rate(1), 1, Assets::ZERO),
        Err(MathError::OutOfBounds),
        "limit"
    );
    assert_eq!(
        premium_up(assets(1), rate(100_000_001), 1, Assets::ZERO),
        Err(MathError::OutOfBounds),
        "rate"
    );
    assert_eq!(
        premium_up(assets(-1), rate(1), 1, Assets::ZERO),
        Err(MathError::Negative),
        "negative limit"
    );
    assert_eq!(
        premium_up(limit, rate(-1), 1, Assets::ZERO),
        Err(MathError::Negative),
        "negative rate"
    );
    assert_eq!(
        earning_rate_down(MAX_UNEARNED, 0),
        Err(MathError::DivisionByZero),
        "no time"
    );
    assert_eq!(
        earning_rate_down(limit, 1),
        Err(MathError::Overflow),
        "10^39 a second"
    );
    assert_eq!(
        merged_earning_rate_down(Scaled::ZERO, limit, 1),
        Err(MathError::Overflow),
        "10^39 merged"
    );
}

#[test]
fn unearned_premium_stops_at_ten_to_the_26() {
    let scaled = MAX_UNEARNED.scaled().unwrap();
    assert_eq!(
        check_unearned(Scaled::ZERO, MAX_UNEARNED),
        Ok(()),
        "at the bound"
    );
    assert_eq!(
        check_unearned(scaled, Assets::ZERO),
        Ok(()),
        "full, nothing more"
    );
    assert_eq!(
        check_unearned(scaled, assets(1)),
        Err(MathError::OutOfBounds),
        "one unit more"
    );
    assert_eq!(
        check_unearned(Scaled::from_raw(1), MAX_UNEARNED),
        Err(MathError::OutOfBounds),
        "a scaled unit more"
    );
    assert_eq!(
        check_unearned(scaled, Assets::MAX),
        Err(MathError::OutOfBounds),
        "far beyond"
    );
    assert_eq!(
        check_unearned(scaled, assets(-1)),
        Err(MathError::Negative),
        "negative"
    );
}

#[test]
fn the_bounty_is_prepaid_before_the_reserve_gets_a_fee() {
    assert_eq!(
        split_protocol_fee(assets(10), assets(4)),
        (assets(4), assets(6)),
        "enough for both"
    );
    assert_eq!(
        split_protocol_fee(assets(3), assets(4)),
        (assets(3), assets(0)),
        "too little"
    );
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn premium_fee_and_earning_rate_equal_the_exact_model(
        limit in up_to(ten_to(27)), yearly in up_to(ten_to(8)), seconds in 1u64..=14 * WEEK, least in up_to(ten_to(7)),
    ) {
        let year = big(i128::from(YEAR)) * big(FULL_RATE);
        let exact = exact::div_up(&(big(limit) * big(yearly) * big(i128::from(seconds))), &year).max(big(least));
        let premium = Premium::of(assets(limit), rate(yearly), seconds, assets(least)).unwrap();
        prop_assert_eq!(Ok(premium.total.raw()), fitting(&exact), "P");
        let fee = exact::div_up(&(&exact * 1_000_000), &big(FULL_RATE));
        prop_assert_eq!(Ok(premium.protocol_fee.raw()), fitting(&fee), "f");
        let q = exact::div_down(&((&exact - &fee) * big(S)), &big(i128::from(seconds)));
        prop_assert_eq!(earning_rate_down(premium.net, seconds).map(ScaledRate::raw), fitting(&q), "q");
    }

    #[test]
    fn a_renewal_merges_as_the_exact_model(
        total in up_to(ten_to(26)), net in up_to(ten_to(25)), left in 1u64..=3 * DAY, more in 1u64..=13,
    ) {
        let old = earning_rate_down(assets(total / 2), left).unwrap();
        let (kept, seconds) = (unearned(old, left, 0).unwrap(), left + more * WEEK);
        prop_assert_eq!(big(kept.raw()), big(old.raw()) * left, "unearned");
        let exact = exact::div_down(&(big(kept.raw()) + big(net) * big(S)), &big(i128::from(seconds)));
        let merged = merged_earning_rate_down(kept, assets(net), seconds).map(ScaledRate::raw);
        prop_assert_eq!(merged, fitting(&exact), "q");
    }

    #[test]
    fn a_refund_equals_the_exact_model_and_never_passes_the_unearned_part(left in up_to(ten_to(38))) {
        let exact = exact::div_down(&(exact::div_down(&big(left), &big(S)) * 9_000_000), &big(FULL_RATE));
        let refund = refund_down(Scaled::from_raw(left)).unwrap();
        prop_assert_eq!(Ok(refund.raw()), fitting(&exact), "refund");
        prop_assert!(big(refund.raw()) * big(S) <= big(left), "I11");
    }

    #[test]
    fn two_terms_never_cost_less_than_one_of_both(
        limit in from_one_to(ten_to(27)), yearly in from_one_to(ten_to(8)), a in 1u64..WEEK, b in 1u64..WEEK,
    ) {
        let cost = |seconds| premium_up(assets(limit), rate(yearly), seconds, Assets::ZERO).unwrap().raw();
        prop_assert!(cost(a) + cost(b) >= cost(a + b), "splitting a term");
    }
}
