use actuary::lending::*;
use actuary::premium::MAX_RATE;
use actuary::time::{DAY, MAX_TIME, YEAR};
use actuary::*;
use proptest::prelude::*;

use crate::exact;
use crate::exact::{assets, big, fitting, from_one_to, many_cases, rate, ten_to, up_to, BigInt};

/// 4 % at no use, 8 % at 80 %, 108 % at full use.
fn model() -> RateModel {
    RateModel {
        base: rate(400_000),
        slope: rate(400_000),
        steep: rate(10_000_000),
        target: rate(8_000_000),
    }
}

/// Any model that a market may be founded on.
fn models() -> impl Strategy<Value = RateModel> {
    let parts = (
        0..=30_000_000_i128,
        0..=30_000_000_i128,
        0..=40_000_000_i128,
    );
    (parts, from_one_to(FULL_RATE)).prop_map(|((base, slope, steep), target)| RateModel {
        base: rate(base),
        slope: rate(slope),
        steep: rate(steep),
        target: rate(target),
    })
}

/// `6 * 10^18 * (x + x^2/2 + x^3/6)` times the cube of the year's units, and 6 times that cube: a fraction.
fn polynomial(yearly: i128, seconds: u64) -> (BigInt, BigInt) {
    let (n, d) = (big(yearly) * seconds, big(FULL_RATE) * YEAR);
    let sum = &n * 6 * &d * &d + &n * &n * 3 * &d + &n * &n * &n;
    (sum * WAD, &d * &d * &d * 6)
}

#[test]
fn the_rate_bends_at_the_target() {
    let at = |utilisation| model().rate_up(rate(utilisation)).unwrap().raw();
    assert_eq!(at(0), 400_000, "no use");
    assert_eq!(at(4_000_000), 600_000, "half way to the target");
    assert_eq!(at(8_000_000), 800_000, "target");
    assert_eq!(at(9_000_000), 5_800_000, "half way beyond");
    assert_eq!(at(10_000_000), 10_800_000, "all");
    assert_eq!(at(20_000_000), 10_800_000, "more than all");
    assert_eq!(at(1), 400_001, "rounded up");
}

#[test]
fn a_target_of_all_has_no_steep_part() {
    let flat = RateModel {
        target: Rate::FULL,
        ..model()
    };
    assert_eq!(flat.rate_up(Rate::FULL), Ok(rate(800_000)), "no steep part");
    assert_eq!(flat.check(), Ok(()), "sound");
}

#[test]
fn models_that_contradict_themselves_are_refused() {
    assert_eq!(model().check(), Ok(()), "sound");
    let target = |target| RateModel {
        target: rate(target),
        ..model()
    };
    assert_eq!(target(0).check(), Err(MathError::OutOfBounds), "no target");
    let above = target(FULL_RATE + 1);
    assert_eq!(above.check(), Err(MathError::OutOfBounds), "above all");
    let steep = |steep| RateModel {
        steep: rate(steep),
        ..model()
    };
    let most = MAX_RATE.raw() - 800_000;
    assert_eq!(steep(most).check(), Ok(()), "1000 %");
    assert_eq!(steep(most + 1).check(), Err(MathError::OutOfBounds), "more");
    assert_eq!(steep(-1).check(), Err(MathError::Negative), "below zero");
}

#[test]
fn what_is_lent_out_is_part_of_the_supply() {
    let part = |debt, supply| lent_part_up(assets(debt), assets(supply)).unwrap().raw();
    assert_eq!(part(0, 0), 0, "nothing");
    assert_eq!(part(1, 0), FULL_RATE, "more than there is");
    assert_eq!(part(3, 3), FULL_RATE, "all");
    assert_eq!(part(1, 3), 3_333_334, "rounded up");
    let earned = supply_rate_down(rate(1_000_000), assets(1), assets(3), rate(1_000_000));
    assert_eq!(earned, Ok(rate(299_999)), "10 % on a third, less 10 %");
    let idle = supply_rate_down(rate(1), assets(0), assets(0), rate(0));
    assert_eq!(idle, Ok(Rate::ZERO), "idle");
    let fee = supply_rate_down(rate(1), assets(1), assets(1), rate(FULL_RATE + 1));
    assert_eq!(fee, Err(MathError::Underflow), "a fee above the interest");
}

#[test]
fn a_year_at_ten_percent_grows_as_the_exponential() {
    // e^0.1 - 1 = 0.105170918...; the third order gives 0.1051666...
    let growth = growth_up(rate(1_000_000), YEAR).unwrap();
    assert_eq!(growth, 105_166_666_666_666_667, "x + x^2/2 + x^3/6");
    let daily = growth_up(rate(1_000_000), DAY).unwrap();
    let compounded = (0..365).fold(WAD, |value, _| {
        value + math::mul_div_up(value, daily, WAD).unwrap()
    });
    assert_eq!(compounded / 1_000_000_000, 1_105_170_918, "touched daily");
    assert_eq!(growth_up(rate(1_000_000), 0), Ok(0), "no time");
    assert_eq!(growth_up(Rate::ZERO, YEAR), Ok(0), "no rate");
}

