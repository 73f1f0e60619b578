use entries::DAY_IN_LEDGERS;
use soroban_sdk::testutils::storage::{Instance as _, Persistent as _};
use soroban_sdk::testutils::Ledger as _;
use soroban_sdk::Bytes;

use super::{code, refused, World, UNIT};
use crate::MarketError;

#[test]
fn entries_outlive_two_hundred_quiet_days() {
    let world = World::new();
    let loan = world.loan(100, 50);
    let sequence = world.env.ledger().sequence();
    world
        .env
        .ledger()
        .set_sequence_number(sequence + 100 * DAY_IN_LEDGERS);
    world
        .market
        .supply_collateral(&loan, &world.borrower, &UNIT);
    let market = &world.market.address;
    world.env.as_contract(market, || {
        let storage = world.env.storage();
        let instance = storage.instance().get_ttl();
        assert!(
            instance >= 179 * DAY_IN_LEDGERS,
            "instance lives {instance}"
        );
        let entries = storage.persistent().all();
        assert!(entries.len() >= 3, "books, loan, counter");
    });
}

#[test]
fn books_that_are_missing_are_corrupt() {
    let world = World::new();
    let env = &world.env;
    env.as_contract(&world.market.address, || {
        crate::storage::set_raw_books(env, &Bytes::from_array(env, &[1]));
    });
    assert_eq!(
        refused(world.market.try_state()),
        code(MarketError::Corrupt),
        "cut off"
    );
}

#[test]
fn shares_that_are_gone_take_no_entry() {
    let world = World::new();
    let entries = || {
        let market = &world.market.address;
        world
            .env
            .as_contract(market, || world.env.storage().persistent().all().len())
    };
    let with = entries();
    let shares = world.market.shares_of(&world.lender);
    world
        .market
        .redeem(&world.lender, &shares, &0, &world.lender);
    assert_eq!(entries(), with - 1, "one entry less");
}
