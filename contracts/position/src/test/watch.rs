use interfaces::position::{Taken, Watch};
use interfaces::price::PRICE_ONE;
use soroban_sdk::testutils::{Address as _, Ledger as _};
use soroban_sdk::{vec, Address};

use super::blend::{mint, UNIT};
use super::{MockAdapterClient, World};

/// What half a liquidation at 70 cents offers after 200 ledgers for 250 of debt: 290.62502 dollars of collateral, since Blend
/// rounds the part of it up.
const LOT: i128 = 4_151_786_000;

/// A position that is watched at a price of 2.
fn watched() -> World {
    let world = World::new();
    world.commanded().watch(&(2 * PRICE_ONE));
    world.env.set_auths(&[]);
    world
}

fn taken(world: &World) -> Taken {
    world.position.look().unwrap().taken
}

/// The price of the exits to come.
fn judge_at(world: &World, price: i128) {
    MockAdapterClient::new(&world.env, &world.adapter).set_price(&price);
}

#[test]
fn a_look_sees_what_a_liquidation_took_and_when() {
    let world = watched();
    let began = world.now();
    assert_eq!(taken(&world), Taken::default(), "nothing yet");
    world.liquidate(100);
    let expected = Watch {
        collateral: 1_000 * UNIT - LOT,
        debt: 250 * UNIT,
        looked_at: began + 1_005,
        price: 2 * PRICE_ONE,
        taken: Taken {
            collateral: LOT,
            debt: 250 * UNIT,
            price: 2 * PRICE_ONE,
            began_at: began,
            seen_at: began + 1_005,
        },
    };
    assert_eq!(world.position.look(), Some(expected.clone()), "seen");
    assert_eq!(world.position.look(), Some(expected), "and kept");
    world.commanded().forget();
    assert_eq!(taken(&world), Taken::default(), "forgotten");
}

#[test]
fn a_position_that_is_not_watched_remembers_nothing() {
    let world = World::new();
    world.liquidate(100);
    assert_eq!(world.position.look(), None, "not watched");
    world.commanded().watch(&PRICE_ONE);
    assert_eq!(taken(&world), Taken::default(), "not what was before");
}

#[test]
fn what_the_position_does_itself_is_not_taken() {
    let world = watched();
    let to = Address::generate(&world.env);
    mint(&world.env, &world.collateral, &world.owner, 50 * UNIT);
    mint(&world.env, &world.debt, &to, 100 * UNIT);
    let position = world.commanded();
    let steps: [(&str, &dyn Fn()); 6] = [
        ("withdraw", &|| position.withdraw(&(100 * UNIT), &to)),
        ("repay", &|| position.repay(&to, &(60 * UNIT))),
        ("borrow", &|| position.borrow(&(10 * UNIT), &to)),
        ("supply", &|| position.supply(&(50 * UNIT))),
        ("refinance", &|| position.refinance(&(5 * UNIT))),
        ("surrender", &|| position.surrender(&(20 * UNIT), &to, &0)),
    ];
    for (label, step) in steps {
        step();
        assert_eq!(taken(&world), Taken::default(), "{label}");
    }
    assert_eq!(world.held(), (930 * UNIT, 455 * UNIT), "held");
}

#[test]
fn what_was_taken_before_an_act_of_the_position_is_kept() {
    let world = watched();
    let began = world.now();
    world.liquidate(100);
    mint(&world.env, &world.collateral, &world.owner, 500 * UNIT);
    world.commanded().supply(&(500 * UNIT));
    judge_at(&world, PRICE_ONE / 2);
    world.commanded().borrow(&UNIT, &world.owner);
    world.env.ledger().with_mut(|ledger| ledger.timestamp += 60);
    let watch = world.position.look().unwrap();
    let expected = Taken {
        collateral: LOT,
        debt: 250 * UNIT,
        price: 2 * PRICE_ONE,
        began_at: began,
        seen_at: began + 1_005,
    };
    assert_eq!(watch.taken, expected, "at the price and time it was taken");
    assert_eq!(watch.price, PRICE_ONE / 2, "what the next is judged by");
}

