//! Rescues by buying collateral on Comet's wasm: bounded by 99 % of the hub's price, else they repay debt.

use actuary::time::HOUR;
use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter::{CoverRequest, Outcome, Peril, Route, Settlement},
        position, OnLedger,
    },
    feeds::PRICE_ONE,
    world::{Setup, World},
};

const COLLATERAL: i128 = 10 * UNIT;
const DEBT: i128 = 8_000 * UNIT;

/// A world with an exchange of this depth in USDC, and a loan that is rescued by buying.
fn world(exchange_depth: i128, peril: Peril) -> (World, position::Client) {
    let world = World::new(&Setup {
        exchange_depth,
        ..Setup::default()
    });
    world.stake("lp", 2_000_000 * UNIT);
    let borrower = world.funded("borrower", 1_000 * UNIT);
    let address = borrower.address();
    world.collateral.mint(&world.ledger, &address, COLLATERAL);
    let request = CoverRequest {
        limit: 6_000 * UNIT,
        max_premium: 500 * UNIT,
        max_rate: 0,
        perils: vec![peril],
        route: Route::BuyCollateral,
        weeks: 8,
    };
    let opened = world.open_loan(&borrower, COLLATERAL, DEBT, Some(request));
    let (position, _) = opened.unwrap();
    world.sleep(25 * HOUR);
    (world, position)
}

/// The price falls, and the exchange's with it when somebody trades it there.
fn fall(world: &World, price: i128, exchange_follows: bool) {
    world.set_price(&world.collateral, price * PRICE_ONE);
    world.tick();
    if exchange_follows {
        world.trade_exchange_to(price * PRICE_ONE);
    }
}

fn rescue(world: &World, position: &position::Client) -> i128 {
    let positions = vec![position.0.clone()];
    let call = world.adapter.rescue(&positions, &world.keeper);
    match &call.send(&world.ledger, &world.keeper).unwrap()[..] {
        [Outcome::Done(Settlement::Paid(paid))] => *paid,
        other => panic!("not paid: {other:?}"),
    }
}

/// What the position has on Blend: bTokens of collateral, dTokens of debt.
fn holdings(world: &World, position: &position::Client) -> (i128, i128) {
    let positions = world.pool.positions(&world.ledger, &position.0);
    (positions.collateral[&1], positions.liabilities[&0])
}

#[test]
fn an_advance_buys_collateral_and_lifts_the_health_factor() {
    let (world, position) = world(20_000_000 * UNIT, Peril::Advance);
    fall(&world, 1_200, true);
    let (collateral, debt) = holdings(&world, &position);
    let paid = rescue(&world, &position);
    let (collateral_after, debt_after) = holdings(&world, &position);
    assert_eq!(debt_after, debt, "debt untouched");
    let bought = collateral_after - collateral;
    assert!(
        bought * 1_200 >= paid * 99 / 100,
        "bought {bought} for {paid}"
    );
    assert!(bought * 1_200 < paid, "the exchange has a fee");
    let health = world.health(&position);
    assert!(health.platform >= 12_490_000, "at the target: {health:?}");
    let policy = world.policy(&position).unwrap();
    assert_eq!(policy.drawn, paid, "owed in full");
    let left = world.usdc.balance(&world.ledger, &position.0);
    assert_eq!(left, 0, "nothing stays in the position");
}

#[test]
fn an_exchange_dearer_than_the_bound_repays_instead() {
    let (world, position) = world(20_000_000 * UNIT, Peril::Advance);
    fall(&world, 1_200, false);
    let (collateral, debt) = holdings(&world, &position);
    let paid = rescue(&world, &position);
    let (collateral_after, debt_after) = holdings(&world, &position);
    assert_eq!(collateral_after, collateral, "nothing bought");
    assert!(debt_after < debt, "debt repaid with {paid}");
}

#[test]
fn an_exchange_too_shallow_for_the_bound_repays_instead() {
    let (world, position) = world(40_000 * UNIT, Peril::Advance);
    fall(&world, 1_200, true);
    let (collateral, debt) = holdings(&world, &position);
    rescue(&world, &position);
    let (collateral_after, debt_after) = holdings(&world, &position);
    assert_eq!(collateral_after, collateral, "nothing bought");
    assert!(debt_after < debt, "debt repaid");
}

#[test]
fn without_an_exchange_the_rescue_repays() {
    let (world, position) = world(0, Peril::Advance);
    fall(&world, 1_200, false);
    let (collateral, debt) = holdings(&world, &position);
    rescue(&world, &position);
    let (collateral_after, debt_after) = holdings(&world, &position);
    assert_eq!(collateral_after, collateral, "nothing bought");
    assert!(debt_after < debt, "debt repaid");
}

#[test]
fn a_grant_buys_collateral_and_is_not_owed() {
    let (world, position) = world(20_000_000 * UNIT, Peril::Grant);
    for price in [1_800, 1_600, 1_500, 1_400, 1_300, 1_200] {
        fall(&world, price, true);
        world.watch(HOUR);
    }
    let (collateral, debt) = holdings(&world, &position);
    world.trigger();
    let positions = vec![position.0.clone()];
    let call = world.adapter.grant(&positions, &world.keeper);
    let outcomes = call.send(&world.ledger, &world.keeper).unwrap();
    let [Outcome::Done(Settlement::Paid(paid))] = outcomes[..] else {
        panic!("not paid: {outcomes:?}")
    };
    let (collateral_after, debt_after) = holdings(&world, &position);
    assert_eq!(debt_after, debt, "debt untouched");
    let bought = collateral_after - collateral;
    assert!(
        bought * 1_200 >= paid * 99 / 100,
        "bought {bought} for {paid}"
    );
    assert_eq!(world.policy(&position).unwrap().drawn, 0, "a gift");
}
