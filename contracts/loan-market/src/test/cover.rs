use interfaces::market::Liquidated;
use interfaces::platform::Compensation;
use soroban_sdk::Address;

use super::mocks::insurer::Conduct;
use super::{code, refused, std, World, REFUSAL, UNIT};
use crate::cover::UNSETTLED_FOR;
use crate::MarketError;

/// 0.70: a loan of 100 against 80 leaves about 13.3 of bad debt.
const LOW: i128 = 70_000_000_000_000;
/// 0.95: it is unsafe, and worth its debt.
const FAIR: i128 = 95_000_000_000_000;

/// A loan of 100 against 80 that is unsafe at a price.
fn fallen(price: i128) -> (World, Address) {
    let world = World::new();
    let loan = world.insured(100, 80);
    world.set_price(price);
    (world, loan)
}

fn liquidate(world: &World, loan: &Address, seize: i128, settles_cover: bool) -> Liquidated {
    let (who, most) = (&world.liquidator, 100 * UNIT);
    world
        .market
        .liquidate(loan, who, &seize, &most, &settles_cover)
}

fn settle(world: &World, loan: &Address) -> Result<i128, Option<u32>> {
    let reply = world.market.try_settle_cover(loan, &world.liquidator);
    match reply {
        Ok(Ok(arrived)) => Ok(arrived),
        reply => Err(refused(reply)),
    }
}

#[test]
fn cover_pays_the_lenders_before_a_loss_is_spread() {
    let (world, loan) = fallen(LOW);
    let before = world.state().supply;
    world.pays(10 * UNIT, 0, 2 * UNIT);
    let liquidated = liquidate(&world, &loan, 100 * UNIT, true);
    let bad_debt = liquidated.liquidation.bad_debt;
    assert_eq!(liquidated.covered, 10 * UNIT, "covered");
    assert_eq!(
        liquidated.socialised,
        bad_debt - 10 * UNIT,
        "the rest is spread"
    );
    assert!(!liquidated.is_unsettled, "settled");
    let state = world.state();
    assert_eq!(state.supply, before - liquidated.socialised, "supply");
    assert_eq!(state.written_off, liquidated.socialised, "counted");
    assert_eq!(
        (state.filed, state.unsettled),
        (2 * UNIT, 0),
        "a claim waits"
    );
    assert_eq!(
        state.supply_high,
        state.supply + 2 * UNIT,
        "deposits pay for it"
    );
    let asked = world.insurer.asked();
    assert_eq!(
        asked.first(),
        Some(liquidated.liquidation),
        "the insurer was told"
    );
    world.check_books();
}

#[test]
fn a_loan_that_was_never_insured_does_not_reach_the_insurer() {
    let world = World::new();
    let loan = world.loan(100, 80);
    world.conduct(Conduct::Traps);
    world
        .market
        .borrow_more(&world.loan(100, 10), &UNIT, &world.borrower);
    world
        .market
        .withdraw_collateral(&world.loan(100, 10), &UNIT, &world.borrower);
    world.market.close(&world.loan(100, 10), &(10 * UNIT));
    world.set_price(LOW);
    let liquidated = liquidate(&world, &loan, 100 * UNIT, true);
    assert!(!liquidated.is_unsettled, "nothing to settle");
    let none = Err(code(MarketError::NothingUnsettled));
    assert_eq!(settle(&world, &loan), none, "nothing waits");
}

#[test]
fn the_borrowers_part_repays_the_loan_and_the_rest_is_theirs() {
    let (world, loan) = fallen(FAIR);
    world.pays(0, 5 * UNIT, 0);
    let liquidated = liquidate(&world, &loan, 21 * UNIT, true);
    assert_eq!(liquidated.to_borrower, 5 * UNIT, "for the borrower");
    assert_eq!(world.debt(&loan), (80 - 19 - 5) * UNIT, "repays the loan");
    world.set_price(50_000_000_000_000);
    world.pays(0, 100 * UNIT, 0);
    let before = world.asset.balance(&world.borrower);
    let liquidated = liquidate(&world, &loan, UNIT, true);
    let owed = 56 * UNIT - liquidated.liquidation.repaid;
    assert_eq!(world.debt(&loan), 0, "all of it");
    assert_eq!(
        world.asset.balance(&world.borrower),
        before + 100 * UNIT - owed,
        "the rest"
    );
    world.check_books();
}

