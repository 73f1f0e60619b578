use interfaces::price::{Asset, PriceData};
use soroban_sdk::testutils::{Address as _, EnvTestConfig, MockAuth, MockAuthInvoke};
use soroban_sdk::{symbol_short, Address, Env, IntoVal};

use crate::{RedstoneFeed, RedstoneFeedClient};

struct World {
    env: Env,
    admin: Address,
    feed: RedstoneFeedClient<'static>,
    asset: Asset,
}

fn world() -> World {
    let env = Env::new_with_config(EnvTestConfig {
        capture_snapshot_at_drop: false,
    });
    let admin = Address::generate(&env);
    let feed = RedstoneFeedClient::new(&env, &env.register(RedstoneFeed, (&admin,)));
    World {
        env,
        admin,
        feed,
        asset: Asset::Other(symbol_short!("ETH")),
    }
}

/// Sets a price, changes the decimals and clears the price, each with exactly one authorisation of `who`. Whether each
/// was accepted.
fn are_accepted(world: &World, who: &Address) -> [bool; 3] {
    let World {
        env, feed, asset, ..
    } = world;
    let invoke = |fn_name, args| MockAuthInvoke {
        contract: &feed.address,
        fn_name,
        args,
        sub_invokes: &[],
    };
    let set = invoke("set_price", (asset, 5_i128, 7_u64).into_val(env));
    let decimals = invoke("set_decimals", (6_u32,).into_val(env));
    let clear = invoke("clear", (asset,).into_val(env));
    [
        feed.mock_auths(&[MockAuth {
            address: who,
            invoke: &set,
        }])
        .try_set_price(asset, &5, &7)
        .is_ok(),
        feed.mock_auths(&[MockAuth {
            address: who,
            invoke: &decimals,
        }])
        .try_set_decimals(&6)
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
fn the_admin_sets_prices_and_decimals_and_clears_prices() {
    let world = world();
    assert_eq!(
        are_accepted(&world, &world.admin),
        [true; 3],
        "set, decimals, clear"
    );
}

#[test]
fn a_stranger_sets_and_clears_nothing() {
    let world = world();
    let stranger = Address::generate(&world.env);
    assert_eq!(
        are_accepted(&world, &stranger),
        [false; 3],
        "set, decimals, clear"
    );
}

#[test]
fn changed_decimals_leave_the_last_price_as_it_was_reported() {
    let World { feed, asset, .. } = world();
    let feed = feed.mock_all_auths();
    assert_eq!(feed.decimals(), 8, "decimals at first");
    feed.set_price(&asset, &123, &7);
    feed.set_decimals(&14);
    assert_eq!(feed.decimals(), 14, "decimals after");
    let last = PriceData {
        price: 123,
        timestamp: 7,
    };
    assert_eq!(feed.lastprice(&asset), Some(last), "last price");
    feed.clear(&asset);
    assert_eq!(feed.lastprice(&asset), None, "cleared");
}
