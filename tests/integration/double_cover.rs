//! One policy for each interest: whoever insures a loan, a vault or a market's lenders a second time is refused, whatever
//! the peril.

use testkit::{
    asset::UNIT,
    bindings::{blend_adapter, insured_vault, loan_market, market_adapter},
    feeds::PRICE_ONE,
    market::{Market, MarketSetup},
    scene::{market_loan, market_request},
    world::Setup,
};

use crate::stage::*;

const TWICE: u32 = CoverError::AlreadyInsured as u32;

#[test]
fn a_loan_on_blend_is_not_insured_against_another_peril_as_well() {
    use blend_adapter::Peril::{Advance, Collateral, Grant, Liquidation};
    let setup = Setup {
        peg: 2_000 * PRICE_ONE,
        ..Setup::default()
    };
    let world = staked(&setup, CAPITAL);
    let perils = [Advance, Grant, Liquidation, Collateral];
    for first in &perils {
        let name = format!("insured against {first:?}");
        let (owner, position, _) = insured(&world, &name, request(*first));
        for second in &perils {
            let again = world.adapter.insure(&position.0, &request(*second));
            let again = again.send(&world.ledger, &owner);
            refused(again, TWICE, &format!("{second:?} beside {first:?}"));
        }
        assert_eq!(policy(&world, &position).limit, LIMIT, "as it was");
    }
}

#[test]
fn a_loan_on_the_market_is_not_insured_against_another_peril_as_well() {
    use loan_market::Peril::{Advance, Collateral, Default, Grant, Liquidation};
    let world = world();
    let setup = MarketSetup {
        peg: 2_000 * PRICE_ONE,
        ..MarketSetup::default()
    };
    let market = Market::found(&world, &setup);
    let sponsor = world.funded("sponsor", PURSE);
    let perils = [Advance, Grant, Default, Liquidation, Collateral];
    for first in &perils {
        let name = format!("insured against {first:?}");
        let first = std::slice::from_ref(first);
        let (owner, loan, _) = market_loan(&world, &market, &name, first);
        for second in &perils {
            let request = market_request(std::slice::from_ref(second));
            let label = format!("{second:?} beside {first:?}");
            let again = market.platform.insure(&loan, &owner, &request);
            refused(again.send(&world.ledger, &owner), TWICE, &label);
            let again = market.platform.insure(&loan, &sponsor, &request);
            let again = again.send_signed(&world.ledger, &owner, &[&sponsor]);
            refused(again, TWICE, &format!("{label}, by a sponsor"));
        }
    }
}

#[test]
fn the_lenders_of_a_market_have_one_policy_whoever_pays() {
    let world = world();
    let market = Market::found(&world, &MarketSetup::default());
    let request = market_adapter::CoverRequest {
        limit: 10_000 * UNIT,
        max_premium: 1_000 * UNIT,
        max_rate: 0,
        perils: vec![market_adapter::Peril::Contract],
        route: market_adapter::Route::Adapter,
        weeks: 8,
    };
    let [first, second] = ["first", "second"].map(|name| world.funded(name, PURSE));
    let insure = |payer| {
        let platform = &market.platform.0;
        let call = market.insurer.insure_lenders(platform, payer, &request);
        call.send(&world.ledger, payer)
    };
    insure(&first).unwrap();
    refused(insure(&second), TWICE, "somebody else");
    refused(insure(&first), TWICE, "the same");
}

#[test]
fn a_vault_has_one_policy_for_both_of_its_perils() {
    use insured_vault::Peril::{Contract, Default};
    let world = world();
    let vault = world.deploy_vault("vault");
    let lender = world.funded("lender", 100_000 * UNIT);
    let deposit = vault.deposit(100_000 * UNIT, &lender, &lender, &lender);
    deposit.send(&world.ledger, &lender).unwrap();
    let owner = &world.owner;
    let premiums = 5_000 * UNIT;
    world.usdc.mint(&world.ledger, &owner.address(), premiums);
    let insure = |peril| {
        let request = insured_vault::CoverRequest {
            limit: 10_000 * UNIT,
            max_premium: 1_000 * UNIT,
            max_rate: 5_000_000,
            perils: vec![peril],
            route: insured_vault::Route::Repay,
            weeks: 8,
        };
        vault.insure(owner, &request).send(&world.ledger, owner)
    };
    insure(Default).unwrap();
    refused(insure(Contract), TWICE, "the other");
    refused(insure(Default), TWICE, "the same");
}