#[test]
fn the_borrowers_part_makes_a_loss_good_before_it_is_theirs() {
    let (world, loan) = fallen(LOW);
    let before = (world.state().supply, world.asset.balance(&world.borrower));
    world.pays(10 * UNIT, 10 * UNIT, 0);
    let liquidated = liquidate(&world, &loan, 100 * UNIT, true);
    let left = liquidated.liquidation.bad_debt - 10 * UNIT;
    assert_eq!(liquidated.socialised, 0, "nothing is spread");
    assert_eq!(world.state().supply, before.0, "lenders lose nothing");
    assert_eq!(
        world.asset.balance(&world.borrower),
        before.1 + 10 * UNIT - left,
        "the rest"
    );
    world.check_books();
}

#[test]
fn an_insurer_that_fails_does_not_stop_a_liquidation() {
    for conduct in [
        Conduct::Refuses(REFUSAL),
        Conduct::Traps,
        Conduct::CallsBack,
    ] {
        let (world, loan) = fallen(LOW);
        world.conduct(conduct.clone());
        let liquidated = liquidate(&world, &loan, 100 * UNIT, true);
        let bad_debt = liquidated.liquidation.bad_debt;
        assert!(liquidated.is_unsettled, "{conduct:?}: settled later");
        assert_eq!(liquidated.socialised, bad_debt, "{conduct:?}: spread");
        let state = world.state();
        assert_eq!(state.unsettled, bad_debt, "{conduct:?}: waits");
        assert_eq!(
            state.supply_high,
            state.supply + bad_debt,
            "{conduct:?}: counted"
        );
        world.check_books();
    }
}

#[test]
fn cover_that_was_left_out_is_settled_later_for_the_lenders() {
    let (world, loan) = fallen(LOW);
    world.conduct(Conduct::Traps);
    let liquidated = liquidate(&world, &loan, 100 * UNIT, false);
    let bad_debt = liquidated.liquidation.bad_debt;
    assert!(world.insurer.asked().is_empty(), "it was not called");
    let unavailable = Err(code(MarketError::InsurerUnavailable));
    assert_eq!(settle(&world, &loan), unavailable, "it fails");
    world.conduct(Conduct::Refuses(REFUSAL));
    assert_eq!(
        settle(&world, &loan),
        Err(Some(REFUSAL)),
        "it refuses, and says why"
    );
    world.pays(bad_debt - UNIT, 0, UNIT);
    let before = world.state();
    assert_eq!(settle(&world, &loan), Ok(bad_debt - UNIT), "it pays");
    let after = world.state();
    assert_eq!(
        after.supply,
        before.supply + bad_debt - UNIT,
        "the lenders'"
    );
    assert_eq!((after.unsettled, after.filed), (0, UNIT), "a claim is left");
    assert_eq!(
        after.supply_high, before.supply_high,
        "nobody could buy into it"
    );
    assert_eq!(
        after.written_off, before.written_off,
        "what was spread stays counted"
    );
    let none = Err(code(MarketError::NothingUnsettled));
    assert_eq!(settle(&world, &loan), none, "once");
    world.check_books();
}

#[test]
fn a_late_payment_for_the_borrower_makes_the_loss_good_first() {
    let (world, loan) = fallen(LOW);
    let bad_debt = liquidate(&world, &loan, 100 * UNIT, false)
        .liquidation
        .bad_debt;
    let before = (world.state().supply, world.asset.balance(&world.borrower));
    world.pays(0, bad_debt + 3, 0);
    assert_eq!(settle(&world, &loan), Ok(bad_debt + 3), "arrived");
    assert_eq!(world.state().supply, before.0 + bad_debt, "lenders");
    assert_eq!(
        world.asset.balance(&world.borrower),
        before.1 + 3,
        "borrower"
    );
    world.check_books();
}

