use interfaces::adapter::{AdapterError, Outcome};
use interfaces::cover::{Peril, Settlement, Terms};
use interfaces::platform::Compensation;
use interfaces::price::PRICE_ONE;
use soroban_sdk::Address;

use super::liquidation::wait_for_claims;
use super::{refused, signed, World, DAY, HOUR, UNIT};

/// Lets rescues wait too.
fn wait_for_rescues(world: &World) {
    let terms = Terms {
        daily_share: 0,
        ..world.pool.terms()
    };
    signed(&world.env, || world.pool.set_terms(&terms));
}

/// The claim that a rescue came to.
fn filed(outcome: &Outcome) -> (u32, i128) {
    match outcome {
        Outcome::Done(Settlement::Filed(claim, amount)) => (*claim, *amount),
        other => panic!("not filed: {other:?}"),
    }
}

/// An advance of 116.8 that waits as a claim.
fn waiting_advance() -> (World, Address, u32) {
    let world = World::new();
    let loan = world.insured(&[Peril::Advance]);
    wait_for_rescues(&world);
    world.set_price(138);
    world.watch(HOUR);
    let (claim, amount) = filed(&world.rescue(&loan));
    assert_eq!(amount, 1_168 * UNIT / 10, "filed");
    (world, loan, claim)
}

#[test]
fn an_advance_that_waited_is_measured_again() {
    let (world, loan, claim) = waiting_advance();
    world.watch(2 * DAY);
    world.set_debt(&loan, 990 * UNIT);
    let drawn = world.adapter.finalize(&claim, &world.keeper);
    assert_eq!(drawn, 1_068 * UNIT / 10, "what it needs now");
    assert_eq!(world.platform.received().repaid, drawn, "repaid");
    assert_eq!(world.platform.loan(&loan).debt, 990 * UNIT - drawn, "debt");
    assert_eq!(world.policy(&loan).limit, 500 * UNIT - drawn, "the rest");
    assert_eq!(world.held_by_adapter(), 0, "nothing is left behind");
    let again = world.adapter.try_finalize(&claim, &world.keeper);
    assert_eq!(refused(again), AdapterError::NoSuchClaim as u32, "twice");
}

#[test]
fn an_advance_that_waited_in_vain_returns_to_the_limit() {
    let (world, loan, claim) = waiting_advance();
    world.set_price(200);
    world.watch(2 * DAY);
    assert_eq!(world.adapter.finalize(&claim, &world.keeper), 0, "healthy");
    assert_eq!(world.policy(&loan).limit, 500 * UNIT, "limit");
    assert_eq!(world.policy(&loan).open_claims, 0, "closed");
}

#[test]
fn a_claim_is_not_paid_before_its_window_has_passed() {
    let (world, _, claim) = waiting_advance();
    world.watch(2 * DAY - 1);
    let early = world.adapter.try_finalize(&claim, &world.keeper);
    assert_eq!(refused(early), 7054, "not payable yet");
}

#[test]
fn a_default_that_waited_is_paid_to_the_lenders() {
    let world = World::new();
    let loan = world.insured(&[Peril::Default]);
    wait_for_claims(&world);
    world.set_price(100);
    world.watch(HOUR);
    let liquidation = world.liquidation(&loan, PRICE_ONE, 476_190_477);
    let settled = world.platform.liquidate(&loan, &liquidation, &world.keeper);
    let Some(Compensation { filed, .. }) = settled else {
        panic!("not settled");
    };
    world.watch(2 * DAY);
    let paid = world.adapter.finalize(&1, &world.keeper);
    assert_eq!(paid, filed, "all of it");
    assert_eq!(world.platform.received().lenders, filed, "to the lenders");
    assert_eq!(world.asset.balance(&world.keeper), UNIT / 2, "bounty");
    assert_eq!(world.held_by_adapter(), 0, "nothing is left behind");
}

#[test]
fn a_grant_that_waited_repays_the_debt_that_is_left_and_the_rest_is_the_owners() {
    let world = World::new();
    let loan = world.loan();
    world.set_debt(&loan, 1_200 * UNIT);
    world.insure(&loan, &[Peril::Grant]);
    world.watch(DAY + HOUR);
    wait_for_rescues(&world);
    world.set_price(160);
    world.watch(HOUR);
    world
        .hub
        .trigger(&world.collateral.address, &world.asset.address);
    let (claim, amount) = filed(&world.grant(&loan));
    assert_eq!(amount, 1_584 * UNIT / 10, "filed");
    world.watch(2 * DAY);
    world.set_debt(&loan, 100 * UNIT);
    let before = world.asset.balance(&world.borrower);
    assert_eq!(
        world.adapter.finalize(&claim, &world.keeper),
        amount,
        "paid"
    );
    assert_eq!(world.platform.loan(&loan).debt, 0, "debt");
    let received = world.asset.balance(&world.borrower) - before;
    assert_eq!(received, amount - 100 * UNIT, "the owner's");
}

#[test]
fn a_penalty_that_waited_is_the_borrowers() {
    let world = World::new();
    let loan = world.insured(&[Peril::Liquidation]);
    wait_for_claims(&world);
    world.set_price(150);
    world.watch(HOUR);
    let mut liquidation = world.liquidation(&loan, 3 * PRICE_ONE / 2, 0);
    liquidation.seized = 700 * UNIT;
    let settled = world.platform.liquidate(&loan, &liquidation, &world.keeper);
    assert_eq!(settled, Some(Compensation::default()), "not the lenders'");
    world.watch(2 * DAY);
    assert_eq!(world.adapter.finalize(&1, &world.keeper), 35 * UNIT, "paid");
    let borrowers = world.platform.received().borrowers;
    assert_eq!(borrowers, 35 * UNIT, "to the borrower");
}

#[test]
fn there_must_be_such_a_claim() {
    let world = World::new();
    let none = world.adapter.try_finalize(&7, &world.keeper);
    assert_eq!(refused(none), AdapterError::NoSuchClaim as u32, "none");
}
