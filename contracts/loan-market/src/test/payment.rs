use interfaces::platform::Beneficiary;

use super::{code, refused, World, UNIT};
use crate::MarketError;

#[test]
fn what_cannot_be_delivered_waits_for_its_owner() {
    let world = World::new();
    let (market, borrower) = (&world.market, &world.borrower);
    let loan = world.insured(100, 50);
    world.authorise(borrower, false);
    let beneficiary = Beneficiary::Borrower(loan);
    world
        .insurer
        .compensate(&market.address, &beneficiary, &(60 * UNIT));
    assert_eq!(market.solvency().credits, 10 * UNIT, "waits");
    world.check_books();
    assert!(market.try_collect(borrower).is_err(), "still not");
    world.authorise(borrower, true);
    let before = world.asset.balance(borrower);
    assert_eq!(market.collect(borrower), 10 * UNIT, "collected");
    assert_eq!(world.asset.balance(borrower), before + 10 * UNIT, "arrived");
    assert_eq!(market.solvency().credits, 0, "nothing waits");
    let again = refused(market.try_collect(borrower));
    assert_eq!(again, code(MarketError::NothingToCollect), "once");
    world.check_books();
}

#[test]
fn what_waits_for_owners_is_lent_to_nobody() {
    let world = World::new();
    let loan = world.insured(20_000, 50);
    world.authorise(&world.borrower, false);
    let beneficiary = Beneficiary::Borrower(loan.clone());
    world
        .insurer
        .compensate(&world.market.address, &beneficiary, &(60 * UNIT));
    let (market, to) = (&world.market, &world.liquidator);
    let all = refused(market.try_borrow_more(&loan, &(10_000 * UNIT + 1), to));
    assert_eq!(all, code(MarketError::Illiquid), "a unit of the owner's");
    market.borrow_more(&loan, &(10_000 * UNIT), to);
    world.check_books();
}

#[test]
fn the_market_pays_nothing_to_itself() {
    let world = World::new();
    let loan = world.loan(100, 50);
    let (market, own) = (&world.market, &world.market.address);
    let itself = code(MarketError::PaysItself);
    let compensated = world.insurer.try_compensate_from(own, own, &UNIT);
    assert_eq!(refused(compensated), itself, "compensate");
    assert_eq!(refused(market.try_supply(own, &UNIT, &0)), itself, "supply");
    assert_eq!(
        refused(market.try_repay(&loan, own, &UNIT)),
        itself,
        "repay"
    );
    assert_eq!(
        refused(market.try_supply_collateral(&loan, own, &UNIT)),
        itself,
        "add collateral"
    );
}
