use actuary::auction::*;
use actuary::time::HOUR;
use actuary::*;
use proptest::prelude::*;

use crate::exact;
use crate::exact::{assets, big, fitting, many_cases, ten_to, up_to};

#[test]
fn a_lots_price_falls_in_a_straight_line_over_72_hours() {
    let after = |seconds| lot_price_up(assets(1_000_001), 5, 5 + seconds);
    assert_eq!(after(0), Ok(assets(1_000_001)), "at the start");
    assert_eq!(
        after(36 * HOUR),
        Ok(assets(500_001)),
        "half way, rounded up"
    );
    assert_eq!(
        after(72 * HOUR - 1),
        Ok(assets(4)),
        "a second before the end"
    );
    assert_eq!(after(72 * HOUR), Ok(Assets::ZERO), "at the end");
    assert_eq!(after(100 * HOUR), Ok(Assets::ZERO), "after it");
    let early = lot_price_up(assets(1), 5, 4);
    assert_eq!(early, Err(MathError::TimeReversed), "before the start");
}

#[test]
fn a_part_costs_its_share_rounded_up() {
    let part = |amount| part_price_up(assets(1_000), amount, 3);
    assert_eq!(part(0), Ok(Assets::ZERO), "nothing");
    assert_eq!(part(1), Ok(assets(334)), "a third");
    assert_eq!(part(3), Ok(assets(1_000)), "all");
    assert_eq!(part(4), Err(MathError::OutOfBounds), "more than all");
    let nothing = part_price_up(assets(1), 0, 0);
    assert_eq!(nothing, Err(MathError::DivisionByZero), "a lot of nothing");
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn the_price_is_the_exact_line_rounded_up(value in up_to(ten_to(27)), elapsed in 0..=SALE_TIME) {
        let exactly = exact::div_up(&(big(value) * i128::from(SALE_TIME - elapsed)), &big(SALE_TIME.into()));
        let price = lot_price_up(assets(value), 1, 1 + elapsed).unwrap();
        prop_assert_eq!(Ok(price.raw()), fitting(&exactly), "the line");
        prop_assert!(price <= assets(value), "never above the value");
    }

    #[test]
    fn the_price_never_rises(value in up_to(ten_to(27)), early in 0..2 * SALE_TIME, later in 0..2 * SALE_TIME) {
        let at = |seconds| lot_price_up(assets(value), 0, seconds).unwrap();
        prop_assert!(at(early + later) <= at(early), "later is cheaper");
    }

    #[test]
    fn parts_cost_at_least_the_whole(
        price in up_to(ten_to(27)), first in up_to(ten_to(20)), second in up_to(ten_to(20)),
    ) {
        prop_assume!(first + second > 0);
        let part = |amount| part_price_up(assets(price), amount, first + second).unwrap().raw();
        let sum = part(first) + part(second);
        prop_assert!(sum >= price, "nothing is won by buying in parts");
        prop_assert!(sum <= price + 2, "and little lost");
    }

    #[test]
    fn a_part_costs_the_exact_share_rounded_up(
        price in up_to(ten_to(27)), amount in up_to(ten_to(20)), rest in up_to(ten_to(20)),
    ) {
        prop_assume!(amount + rest > 0);
        let exactly = exact::div_up(&(big(price) * amount), &big(amount + rest));
        let part = part_price_up(assets(price), amount, amount + rest).unwrap();
        prop_assert_eq!(Ok(part.raw()), fitting(&exactly), "its share");
    }
}
