use interfaces::price::{PairReading, PRICE_ONE};
use soroban_sdk::Address;

use super::{code, pair, refused, World, UNIT};
use crate::MarketError;

fn borrow_more(world: &World, loan: &Address, amount: i128) -> Option<u32> {
    refused(world.market.try_borrow_more(loan, &amount, &world.borrower))
}

fn liquidate(world: &World, loan: &Address) -> Option<u32> {
    let (market, who) = (&world.market, &world.liquidator);
    refused(market.try_liquidate(loan, who, &UNIT, &UNIT, &true))
}

#[test]
fn taking_out_uses_the_low_price_and_liquidating_the_median() {
    let world = World::new();
    let loan = world.loan(100, 70);
    world.hub.set(&Some(PairReading {
        low: PRICE_ONE * 9 / 10,
        high: PRICE_ONE * 2,
        ..pair(PRICE_ONE)
    }));
    assert_eq!(
        borrow_more(&world, &loan, 2 * UNIT + 1),
        code(MarketError::Unsafe),
        "72 at 0.9"
    );
    assert_eq!(borrow_more(&world, &loan, 2 * UNIT), None, "up to it");
    assert_eq!(world.market.health(&loan), 11_111_111, "at the median");
    assert_eq!(
        liquidate(&world, &loan),
        code(MarketError::Healthy),
        "at the median"
    );
    world.hub.set(&Some(PairReading {
        high: PRICE_ONE * 2,
        ..pair(PRICE_ONE * 8 / 10)
    }));
    assert_eq!(
        liquidate(&world, &loan),
        None,
        "the high side does not matter"
    );
}

#[test]
fn a_quarantined_price_lends_nothing_and_liquidates_at_the_side_of_the_borrower() {
    let world = World::new();
    let loan = world.loan(100, 70);
    let quarantined = |high: i128| {
        world.hub.set(&Some(PairReading {
            quarantined: true,
            high,
            ..pair(PRICE_ONE / 2)
        }));
    };
    quarantined(PRICE_ONE);
    let waits = code(MarketError::PriceQuarantined);
    assert_eq!(borrow_more(&world, &loan, 1), waits, "borrow");
    let taken = refused(
        world
            .market
            .try_withdraw_collateral(&loan, &1, &world.borrower),
    );
    assert_eq!(taken, waits, "take out");
    let opened = world
        .market
        .try_borrow(&world.borrower, &UNIT, &1, &None, &None);
    assert_eq!(refused(opened), waits, "open");
    assert_eq!(
        liquidate(&world, &loan),
        code(MarketError::Healthy),
        "safe at the high side"
    );
    quarantined(PRICE_ONE * 8 / 10);
    let (market, who) = (&world.market, &world.liquidator);
    let liquidated = market.liquidate(&loan, who, &(100 * UNIT), &(100 * UNIT), &true);
    assert_eq!(
        liquidated.liquidation.price,
        PRICE_ONE * 8 / 10,
        "at the high side"
    );
    assert_eq!(liquidated.liquidation.repaid, 70 * UNIT, "and paid for it");
    world.check_books();
}

#[test]
fn without_a_price_nothing_is_lent_or_liquidated_but_everything_can_be_repaid() {
    let world = World::new();
    let loan = world.loan(100, 80);
    world.hub.set(&None);
    let unavailable = code(MarketError::PriceUnavailable);
    assert_eq!(borrow_more(&world, &loan, 1), unavailable, "borrow");
    assert_eq!(liquidate(&world, &loan), unavailable, "liquidate");
    assert_eq!(
        refused(world.market.try_health(&loan)),
        unavailable,
        "health"
    );
    world
        .market
        .supply_collateral(&loan, &world.borrower, &UNIT);
    world.market.repay(&loan, &world.borrower, &(80 * UNIT));
    world
        .market
        .withdraw_collateral(&loan, &UNIT, &world.borrower);
    world.market.close(&loan, &0);
    world.check_books();
}
