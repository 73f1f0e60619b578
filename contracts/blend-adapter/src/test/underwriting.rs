use interfaces::adapter::{AdapterError, CoverRequest, Market};
use interfaces::cover::Peril;
use interfaces::price::{Armed, PRICE_ONE};
use soroban_sdk::{vec, Address};

use super::blend::{BackstopClient, UNIT};
use super::World;

/// Why nothing is sold to the position, which a sale, and its quote, must say as well.
fn reason(world: &World, position: &Address) -> u32 {
    let reason = world.adapter.armed(position);
    let insured = world
        .adapter
        .mock_all_auths()
        .try_insure(position, &world.request());
    let refused = insured.err().map_or(0, |error| error.unwrap() as u32);
    assert_eq!(refused, reason, "a sale is refused for the same reason");
    reason
}

#[test]
fn each_reason_of_the_hub_stops_sales() {
    let world = World::new();
    let position = world.open();
    for (armed, error) in [
        (Armed::TooFewSources, AdapterError::PriceUnavailable),
        (Armed::WindowThin, AdapterError::PriceDegraded),
        (Armed::Quarantined, AdapterError::PriceQuarantined),
        (Armed::Falling, AdapterError::PriceFalling),
    ] {
        world.hub.arm(&Some(armed));
        assert_eq!(reason(&world, &position), error as u32, "{armed:?}");
    }
    world.hub.arm(&None);
    assert_eq!(reason(&world, &position), 0, "calm");
}

#[test]
fn hub_and_platform_more_than_three_percent_apart_stop_sales() {
    let world = World::new();
    let position = world.open();
    let diverge = AdapterError::PricesDiverge as u32;
    for (hub, platform, expected) in [
        (PRICE_ONE * 2, 20_600_000, 0),
        (PRICE_ONE * 2, 20_600_001, diverge),
        (PRICE_ONE * 206 / 100, 2 * UNIT, 0),
        (PRICE_ONE * 206 / 100 + 1, 2 * UNIT, diverge),
    ] {
        world.hub.set_price(&world.collateral, &hub);
        world
            .blend
            .set_price(&world.env, &world.collateral, platform);
        assert_eq!(
            world.adapter.armed(&position),
            expected,
            "{hub} and {platform}"
        );
    }
}

#[test]
fn a_divergence_of_the_debt_asset_stops_sales_too() {
    let world = World::new();
    let position = world.open();
    world.blend.set_price(&world.env, &world.asset, 9_700_000);
    assert_eq!(
        reason(&world, &position),
        AdapterError::PricesDiverge as u32,
        "debt at 0.97"
    );
}

#[test]
fn a_platform_on_ice_stops_sales() {
    let world = World::new();
    let position = world.open();
    world.blend.set_status(&world.env, 2);
    assert_eq!(
        reason(&world, &position),
        AdapterError::PlatformNotActive as u32,
        "on ice"
    );
}

#[test]
fn a_thin_backstop_stops_sales() {
    let world = World::new();
    let position = world.open();
    let backstop = BackstopClient::new(&world.env, &world.blend.backstop);
    for (blnd, usdc) in [(100_000, 99_999), (99_999, 100_000), (0, 1_000_000_000)] {
        backstop.fill(&blnd, &usdc);
        assert_eq!(
            world.adapter.armed(&position),
            AdapterError::BackstopThin as u32,
            "{blnd}, {usdc}"
        );
    }
    backstop.fill(&50_000, &1_600_000);
    assert_eq!(
        reason(&world, &position),
        AdapterError::BackstopThin as u32,
        "below the threshold"
    );
    backstop.fill(&100_000, &100_000);
    assert_eq!(reason(&world, &position), 0, "at the threshold");
}

#[test]
fn a_backstop_with_debt_stops_sales() {
    let world = World::new();
    let position = world.open();
    world.default_elsewhere();
    assert_eq!(
        reason(&world, &position),
        AdapterError::BackstopIndebted as u32,
        "bad debt"
    );
}

#[test]
fn a_collateral_of_one_venue_stops_sales_on_the_whole_platform() {
    let world = World::new();
    let position = world.open();
    world.hub.one_venue(&world.asset);
    let insured = world
        .adapter
        .mock_all_auths()
        .try_insure(&position, &world.request());
    assert_eq!(
        insured,
        Err(Ok(AdapterError::CollateralLacksSources)),
        "insured"
    );
    let listed = world
        .adapter
        .mock_all_auths()
        .try_set_market(&world.market());
    assert_eq!(
        listed,
        Err(Ok(AdapterError::CollateralLacksSources)),
        "listed"
    );
}

#[test]
fn without_a_platform_price_nothing_is_sold() {
    let world = World::new();
    let position = world.open();
    world.pass(86_401);
    let expected = AdapterError::PlatformPriceUnavailable as u32;
    assert_eq!(reason(&world, &position), expected, "a day old");
}

#[test]
fn a_loan_is_insured_only_against_what_it_can_be_paid_for() {
    let world = World::new();
    let position = world.open();
    let insure = |peril| {
        let request = CoverRequest {
            perils: vec![&world.env, peril],
            ..world.request()
        };
        let adapter = world.adapter.mock_all_auths();
        adapter.try_insure(&position, &request).map(|_| ())
    };
    let unpaid = Err(Ok(AdapterError::WrongRoute));
    assert_eq!(insure(Peril::Default), unpaid, "the lenders' loss");
    assert_eq!(insure(Peril::Contract), unpaid, "the lenders' loss");
    assert_eq!(insure(Peril::Collateral), unpaid, "without a reference");
    let market = Market {
        peg: 2 * PRICE_ONE,
        ..world.market()
    };
    world.adapter.mock_all_auths().set_market(&market);
    assert_eq!(insure(Peril::Collateral), Ok(()), "with one");
    assert_eq!(insure(Peril::Liquidation), Ok(()), "a penalty");
}
