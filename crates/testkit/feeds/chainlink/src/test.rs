use interfaces::price::RoundData;
use soroban_sdk::testutils::{Address as _, EnvTestConfig, MockAuth, MockAuthInvoke};
use soroban_sdk::{vec, Address, BytesN, Env, IntoVal, I256};

use crate::{ChainlinkFeed, ChainlinkFeedClient};

struct World {
    env: Env,
    admin: Address,
    feed: ChainlinkFeedClient<'static>,
    data_id: BytesN<32>,
}

fn world() -> World {
    let env = Env::new_with_config(EnvTestConfig {
        capture_snapshot_at_drop: false,
    });
    let admin = Address::generate(&env);
    let feed = ChainlinkFeedClient::new(&env, &env.register(ChainlinkFeed, (&admin,)));
    let data_id = BytesN::from_array(&env, &[7; 32]);
    World {
        env,
        admin,
        feed,
        data_id,
    }
}

/// Reports an answer, a price, and clears the feed, each with exactly one authorisation of `who`. Whether each was accepted.
fn are_accepted(world: &World, who: &Address) -> [bool; 3] {
    let World {
        env, feed, data_id, ..
    } = world;
    let answer = I256::from_i128(env, 5);
    let invoke = |fn_name, args| MockAuthInvoke {
        contract: &feed.address,
        fn_name,
        args,
        sub_invokes: &[],
    };
    let set_answer = invoke("set_answer", (data_id, &answer, 7_u64).into_val(env));
    let set_price = invoke("set_price", (data_id, 5_i128, 7_u64).into_val(env));
    let clear = invoke("clear", (data_id,).into_val(env));
    [
        feed.mock_auths(&[MockAuth {
            address: who,
            invoke: &set_answer,
        }])
        .try_set_answer(data_id, &answer, &7)
        .is_ok(),
        feed.mock_auths(&[MockAuth {
            address: who,
            invoke: &set_price,
        }])
        .try_set_price(data_id, &5, &7)
        .is_ok(),
        feed.mock_auths(&[MockAuth {
            address: who,
            invoke: &clear,
        }])
        .try_clear(data_id)
        .is_ok(),
    ]
}

#[test]
fn the_admin_reports_rounds_and_clears_feeds() {
    let world = world();
    assert_eq!(
        are_accepted(&world, &world.admin),
        [true; 3],
        "answer, price, clear"
    );
}

#[test]
fn a_stranger_reports_and_clears_nothing() {
    let world = world();
    let stranger = Address::generate(&world.env);
    assert_eq!(
        are_accepted(&world, &stranger),
        [false; 3],
        "answer, price, clear"
    );
}

#[test]
fn rounds_are_counted_and_answered_in_the_order_asked_for() {
    let World {
        env, feed, data_id, ..
    } = world();
    let unknown = BytesN::from_array(&env, &[8; 32]);
    for (price, time) in [(5, 7), (6, 8)] {
        feed.mock_all_auths().set_price(&data_id, &price, &time);
    }
    let answer = I256::from_i128(&env, 6);
    let ledger_seq = env.ledger().sequence();
    let round = RoundData {
        round_id: 2,
        answer,
        timestamp: 8,
        ledger_seq,
        primary: true,
    };
    let rounds = feed.latest_round(&vec![&env, unknown, data_id]);
    assert_eq!(rounds, vec![&env, None, Some(round)], "unknown, known");
}
