use interfaces::price::{PriceError, Source};
use soroban_sdk::testutils::{Address as _, Events as _};
use soroban_sdk::{symbol_short, Address, Event as _, Symbol, Vec};

use super::{call_as, Token, World, DOLLAR};
use crate::events::{GuardianSet, VenueDropped};

/// A token with three sources, and a guardian of the hub.
fn guarded() -> (World, Token, Address) {
    let world = World::new();
    let token = world.listed();
    let guardian = Address::generate(&world.env);
    call_as!(world, &world.owner, set_guardian(guardian));
    (world, token, guardian)
}

fn reflector() -> Symbol {
    symbol_short!("reflector")
}

/// The price, or why there is none.
fn median(world: &World, token: &Token) -> Result<(i128, u32), PriceError> {
    let reading = world.hub.try_fresh(&token.address);
    let reading = reading.map_err(|error| error.unwrap())?.unwrap();
    Ok((reading.median, reading.sources))
}

/// The events of the last call.
macro_rules! told {
    ($world:expr, $event:expr) => {{
        let told = $world.env.events().all();
        let told = told.filter_by_contract(&$world.hub.address);
        let event = $event.to_xdr(&$world.env, &$world.hub.address);
        assert_eq!(told, [event], "event");
    }};
}

#[test]
fn the_founder_is_guardian_until_the_owner_sets_another_and_it_is_told() {
    let world = World::new();
    assert_eq!(world.hub.guardian(), world.owner, "the founder");
    let guardian = Address::generate(&world.env);
    let taken = call_as!(world, &guardian, try_set_guardian(guardian));
    assert!(taken.is_err(), "taken");
    call_as!(world, &world.owner, set_guardian(guardian));
    told!(
        world,
        GuardianSet {
            guardian: guardian.clone()
        }
    );
    assert_eq!(world.hub.guardian(), guardian, "given");
}

#[test]
fn the_guardian_drops_a_venue_and_it_is_told() {
    let (world, token, guardian) = guarded();
    world.all_say(&token, DOLLAR);
    let (asset, venue) = (token.address.clone(), reflector());
    let sources = world.sources(&token).slice(1..);
    call_as!(world, &guardian, drop_venue(asset, venue));
    told!(
        world,
        VenueDropped {
            asset: asset.clone(),
            venue: venue.clone(),
            sources: sources.clone(),
        }
    );
    assert_eq!(world.hub.sources(&asset), sources, "two are left");
    assert_eq!(median(&world, &token), Ok((DOLLAR, 2)), "which agree");
}

#[test]
fn nobody_else_drops_one_not_even_the_owner() {
    let (world, token, _) = guarded();
    let (asset, venue) = (token.address.clone(), reflector());
    let stranger = Address::generate(&world.env);
    for caller in [&stranger, &world.owner] {
        let dropped = call_as!(world, caller, try_drop_venue(asset, venue));
        assert!(dropped.is_err(), "refused");
    }
    assert_eq!(world.hub.sources(&asset).len(), 3, "sources");
}

#[test]
fn all_sources_of_the_venue_go() {
    let (world, token, guardian) = guarded();
    let mut sources = world.sources(&token);
    let second = Source {
        venue: reflector(),
        ..sources.get_unchecked(1)
    };
    sources.push_back(second);
    world.list(&token, &sources);
    let (asset, venue) = (token.address.clone(), reflector());
    call_as!(world, &guardian, drop_venue(asset, venue));
    assert_eq!(world.hub.sources(&asset), sources.slice(1..3), "left");
}

#[test]
fn a_second_is_dropped_only_after_the_owner_set_the_list_again() {
    let (world, token, guardian) = guarded();
    let other = world.listed();
    let (asset, venue) = (token.address.clone(), reflector());
    call_as!(world, &guardian, drop_venue(asset, venue));
    let next = symbol_short!("redstone");
    let drop = || call_as!(world, &guardian, try_drop_venue(asset, next));
    assert_eq!(drop(), Err(Ok(PriceError::AlreadyDropped)), "at once");
    let of_another = other.address;
    call_as!(world, &guardian, drop_venue(of_another, next));
    world.list(&token, &world.sources(&token));
    assert_eq!(drop(), Ok(Ok(())), "of the new list");
}

#[test]
fn a_venue_that_is_not_listed_is_not_dropped() {
    let (world, token, guardian) = guarded();
    let (asset, venue) = (token.address.clone(), symbol_short!("nobody"));
    let dropped = call_as!(world, &guardian, try_drop_venue(asset, venue));
    assert_eq!(dropped, Err(Ok(PriceError::UnknownVenue)), "venue");
    let (unlisted, venue) = (world.token().address, reflector());
    let dropped = call_as!(world, &guardian, try_drop_venue(unlisted, venue));
    assert_eq!(dropped, Err(Ok(PriceError::UnknownVenue)), "asset");
    let listed = token.address;
    let dropped = call_as!(world, &guardian, try_drop_venue(listed, venue));
    assert_eq!(dropped, Ok(Ok(())), "what was refused was no drop");
}

#[test]
fn one_of_two_dropped_leaves_no_price_and_the_last_one_no_asset() {
    let (world, token, guardian) = guarded();
    world.all_say(&token, DOLLAR);
    let (asset, venue) = (token.address.clone(), reflector());
    world.list(&token, &world.sources(&token).slice(..2));
    call_as!(world, &guardian, drop_venue(asset, venue));
    assert_eq!(
        median(&world, &token),
        Err(PriceError::TooFewSources),
        "one is left"
    );
    world.list(&token, &world.sources(&token).slice(..1));
    call_as!(world, &guardian, drop_venue(asset, venue));
    assert_eq!(
        median(&world, &token),
        Err(PriceError::UnknownAsset),
        "none is left"
    );
    assert_eq!(world.hub.assets(), Vec::new(&world.env), "delisted");
}

#[test]
fn a_guardian_who_drops_an_honest_venue_beside_a_bad_one_gets_at_most_two_percent() {
    let (world, token, guardian) = guarded();
    world.all_say(&token, 100 * DOLLAR);
    world.chainlink_says(&token, 102 * DOLLAR);
    let before = median(&world, &token);
    assert_eq!(before, Ok((100 * DOLLAR, 3)), "two honest of three");
    let (asset, venue) = (token.address.clone(), reflector());
    call_as!(world, &guardian, drop_venue(asset, venue));
    let reading = world.hub.fresh(&asset);
    assert_eq!(
        (reading.bottom, reading.top, reading.sources),
        (100 * DOLLAR, 102 * DOLLAR, 2),
        "each use takes the side that pays less"
    );
    world.chainlink_says(&token, 103 * DOLLAR);
    assert_eq!(
        median(&world, &token),
        Err(PriceError::TooFewSources),
        "further apart there is no price"
    );
}
