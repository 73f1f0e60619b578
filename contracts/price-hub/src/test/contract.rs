use interfaces::price::{PriceError, Source};
use soroban_sdk::testutils::{Address as _, Events as _};
use soroban_sdk::{Address, Event as _, Vec};

use super::{call_as, Token, World, DOLLAR};
use crate::events::{SourcesSet, ThresholdSet};

fn world() -> (World, Token, Vec<Source>, Address) {
    let world = World::new();
    let token = world.token();
    let sources = world.sources(&token);
    let stranger = Address::generate(&world.env);
    (world, token, sources, stranger)
}

#[test]
fn the_owner_sets_sources_and_it_is_told() {
    let (world, token, sources, _) = world();
    let asset = token.address;
    call_as!(world, &world.owner, set_sources(asset, sources));
    let told = world
        .env
        .events()
        .all()
        .filter_by_contract(&world.hub.address);
    let event = SourcesSet {
        asset: asset.clone(),
        sources: sources.clone(),
    };
    assert_eq!(
        told,
        [event.to_xdr(&world.env, &world.hub.address)],
        "event"
    );
    assert_eq!(world.hub.sources(&asset), sources, "sources");
}

#[test]
fn a_stranger_sets_no_sources() {
    let (world, token, sources, stranger) = world();
    let result = call_as!(world, &stranger, try_set_sources(token.address, sources));
    assert!(result.is_err(), "refused");
    assert!(world.hub.sources(&token.address).is_empty(), "nothing set");
}

#[test]
fn sources_that_cannot_work_are_refused() {
    let (world, token, sources, _) = world();
    let source = sources.first().unwrap();
    let mut nine = Vec::new(&world.env);
    for _ in 0..9 {
        nine.push_back(source.clone());
    }
    let never_fresh = Vec::from_array(
        &world.env,
        [Source {
            max_age: 0,
            ..source
        }],
    );
    for (sources, why) in [(nine, "nine sources"), (never_fresh, "never fresh")] {
        let result = call_as!(world, &world.owner, try_set_sources(token.address, sources));
        assert_eq!(result, Err(Ok(PriceError::InvalidSources)), "{why}");
    }
}

#[test]
fn the_owner_sets_a_pairs_threshold_and_it_is_told() {
    let (world, token, _, _) = world();
    let (collateral, debt, threshold) = (token.address, world.token().address, 2_000_000_i128);
    assert_eq!(
        world.hub.threshold(&collateral, &debt),
        1_500_000,
        "15 % before"
    );
    call_as!(
        world,
        &world.owner,
        set_threshold(collateral, debt, threshold)
    );
    let told = world
        .env
        .events()
        .all()
        .filter_by_contract(&world.hub.address);
    let event = ThresholdSet {
        collateral: collateral.clone(),
        debt: debt.clone(),
        threshold,
    };
    assert_eq!(
        told,
        [event.to_xdr(&world.env, &world.hub.address)],
        "event"
    );
    assert_eq!(
        world.hub.threshold(&collateral, &debt),
        2_000_000,
        "20 % after"
    );
    assert_eq!(
        world.hub.threshold(&debt, &collateral),
        1_500_000,
        "not the other way round"
    );
}

#[test]
fn a_stranger_sets_no_threshold() {
    let (world, token, _, stranger) = world();
    let (collateral, debt, threshold) = (token.address, world.token().address, 2_000_000_i128);
    let result = call_as!(
        world,
        &stranger,
        try_set_threshold(collateral, debt, threshold)
    );
    assert!(result.is_err(), "refused");
    assert_eq!(
        world.hub.threshold(&collateral, &debt),
        1_500_000,
        "unchanged"
    );
}

#[test]
fn a_threshold_outside_1_to_90_percent_is_refused() {
    let (world, token, _, _) = world();
    let (collateral, debt) = (token.address, world.token().address);
    for (threshold, is_accepted) in [
        (99_999_i128, false),
        (100_000, true),
        (9_000_000, true),
        (9_000_001, false),
        (-1, false),
    ] {
        let result = call_as!(
            world,
            &world.owner,
            try_set_threshold(collateral, debt, threshold)
        );
        let expected = if is_accepted {
            Ok(Ok(()))
        } else {
            Err(Ok(PriceError::InvalidThreshold))
        };
        assert_eq!(result, expected, "{threshold}");
    }
}

#[test]
fn only_the_owner_upgrades() {
    let (world, _, _, stranger) = world();
    let wasm = world.env.deployer().upload_contract_wasm(EMPTY_WASM);
    let by_stranger = call_as!(world, &stranger, try_upgrade(wasm, stranger));
    assert!(by_stranger.is_err(), "stranger refused");
    let owner = world.owner.clone();
    let by_owner = call_as!(world, &owner, try_upgrade(wasm, owner));
    assert!(by_owner.is_ok(), "owner accepted");
}

#[test]
fn ownership_moves_when_the_owner_offers_and_the_other_accepts() {
    let (world, token, sources, heir) = world();
    let owner = world.owner.clone();
    let until = world.env.ledger().sequence() + 100;
    assert!(
        call_as!(world, &heir, try_transfer_ownership(heir, until)).is_err(),
        "taken"
    );
    call_as!(world, &owner, transfer_ownership(heir, until));
    call_as!(world, &heir, accept_ownership());
    assert_eq!(world.hub.get_owner(), Some(heir.clone()), "owner");
    let asset = token.address;
    assert!(
        call_as!(world, &owner, try_set_sources(asset, sources)).is_err(),
        "old owner"
    );
    assert!(
        call_as!(world, &heir, try_set_sources(asset, sources)).is_ok(),
        "new owner"
    );
}

#[test]
fn anyone_pokes_and_triggers_without_a_signature() {
    let world = World::new();
    let (collateral, debt) = (world.listed(), world.listed());
    world.warm_up(&[(&collateral, 100 * DOLLAR), (&debt, DOLLAR)]);
    world.hold(&[(&collateral, 80 * DOLLAR), (&debt, DOLLAR)], 4, 300);
    world.env.set_auths(&[]);
    world
        .hub
        .poke(&Vec::from_array(&world.env, [collateral.address.clone()]));
    assert_eq!(
        world.hub.trigger(&collateral.address, &debt.address).id,
        1,
        "event"
    );
    assert!(world.env.auths().is_empty(), "nobody signed");
}

/// The smallest wasm the host takes for a contract: nothing but the protocol it is built for, 28.
const EMPTY_WASM: &[u8] = b"\0asm\x01\0\0\0\0\x1e\x11contractenvmetav0\0\0\0\0\0\0\0\x1c\0\0\0\0";
