//! `liquidation` on the market: the penalty of a liquidation that a fall of the price caused goes to the borrower.

use actuary::{
    loss::{liquidation_loss_down, payout_down},
    Assets, Rate,
};
use testkit::{
    asset::UNIT,
    bindings::{
        loan_market::{Liquidated, Peril},
        market_adapter::AdapterError,
    },
    market::{Market, MarketSetup},
    world::World,
};

use super::{insured, liquidate_part, loan, policy, world, world_with};
use crate::stage::{refused, slide, usdc, COLLATERAL, DAY, LIMIT};

/// Prices down to where the usual loan may be liquidated and leaves no bad debt: safe above 1 250.
const FALL: [i128; 3] = [1_600, 1_300, 1_200];

/// What `actuary` says that a borrower is owed for this liquidation at `dollars`.
fn expected(done: &Liquidated, dollars: i128, limit: i128) -> i128 {
    let amount = Assets::from_raw;
    let lost = amount(done.liquidation.seized * dollars);
    let repaid = amount(done.liquidation.repaid);
    let incentive = Rate::from_raw(10_500_000);
    let loss = liquidation_loss_down(lost, repaid, incentive, Assets::ZERO).unwrap();
    let kappa = Rate::from_raw(3_000_000);
    payout_down(loss, Assets::ZERO, kappa, amount(limit))
        .unwrap()
        .raw()
}

fn fallen(setup: &MarketSetup, perils: &[Peril]) -> (World, Market, localnet::xdr::ScAddress) {
    let (world, market) = world_with(setup);
    let (_, address, _) = insured(&world, &market, "borrower", perils);
    world.sleep(2 * DAY);
    slide(&world, &FALL);
    (world, market, address)
}

#[test]
fn seven_tenths_of_the_penalty_repay_the_loan() {
    let (world, market, address) = fallen(&MarketSetup::default(), &[Peril::Liquidation]);
    let debt = loan(&world, &market, &address).debt;
    let done = liquidate_part(&world, &market, &address, COLLATERAL / 2, true).unwrap();
    let owes = expected(&done, 1_200, LIMIT);
    assert!(owes > 190 * UNIT, "seven tenths of five per cent of 5 714");
    assert_eq!(done.to_borrower, owes, "what actuary says");
    let left = loan(&world, &market, &address).debt;
    assert_eq!(left, debt - done.liquidation.repaid - owes, "off the debt");
    assert_eq!(policy(&world, &address).limit, LIMIT - owes, "limit left");
}

#[test]
fn each_part_is_a_loss_of_its_own_and_paid_once() {
    let (world, market, address) = fallen(&MarketSetup::default(), &[Peril::Liquidation]);
    let mut limit = LIMIT;
    for _ in 0..2 {
        let done = liquidate_part(&world, &market, &address, COLLATERAL / 10, true).unwrap();
        let owes = expected(&done, 1_200, limit);
        assert_eq!(done.to_borrower, owes, "what actuary says");
        limit -= owes;
        assert_eq!(policy(&world, &address).limit, limit, "limit left");
    }
}

/// Nearer to its liquidation than the fall of a tenth that this peril needs, a loan is not insured at all.
#[test]
fn a_loan_at_the_edge_is_not_insured() {
    let (world, market) = world();
    let owner = super::applicant(&world, "borrower");
    let edge = 14_500 * UNIT;
    let request = Some(super::request(&[Peril::Liquidation]));
    let opened = market.borrow(&world.ledger, &owner, COLLATERAL, edge, request);
    refused(opened, AdapterError::LtvTooHigh as u32, "l = 0.91");
}

#[test]
fn a_loan_that_ends_in_bad_debt_pays_its_borrower_nothing() {
    let (world, market) = world();
    let (owner, address, _) = insured(&world, &market, "borrower", &[Peril::Liquidation]);
    world.sleep(2 * DAY);
    slide(&world, &[1_600, 1_300, 1_050, 900]);
    let before = usdc(&world, &owner);
    let done = super::liquidate(&world, &market, &address, true).unwrap();
    assert_eq!((done.covered, done.to_borrower), (0, 0), "the lenders lost");
    assert_eq!(usdc(&world, &owner), before, "nor later");
}

#[test]
fn nothing_is_paid_before_the_waiting_period() {
    let (world, market) = world();
    let (_, address, _) = insured(&world, &market, "borrower", &[Peril::Liquidation]);
    slide(&world, &FALL);
    let done = liquidate_part(&world, &market, &address, COLLATERAL / 2, true).unwrap();
    assert_eq!((done.to_borrower, done.is_unsettled), (0, false), "waiting");
}
