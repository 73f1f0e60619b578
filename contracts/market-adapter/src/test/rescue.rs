use interfaces::adapter::{AdapterError, Outcome};
use interfaces::cover::{Peril, Settlement};
use soroban_sdk::testutils::Address as _;
use soroban_sdk::{vec, Address};

use super::{paid, signed, World, DAY, HOUR, UNIT, WEEK};

/// Health 1.6 falls to 1.104: an advance of 116.8 lifts it to 1.25.
const NEAR: i128 = 138;
const DRAW: i128 = 1_168 * UNIT / 10;

fn skipped(error: AdapterError) -> Outcome {
    Outcome::Skipped(error as u32)
}

#[test]
fn an_advance_repays_the_loan_up_to_the_target() {
    let world = World::new();
    let loan = world.insured(&[Peril::Advance]);
    world.set_price(NEAR);
    world.watch(HOUR);
    let before = world.asset.balance(&world.platform.address);
    assert_eq!(paid(&world.rescue(&loan)), DRAW, "drawn");
    assert_eq!(world.platform.received().repaid, DRAW, "repaid");
    assert_eq!(world.platform.loan(&loan).debt, 1_000 * UNIT - DRAW, "debt");
    let received = world.asset.balance(&world.platform.address) - before;
    assert_eq!(received, DRAW, "the platform's balance");
    assert_eq!(world.adapter.health(&loan).hub, 12_500_000, "at the target");
    assert_eq!(world.policy(&loan).drawn, DRAW, "owed to the pool");
    assert_eq!(world.asset.balance(&world.keeper), UNIT / 2, "bounty");
    assert_eq!(world.held_by_adapter(), 0, "nothing is left behind");
    assert_eq!(world.rescue(&loan), skipped(AdapterError::Healthy), "twice");
}

#[test]
fn an_advance_needs_a_loan_near_its_liquidation() {
    let world = World::new();
    let loan = world.insured(&[Peril::Advance]);
    assert_eq!(world.rescue(&loan), skipped(AdapterError::Healthy), "calm");
    world.set_price(140);
    world.watch(HOUR);
    assert_eq!(
        world.rescue(&loan),
        skipped(AdapterError::Healthy),
        "at 1.12"
    );
}

#[test]
fn an_advance_is_bounded_by_its_limit() {
    let world = World::new();
    let loan = world.loan();
    let mut request = world.request(&[Peril::Advance]);
    request.limit = 50 * UNIT;
    signed(&world.env, || {
        world.platform.insure(&loan, &world.borrower, &request)
    });
    world.watch(DAY + HOUR);
    world.set_price(NEAR);
    world.watch(HOUR);
    assert_eq!(paid(&world.rescue(&loan)), 50 * UNIT, "all of the limit");
    world.set_price(130);
    world.watch(HOUR);
    let again = world.rescue(&loan);
    assert_eq!(
        again,
        skipped(AdapterError::DrawTooSmall),
        "nothing is left"
    );
}

#[test]
fn an_advance_waits_a_day_and_ends_with_its_cover() {
    let world = World::new();
    let loan = world.loan();
    world.insure(&loan, &[Peril::Advance]);
    world.set_price(NEAR);
    world.watch(HOUR);
    assert_eq!(world.rescue(&loan), Outcome::Skipped(7050), "too early");
    world.watch(DAY);
    assert!(matches!(world.rescue(&loan), Outcome::Done(_)), "then");
    let world = World::new();
    let loan = world.insured(&[Peril::Advance]);
    world.watch(world.policy(&loan).end - world.now());
    world.set_price(NEAR);
    assert_eq!(world.rescue(&loan), Outcome::Skipped(7050), "too late");
}

#[test]
fn loans_of_a_batch_do_not_touch_each_other() {
    let world = World::new();
    let (loan, uninsured) = (world.insured(&[Peril::Advance]), world.loan());
    let other = world.insured(&[Peril::Advance]);
    world.set_price(NEAR);
    world.watch(HOUR);
    world.set_debt(&other, 100 * UNIT);
    let unknown = Address::generate(&world.env);
    let loans = vec![&world.env, unknown, other, loan, uninsured];
    let outcomes = world.adapter.rescue(&loans, &world.keeper);
    let not_here = skipped(AdapterError::NotInsuredHere);
    assert_eq!(outcomes.get(0).unwrap(), not_here, "unknown");
    let healthy = skipped(AdapterError::Healthy);
    assert_eq!(outcomes.get(1).unwrap(), healthy, "healthy");
    assert_eq!(paid(&outcomes.get(2).unwrap()), DRAW, "in need");
    assert_eq!(outcomes.get(3).unwrap(), not_here, "uninsured");
}

#[test]
fn money_that_the_platform_does_not_take_never_leaves_the_pool() {
    let world = World::new();
    let loan = world.insured(&[Peril::Advance]);
    world.set_price(NEAR);
    world.watch(HOUR);
    world.platform.refuse(&true);
    let loans = vec![&world.env, loan.clone()];
    let before = world.pool.books().cash;
    assert!(
        world.adapter.try_rescue(&loans, &world.keeper).is_err(),
        "fails"
    );
    assert_eq!(world.pool.books().cash, before, "the pool's cash");
    assert_eq!(world.policy(&loan).drawn, 0, "nothing is owed");
    world.platform.refuse(&false);
    assert_eq!(paid(&world.rescue(&loan)), DRAW, "later");
}

