use interfaces::price::{Asset, PriceData};
use soroban_sdk::testutils::{Address as _, EnvTestConfig, MockAuth, MockAuthInvoke};
use soroban_sdk::{vec, Address, Env, IntoVal};

use crate::{ReflectorFeed, ReflectorFeedClient};

const NOON: u64 = 1_700_006_400;

struct World {
    env: Env,
    admin: Address,
    feed: ReflectorFeedClient<'static>,
    asset: Asset,
}

fn world() -> World {
    let env = Env::new_with_config(EnvTestConfig {
        capture_snapshot_at_drop: false,
    });
    let admin = Address::generate(&env);
    let feed = ReflectorFeedClient::new(&env, &env.register(ReflectorFeed, (&admin,)));
    let asset = Asset::Stellar(Address::generate(&env));
    World {
        env,
        admin,
        feed,
        asset,
    }
}

/// Sets a price and clears it, each with exactly one authorisation of `who`. Whether both were accepted.
fn are_accepted(world: &World, who: &Address) -> [bool; 2] {
    let World {
        env, feed, asset, ..
    } = world;
    let invoke = |fn_name, args| MockAuthInvoke {
        contract: &feed.address,
        fn_name,
        args,
        sub_invokes: &[],
    };
    let set = invoke("set_price", (asset, 5_i128, NOON).into_val(env));
    let clear = invoke("clear", (asset,).into_val(env));
    [
        feed.mock_auths(&[MockAuth {
            address: who,
            invoke: &set,
        }])
        .try_set_price(asset, &5, &NOON)
        .is_ok(),
        feed.mock_auths(&[MockAuth {
            address: who,
            invoke: &clear,
        }])
        .try_clear(asset)
        .is_ok(),
    ]
}

#[test]
fn the_admin_sets_and_clears_prices() {
    let world = world();
    assert_eq!(are_accepted(&world, &world.admin), [true; 2], "set, clear");
}

#[test]
fn a_stranger_sets_and_clears_nothing() {
    let world = world();
    let stranger = Address::generate(&world.env);
    assert_eq!(are_accepted(&world, &stranger), [false; 2], "set, clear");
}

#[test]
fn times_are_cut_to_300_seconds_and_a_price_of_the_same_time_is_replaced() {
    let world = world();
    let World {
        env, feed, asset, ..
    } = &world;
    let feed = feed.mock_all_auths();
    for (price, time) in [(1, NOON), (2, NOON + 300), (3, NOON + 599)] {
        feed.set_price(asset, &price, &time);
    }
    let record = |price, timestamp| PriceData { price, timestamp };
    let all = vec![env, record(3, NOON + 300), record(1, NOON)];
    assert_eq!(feed.prices(asset, &20), Some(all), "records");
    assert_eq!(feed.lastprice(asset), Some(record(3, NOON + 300)), "last");
    assert_eq!(
        feed.price(asset, &(NOON + 299)),
        Some(record(1, NOON)),
        "of a time"
    );
    assert_eq!(feed.assets(), vec![env, asset.clone()], "assets");
}

#[test]
fn twenty_records_are_kept() {
    let world = world();
    for index in 0..25 {
        let time = NOON + index * 300;
        world
            .feed
            .mock_all_auths()
            .set_price(&world.asset, &i128::from(index), &time);
    }
    let records = world.feed.prices(&world.asset, &100).unwrap();
    let ends = [records.first(), records.last()].map(|record| record.unwrap().price);
    assert_eq!(
        (records.len(), ends),
        (20, [24, 5]),
        "number, newest, oldest"
    );
}
