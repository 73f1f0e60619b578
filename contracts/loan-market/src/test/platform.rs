use interfaces::platform::{Beneficiary, LoanFacts, LoanTerms};
use soroban_sdk::testutils::Address as _;
use soroban_sdk::{vec, Address, Vec};

use super::{code, refused, World, REFUSAL, UNIT};
use crate::{storage, MarketError};

#[test]
fn loans_have_the_terms_of_the_market() {
    let world = World::new();
    let expected = LoanTerms {
        collateral: world.collateral.address.clone(),
        collateral_decimals: 7,
        asset: world.asset.address.clone(),
        asset_decimals: 7,
        liquidation_ltv: 8_000_000,
        incentive: 10_500_000,
    };
    assert_eq!(world.market.loan_terms(), expected, "terms");
}

#[test]
fn compensation_for_lenders_is_theirs_and_reduces_what_was_filed() {
    let world = World::new();
    let loan = world.insured(100, 80);
    world.set_price(70_000_000_000_000);
    world.pays(0, 0, UNIT);
    let most = 100 * UNIT;
    world
        .market
        .liquidate(&loan, &world.liquidator, &most, &most, &true);
    assert_eq!(world.state().filed, UNIT, "filed");
    let before = world.state();
    world
        .insurer
        .compensate(&world.market.address, &Beneficiary::Lenders, &(UNIT / 2));
    let after = world.state();
    assert_eq!(after.supply, before.supply + UNIT / 2, "theirs");
    assert_eq!(after.filed, UNIT / 2, "the rest waits");
    assert_eq!(
        after.supply_high, before.supply_high,
        "the high value knew it"
    );
    world
        .insurer
        .compensate(&world.market.address, &Beneficiary::Lenders, &(3 * UNIT));
    assert_eq!(world.state().filed, 0, "never below nothing");
    world.check_books();
}

#[test]
fn compensation_for_a_borrower_repays_and_the_rest_is_theirs() {
    let world = World::new();
    let loan = world.loan(100, 50);
    let beneficiary = Beneficiary::Borrower(loan.clone());
    world
        .insurer
        .compensate(&world.market.address, &beneficiary, &(20 * UNIT));
    assert_eq!(world.debt(&loan), 30 * UNIT, "repaid");
    let before = world.asset.balance(&world.borrower);
    world
        .insurer
        .compensate(&world.market.address, &beneficiary, &(35 * UNIT));
    assert_eq!(world.debt(&loan), 0, "all");
    assert_eq!(
        world.asset.balance(&world.borrower),
        before + 5 * UNIT,
        "the rest"
    );
    world
        .insurer
        .compensate(&world.market.address, &beneficiary, &UNIT);
    assert_eq!(
        world.asset.balance(&world.borrower),
        before + 6 * UNIT,
        "without debt"
    );
    let nothing = world
        .insurer
        .try_compensate(&world.market.address, &beneficiary, &0);
    assert_eq!(
        refused(nothing),
        code(MarketError::InvalidAmount),
        "nothing"
    );
    world.check_books();
}

#[test]
fn an_advance_is_refinanced_to_the_insurer_while_the_loan_stays_safe() {
    let world = World::new();
    let loan = world.insured(100, 50);
    let before = world.asset.balance(&world.insurer.address);
    world.insurer.set_exit(&REFUSAL);
    world
        .insurer
        .refinance(&world.market.address, &loan, &(30 * UNIT));
    assert_eq!(
        world.asset.balance(&world.insurer.address),
        before + 30 * UNIT,
        "paid"
    );
    assert_eq!(world.debt(&loan), 80 * UNIT, "owed");
    let unsafe_ = world
        .insurer
        .try_refinance(&world.market.address, &loan, &1);
    assert_eq!(refused(unsafe_), code(MarketError::Unsafe), "no more");
    world.check_books();
}

#[test]
fn a_foreclosure_repays_the_debt_and_hands_the_collateral_over() {
    let world = World::new();
    let loan = world.insured(100, 80);
    let (market, payer) = (&world.market.address, &world.liquidator);
    let short = world
        .insurer
        .try_foreclose(market, &loan, payer, &(80 * UNIT - 1));
    assert_eq!(refused(short), code(MarketError::NotRepaid), "a unit short");
    let before = world.asset.balance(payer);
    let debt = world.insurer.foreclose(market, &loan, payer, &(90 * UNIT));
    assert_eq!(debt, 80 * UNIT, "repaid");
    assert_eq!(
        world.asset.balance(payer),
        before - 80 * UNIT,
        "the excess is back"
    );
    assert_eq!(world.collateral.balance(payer), 100 * UNIT, "collateral");
    let facts = world.facts(&loan);
    assert_eq!((facts.collateral, facts.debt), (0, 0), "over");
    world.check_books();
}

