use interfaces::price::{PriceError, Reading, Source, SourceKind};
use soroban_sdk::testutils::Address as _;
use soroban_sdk::{symbol_short, vec, Address, I256};

use super::{Token, World, DOLLAR};

/// What the hub makes of a token.
fn fresh(world: &World, token: &Token) -> Result<Reading, PriceError> {
    world
        .hub
        .try_fresh(&token.address)
        .map_or_else(|error| Err(error.unwrap()), |ok| Ok(ok.unwrap()))
}

/// How many sources agree, and on what.
fn agreed(world: &World, token: &Token) -> Option<(u32, i128)> {
    fresh(world, token)
        .ok()
        .map(|reading| (reading.sources, reading.median))
}

#[test]
fn sources_of_8_14_and_18_decimals_are_read_as_one_price() {
    let world = World::new();
    let token = world.listed();
    world.all_say(&token, 3 * DOLLAR);
    assert_eq!(
        agreed(&world, &token),
        Some((3, 3 * DOLLAR)),
        "sources, price"
    );
}

#[test]
fn changed_decimals_are_read_with_the_price() {
    let world = World::new();
    let token = world.listed();
    world.all_say(&token, 3 * DOLLAR);
    world.redstone.mock_all_auths().set_decimals(&6);
    assert_eq!(
        agreed(&world, &token),
        Some((2, 3 * DOLLAR)),
        "a hundred times too high, discarded"
    );
    let price = 3_000_000;
    world
        .redstone
        .mock_all_auths()
        .set_price(&token.asset, &price, &world.now());
    assert_eq!(agreed(&world, &token), Some((3, 3 * DOLLAR)), "converted");
}

#[test]
fn reflector_is_stale_after_600_seconds_and_others_after_their_own_age() {
    let world = World::new();
    let token = world.listed();
    world.all_say(&token, DOLLAR);
    let sources_after = |seconds| {
        world.pass(seconds);
        agreed(&world, &token).map_or(0, |(sources, _)| sources)
    };
    assert_eq!(sources_after(600), 3, "600 s old");
    assert_eq!(sources_after(1), 2, "601 s old: without Reflector");
    assert_eq!(sources_after(2_999), 2, "3 600 s old");
    assert_eq!(sources_after(1), 0, "3 601 s old: nobody");
}

#[test]
fn a_price_from_the_future_does_not_count() {
    let world = World::new();
    let token = world.listed();
    world.all_say(&token, DOLLAR);
    let tomorrow = world.now() + 1;
    world
        .redstone
        .mock_all_auths()
        .set_price(&token.asset, &100_000_000, &tomorrow);
    assert_eq!(
        agreed(&world, &token),
        Some((2, DOLLAR)),
        "without RedStone"
    );
}

#[test]
fn a_price_of_zero_or_less_or_beyond_reason_does_not_count() {
    let world = World::new();
    let token = world.listed();
    world.all_say(&token, DOLLAR);
    for price in [0, -1, i128::MIN, i128::MAX] {
        world.reflector_says(&token, price);
        assert_eq!(
            agreed(&world, &token),
            Some((2, DOLLAR)),
            "Reflector says {price}"
        );
    }
}

#[test]
fn a_price_that_does_not_fit_nine_bytes_is_no_price_even_if_all_agree() {
    let world = World::new();
    let token = world.listed();
    world.all_say(&token, 47_223_664 * DOLLAR);
    assert_eq!(
        agreed(&world, &token),
        Some((3, 47_223_664 * DOLLAR)),
        "the highest"
    );
    world.all_say(&token, 47_223_665 * DOLLAR);
    assert_eq!(
        fresh(&world, &token),
        Err(PriceError::TooFewSources),
        "beyond it"
    );
}

#[test]
fn a_price_that_is_nothing_at_14_decimals_does_not_count() {
    let world = World::new();
    let token = world.listed();
    world.all_say(&token, DOLLAR);
    world
        .chainlink
        .mock_all_auths()
        .set_price(&token.feed_id, &9_999, &world.now());
    assert_eq!(
        agreed(&world, &token),
        Some((2, DOLLAR)),
        "without Chainlink"
    );
}

#[test]
fn an_answer_of_more_than_128_bits_does_not_count() {
    let world = World::new();
    let token = world.listed();
    world.all_say(&token, DOLLAR);
    let answer = I256::from_parts(&world.env, 0, 1, 0, 0);
    world
        .chainlink
        .mock_all_auths()
        .set_answer(&token.feed_id, &answer, &world.now());
    assert_eq!(
        agreed(&world, &token),
        Some((2, DOLLAR)),
        "without Chainlink"
    );
}

