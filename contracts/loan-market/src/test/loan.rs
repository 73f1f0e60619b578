use soroban_sdk::testutils::Address as _;
use soroban_sdk::{Address, Vec};

use super::{code, refused, World, DAY, REFUSAL, UNIT, YEAR};
use crate::MarketError;

#[test]
fn a_loan_is_opened_where_its_owner_expected_it() {
    let world = World::new();
    let expected = world.market.next_loan(&world.borrower);
    let loan = world.loan(100, 50);
    assert_eq!(loan, expected, "where");
    let facts = world.facts(&loan);
    assert_eq!(facts.owner, world.borrower, "owner");
    assert_eq!(
        (facts.collateral, facts.debt),
        (100 * UNIT, 50 * UNIT),
        "books"
    );
    assert_eq!(world.asset.balance(&world.borrower), 50 * UNIT, "paid out");
    assert_eq!(
        world.collateral.balance(&world.market.address),
        100 * UNIT,
        "taken in"
    );
    assert_eq!(facts.borrow_rate, world.state().borrow_rate, "rate");
    let second = world.loan(100, 50);
    assert_ne!(loan, second, "each has its own");
    let both = Vec::from_array(&world.env, [loan, second]);
    assert_eq!(world.market.loans_of(&world.borrower), both, "listed");
    assert!(
        world.market.loans_of(&world.lender).is_empty(),
        "nobody else's"
    );
    world.check_books();
}

#[test]
fn a_loan_may_be_opened_up_to_its_liquidation_ltv() {
    let world = World::new();
    let unsafe_ = refused(world.market.try_borrow(
        &world.borrower,
        &(100 * UNIT),
        &(80 * UNIT + 1),
        &None,
        &None,
    ));
    assert_eq!(unsafe_, code(MarketError::Unsafe), "a unit too much");
    let loan = world.loan(100, 80);
    assert_eq!(world.market.health(&loan), 10_000_000, "health 1");
}

#[test]
fn amounts_are_checked() {
    let world = World::new();
    let borrow = |collateral: i128, amount: i128| {
        refused(
            world
                .market
                .try_borrow(&world.borrower, &collateral, &amount, &None, &None),
        )
    };
    let invalid = code(MarketError::InvalidAmount);
    assert_eq!(borrow(0, 1), invalid, "no collateral");
    assert_eq!(borrow(1, 0), invalid, "nothing borrowed");
    let too_much = borrow(20_000 * UNIT, 10_000 * UNIT + 1);
    assert_eq!(too_much, code(MarketError::Illiquid), "more than is there");
    let (loan, market, borrower) = (world.loan(100, 50), &world.market, &world.borrower);
    assert_eq!(
        refused(market.try_borrow_more(&loan, &0, borrower)),
        invalid,
        "borrow more"
    );
    assert_eq!(
        refused(market.try_supply_collateral(&loan, borrower, &-1)),
        invalid,
        "add"
    );
    assert_eq!(
        refused(market.try_withdraw_collateral(&loan, &0, borrower)),
        invalid,
        "take out"
    );
    assert_eq!(
        refused(market.try_repay(&loan, borrower, &0)),
        invalid,
        "repay"
    );
    let most = 10_i128.pow(27);
    assert_eq!(
        refused(market.try_supply_collateral(&loan, borrower, &most)),
        invalid,
        "too much to count"
    );
    let more = refused(market.try_withdraw_collateral(&loan, &(100 * UNIT + 1), borrower));
    assert_eq!(more, code(MarketError::NotEnough), "more than there is");
}

#[test]
fn a_loan_that_never_was_is_unknown() {
    let world = World::new();
    let (nowhere, market, who) = (
        Address::generate(&world.env),
        &world.market,
        &world.borrower,
    );
    let unknown = code(MarketError::UnknownLoan);
    let next = market.next_loan(who);
    for loan in [&nowhere, &next] {
        assert_eq!(refused(market.try_loan(loan)), unknown, "facts");
        assert_eq!(refused(market.try_health(loan)), unknown, "health");
        assert_eq!(refused(market.try_repay(loan, who, &1)), unknown, "repay");
        assert_eq!(refused(market.try_close(loan, &1)), unknown, "close");
        assert_eq!(
            refused(market.try_liquidate(loan, who, &1, &1, &true)),
            unknown,
            "liquidate"
        );
        assert_eq!(
            refused(market.try_insure(loan, who, &world.request())),
            unknown,
            "insure"
        );
    }
}