#[test]
fn collateral_is_surrendered_while_the_loan_stays_safe() {
    let world = World::new();
    let (loan, to) = (world.insured(100, 40), Address::generate(&world.env));
    let market = &world.market.address;
    let unsafe_ = world
        .insurer
        .try_surrender(market, &loan, &(50 * UNIT + 1), &to);
    assert_eq!(refused(unsafe_), code(MarketError::Unsafe), "too much");
    world.insurer.surrender(market, &loan, &(50 * UNIT), &to);
    assert_eq!(world.collateral.balance(&to), 50 * UNIT, "handed over");
    assert_eq!(world.facts(&loan).collateral, 50 * UNIT, "left");
    world.check_books();
}

#[test]
fn a_loan_is_assigned_with_all_that_it_owes() {
    let world = World::new();
    let (first, second) = (world.insured(100, 40), world.insured(100, 50));
    let (env, market, insurer) = (&world.env, &world.market, &world.insurer);
    let (before, heir) = (world.facts(&first), Address::generate(env));
    insurer.assign(&market.address, &first, &heir);
    let assigned = LoanFacts {
        owner: heir.clone(),
        ..before
    };
    assert_eq!(world.facts(&first), assigned, "as it was, but whose it is");
    assert_eq!(market.loans_of(&heir), vec![env, first.clone()], "listed");
    let left = vec![env, second.clone()];
    assert_eq!(market.loans_of(&world.borrower), left, "listed no more");
    insurer.assign(&market.address, &first, &heir);
    assert_eq!(market.loans_of(&heir), vec![env, first.clone()], "once");
    insurer.assign(&market.address, &first, &world.borrower);
    let both = vec![env, first.clone(), second];
    assert_eq!(market.loans_of(&world.borrower), both, "back, once");
    assert!(market.loans_of(&heir).is_empty(), "and theirs no more");
    world.check_books();
}

#[test]
fn a_loan_is_assigned_neither_to_the_market_nor_to_who_has_too_many() {
    let world = World::new();
    let loan = world.insured(100, 40);
    let (env, market, insurer) = (&world.env, &world.market.address, &world.insurer);
    let itself = insurer.try_assign(market, &loan, market);
    assert_eq!(refused(itself), code(MarketError::PaysItself), "itself");
    let heir = Address::generate(env);
    let held = (0..32).map(|_| Address::generate(env));
    let held = Vec::from_iter(env, held);
    env.as_contract(market, || storage::set_received(env, &heir, &held));
    let full = insurer.try_assign(market, &loan, &heir);
    let too_many = code(MarketError::TooManyAssigned);
    assert_eq!(refused(full), too_many, "a full list");
    assert_eq!(world.facts(&loan).owner, world.borrower, "untouched");
}

#[test]
fn the_insurer_has_no_say_in_loans_that_were_never_insured() {
    let world = World::new();
    let loan = world.loan(100, 40);
    let (market, who) = (&world.market.address, &world.liquidator);
    let none = code(MarketError::NotInsured);
    let insurer = &world.insurer;
    assert_eq!(
        refused(insurer.try_refinance(market, &loan, &1)),
        none,
        "refinance"
    );
    assert_eq!(
        refused(insurer.try_foreclose(market, &loan, who, &(50 * UNIT))),
        none,
        "foreclose"
    );
    assert_eq!(
        refused(insurer.try_surrender(market, &loan, &1, who)),
        none,
        "surrender"
    );
    let assigned = insurer.try_assign(market, &loan, who);
    assert_eq!(refused(assigned), none, "assign");
}

#[test]
fn without_an_insurer_nobody_has_its_say() {
    let world = World::empty();
    world.market.supply(&world.lender, &(10_000 * UNIT), &0);
    let loan = world.loan(100, 40);
    let (market, none) = (&world.market, code(MarketError::NoInsurer));
    let lenders = Beneficiary::Lenders;
    assert_eq!(
        refused(market.try_compensate(&world.liquidator, &lenders, &1)),
        none,
        "compensate"
    );
    assert_eq!(refused(market.try_refinance(&loan, &1)), none, "refinance");
    assert_eq!(
        refused(market.try_foreclose(&loan, &world.liquidator, &1)),
        none,
        "foreclose"
    );
    assert_eq!(
        refused(market.try_surrender(&loan, &1, &world.liquidator)),
        none,
        "surrender"
    );
    let assigned = market.try_assign(&loan, &world.liquidator);
    assert_eq!(refused(assigned), none, "assign");
}
