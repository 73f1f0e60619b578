//! The price hub: anyone pokes and triggers, the owner alone lists, the guardian alone drops a venue.

use testkit::{
    bindings::price_hub::{Armed, Client, PriceError, Source},
    feeds::{Feed, PRICE_ONE},
};

use crate::stage::*;

#[test]
fn sources_thresholds_and_ownership_are_the_owners() {
    let world = world();
    let hub = Client(world.hub.address.clone());
    let (eth, usdc) = (&world.collateral.contract, &world.usdc.contract);
    let sources: Vec<Source> = hub.sources(eth).view(&world.ledger).unwrap();
    assert_eq!(sources.len(), 3, "as listed");
    guarded(&world.ledger, &world.owner, hub.set_sources(eth, &sources));
    guarded(
        &world.ledger,
        &world.owner,
        hub.set_threshold(eth, usdc, 2_000_000),
    );
    let until = world.ledger.sequence() + 1_000;
    guarded(
        &world.ledger,
        &world.owner,
        hub.transfer_ownership(&world.keeper, until),
    );
    let timeless = vec![Source {
        max_age: 0,
        ..sources[0].clone()
    }];
    let refusal = hub
        .set_sources(eth, &timeless)
        .send(&world.ledger, &world.owner);
    refused(
        refusal,
        PriceError::InvalidSources as u32,
        "a price that is never fresh",
    );
}

#[test]
fn anyone_triggers_a_fall_past_the_threshold() {
    let world = world();
    let hub = Client(world.hub.address.clone());
    let (eth, usdc) = (&world.collateral.contract, &world.usdc.contract);
    let trigger = || hub.trigger(eth, usdc).send(&world.ledger, &world.keeper);
    refused(trigger(), PriceError::BelowThreshold as u32, "no fall");
    assert_eq!(
        hub.event(eth, usdc).view(&world.ledger),
        Ok(None),
        "no event"
    );
    price(&world, 1_600);
    world.watch(HOUR);
    let event = trigger().unwrap();
    assert_eq!(
        (event.id, event.at),
        (1, world.ledger.now()),
        "the first, now"
    );
    assert_eq!(
        event.reference,
        2_000 * PRICE_ONE,
        "from the day's second highest hour"
    );
    assert_eq!(
        (event.current, event.rate),
        (1_600 * PRICE_ONE, 2_000_000),
        "20 % down"
    );
    assert_eq!(
        hub.event(eth, usdc).view(&world.ledger),
        Ok(Some(event)),
        "stored"
    );
    refused(
        trigger(),
        PriceError::NotDeeper as u32,
        "only a deeper fall is news",
    );
}

#[test]
fn two_feeds_that_disagree_make_no_price() {
    let world = world();
    let hub = Client(world.hub.address.clone());
    let eth = &world.collateral;
    world
        .feeds
        .set(&world.ledger, Feed::Chainlink, eth, 2_200 * PRICE_ONE);
    let reading = world.hub.fresh(&world.ledger, eth);
    assert_eq!(
        (reading.sources, reading.median),
        (2, 2_000 * PRICE_ONE),
        "the outlier is out"
    );
    world
        .feeds
        .set(&world.ledger, Feed::Redstone, eth, 1_800 * PRICE_ONE);
    let none = hub.fresh(&eth.contract).view(&world.ledger);
    refused(none, PriceError::TooFewSources as u32, "all apart");
}

#[test]
fn the_guardian_alone_takes_a_venue_off_once_until_the_owner_lists_again() {
    let world = world();
    let (ledger, owner, guardian) = (&world.ledger, &world.owner, world.actor("guardian"));
    let hub = Client(world.hub.address.clone());
    let (eth, usdc) = (&world.collateral.contract, &world.usdc.contract);
    guarded(ledger, owner, hub.set_guardian(&guardian));
    let named = hub.set_guardian(&guardian).send(ledger, owner);
    named.unwrap();
    let drop = |venue: &str| hub.drop_venue(eth, &venue.into());
    closed(ledger, owner, drop("reflector"));
    guarded(ledger, &guardian, drop("reflector"));
    let listed: Vec<Source> = hub.sources(eth).view(ledger).unwrap();
    drop("reflector").send(ledger, &guardian).unwrap();
    let left = hub.sources(eth).view(ledger).unwrap();
    assert_eq!(left, listed[1..], "two are left");
    let lie = 2_040 * PRICE_ONE;
    let feeds = &world.feeds;
    feeds.set(ledger, Feed::Reflector, &world.collateral, lie);
    let reading = world.hub.fresh(ledger, &world.collateral);
    assert_eq!(
        (reading.sources, reading.bottom, reading.top),
        (2, 2_000 * PRICE_ONE, 2_000 * PRICE_ONE),
        "the third is not asked"
    );
    let again = drop("redstone").send(ledger, &guardian);
    refused(again, PriceError::AlreadyDropped as u32, "a second");
    hub.set_sources(eth, &left).send(ledger, owner).unwrap();
    drop("redstone").send(ledger, &guardian).unwrap();
    let armed = hub.armed(eth, usdc).view(ledger).unwrap();
    assert_eq!(armed, Some(Armed::TooFewSources), "nothing is sold");
}