#[test]
fn an_answer_of_nothing_is_final() {
    let (world, loan) = fallen(LOW);
    liquidate(&world, &loan, 100 * UNIT, false);
    world.pays(0, 0, 0);
    assert_eq!(settle(&world, &loan), Ok(0), "nothing is owed");
    let state = world.state();
    assert_eq!(
        (state.unsettled, state.supply_high),
        (0, state.supply),
        "nothing waits"
    );
}

#[test]
fn what_is_past_its_cover_is_dropped() {
    let (world, loan) = fallen(LOW);
    liquidate(&world, &loan, 100 * UNIT, false);
    world.conduct(Conduct::Refuses(REFUSAL));
    world.pass(UNSETTLED_FOR - 1);
    assert_eq!(
        settle(&world, &loan),
        Err(Some(REFUSAL)),
        "a second too early"
    );
    world.pass(1);
    assert_eq!(settle(&world, &loan), Ok(0), "dropped");
    assert_eq!(world.state().unsettled, 0, "nothing waits");
    let none = Err(code(MarketError::NothingUnsettled));
    assert_eq!(settle(&world, &loan), none, "gone");
}

#[test]
fn what_an_insurer_says_is_not_believed() {
    let lies = [
        (0, 5, 5, 0, 0, 0),
        (3, 5, 5, 0, 3, 0),
        (7, 5, 5, 0, 5, 2),
        (20, 5, 5, 0, 5, 5),
        (5, -5, 5, 0, 0, 5),
        (5, 0, 0, 0, 0, 0),
    ];
    for (sent, lenders, borrower, filed, got, to_borrower) in lies {
        let (world, loan) = fallen(FAIR);
        let says = Compensation {
            lenders: lenders * UNIT,
            borrower: borrower * UNIT,
            filed,
        };
        world.conduct(Conduct::Sends(sent * UNIT, says));
        let before = world.state().supply;
        let liquidated = liquidate(&world, &loan, 21 * UNIT, true);
        let label = (sent, lenders, borrower);
        assert_eq!(liquidated.covered, got * UNIT, "{label:?}: lenders");
        assert_eq!(
            liquidated.to_borrower,
            to_borrower * UNIT,
            "{label:?}: borrower"
        );
        assert_eq!(
            world.state().supply,
            before + got * UNIT,
            "{label:?}: supply"
        );
        assert_eq!(
            world.debt(&loan),
            (61 - to_borrower) * UNIT,
            "{label:?}: debt"
        );
        world.check_books();
    }
}

#[test]
fn a_claim_counts_no_more_than_the_loss() {
    let (world, loan) = fallen(LOW);
    let says = Compensation {
        lenders: 0,
        borrower: 0,
        filed: i128::MAX,
    };
    world.conduct(Conduct::Sends(0, says.clone()));
    let liquidated = liquidate(&world, &loan, 100 * UNIT, true);
    assert_eq!(
        world.state().filed,
        liquidated.liquidation.bad_debt,
        "the loss"
    );
    let says = Compensation { filed: -1, ..says };
    world.conduct(Conduct::Sends(0, says));
    world.set_price(interfaces::price::PRICE_ONE);
    let loan = world.insured(100, 80);
    world.set_price(LOW);
    let before = world.state().filed;
    liquidate(&world, &loan, 100 * UNIT, true);
    assert_eq!(world.state().filed, before, "less than nothing");
}

#[test]
fn the_least_liquidation_is_dropped_when_there_are_too_many() {
    let (world, loan) = fallen(80_000_000_000_000);
    for seize in [5, 1, 2, 3] {
        liquidate(&world, &loan, seize * UNIT, false);
    }
    // The smallest goes; the next is smaller than all that are left, and goes itself.
    liquidate(&world, &loan, 9 * UNIT, false);
    liquidate(&world, &loan, UNIT / 2, false);
    world.pays(0, 0, 0);
    settle(&world, &loan).unwrap();
    let mut seized: std::vec::Vec<_> = world
        .insurer
        .asked()
        .iter()
        .map(|one| one.seized / UNIT)
        .collect();
    seized.sort();
    assert_eq!(seized, [2, 3, 5, 9], "kept");
}

