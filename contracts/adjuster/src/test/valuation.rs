use actuary::{Assets, Rate};
use interfaces::price::PRICE_ONE;

use crate::answers::Pair;
use crate::valuation::factor_or_max;
use crate::{Holdings, Scale, Valuation};

/// A collateral of 3 decimals at two thirds of a debt asset of 7, low at one half.
fn valuation() -> Valuation {
    Valuation {
        pair: Pair {
            price: PRICE_ONE * 2 / 3,
            high: PRICE_ONE,
            low: PRICE_ONE / 2,
            quarantined: false,
            sources: 3,
        },
        scale: Scale {
            collateral: 3,
            debt: 7,
        },
        collateral_factor: Rate::from_raw(7_500_000),
        liability_factor: Rate::FULL,
    }
}

#[test]
fn a_value_counts_the_decimals_of_both_assets_and_rounds_as_named() {
    let Valuation { pair, scale, .. } = valuation();
    let down = scale.value_down(pair.price, Assets::from_raw(1));
    assert_eq!(down, Ok(Assets::from_raw(6_666)), "down");
    let up = scale.value_up(pair.price, Assets::from_raw(1));
    assert_eq!(up, Ok(Assets::from_raw(6_667)), "up");
}

#[test]
fn a_health_factor_is_at_the_median_and_security_at_the_low() {
    let holdings = Holdings {
        collateral: Assets::from_raw(3_000),
        debt: Assets::from_raw(10_000_000),
    };
    let health = valuation().health_down(holdings);
    assert_eq!(health, Ok(Rate::from_raw(14_999_999)), "2 * 0.75, down");
    let low = valuation().value_low_down(holdings);
    assert_eq!(low, Ok(Assets::from_raw(15_000_000)), "three halves");
    let free = Holdings {
        debt: Assets::ZERO,
        ..holdings
    };
    let health = valuation().health_down(free).map(factor_or_max);
    assert_eq!(health, Ok(u32::MAX), "no debt");
}
