use interfaces::price::{Poked, PriceError};
use soroban_sdk::testutils::Events as _;
use soroban_sdk::{vec, Event as _};

use super::{World, DOLLAR};
use crate::events::Observed;

#[test]
fn a_reading_shows_what_security_is_worth_and_what_a_debt_may_cost() {
    let world = World::new();
    let token = world.listed();
    world.warm_up(&[(&token, 100 * DOLLAR)]);
    world.hold(&[(&token, 90 * DOLLAR)], 1, 300);
    world.pass(150);
    world.redstone_says(&token, 90 * DOLLAR);
    world.chainlink_says(&token, 91 * DOLLAR);
    world.reflector.mock_all_auths().clear(&token.asset);
    let reading = world.hub.fresh(&token.address);
    let twap = (750 * 100 + 150 * 90) * DOLLAR / 900;
    assert_eq!(
        reading.twap,
        Some(twap),
        "750 s at 100, 150 s at 90, rounded down"
    );
    assert_eq!(
        reading.low,
        90 * DOLLAR,
        "low: the lower side is below the TWAP"
    );
    assert_eq!(
        reading.high,
        twap + 1,
        "high: the TWAP, rounded up, is above the higher side"
    );
    assert_eq!(
        (reading.bottom, reading.top),
        (90 * DOLLAR, 91 * DOLLAR),
        "sides now"
    );
    assert_eq!(
        (reading.quarantined, reading.degraded),
        (false, false),
        "state"
    );
}

#[test]
fn an_unlisted_asset_has_no_reading() {
    let world = World::new();
    let token = world.token();
    let error = world.hub.try_fresh(&token.address).unwrap_err();
    assert_eq!(error, Ok(PriceError::UnknownAsset), "error");
}

#[test]
fn a_price_is_quarantined_while_the_window_does_not_confirm_it() {
    let world = World::new();
    let token = world.listed();
    world.all_say(&token, 100 * DOLLAR);
    assert!(
        world.hub.fresh(&token.address).quarantined,
        "nothing observed yet"
    );
    world.hold(&[(&token, 100 * DOLLAR)], 3, 300);
    assert!(
        !world.hub.fresh(&token.address).quarantined,
        "three observations"
    );
    world.all_say(&token, 74 * DOLLAR);
    let jumped = world.hub.fresh(&token.address);
    assert!(jumped.quarantined, "26 % away");
    assert_eq!(
        jumped.median,
        74 * DOLLAR,
        "the median is raw and fresh all the same"
    );
    world.hold(&[(&token, 74 * DOLLAR)], 2, 300);
    assert!(
        world.hub.fresh(&token.address).quarantined,
        "observed twice"
    );
    world.hold(&[(&token, 74 * DOLLAR)], 1, 300);
    assert!(
        !world.hub.fresh(&token.address).quarantined,
        "observed three times"
    );
}

#[test]
fn a_window_is_degraded_until_18_of_24_hours_have_a_price() {
    let world = World::new();
    let token = world.listed();
    world.hold(&[(&token, DOLLAR)], 18, 3_600);
    assert!(world.hub.fresh(&token.address).degraded, "17 whole hours");
    world.hold(&[(&token, DOLLAR)], 1, 3_600);
    assert!(!world.hub.fresh(&token.address).degraded, "18 whole hours");
}

#[test]
fn a_pair_is_one_price_in_units_of_the_other() {
    let world = World::new();
    let (collateral, debt) = (world.listed(), world.listed());
    world.warm_up(&[(&collateral, 100 * DOLLAR), (&debt, 3 * DOLLAR)]);
    let pair = world.hub.pair(&collateral.address, &debt.address);
    assert_eq!(pair.price, 3_333_333_333_333_333, "price, rounded down");
    assert_eq!(pair.high, 3_333_333_333_333_334, "high, rounded up");
    assert_eq!(pair.low, 3_333_333_333_333_333, "low, rounded down");
    assert_eq!(
        (pair.sources, pair.quarantined, pair.degraded),
        (3, false, false),
        "state"
    );
}

#[test]
fn a_pairs_sides_are_those_that_pay_less_for_each_use() {
    let world = World::new();
    let (collateral, debt) = (world.listed(), world.listed());
    world.warm_up(&[(&collateral, 100 * DOLLAR), (&debt, 2 * DOLLAR)]);
    for token in [&collateral, &debt] {
        world.reflector.mock_all_auths().clear(&token.asset);
    }
    world.chainlink_says(&collateral, 102 * DOLLAR);
    world.chainlink_says(&debt, 2 * DOLLAR + DOLLAR / 50);
    let pair = world.hub.pair(&collateral.address, &debt.address);
    assert_eq!(pair.high, 51 * DOLLAR, "trigger: 102 / 2");
    assert_eq!(
        pair.low,
        100 * DOLLAR * 100 / 202,
        "security: 100 / 2.02, rounded down"
    );
    assert_eq!(
        pair.price,
        101 * DOLLAR * 100 / 201,
        "middle: 101 / 2.01, rounded down"
    );
    assert_eq!(pair.sources, 2, "sources");
}