#[test]
fn more_is_borrowed_to_whom_the_owner_says() {
    let world = World::new();
    let (loan, to) = (world.loan(100, 50), Address::generate(&world.env));
    world.market.borrow_more(&loan, &(30 * UNIT), &to);
    assert_eq!(world.asset.balance(&to), 30 * UNIT, "paid out");
    assert_eq!(world.debt(&loan), 80 * UNIT, "owed");
    let unsafe_ = refused(world.market.try_borrow_more(&loan, &1, &to));
    assert_eq!(unsafe_, code(MarketError::Unsafe), "no more");
    world.check_books();
}

#[test]
fn collateral_is_added_and_taken_out_while_the_loan_stays_safe() {
    let world = World::new();
    let (loan, friend, to) = (
        world.loan(100, 80),
        Address::generate(&world.env),
        Address::generate(&world.env),
    );
    world.mint_collateral(&friend, 10 * UNIT);
    world.market.supply_collateral(&loan, &friend, &(10 * UNIT));
    assert_eq!(world.facts(&loan).collateral, 110 * UNIT, "added");
    let unsafe_ = refused(
        world
            .market
            .try_withdraw_collateral(&loan, &(10 * UNIT + 1), &to),
    );
    assert_eq!(unsafe_, code(MarketError::Unsafe), "a unit too much");
    world.market.withdraw_collateral(&loan, &(10 * UNIT), &to);
    assert_eq!(world.collateral.balance(&to), 10 * UNIT, "handed over");
    assert_eq!(world.facts(&loan).collateral, 100 * UNIT, "taken out");
    world.check_books();
}

#[test]
fn a_repayment_takes_what_is_owed_and_returns_the_rest() {
    let world = World::new();
    let (loan, friend) = (world.loan(100, 50), Address::generate(&world.env));
    world.mint(&friend, 100 * UNIT);
    assert_eq!(
        world.market.repay(&loan, &friend, &(20 * UNIT)),
        20 * UNIT,
        "part"
    );
    assert_eq!(world.debt(&loan), 30 * UNIT, "owed");
    assert_eq!(
        world.market.repay(&loan, &friend, &(80 * UNIT)),
        30 * UNIT,
        "the rest"
    );
    assert_eq!(
        world.asset.balance(&friend),
        50 * UNIT,
        "what was too much is back"
    );
    let facts = world.facts(&loan);
    assert_eq!(
        (facts.collateral, facts.debt),
        (100 * UNIT, 0),
        "collateral stays"
    );
    let nothing = refused(world.market.try_repay(&loan, &friend, &1));
    assert_eq!(nothing, code(MarketError::NothingOwed), "nothing owed");
    assert_eq!(world.market.health(&loan), u32::MAX, "without debt");
    world.check_books();
}

#[test]
fn closing_repays_everything_and_hands_the_collateral_over() {
    let world = World::new();
    let loan = world.loan(100, 50);
    world.pass(YEAR);
    let debt = world.debt(&loan);
    world.mint(&world.borrower, 50 * UNIT);
    let short = refused(world.market.try_close(&loan, &(debt - 1)));
    assert_eq!(short, code(MarketError::NotRepaid), "a unit short");
    let (assets, collateral) = (
        world.asset.balance(&world.borrower),
        world.collateral.balance(&world.borrower),
    );
    world.market.close(&loan, &(debt + UNIT));
    assert_eq!(
        world.asset.balance(&world.borrower),
        assets - debt,
        "the debt"
    );
    assert_eq!(
        world.collateral.balance(&world.borrower),
        collateral + 100 * UNIT,
        "collateral"
    );
    let facts = world.facts(&loan);
    assert_eq!(
        (facts.owner, facts.collateral, facts.debt),
        (world.borrower.clone(), 0, 0),
        "closed"
    );
    let again = refused(world.market.try_close(&loan, &0));
    assert_eq!(again, code(MarketError::NothingOwed), "nothing left");
    world.check_books();
}

#[test]
fn a_loan_without_debt_is_closed_for_nothing() {
    let world = World::new();
    let loan = world.loan(100, 50);
    world.market.repay(&loan, &world.borrower, &(50 * UNIT));
    world.hub.set(&None);
    world.market.close(&loan, &0);
    assert_eq!(world.facts(&loan).collateral, 0, "handed over");
}