#[test]
fn a_feed_that_knows_nothing_does_not_count() {
    let world = World::new();
    let token = world.listed();
    world.all_say(&token, DOLLAR);
    world.chainlink.mock_all_auths().clear(&token.feed_id);
    assert_eq!(
        agreed(&world, &token),
        Some((2, DOLLAR)),
        "without Chainlink"
    );
    world.redstone.mock_all_auths().clear(&token.asset);
    assert_eq!(
        fresh(&world, &token),
        Err(PriceError::TooFewSources),
        "Reflector alone"
    );
}

#[test]
fn a_contract_that_is_missing_or_speaks_another_language_does_not_count() {
    let world = World::new();
    let token = world.token();
    let mut sources = world.sources(&token);
    let broken = [
        (
            Address::generate(&world.env),
            SourceKind::Sep40(token.asset.clone()),
        ),
        (
            world.chainlink.address.clone(),
            SourceKind::Sep40(token.asset.clone()),
        ),
        (
            world.redstone.address.clone(),
            SourceKind::Chainlink(token.feed_id.clone()),
        ),
    ];
    for (index, (contract, kind)) in broken.into_iter().enumerate() {
        let venue = [symbol_short!("a"), symbol_short!("b"), symbol_short!("c")][index].clone();
        sources.push_front(Source {
            contract,
            kind,
            venue,
            max_age: 600,
        });
    }
    world.list(&token, &sources);
    world.all_say(&token, DOLLAR);
    assert_eq!(
        agreed(&world, &token),
        Some((3, DOLLAR)),
        "the three that speak"
    );
}

#[test]
fn two_feeds_of_one_venue_count_as_one() {
    let world = World::new();
    let token = world.token();
    let [reflector, mut redstone] = [0, 1].map(|index| world.sources(&token).get(index).unwrap());
    redstone.venue = reflector.venue.clone();
    world.list(&token, &vec![&world.env, reflector, redstone]);
    world.all_say(&token, DOLLAR);
    assert_eq!(
        fresh(&world, &token),
        Err(PriceError::TooFewSources),
        "one venue alone"
    );
}

#[test]
fn a_venues_second_feed_speaks_when_its_first_is_stale() {
    let world = World::new();
    let token = world.token();
    let mut sources = world.sources(&token);
    let mut second = sources.get(1).unwrap();
    second.venue = sources.get(0).unwrap().venue;
    sources.set(1, second);
    world.list(&token, &sources);
    world.all_say(&token, DOLLAR);
    world.pass(601);
    assert_eq!(
        agreed(&world, &token),
        Some((2, DOLLAR)),
        "RedStone for Reflector, and Chainlink"
    );
}

#[test]
fn two_sources_must_lie_within_two_percent() {
    let world = World::new();
    let token = world.listed();
    world.redstone_says(&token, 100 * DOLLAR);
    world.chainlink_says(&token, 102 * DOLLAR);
    let reading = fresh(&world, &token).unwrap();
    let sides = (reading.bottom, reading.median, reading.top);
    assert_eq!(
        sides,
        (100 * DOLLAR, 101 * DOLLAR, 102 * DOLLAR),
        "both sides and the middle"
    );
    assert_eq!(reading.sources, 2, "sources");
    world.chainlink_says(&token, 102 * DOLLAR + 1);
    assert_eq!(
        fresh(&world, &token),
        Err(PriceError::TooFewSources),
        "a hair more than 2 %"
    );
}

#[test]
fn of_three_sources_one_beyond_five_percent_of_the_median_is_discarded() {
    let world = World::new();
    let token = world.listed();
    world.reflector_says(&token, 100 * DOLLAR);
    world.redstone_says(&token, 104 * DOLLAR);
    world.chainlink_says(&token, 105 * DOLLAR);
    assert_eq!(
        agreed(&world, &token),
        Some((3, 104 * DOLLAR)),
        "all near 104"
    );
    world.reflector_says(&token, 98 * DOLLAR);
    let reading = fresh(&world, &token).unwrap();
    assert_eq!(reading.sources, 2, "98 is more than 5 % below 104");
    assert_eq!(
        (reading.bottom, reading.top),
        (104 * DOLLAR, 105 * DOLLAR),
        "sides"
    );
}

#[test]
fn three_sources_that_all_disagree_are_no_price() {
    let world = World::new();
    let token = world.listed();
    world.reflector_says(&token, 80 * DOLLAR);
    world.redstone_says(&token, 100 * DOLLAR);
    world.chainlink_says(&token, 120 * DOLLAR);
    assert_eq!(
        fresh(&world, &token),
        Err(PriceError::TooFewSources),
        "the median stands alone"
    );
}

#[test]
fn a_discarded_source_makes_no_new_round() {
    let world = World::new();
    let token = world.listed();
    world.all_say(&token, 100 * DOLLAR);
    let recorded_at = world.now();
    world.pass(300);
    world.chainlink_says(&token, 200 * DOLLAR);
    let reading = fresh(&world, &token).unwrap();
    assert_eq!(
        reading.timestamp, recorded_at,
        "the newest time among those that agree"
    );
}
