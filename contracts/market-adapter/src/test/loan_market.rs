//! The same with our own loan market as the platform, which checks everything that the others' mock believes.

use cover_pool::Scope;
use interfaces::adapter::AdapterError;
use interfaces::cover::Peril;
use interfaces::market::{MarketConfig, RateModel};
use interfaces::market_adapter::InsuredMarket;
use loan_market::{LoanMarket, LoanMarketClient};
use soroban_sdk::testutils::Address as _;
use soroban_sdk::Address;

use super::{paid, refused, signed, World, DAY, HOUR, UNIT};

/// A listed loan market with 10 000 lent to it.
fn market(world: &World) -> LoanMarketClient<'static> {
    let env = &world.env;
    let config = MarketConfig {
        collateral: world.collateral.address.clone(),
        asset: world.asset.address.clone(),
        price_hub: world.hub.address.clone(),
        liquidation_ltv: 8_000_000,
        incentive: 10_500_000,
        rates: RateModel {
            base: 100_000,
            slope: 300_000,
            steep: 5_000_000,
            target: 8_000_000,
        },
    };
    let market = env.register(LoanMarket, (&world.owner, config));
    let market = LoanMarketClient::new(env, &market);
    signed(env, || {
        market.set_insurer(&world.adapter.address);
        world.adapter.set_market(&InsuredMarket {
            platform: market.address.clone(),
            ..world.market()
        });
        market.supply(&world.owner, &(10_000 * UNIT), &0);
    });
    market
}

/// A loan of 1 000 against 1 000 of collateral, insured in the same call, whose waiting period is over.
fn borrow(world: &World, market: &LoanMarketClient, perils: &[Peril]) -> Address {
    world.mint(&world.collateral, &world.borrower, 1_000 * UNIT);
    let request = Some(world.request(perils));
    let (loan, quote) = signed(&world.env, || {
        market.borrow(
            &world.borrower,
            &(1_000 * UNIT),
            &(1_000 * UNIT),
            &request,
            &None,
        )
    });
    assert!(quote.is_some(), "insured");
    world.watch(DAY + HOUR);
    loan
}

fn liquidate(world: &World, market: &LoanMarketClient, loan: &Address) {
    let liquidator = Address::generate(&world.env);
    world.mint(&world.asset, &liquidator, 2_000 * UNIT);
    signed(&world.env, || {
        let all = 1_000 * UNIT;
        market.liquidate(loan, &liquidator, &all, &(2_000 * UNIT), &true)
    });
}

#[test]
fn a_loan_is_rescued_by_an_advance() {
    let world = World::new();
    let market = market(&world);
    let loan = borrow(&world, &market, &[Peril::Advance]);
    world.set_price(138);
    world.watch(HOUR);
    let debt = market.loan(&loan).debt;
    let drawn = paid(&world.rescue(&loan));
    assert_eq!(market.loan(&loan).debt, debt - drawn, "repaid");
    let health = world.adapter.health(&loan).hub;
    assert!((12_500_000..12_500_010).contains(&health), "the target");
    assert_eq!(market.health(&loan), health, "as the market sees it");
    assert_eq!(world.held_by_adapter(), 0, "nothing is left behind");
    let more = signed(&world.env, || {
        market.try_borrow_more(&loan, &1, &world.borrower)
    });
    assert!(more.is_err(), "an advance is owed");
}

#[test]
fn a_grant_repays_the_loan() {
    let world = World::new();
    let market = market(&world);
    let loan = borrow(&world, &market, &[Peril::Grant]);
    world.set_price(152);
    world.watch(HOUR);
    world
        .hub
        .trigger(&world.collateral.address, &world.asset.address);
    let debt = market.loan(&loan).debt;
    let given = paid(&world.grant(&loan));
    assert_eq!(market.loan(&loan).debt, debt - given, "repaid");
    assert_eq!(world.held_by_adapter(), 0, "nothing is left behind");
}

#[test]
fn the_lenders_of_a_defaulted_loan_are_paid_in_the_liquidation() {
    let world = World::new();
    let market = market(&world);
    let loan = borrow(&world, &market, &[Peril::Default]);
    world.set_price(100);
    world.watch(HOUR);
    let supply = market.state().supply;
    liquidate(&world, &market, &loan);
    let covered = world.policy(&loan).paid;
    assert!(
        covered > 42 * UNIT && covered < 43 * UNIT,
        "nine tenths of 47"
    );
    let lost = supply - market.state().supply;
    assert!(lost > 4 * UNIT && lost < 5 * UNIT, "a tenth is spread");
    assert_eq!(market.loan(&loan).debt, 0, "nothing is left of the loan");
    assert_eq!(market.state().unsettled, 0, "settled");
}

