use interfaces::price::{Asset, PriceData, PriceFeedClient};
use soroban_sdk::{symbol_short, vec};

use super::{World, DOLLAR, START};

#[test]
fn the_hub_is_a_feed_in_dollars_with_14_decimals_and_hourly_records() {
    let world = World::new();
    let (first, second) = (world.listed(), world.listed());
    let feed = PriceFeedClient::new(&world.env, &world.hub.address);
    assert_eq!(feed.base(), Asset::Other(symbol_short!("USD")), "base");
    assert_eq!(feed.decimals(), 14, "decimals");
    assert_eq!(feed.resolution(), 3_600, "resolution");
    assert_eq!(
        feed.assets(),
        vec![&world.env, first.asset, second.asset],
        "assets"
    );
}

#[test]
fn the_last_price_is_what_the_sources_agree_on_now() {
    let world = World::new();
    let token = world.listed();
    assert_eq!(world.hub.lastprice(&token.asset), None, "before");
    world.all_say(&token, 7 * DOLLAR);
    let expected = PriceData {
        price: 7 * DOLLAR,
        timestamp: START,
    };
    assert_eq!(world.hub.lastprice(&token.asset), Some(expected), "after");
    assert_eq!(
        world.hub.lastprice(&Asset::Other(symbol_short!("XLM"))),
        None,
        "no token"
    );
}

#[test]
fn records_are_the_means_of_whole_hours_newest_first() {
    let world = World::new();
    let token = world.listed();
    world.hold(&[(&token, 7 * DOLLAR)], 2, 3_600);
    world.hold(&[(&token, 8 * DOLLAR)], 1, 3_600);
    let record = |hour: u64, price| PriceData {
        price: price * DOLLAR,
        timestamp: START + hour * 3_600,
    };
    let both = vec![&world.env, record(2, 7), record(1, 7)];
    assert_eq!(
        world.hub.prices(&token.asset, &5),
        Some(both.clone()),
        "as many as there are"
    );
    assert_eq!(
        world.hub.prices(&token.asset, &1),
        Some(both.slice(..1)),
        "the newest"
    );
    assert_eq!(world.hub.prices(&token.asset, &0), None, "none");
    assert_eq!(
        world.hub.price(&token.asset, &(START + 3_601)),
        Some(record(1, 7)),
        "of a time"
    );
    assert_eq!(
        world.hub.price(&token.asset, &world.now()),
        None,
        "the open hour"
    );
    assert_eq!(
        world.hub.price(&token.asset, &u64::MAX),
        None,
        "the far future"
    );
}