#[test]
fn a_debt_that_just_became_cheaper_secures_no_more_than_its_mean_does() {
    let world = World::new();
    let (collateral, debt) = (world.listed(), world.listed());
    world.warm_up(&[(&collateral, 100 * DOLLAR), (&debt, 2 * DOLLAR)]);
    world.reflector.mock_all_auths().clear(&collateral.asset);
    world.all_say(&debt, DOLLAR + DOLLAR * 6 / 10);
    let pair = world.hub.pair(&collateral.address, &debt.address);
    assert_eq!(pair.low, 50 * DOLLAR, "security: 100 / 2, the debt's TWAP");
    assert_eq!(
        pair.high,
        62 * DOLLAR + DOLLAR / 2,
        "trigger: 100 / 1.6, now"
    );
    assert_eq!(
        pair.sources, 2,
        "two for the collateral, three for the debt"
    );
}

#[test]
fn a_pair_needs_two_sources_for_both() {
    let world = World::new();
    let (collateral, debt) = (world.listed(), world.listed());
    world.all_say(&collateral, DOLLAR);
    world.redstone_says(&debt, DOLLAR);
    let error = world
        .hub
        .try_pair(&collateral.address, &debt.address)
        .unwrap_err();
    assert_eq!(error, Ok(PriceError::TooFewSources), "error");
}

#[test]
fn a_mean_over_hours_reads_the_hourly_cells() {
    let world = World::new();
    let token = world.listed();
    world.warm_up(&[(&token, 100 * DOLLAR)]);
    world.hold(&[(&token, 90 * DOLLAR)], 36, 300);
    let now = world.now();
    assert_eq!(now % 3_600, 0, "on the hour");
    let expected = (3 * 100 * 3_600 + 300 * 100 + (3 * 3_600 - 300) * 90) * DOLLAR / (6 * 3_600);
    assert_eq!(
        world.hub.twap(&token.address, &6),
        expected,
        "6 h, rounded down"
    );
}

#[test]
fn a_mean_over_hours_is_refused_when_a_quarter_of_them_is_missing() {
    let world = World::new();
    let token = world.listed();
    world.hold(&[(&token, DOLLAR)], 5, 3_600);
    assert_eq!(world.hub.twap(&token.address, &4), DOLLAR, "4 of 4 hours");
    let error = world.hub.try_twap(&token.address, &6).unwrap_err();
    assert_eq!(error, Ok(PriceError::WindowThin), "4 of 6 hours");
    for hours in [0, 25] {
        let error = world.hub.try_twap(&token.address, &hours).unwrap_err();
        assert_eq!(error, Ok(PriceError::InvalidPeriod), "{hours} hours");
    }
}

#[test]
fn one_assets_trouble_does_not_touch_the_others_of_a_poke() {
    let world = World::new();
    let (good, alone, unlisted) = (world.listed(), world.listed(), world.token());
    world.all_say(&good, DOLLAR);
    world.redstone_says(&alone, DOLLAR);
    let assets = [&unlisted, &alone, &good, &good].map(|token| token.address.clone());
    let poked = world
        .hub
        .poke(&soroban_sdk::Vec::from_array(&world.env, assets));
    use Poked::{NoPrice, NothingNew, Observed};
    assert_eq!(
        poked,
        vec![&world.env, NoPrice, NoPrice, Observed, NothingNew],
        "in order"
    );
}

#[test]
fn a_poke_tells_what_it_observed() {
    let world = World::new();
    let token = world.listed();
    world.hold(&[(&token, 100 * DOLLAR)], 3, 300);
    world.pass(300);
    world.all_say(&token, 60 * DOLLAR);
    let poked = world.hub.poke(&vec![&world.env, token.address.clone()]);
    let told = world
        .env
        .events()
        .all()
        .filter_by_contract(&world.hub.address);
    let (asset, price) = (token.address.clone(), 60 * DOLLAR);
    let expected = Observed {
        asset,
        price,
        sources: 3,
        quarantined: true,
    };
    assert_eq!(poked, vec![&world.env, Poked::Quarantined], "answer");
    assert_eq!(
        told,
        [expected.to_xdr(&world.env, &world.hub.address)],
        "event"
    );
}