#[test]
fn a_broken_pool_does_not_stop_a_liquidation_and_pays_later() {
    let world = World::new();
    let market = market(&world);
    let loan = borrow(&world, &market, &[Peril::Default]);
    world.set_price(100);
    world.watch(HOUR);
    signed(&world.env, || world.pool.pause(&Scope::Claims));
    liquidate(&world, &market, &loan);
    assert!(market.state().unsettled > 47 * UNIT, "booked as unsettled");
    let refusal = market.try_settle_cover(&loan, &world.keeper);
    assert!(refusal.is_err(), "still");
    signed(&world.env, || world.pool.unpause(&Scope::Claims));
    let supply = market.state().supply;
    let arrived = market.settle_cover(&loan, &world.keeper);
    assert!(arrived > 42 * UNIT, "then");
    assert_eq!(market.state().supply, supply + arrived, "the lenders'");
    assert_eq!(market.state().unsettled, 0, "settled");
    assert!(
        market.try_settle_cover(&loan, &world.keeper).is_err(),
        "once"
    );
}

#[test]
fn the_penalty_of_a_liquidation_in_a_crash_comes_back() {
    let world = World::new();
    let market = market(&world);
    let loan = borrow(&world, &market, &[Peril::Liquidation]);
    world.set_price(122);
    world.watch(HOUR);
    let before = world.asset.balance(&world.borrower);
    liquidate(&world, &market, &loan);
    let back = world.policy(&loan).paid;
    assert!(back > 34 * UNIT && back < 36 * UNIT, "seven tenths of 50");
    let received = world.asset.balance(&world.borrower) - before;
    assert_eq!(received, back, "nothing was owed any more");
    assert_eq!(market.loan(&loan).debt, 0, "repaid");
    assert!(market.loan(&loan).collateral > 0, "collateral is left");
}

#[test]
fn failed_collateral_is_surrendered_as_far_as_the_loan_stays_safe() {
    let world = World::new();
    let market = market(&world);
    let loan = borrow(&world, &market, &[Peril::Collateral]);
    world.set_price(185);
    world.watch(7 * HOUR);
    let surrender = |units: i128| {
        signed(&world.env, || {
            world.adapter.try_surrender(&loan, &(units * UNIT), &0)
        })
    };
    assert!(refused(surrender(500)) >= 7600, "the market refuses");
    assert!(surrender(200).is_ok(), "a fifth");
    assert_eq!(market.loan(&loan).collateral, 800 * UNIT, "left");
    world.watch(2 * DAY);
    let debt = market.loan(&loan).debt;
    let paid = world.adapter.finalize(&1, &world.keeper);
    assert_eq!(paid, 380 * UNIT, "400, less 5 %");
    assert_eq!(market.loan(&loan).debt, debt - paid, "repaid");
}

#[test]
fn a_loan_that_owes_is_refinanced_or_foreclosed() {
    let world = World::new();
    let market = market(&world);
    let loan = borrow(&world, &market, &[Peril::Advance]);
    world.set_price(138);
    world.watch(HOUR);
    paid(&world.rescue(&loan));
    world.set_price(104);
    world.watch(HOUR);
    world.adapter.start_foreclosure(&loan);
    world.watch(HOUR / 4);
    let payer = Address::generate(&world.env);
    world.mint(&world.asset, &payer, 10_000 * UNIT);
    let price = signed(&world.env, || {
        let (pay_max, bid) = (900 * UNIT, 200 * UNIT);
        world.adapter.foreclose(&loan, &payer, &pay_max, &bid)
    });
    assert!(price > 0, "sold");
    assert_eq!(
        world.collateral.balance(&payer),
        1_000 * UNIT,
        "handed over"
    );
    assert_eq!(market.loan(&loan).debt, 0, "closed");
    assert_eq!(world.held_by_adapter(), 0, "nothing is left behind");
    let again = world.adapter.try_start_foreclosure(&loan);
    assert_eq!(refused(again), AdapterError::NothingOwed as u32, "once");
}

#[test]
fn a_deficit_is_proven_and_paid_to_the_lenders() {
    let world = World::new();
    let market = market(&world);
    let request = world.request(&[Peril::Contract]);
    signed(&world.env, || {
        world
            .adapter
            .insure_lenders(&market.address, &world.borrower, &request)
    });
    world.watch(15 * DAY);
    signed(&world.env, || {
        let thief = Address::generate(&world.env);
        world.asset.transfer(&market.address, &thief, &(200 * UNIT))
    });
    let prove = || world.adapter.prove_deficit(&market.address, &world.keeper);
    assert_eq!(prove(), 0, "seen");
    market.write_off();
    world.watch(HOUR);
    let supply = market.state().supply;
    assert_eq!(prove(), 180 * UNIT, "paid, although it was written off");
    assert_eq!(market.state().supply, supply + 180 * UNIT, "the lenders'");
    let settled = world
        .adapter
        .try_prove_deficit(&market.address, &world.keeper);
    assert_eq!(refused(settled), AdapterError::NoDeficit as u32, "once");
}