#[test]
fn what_was_taken_before_a_rescue_is_kept() {
    let world = watched();
    world.liquidate(100);
    let position = world.commanded();
    mint(&world.env, &world.debt, &world.position.address, 20 * UNIT);
    position.buy_collateral(&(10 * UNIT));
    assert!(world.held().1 < 241 * UNIT, "repaid by the position itself");
    let seen = taken(&world);
    assert_eq!((seen.collateral, seen.debt), (LOT, 250 * UNIT), "kept");
}

#[test]
fn liquidations_at_two_prices_are_judged_by_the_lower() {
    for (price, expected) in [(1, 1), (3, 2)] {
        let world = watched();
        world.liquidate(100);
        mint(&world.env, &world.collateral, &world.owner, 500 * UNIT);
        let position = world.commanded();
        position.supply(&(500 * UNIT));
        judge_at(&world, price * PRICE_ONE);
        position.borrow(&UNIT, &world.owner);
        world.env.set_auths(&[]);
        world.liquidate_at(3_200_000, 100);
        let both = taken(&world);
        assert!(both.debt > 250 * UNIT, "two at {price}");
        assert_eq!(both.price, expected * PRICE_ONE, "at {price}");
    }
}

#[test]
fn liquidations_between_two_settlements_are_one() {
    let world = watched();
    let began = world.now();
    world.liquidate(50);
    let half = taken(&world);
    assert!(half.collateral > 0 && half.debt > 0, "the first");
    world.fill(100);
    world.env.ledger().with_mut(|ledger| ledger.timestamp += 60);
    let both = taken(&world);
    assert_eq!((both.collateral, both.debt), (LOT, 250 * UNIT), "both");
    let times = (both.began_at, both.seen_at);
    assert_eq!(times, (began, began + 1_065), "from first to last");
}

#[test]
fn a_liquidation_that_leaves_no_collateral_is_the_lenders_loss() {
    let world = watched();
    world.liquidate(50);
    assert!(taken(&world).collateral > 0, "a half is seen");
    world.fill(100);
    world
        .blend
        .set_price(&world.env, &world.collateral, UNIT / 5);
    let (bid, lot) = (
        vec![&world.env, world.debt.clone()],
        vec![&world.env, world.collateral.clone()],
    );
    world
        .pool()
        .new_auction(&0, &world.position.address, &bid, &lot, &100);
    world.env.ledger().with_mut(|ledger| {
        ledger.timestamp += 1_505;
        ledger.sequence_number += 301;
    });
    world.fill(100);
    assert_eq!(world.held(), (0, 0), "the backstop has the rest");
    assert_eq!(taken(&world), Taken::default(), "all of it is forgotten");
}

#[test]
fn the_price_is_that_of_the_last_action_that_raised_the_risk() {
    let world = watched();
    let price = || world.position.look().unwrap().price;
    mint(&world.env, &world.collateral, &world.owner, 2 * UNIT);
    mint(&world.env, &world.debt, &world.owner, 600 * UNIT);
    let position = world.commanded();
    judge_at(&world, 3 * PRICE_ONE);
    position.supply(&UNIT);
    position.repay(&world.owner, &UNIT);
    position.sweep(&world.debt, &world.owner);
    assert_eq!(price(), 2 * PRICE_ONE, "not what lowers it");
    position.borrow(&UNIT, &world.owner);
    assert_eq!(price(), 3 * PRICE_ONE, "borrowing");
    judge_at(&world, 4 * PRICE_ONE);
    position.withdraw(&UNIT, &world.owner);
    assert_eq!(price(), 4 * PRICE_ONE, "taking collateral out");
    position.surrender(&UNIT, &world.owner, &PRICE_ONE);
    assert_eq!(price(), PRICE_ONE, "surrendering it");
}

#[test]
fn only_the_adapter_begins_forgets_and_surrenders() {
    let world = watched();
    world.liquidate(100);
    let position = &world.position;
    assert!(position.try_watch(&PRICE_ONE).is_err(), "begins");
    assert!(position.try_forget().is_err(), "forgets");
    let surrendered = position.try_surrender(&UNIT, &world.owner, &0);
    assert!(surrendered.is_err(), "surrenders");
    assert_eq!(taken(&world).collateral, LOT, "still there");
}
