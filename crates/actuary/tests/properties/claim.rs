use actuary::claim::*;
use actuary::*;
use proptest::prelude::*;

use crate::exact;
use crate::exact::{assets, big, fitting, many_cases, ten_to, up_to, UNIT};

#[test]
fn the_worked_bounds_hold() {
    let unit = assets(UNIT);
    assert_eq!(
        instant_cap_down(assets(1_000_000 * UNIT), unit),
        Ok(assets(10_000 * UNIT)),
        "1 % of 1 M"
    );
    assert_eq!(
        instant_cap_down(assets(10_000_000 * UNIT), unit),
        Ok(assets(25_000 * UNIT)),
        "25 k of 10 M"
    );
    assert_eq!(
        instant_cap_down(assets(199), unit),
        Ok(assets(1)),
        "rounded down"
    );
    assert_eq!(
        instant_daily_room_down(assets(1_000), assets(20)),
        Ok(assets(30)),
        "5 % less what was paid"
    );
    assert_eq!(
        instant_daily_room_down(assets(1_019), Assets::ZERO),
        Ok(assets(50)),
        "50.95, rounded down"
    );
    assert_eq!(
        instant_daily_room_down(assets(1_000), assets(51)),
        Ok(Assets::ZERO),
        "used up"
    );
    assert_eq!(
        challenge_bond_up(assets(5_000 * UNIT), unit),
        Ok(assets(100 * UNIT)),
        "the least bond"
    );
    assert_eq!(
        challenge_bond_up(assets(5_000 * UNIT + 1), unit),
        Ok(assets(100 * UNIT + 1)),
        "2 %, rounded up"
    );
    assert_eq!(
        split_bond(assets(101)),
        (assets(50), assets(51)),
        "the odd unit stays"
    );
    assert_eq!(
        reserve_part(assets(10), assets(4)),
        assets(4),
        "the reserve runs out"
    );
    assert_eq!(
        reserve_part(assets(3), assets(4)),
        assets(3),
        "the reserve is enough"
    );
    assert_eq!(
        instant_cap_down(assets(1), Assets::MAX),
        Err(MathError::Overflow),
        "an absurd unit"
    );
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn bounds_equal_the_exact_model(nav in up_to(ten_to(27)), claim in up_to(ten_to(27)), decimals in 0u32..=18) {
        let unit = ten_to(decimals);
        let cap = exact::div_down(&big(nav), &big(100)).min(big(25_000) * unit);
        prop_assert_eq!(instant_cap_down(assets(nav), assets(unit)).map(Assets::raw), fitting(&cap), "instant");
        let bond = exact::div_up(&big(claim), &big(50)).max(big(100) * unit);
        prop_assert_eq!(challenge_bond_up(assets(claim), assets(unit)).map(Assets::raw), fitting(&bond), "bond");
        let (winner, reserve) = split_bond(assets(claim));
        prop_assert_eq!(winner.raw() + reserve.raw(), claim, "nothing is lost");
    }
}