/// A loan at l = 0.75 whose price falls by a fifth. Of the 200 that the fall beyond the deductible took, 176 bring it back to
/// its target, of which the owner bears a tenth.
fn fallen() -> (World, Address) {
    let world = World::new();
    let loan = world.loan();
    world.set_debt(&loan, 1_200 * UNIT);
    world.insure(&loan, &[Peril::Grant]);
    world.watch(DAY + HOUR);
    world.set_price(160);
    world.watch(HOUR);
    world
        .hub
        .trigger(&world.collateral.address, &world.asset.address);
    (world, loan)
}

#[test]
fn a_grant_pays_for_a_fall_once() {
    let (world, loan) = fallen();
    let granted = 1_584 * UNIT / 10;
    assert_eq!(paid(&world.grant(&loan)), granted, "176, less a tenth");
    assert_eq!(world.platform.received().repaid, granted, "repaid");
    let debt = world.platform.loan(&loan).debt;
    assert_eq!(debt, 1_200 * UNIT - granted, "debt");
    assert_eq!(world.policy(&loan).event_loss, 176 * UNIT, "settled");
    assert_eq!(world.policy(&loan).drawn, 0, "not lent");
    assert_eq!(world.held_by_adapter(), 0, "nothing is left behind");
    let again = world.grant(&loan);
    assert_eq!(again, skipped(AdapterError::NothingLost), "twice");
    assert_eq!(world.asset.balance(&world.keeper), UNIT / 2, "one bounty");
}

#[test]
fn a_grant_needs_an_event_that_began_after_the_waiting_period() {
    let world = World::new();
    let loan = world.loan();
    world.set_debt(&loan, 1_200 * UNIT);
    world.insure(&loan, &[Peril::Grant]);
    let none = world.grant(&loan);
    assert_eq!(none, skipped(AdapterError::NoEvent), "no event");
    world.set_price(160);
    world.watch(HOUR);
    world
        .hub
        .trigger(&world.collateral.address, &world.asset.address);
    assert_eq!(world.grant(&loan), Outcome::Skipped(7050), "too early");
}

#[test]
fn a_grant_is_not_paid_after_the_event_closed_or_the_grace_week() {
    let (world, loan) = fallen();
    world.watch(2 * DAY);
    let closed = world.grant(&loan);
    assert_eq!(closed, skipped(AdapterError::NoEvent), "closed");
    let (world, loan) = fallen();
    let policy = world.policy(&loan);
    world.watch(policy.end + WEEK - world.now());
    world.set_price(120);
    world.watch(HOUR);
    world
        .hub
        .trigger(&world.collateral.address, &world.asset.address);
    assert_eq!(world.grant(&loan), Outcome::Skipped(7051), "expired");
}

#[test]
fn a_grant_that_exceeds_what_is_left_of_the_limit_pays_that() {
    let world = World::new();
    let loan = world.loan();
    world.set_debt(&loan, 1_200 * UNIT);
    let mut request = world.request(&[Peril::Grant]);
    request.limit = 100 * UNIT;
    signed(&world.env, || {
        world.platform.insure(&loan, &world.borrower, &request)
    });
    world.watch(DAY + HOUR);
    world.set_price(160);
    world.watch(HOUR);
    world
        .hub
        .trigger(&world.collateral.address, &world.asset.address);
    let outcome = world.grant(&loan);
    assert_eq!(
        outcome,
        Outcome::Done(Settlement::Paid(100 * UNIT)),
        "limit"
    );
}

#[test]
fn collateral_added_after_the_fall_is_not_granted_for() {
    let (world, loan) = fallen();
    let mut facts = world.platform.loan(&loan);
    (facts.collateral, facts.debt) = (3_000 * UNIT, 3_600 * UNIT);
    world.platform.set_loan(&loan, &facts);
    assert_eq!(paid(&world.grant(&loan)), 180 * UNIT, "200, less a tenth");
}

#[test]
fn what_an_advance_is_owed_counts_when_a_grant_is_measured() {
    let world = World::new();
    let loan = world.loan();
    world.set_debt(&loan, 1_200 * UNIT);
    world.insure(&loan, &[Peril::Advance, Peril::Grant]);
    world.watch(DAY + HOUR);
    world.set_price(160);
    world.watch(HOUR);
    let drawn = paid(&world.rescue(&loan));
    assert_eq!(drawn, 176 * UNIT, "the advance first");
    world
        .hub
        .trigger(&world.collateral.address, &world.asset.address);
    let owed = world.policy(&loan).fees_due;
    let given = paid(&world.grant(&loan));
    let needed = 176 * UNIT + owed;
    assert_eq!(
        given,
        needed - (needed + 9) / 10,
        "the same need, and its fee"
    );
}