#[test]
fn interest_carries_what_it_rounded_up() {
    let tenth = WAD / 10;
    let first = interest_up(assets(1), tenth, 0).unwrap();
    assert_eq!(
        (first.amount, first.ahead),
        (assets(1), 9 * tenth),
        "0.1 up"
    );
    let second = interest_up(assets(1), tenth, first.ahead).unwrap();
    assert_eq!(
        (second.amount, second.ahead),
        (assets(0), 8 * tenth),
        "paid"
    );
    let exact = interest_up(assets(10), tenth, 0).unwrap();
    assert_eq!((exact.amount, exact.ahead), (assets(1), 0), "whole units");
    let refused = Err(MathError::OutOfBounds);
    assert_eq!(
        interest_up(assets(1), 1, WAD),
        refused,
        "a whole unit ahead"
    );
    assert_eq!(interest_up(assets(1), 1, -1), refused, "behind");
}

#[test]
fn too_much_growth_is_a_named_error() {
    let debt = premium::MAX_LIMIT;
    let century = growth_up(MAX_RATE, MAX_TIME).unwrap();
    assert!(interest_up(debt, century, 0).is_ok(), "1000 % since 1970");
    let interest = interest_up(Assets::MAX, i128::MAX, 0).map(|interest| interest.amount);
    assert_eq!(interest, Err(MathError::Overflow), "interest");
    let growth = growth_up(Rate::MAX, 2);
    assert_eq!(growth, Err(MathError::Overflow), "growth");
    assert_eq!(growth_up(rate(-1), 1), Err(MathError::Negative), "negative");
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn rates_equal_the_exact_model_and_never_fall_with_use(model in models(), use_ in 0..=FULL_RATE, more in 0..=FULL_RATE) {
        prop_assert_eq!(model.check(), Ok(()));
        let (target, u) = (model.target.raw(), use_);
        let below = exact::div_up(&(big(model.slope.raw()) * u.min(target)), &big(target));
        let beyond = if u > target {
            exact::div_up(&(big(model.steep.raw()) * (u - target)), &big(FULL_RATE - target))
        } else {
            big(0)
        };
        let charged = model.rate_up(rate(use_)).unwrap();
        prop_assert_eq!(Ok(charged.raw()), fitting(&(below + beyond + model.base.raw())));
        let higher = model.rate_up(rate(use_.max(more))).unwrap();
        prop_assert!(higher >= charged, "more use, higher rate");
        prop_assert!(higher <= model.base.checked_add(model.slope).unwrap().checked_add(model.steep).unwrap(), "at most all parts");
    }

    #[test]
    fn parts_and_supply_rates_equal_the_exact_model(debt in from_one_to(ten_to(27)), supply in from_one_to(ten_to(27)), yearly in 0..=MAX_RATE.raw(), fee in 0..=FULL_RATE) {
        let part = exact::div_up(&(big(debt) * FULL_RATE), &big(supply)).min(big(FULL_RATE));
        prop_assert_eq!(lent_part_up(assets(debt), assets(supply)).map(Rate::raw), fitting(&part), "part");
        let earned = exact::div_down(&(big(yearly) * debt), &big(supply)) * (FULL_RATE - fee);
        let after_fee = exact::div_down(&earned, &big(FULL_RATE));
        prop_assert_eq!(supply_rate_down(rate(yearly), assets(debt), assets(supply), rate(fee)).map(Rate::raw), fitting(&after_fee), "rate");
    }

    #[test]
    fn growth_is_the_polynomial_rounded_up_at_most_thrice(yearly in up_to(MAX_RATE.raw()), seconds in 0..=MAX_TIME) {
        let growth = big(growth_up(rate(yearly), seconds).unwrap());
        let (sum, cube) = polynomial(yearly, seconds);
        prop_assert!(&growth * &cube >= sum, "not below");
        // Each term is rounded up by less than one; the first rounding's share of the others is at most x + x^2 / 2 more, the
        // second's x / 3.
        let x = big(yearly) * seconds / (big(FULL_RATE) * YEAR) + 1;
        let most = big(3) + &x * 2 + &x * &x;
        prop_assert!((&growth - most) * &cube <= sum, "not much above");
    }

    #[test]
    fn interest_equals_the_exact_model(debt in up_to(ten_to(27)), growth in up_to(ten_to(26)), ahead in 0..WAD) {
        let exact = big(debt) * growth - ahead;
        let amount = exact::div_up(&exact, &big(WAD));
        let interest = interest_up(assets(debt), growth, ahead).unwrap();
        prop_assert_eq!(Ok(interest.amount.raw()), fitting(&amount), "amount");
        prop_assert_eq!(big(interest.ahead), amount * WAD - exact, "ahead");
        prop_assert!((0..WAD).contains(&interest.ahead), "less than a unit");
    }

    #[test]
    fn however_often_it_accrues_interest_is_rounded_up_once(debt in up_to(ten_to(20)), growths in prop::collection::vec(up_to(WAD), 1..40)) {
        let (mut sum, mut ahead, mut exact) = (big(0), 0, big(0));
        for growth in growths {
            let interest = interest_up(assets(debt), growth, ahead).unwrap();
            (sum, ahead) = (sum + interest.amount.raw(), interest.ahead);
            exact += big(debt) * growth;
        }
        prop_assert_eq!(sum, exact::div_up(&exact, &big(WAD)));
    }
}