#[test]
fn bad_debt_is_kept_before_anything_else() {
    let (world, loan) = fallen(LOW);
    for _ in 0..4 {
        liquidate(&world, &loan, 11 * UNIT, false);
    }
    let left = world.facts(&loan).collateral;
    let last = liquidate(&world, &loan, left, false).liquidation;
    assert!(last.bad_debt > 0, "it ends in bad debt");
    assert_eq!(world.state().unsettled, last.bad_debt, "and is kept");
}

#[test]
fn items_are_settled_one_by_one() {
    let (world, loan) = fallen(FAIR);
    liquidate(&world, &loan, 5 * UNIT, false);
    world.pass(UNSETTLED_FOR);
    liquidate(&world, &loan, 6 * UNIT, false);
    world.conduct(Conduct::Refuses(REFUSAL));
    assert_eq!(
        settle(&world, &loan),
        Ok(0),
        "the first is dropped, the second stays"
    );
    world.pays(0, UNIT, 0);
    let debt = world.debt(&loan);
    assert_eq!(settle(&world, &loan), Ok(UNIT), "the second pays");
    let repaid = debt - world.debt(&loan);
    assert!((UNIT - 1..=UNIT).contains(&repaid), "and repays the loan");
    world.check_books();
}

#[test]
fn what_is_taken_out_is_undone_when_the_insurer_refuses() {
    let world = World::new();
    let (market, borrower) = (&world.market, &world.borrower);
    let loan = world.insured(100, 40);
    world.mint(borrower, 40 * UNIT);
    let attempts = || {
        [
            refused(market.try_borrow_more(&loan, &UNIT, borrower)),
            refused(market.try_withdraw_collateral(&loan, &UNIT, borrower)),
            refused(market.try_close(&loan, &(40 * UNIT))),
        ]
    };
    let before = (world.facts(&loan), world.state());
    world.insurer.set_exit(&REFUSAL);
    assert_eq!(attempts(), [Some(REFUSAL); 3], "refused with its code");
    world.conduct(Conduct::Traps);
    assert_eq!(
        attempts(),
        [code(MarketError::InsurerUnavailable); 3],
        "it fails"
    );
    assert_eq!(
        (world.facts(&loan), world.state()),
        before,
        "nothing changed"
    );
    market.supply_collateral(&loan, borrower, &UNIT);
    market.repay(&loan, borrower, &UNIT);
    world.pays(0, 0, 0);
    world.insurer.set_exit(&0);
    assert_eq!(attempts(), [None; 3], "allowed");
}

#[test]
fn the_insurer_is_told_the_facts_after() {
    let world = World::new();
    let loan = world.insured(100, 40);
    world
        .market
        .borrow_more(&loan, &(10 * UNIT), &world.borrower);
    assert_eq!(
        world.insurer.facts(),
        Some(world.facts(&loan)),
        "after borrowing"
    );
    world
        .market
        .withdraw_collateral(&loan, &UNIT, &world.borrower);
    assert_eq!(
        world.insurer.facts(),
        Some(world.facts(&loan)),
        "after taking out"
    );
}

#[test]
fn a_refusal_to_insure_undoes_the_loan() {
    let world = World::new();
    let (market, borrower) = (&world.market, &world.borrower);
    let before = world.state();
    let borrow = || {
        let request = Some(world.request());
        refused(market.try_borrow(borrower, &(100 * UNIT), &(40 * UNIT), &request, &None))
    };
    world.conduct(Conduct::Refuses(REFUSAL));
    assert_eq!(borrow(), Some(REFUSAL), "with its code");
    world.conduct(Conduct::Traps);
    assert_eq!(borrow(), code(MarketError::InsurerUnavailable), "it fails");
    assert_eq!(world.state(), before, "nothing changed");
    assert!(market.loans_of(borrower).is_empty(), "no loan");
}