#[test]
fn the_tick_box_opens_loan_and_cover_at_once() {
    let world = World::new();
    let market = &world.market;
    let request = world.request();
    let (loan, quote) = market.borrow(
        &world.borrower,
        &(100 * UNIT),
        &(50 * UNIT),
        &Some(request),
        &None,
    );
    assert_eq!(quote.map(|quote| quote.premium), Some(UNIT), "quote");
    assert_eq!(
        world.asset.balance(&world.borrower),
        49 * UNIT,
        "the premium came out of the loan"
    );
    assert_eq!(world.asset.balance(&world.cover_pool), UNIT, "premium");
    assert_eq!(
        world.insurer.facts(),
        Some(world.facts(&loan)),
        "the insurer was told the facts"
    );
    world.check_books();
}

#[test]
fn a_sponsor_pays_the_premium() {
    let world = World::new();
    let (request, sponsor) = (Some(world.request()), Some(world.liquidator.clone()));
    world.market.borrow(
        &world.borrower,
        &(100 * UNIT),
        &(50 * UNIT),
        &request,
        &sponsor,
    );
    assert_eq!(
        world.asset.balance(&world.borrower),
        50 * UNIT,
        "the borrower keeps all"
    );
    assert_eq!(
        world.asset.balance(&world.liquidator),
        99_999 * UNIT,
        "the sponsor paid"
    );
}

#[test]
fn a_loan_is_insured_later() {
    let world = World::new();
    let loan = world.loan(100, 50);
    world.pass(DAY);
    let quote = world
        .market
        .insure(&loan, &world.borrower, &world.request());
    assert_eq!(quote.premium, UNIT, "quote");
    assert_eq!(
        world.insurer.facts(),
        Some(world.facts(&loan)),
        "facts of now"
    );
    world.insurer.set_exit(&REFUSAL);
    let refusal = refused(world.market.try_borrow_more(&loan, &UNIT, &world.borrower));
    assert_eq!(refusal, Some(REFUSAL), "the insurer has a say now");
}

#[test]
fn without_an_insurer_there_is_no_cover() {
    let world = World::empty();
    world.market.supply(&world.lender, &(10_000 * UNIT), &0);
    let request = Some(world.request());
    let none = code(MarketError::NoInsurer);
    let opened =
        refused(
            world
                .market
                .try_borrow(&world.borrower, &(100 * UNIT), &UNIT, &request, &None),
        );
    assert_eq!(opened, none, "borrow");
    let loan = world.loan(100, 50);
    let insured = refused(
        world
            .market
            .try_insure(&loan, &world.borrower, &world.request()),
    );
    assert_eq!(insured, none, "insure");
}

#[test]
fn a_pause_stops_new_supply_and_new_borrowing_only() {
    let world = World::new();
    let (market, borrower) = (&world.market, &world.borrower);
    let (loan, risky, insured) = (
        world.loan(100, 50),
        world.loan(100, 80),
        world.insured(100, 50),
    );
    market.set_paused(&true);
    let paused = code(MarketError::Paused);
    assert_eq!(
        refused(market.try_supply(&world.lender, &1, &0)),
        paused,
        "supply"
    );
    assert_eq!(
        refused(market.try_borrow(borrower, &UNIT, &1, &None, &None)),
        paused,
        "borrow"
    );
    assert_eq!(
        refused(market.try_borrow_more(&loan, &1, borrower)),
        paused,
        "borrow more"
    );
    market.supply_collateral(&loan, borrower, &UNIT);
    market.withdraw_collateral(&loan, &UNIT, borrower);
    market.repay(&loan, borrower, &UNIT);
    market.insure(&loan, borrower, &world.request());
    market.close(&loan, &(49 * UNIT));
    world.insurer.refinance(&market.address, &insured, &UNIT);
    market.redeem(&world.lender, &(UNIT * 1_000_000), &0, &world.lender);
    world.set_price(90_000_000_000_000);
    market.liquidate(&risky, &world.liquidator, &UNIT, &UNIT, &true);
    market.set_paused(&false);
    market.supply(&world.lender, &UNIT, &0);
    world.check_books();
}
