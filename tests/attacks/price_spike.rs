//! One trade that moves a price, up or down.
//!
//! What stops it: the hub's median of independent sources, so that one feed moves nothing; two sources that disagree
//! settle nothing; a jump is quarantined; and a fall is measured from the *second highest* hour. Each test ends with the
//! twin in which the price really moves.

use testkit::{
    asset::UNIT,
    bindings::{blend_adapter::AdapterError, price_hub::PriceError},
    feeds::{Feed, PRICE_ONE},
    world::{Setup, World},
};

use crate::scene::*;

/// One feed's price of the collateral, and a look of the hub.
fn spike(world: &World, feed: Feed, dollars: i128) {
    world
        .feeds
        .set(&world.ledger, feed, &world.collateral, dollars * PRICE_ONE);
    world
        .hub
        .poke(&world.ledger, &world.keeper, &world.assets());
}

#[test]
fn one_feed_moves_neither_advance_nor_grant_nor_sale() {
    let (world, _) = staked(&Setup::default());
    let (_, position) = loan(
        &world,
        "borrower",
        Some(request(&[Advance, Grant], 4_000 * UNIT)),
    );
    world.sleep(26 * HOUR);
    let calm = (world.ledger.snapshot(), books(&world).cash);
    for feed in Feed::ALL {
        for dollars in [20, 200_000] {
            world.ledger.revert(&calm.0);
            world.ledger.advance(60);
            spike(&world, feed, dollars);
            let label = format!("{feed:?} at {dollars}");
            let reading = world.hub.fresh(&world.ledger, &world.collateral);
            assert_eq!(
                (reading.median, reading.sources),
                (2_000 * PRICE_ONE, 2),
                "{label}: median"
            );
            assert_eq!(
                rescue(&world, &position),
                skipped(AdapterError::Healthy),
                "{label}: advance"
            );
            refused(
                world.try_trigger(),
                PriceError::BelowThreshold as u32,
                &label,
            );
            assert_eq!(
                grant(&world, &position),
                skipped(AdapterError::NoEvent),
                "{label}: grant"
            );
            assert_eq!(
                world.adapter.armed(&position.0).view(&world.ledger),
                Ok(0),
                "{label}: sells on"
            );
            assert_eq!(books(&world).cash, calm.1, "{label}: cash");
        }
    }
    world.ledger.revert(&calm.0);
    price(&world, 1_200);
    let needed = needed(&world, &position);
    assert_eq!(
        paid(&rescue(&world, &position)),
        needed,
        "the twin: all feeds fall"
    );
    assert!(needed > 1_160 * UNIT, "which is much: {needed}");
}

#[test]
fn two_sources_of_which_one_is_moved_sell_and_settle_nothing() {
    let (world, _) = staked(&two_sources());
    let (_, position) = loan(
        &world,
        "borrower",
        Some(request(&[Advance, Grant], 4_000 * UNIT)),
    );
    world.sleep(26 * HOUR);
    let calm = world.ledger.snapshot();
    world.ledger.advance(60);
    spike(&world, Feed::Redstone, 1_200);
    assert_eq!(
        rescue(&world, &position),
        skipped(AdapterError::PriceUnavailable),
        "advance"
    );
    refused(
        world.try_trigger(),
        PriceError::TooFewSources as u32,
        "event",
    );
    let armed = world.adapter.armed(&position.0).view(&world.ledger);
    assert_eq!(armed, Ok(AdapterError::PriceUnavailable as u32), "sale");
    spike(&world, Feed::Reflector, 1_200);
    let needed = needed(&world, &position);
    assert_eq!(
        paid(&rescue(&world, &position)),
        needed,
        "the twin: both fall"
    );

    world.ledger.revert(&calm);
    spike(&world, Feed::Redstone, 1_980);
    let thin = (
        world.hub.fresh(&world.ledger, &world.collateral),
        1_980 * PRICE_ONE,
        2_000 * PRICE_ONE,
    );
    assert_eq!(
        (thin.0.bottom, thin.0.top),
        (thin.1, thin.2),
        "within 2 %: both sides are kept, payouts read the top"
    );
}

#[test]
fn a_spike_of_one_hour_makes_no_fall_of_its_end() {
    let (world, _) = staked(&Setup::default());
    let (_, position) = loan(&world, "borrower", Some(request(&[Grant], 4_000 * UNIT)));
    world.sleep(26 * HOUR);
    let calm = world.ledger.snapshot();
    price(&world, 2_400);
    world.watch(HOUR);
    price(&world, 2_000);
    world.watch(HOUR / 2);
    refused(
        world.try_trigger(),
        PriceError::BelowThreshold as u32,
        "up for an hour",
    );
    assert_eq!(
        grant(&world, &position),
        skipped(AdapterError::NoEvent),
        "no grant"
    );

    world.ledger.revert(&calm);
    price(&world, 2_400);
    world.watch(2 * HOUR);
    price(&world, 2_000);
    world.watch(HOUR / 2);
    world
        .try_trigger()
        .expect("the twin: up for two hours is a price");
    assert_eq!(
        grant(&world, &position),
        skipped(AdapterError::NothingLost),
        "and yet the loan needs nothing"
    );
}

#[test]
fn a_jump_that_no_second_look_confirms_lends_to_four_fifths_only() {
    let (world, _) = staked(&Setup::default());
    let (_, position) = loan(&world, "borrower", Some(request(&[Advance], 4_000 * UNIT)));
    world.sleep(26 * HOUR);
    let calm = (world.ledger.snapshot(), books(&world).cash);
    price(&world, 1_000);
    assert_eq!(
        rescue(&world, &position),
        skipped(AdapterError::EquityExhausted),
        "debt is 80 % of the moment's price"
    );
    assert_eq!(
        world.adapter.armed(&position.0).view(&world.ledger),
        Ok(AdapterError::PriceQuarantined as u32),
        "sale"
    );
    price(&world, 2_000);
    assert_eq!(books(&world).cash, calm.1, "nothing was lent on it");

    world.ledger.revert(&calm.0);
    price(&world, 1_000);
    world.watch(HOUR / 4);
    let needed = needed(&world, &position);
    assert_eq!(
        paid(&rescue(&world, &position)),
        needed,
        "the twin: four looks agree, and it is lent in full"
    );
}
