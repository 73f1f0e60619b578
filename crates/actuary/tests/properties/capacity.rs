use actuary::capacity::*;
use actuary::nav::Nav;
use actuary::*;
use proptest::prelude::*;

use crate::exact;
use crate::exact::{assets, big, fitting, from_one_to, many_cases, rate, ten_to, up_to};

const GROUP: GroupUse = GroupUse {
    exposure: assets_of(300),
    drawn: assets_of(50),
    cap: Rate::from_raw(4_000_000),
};

const fn assets_of(raw: i128) -> Assets {
    Assets::from_raw(raw)
}

#[test]
fn room_is_the_less_of_pool_and_group() {
    assert_eq!(
        GROUP.room(assets(1_002), Assets::ZERO),
        Ok(assets(50)),
        "40 % of 1 002 less 350"
    );
    assert_eq!(
        GROUP.room(assets(1_002), assets(10)),
        Ok(assets(60)),
        "and what it replaces"
    );
    assert_eq!(
        GROUP.room(assets(800), Assets::ZERO),
        Ok(Assets::ZERO),
        "full"
    );
    assert_eq!(
        GROUP.room(assets(800), assets(100)),
        Ok(assets(70)),
        "a renewal of a group above its cap"
    );
    let pool = |replaced| pool_room(assets(1_000), assets(100), assets(850), assets(replaced));
    assert_eq!(
        (pool(0), pool(10)),
        (Ok(assets(50)), Ok(assets(60))),
        "pool"
    );
    assert_eq!(
        pool_room(assets(9), assets(5), assets(5), Assets::ZERO),
        Ok(Assets::ZERO),
        "no room"
    );
}

#[test]
fn an_exit_leaves_every_limit_backed() {
    assert!(
        is_exit_backed(assets(900), assets(1_000), assets(100)),
        "to the last unit"
    );
    assert!(
        !is_exit_backed(assets(901), assets(1_000), assets(100)),
        "a unit too much"
    );
    assert!(
        !is_exit_backed(assets(0), assets(1), assets(2)),
        "more than there is"
    );
    assert_eq!(GROUP.is_within_cap(assets(750)), Ok(true), "40 % of 750");
    assert_eq!(GROUP.is_within_cap(assets(749)), Ok(false), "a unit less");
}

#[test]
fn anyone_completes_an_exit_from_99_5_percent() {
    let at = |lo, hi| {
        is_at_parity(Nav {
            lo: assets(lo),
            hi: assets(hi),
        })
    };
    assert_eq!(at(995, 1_000), Ok(true), "at parity");
    assert_eq!(at(994, 1_000), Ok(false), "below");
    assert_eq!(at(996, 1_001), Ok(true), "995.995 rounds up");
    assert_eq!(at(995, 1_001), Ok(false), "never down");
}

#[test]
fn claims_on_too_little_are_paid_by_one_factor() {
    assert_eq!(
        pro_rata_down(assets(10), assets(50), assets(50)),
        Ok(assets(10)),
        "enough"
    );
    assert_eq!(
        pro_rata_down(assets(10), assets(33), assets(50)),
        Ok(assets(6)),
        "66 % of 10"
    );
    assert_eq!(
        utilisation_up(assets(1), assets(3)),
        Ok(rate(3_333_334)),
        "a third"
    );
    assert_eq!(
        utilisation_up(assets(1), assets(0)),
        Ok(Rate::FULL),
        "no capital"
    );
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn rooms_equal_the_exact_model(
        nav in up_to(ten_to(27)), exposure in up_to(ten_to(27)), drawn in up_to(ten_to(27)),
        cap in up_to(10_000_000), replaced in up_to(ten_to(27)), queued in up_to(ten_to(27)),
    ) {
        let group = GroupUse { exposure: assets(exposure), drawn: assets(drawn), cap: rate(cap) };
        let allowance = exact::div_down(&(big(nav) * cap), &big(FULL_RATE));
        let room = (big(replaced) + allowance - exposure - drawn).max(big(0));
        prop_assert_eq!(group.room(assets(nav), assets(replaced)).map(Assets::raw), fitting(&room), "group");
        let room = (big(replaced) + nav - queued - exposure).max(big(0));
        let pool = pool_room(assets(nav), assets(queued), assets(exposure), assets(replaced));
        prop_assert_eq!(pool.map(Assets::raw), fitting(&room), "pool");
    }

    #[test]
    fn parity_and_caps_are_compared_without_rounding(lo in up_to(ten_to(27)), more in up_to(ten_to(27)), cap in up_to(10_000_000)) {
        let (hi, exposure) = (lo + more / 150, more);
        let parity = big(lo) * FULL_RATE >= big(hi) * 9_950_000;
        prop_assert_eq!(is_at_parity(Nav { lo: assets(lo), hi: assets(hi) }), Ok(parity), "parity");
        let group = GroupUse { exposure: assets(exposure), drawn: Assets::ZERO, cap: rate(cap) };
        prop_assert_eq!(group.is_within_cap(assets(lo)), Ok(big(exposure) * FULL_RATE <= big(lo) * cap), "cap");
    }

    #[test]
    fn claims_paid_by_one_factor_never_pass_what_is_there(
        claims in prop::collection::vec(from_one_to(ten_to(26)), 1..8), available in up_to(ten_to(27)),
    ) {
        let total: i128 = claims.iter().sum();
        let pay = |claim: &i128| pro_rata_down(assets(*claim), assets(available), assets(total)).unwrap().raw();
        let paid: i128 = claims.iter().map(pay).sum();
        prop_assert!(paid <= available, "{} of {}", paid, available);
        prop_assert!(paid <= total && paid + claims.len() as i128 > available.min(total), "and leave only dust");
    }
}
