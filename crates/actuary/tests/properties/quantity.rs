use actuary::*;
use proptest::prelude::*;

use crate::exact;
use crate::exact::{assets, big, fitting, many_cases, rate, up_to};

#[test]
fn amounts_meet_their_bounds_with_a_named_error() {
    assert_eq!(
        Assets::MAX.checked_add(assets(1)),
        Err(MathError::Overflow),
        "sum"
    );
    assert_eq!(
        assets(1).checked_sub(assets(2)),
        Err(MathError::Underflow),
        "difference"
    );
    assert_eq!(
        assets(1).sub_or_zero(assets(2)),
        Assets::ZERO,
        "floored difference"
    );
    assert_eq!(
        assets(2).sub_or_zero(assets(1)),
        assets(1),
        "difference that is there"
    );
    assert_eq!(
        Assets::checked_from_raw(-1),
        Err(MathError::Negative),
        "from outside"
    );
    assert_eq!(
        assets(170_141_183_460_469_231_731_687_304).scaled(),
        Err(MathError::Overflow),
        "scaled"
    );
    assert_eq!(
        rate(10_000_001).complement(),
        Err(MathError::Underflow),
        "more than all"
    );
    assert_eq!(
        ScaledRate::MAX.over(2),
        Err(MathError::Overflow),
        "over time"
    );
}

#[test]
fn a_fraction_of_a_unit_is_rounded_the_way_it_says() {
    let fraction = Scaled::from_raw(S + 1);
    assert_eq!(fraction.units_down(), Ok(assets(1)), "down");
    assert_eq!(fraction.units_up(), Ok(assets(2)), "up");
    assert_eq!(
        assets(19).share_down(rate(1_000_000)),
        Ok(assets(1)),
        "10 % of 19, down"
    );
    assert_eq!(
        assets(11).share_up(rate(1_000_000)),
        Ok(assets(2)),
        "10 % of 11, up"
    );
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn shares_of_an_amount_are_exact(amount in up_to(i128::MAX), part in up_to(100_000_000)) {
        let product = big(amount) * big(part);
        let full = big(FULL_RATE);
        let down = assets(amount).share_down(rate(part)).map(Assets::raw);
        let up = assets(amount).share_up(rate(part)).map(Assets::raw);
        prop_assert_eq!(down, fitting(&exact::div_down(&product, &full)), "down");
        prop_assert_eq!(up, fitting(&exact::div_up(&product, &full)), "up");
    }

    #[test]
    fn scaling_there_and_back_changes_nothing(amount in up_to(100_000_000_000_000_000_000_000_000)) {
        let scaled = assets(amount).scaled();
        prop_assert_eq!(scaled.and_then(Scaled::units_down), Ok(assets(amount)), "down");
        prop_assert_eq!(scaled.and_then(Scaled::units_up), Ok(assets(amount)), "up");
    }
}
