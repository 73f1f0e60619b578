//! Having one's own loan of the market liquidated by an accomplice, to be paid the penalty or the bad debt.
//!
//! What stops it: an insured owner may not move the loan towards its liquidation; a penalty needs a fall of a tenth since the
//! owner's last action; three tenths of it are borne; a default counts at the hub's price, not at what the market lost, and a tenth
//! of it is borne; a loss is settled once.

use testkit::{
    asset::UNIT,
    bindings::{
        loan_market::{MarketError, Peril},
        market_adapter::AdapterError,
        OnLedger,
    },
    feeds::Feed,
    world::Setup,
};

use crate::{market_scene::*, scene::*};

#[test]
fn an_owner_cannot_bring_the_loan_to_its_liquidation() {
    let (world, market) = with_market(&Setup::default());
    let perils = [Peril::Liquidation, Peril::Default];
    let (owner, loan, _) = market_loan(&world, &market, "borrower", &perils);
    world.sleep(4 * DAY);
    let ledger = &world.ledger;
    let more = market.platform.borrow_more(&loan, 5_000 * UNIT, &owner);
    let less = market.platform.withdraw_collateral(&loan, 3 * UNIT, &owner);
    let rated = AdapterError::AboveRatedLtv as u32;
    refused(more.send(ledger, &owner), rated, "borrowing more");
    refused(less.send(ledger, &owner), rated, "taking collateral out");
    let healthy = MarketError::Healthy as u32;
    refused(
        liquidate(&world, &market, &loan, true),
        healthy,
        "so it is safe",
    );
}

#[test]
fn a_lie_of_one_source_liquidates_nothing() {
    let (world, market) = with_market(&Setup::default());
    let perils = [Peril::Liquidation, Peril::Default];
    let (_, loan, _) = market_loan(&world, &market, "borrower", &perils);
    world.sleep(4 * DAY);
    let (feeds, asset) = (&world.feeds, &world.collateral);
    let lie = 500 * testkit::feeds::PRICE_ONE;
    feeds.set(&world.ledger, Feed::Reflector, asset, lie);
    let healthy = MarketError::Healthy as u32;
    refused(
        liquidate(&world, &market, &loan, true),
        healthy,
        "two others agree",
    );
}

/// Owner, liquidator and lender may be one: a tenth of what the lenders lose is borne, so together they lose.
#[test]
fn the_default_that_is_paid_is_less_than_the_default() {
    let (world, market) = with_market(&Setup::default());
    let (_, loan, _) = market_loan(&world, &market, "borrower", &[Peril::Default]);
    world.sleep(4 * DAY);
    fall(&world, &[1_600, 1_300, 1_050, 900]);
    let done = liquidate(&world, &market, &loan, true).unwrap();
    let lost = done.liquidation.bad_debt;
    assert!(lost > 1_000 * UNIT, "there is bad debt");
    assert_eq!(done.covered, lost * 9 / 10, "a tenth of the loss is borne");
    let again = liquidate(&world, &market, &loan, true);
    refused(again, MarketError::Healthy as u32, "once");
}

#[test]
fn the_penalty_that_is_paid_is_less_than_the_penalty() {
    let (world, market) = with_market(&Setup::default());
    let (_, loan, _) = market_loan(&world, &market, "borrower", &[Peril::Liquidation]);
    world.sleep(4 * DAY);
    fall(&world, &[1_600, 1_300, 1_200]);
    let done = liquidate(&world, &market, &loan, true).unwrap();
    let penalty = done.liquidation.seized * 1_200 - done.liquidation.repaid;
    assert!(done.to_borrower > 0, "something is");
    assert!(
        done.to_borrower <= penalty - penalty * 3 / 10,
        "{} of {penalty}",
        done.to_borrower
    );
}
