use super::world::{World, DAY, HOUR, UNIT, WEEK};
use crate::CoverError;
use interfaces::cover::{Peril, Route, Settlement};

const S: i128 = 1_000_000_000_000;
const YEAR: i128 = 31_536_000;

#[test]
fn a_draw_repays_debt_and_is_owed_with_a_flat_fee() {
    let world = World::new();
    let interest = world.insured();
    let before = world.books();
    assert_eq!(
        world.draw(&interest, 400 * UNIT),
        Settlement::Paid(400 * UNIT),
        "drawn"
    );
    assert_eq!(
        world.balance(&world.platform.address),
        400 * UNIT,
        "platform"
    );
    let after = world.books();
    assert_eq!(after.drawn, 400 * UNIT, "principal");
    assert_eq!(after.fees_owed, 2 * UNIT * S, "flat fee of 0.5 %");
    let fee_rate = (400 * UNIT * 400_000 * S + YEAR * UNIT - 1) / (YEAR * UNIT);
    assert_eq!(after.fee_rate, fee_rate, "4 % a year, rounded up");
    assert_eq!(before.exposure - after.exposure, 400 * UNIT, "exposure");
    assert_eq!(before.nav_lo - after.nav_lo, 400 * UNIT, "zero in NAV_lo");
    assert_eq!(after.nav_hi - after.nav_lo, 402 * UNIT, "face in NAV_hi");
    assert_eq!(after.reserve, before.reserve, "not borne by the reserve");
    assert_eq!(
        world.pool.group_state(&0).drawn,
        400 * UNIT,
        "counts against the cap"
    );
    assert_eq!(world.policy(&interest).limit, 600 * UNIT, "limit left");
}

#[test]
fn a_draw_is_cut_to_the_limit_and_refused_outside_the_term() {
    let world = World::new();
    let interest = world.position();
    world.pool.open(&world.application(&interest));
    let draw = || {
        world
            .pool
            .try_draw(&interest, &(2_000 * UNIT), &400_000, &3, &world.keeper)
    };
    world.pass(DAY - 1);
    assert_eq!(draw(), Err(Ok(CoverError::OutsideCover)), "start delay");
    world.pass(1);
    assert_eq!(draw(), Ok(Ok(Settlement::Paid(1_000 * UNIT))), "the limit");
    assert_eq!(draw(), Err(Ok(CoverError::NothingCovered)), "used up");
    let other = world.insured();
    world.pass(world.policy(&other).end - world.now());
    let late = world
        .pool
        .try_draw(&other, &UNIT, &400_000, &3, &world.keeper);
    assert_eq!(late, Err(Ok(CoverError::OutsideCover)), "at the end");
}

#[test]
fn a_policy_earns_one_bounty_an_hour_for_draws() {
    let world = World::new();
    world.insured();
    let interest = world.insured();
    for (seconds, bounties) in [(0, 1), (HOUR - 1, 1), (1, 2)] {
        world.pass(seconds);
        world.draw(&interest, UNIT);
        assert_eq!(
            world.balance(&world.keeper),
            bounties * UNIT / 2,
            "bounties"
        );
    }
}

#[test]
fn a_batchs_bounties_wait_for_its_keeper_and_never_exceed_the_bucket() {
    let world = World::new();
    let interests = [world.insured(), world.insured(), world.insured()];
    world.draw(&interests[0], UNIT);
    let (bucket, keeper) = (world.books().bounties, world.balance(&world.keeper));
    assert_eq!(bucket, UNIT, "two bounties are left");
    let kept_draw = |interest| {
        let by = &world.adapter;
        world.pool.draw(interest, &UNIT, &400_000, &3, by);
    };
    kept_draw(&interests[1]);
    kept_draw(&interests[2]);
    world.pass(HOUR);
    kept_draw(&interests[0]);
    assert_eq!(world.books().bounties, bucket, "nothing is paid yet");
    assert_eq!(world.balance(&world.adapter), 0, "nor to the adapter");
    let paid = world.pool.pay_bounties(&0, &world.keeper);
    assert_eq!(paid, UNIT, "three were earned, two are there");
    assert_eq!(
        world.balance(&world.keeper),
        keeper + UNIT,
        "in one payment"
    );
    assert_eq!(world.books().bounties, 0, "the bucket");
    assert_eq!(world.pool.pay_bounties(&0, &world.keeper), 0, "once");
}

#[test]
fn a_pay_back_takes_fees_first_restores_the_limit_and_returns_the_excess() {
    let world = World::new();
    let interest = world.insured();
    world.draw(&interest, 400 * UNIT);
    let pay_back = |amount| world.pool.pay_back(&interest, &world.borrower, &amount);
    assert_eq!(pay_back(102 * UNIT), 102 * UNIT, "part");
    let policy = world.policy(&interest);
    assert_eq!(
        (policy.drawn, policy.fees_due),
        (300 * UNIT, 0),
        "2 of fees, 100 of principal"
    );
    assert_eq!(policy.limit, 700 * UNIT, "limit");
    assert_eq!(world.books().exposure, 700 * UNIT, "exposure");
    world.pass(DAY);
    let owed = 300 * UNIT + world.policy(&interest).fees_due;
    let before = world.balance(&world.borrower);
    assert_eq!(pay_back(500 * UNIT), owed, "the rest");
    assert_eq!(
        before - world.balance(&world.borrower),
        owed,
        "the excess came back"
    );
    let (policy, books) = (world.policy(&interest), world.books());
    assert_eq!(
        (policy.drawn, policy.fees_due, policy.limit),
        (0, 0, 1_000 * UNIT),
        "whole again"
    );
    assert_eq!(
        (books.drawn, books.fees_owed, books.fee_rate),
        (0, 0, 0),
        "books"
    );
    let again = world.pool.try_pay_back(&interest, &world.borrower, &UNIT);
    assert_eq!(again, Err(Ok(CoverError::NothingOwed)), "nothing left");
}

#[test]
fn a_pay_back_after_the_end_restores_nothing() {
    let world = World::new();
    let interest = world.insured();
    world.draw(&interest, 400 * UNIT);
    world.pass(world.policy(&interest).end - world.now());
    let exposure = world.books().exposure;
    world
        .pool
        .pay_back(&interest, &world.borrower, &(1_000 * UNIT));
    assert_eq!(world.policy(&interest).limit, 600 * UNIT, "limit");
    assert_eq!(world.books().exposure, exposure, "exposure");
}

#[test]
fn a_foreclosure_takes_what_was_recovered_and_writes_the_rest_off() {
    let world = World::new();
    let interest = world.insured();
    world.draw(&interest, 400 * UNIT);
    let before = world.books();
    let taken = world
        .pool
        .foreclose(&interest, &world.borrower, &(150 * UNIT));
    assert_eq!(taken, 150 * UNIT, "recovered");
    let after = world.books();
    assert_eq!(after.cash - before.cash, 150 * UNIT, "cash");
    assert_eq!(
        (after.drawn, after.fees_owed, after.fee_rate),
        (0, 0, 0),
        "closed"
    );
    assert_eq!(world.pool.group_state(&0).drawn, 0, "group");
    assert_eq!(world.policy(&interest).limit, 600 * UNIT, "not restored");
}

#[test]
fn with_two_sources_a_draw_beyond_the_day_waits_and_is_measured_again() {
    let world = World::new();
    let interest = world.position();
    let mut application = world.application(&interest);
    (application.limit, application.max_premium) = (8_000 * UNIT, 800 * UNIT);
    world.pool.open(&application);
    world.pass(DAY);
    let filed = world
        .pool
        .draw(&interest, &(6_000 * UNIT), &400_000, &2, &world.keeper);
    assert_eq!(
        filed,
        Settlement::Filed(1, 6_000 * UNIT),
        "above 5 % of NAV"
    );
    let open = world.pool.try_finalize(&1, &world.keeper);
    assert_eq!(open, Err(Ok(CoverError::AdapterOnly)), "not by anyone");
    let finalize = |amount| {
        world
            .pool
            .try_finalize_draw(&1, &amount, &400_000, &world.keeper)
    };
    assert_eq!(finalize(UNIT), Err(Ok(CoverError::NotPayable)), "window");
    world.pass(2 * DAY);
    assert_eq!(
        finalize(4_000 * UNIT),
        Ok(Ok(4_000 * UNIT)),
        "measured again"
    );
    let (policy, books) = (world.policy(&interest), world.books());
    assert_eq!(
        (policy.limit, policy.drawn),
        (4_000 * UNIT, 4_000 * UNIT),
        "rest to the limit"
    );
    assert_eq!((books.pending, books.drawn), (0, 4_000 * UNIT), "books");
    assert_eq!(books.exposure, 4_000 * UNIT, "exposure");
    assert_eq!(policy.open_claims, 0, "closed");
}

#[test]
fn a_draws_claim_that_is_closed_with_nothing_returns_to_the_limit_in_the_grace_week_only() {
    for (days, limit, exposure) in [(2, 1_000, 1_000), (60, 400, 0)] {
        let world = World::new();
        let mut terms = super::world::terms();
        terms.daily_share = 0;
        world.pool.set_terms(&terms);
        let interest = world.insured();
        world
            .pool
            .draw(&interest, &(600 * UNIT), &400_000, &2, &world.keeper);
        world.pass(days * DAY);
        assert_eq!(
            world.pool.finalize_draw(&1, &0, &400_000, &world.keeper),
            0,
            "nothing drawn"
        );
        assert_eq!(world.policy(&interest).limit, limit * UNIT, "limit");
        assert_eq!(world.books().exposure, exposure * UNIT, "exposure");
        assert_eq!(world.books().pending, 0, "pending");
    }
}

#[test]
fn a_platform_that_takes_more_or_nothing_fails_the_draw() {
    let world = World::new();
    let interest = world.insured();
    let draw = || {
        world
            .pool
            .try_draw(&interest, &(100 * UNIT), &400_000, &3, &world.keeper)
    };
    let before = world.books();
    world.platform.take(&(101 * UNIT));
    assert!(draw().is_err(), "more");
    world.platform.take(&0);
    assert_eq!(draw(), Err(Ok(CoverError::NothingCovered)), "nothing");
    assert_eq!(world.books(), before, "books");
}

#[test]
fn a_position_that_names_another_contract_gets_nothing() {
    let world = World::new();
    let token = world.token.address.clone();
    let thief = world
        .env
        .register(super::world::MockPosition, (token.clone(), token));
    let interest = interfaces::cover::Interest(thief, interfaces::cover::Class::Loan);
    world.pool.open(&world.application(&interest));
    world.pass(DAY);
    let drawn = world
        .pool
        .try_draw(&interest, &UNIT, &400_000, &3, &world.keeper);
    assert_eq!(drawn, Err(Ok(CoverError::WrongPlatform)));
}

#[test]
fn a_draw_that_buys_collateral_sends_the_money_to_the_position() {
    let world = World::new();
    let interest = world.position();
    let mut application = world.application(&interest);
    application.route = Route::BuyCollateral;
    world.pool.open(&application);
    world.pass(DAY);
    assert_eq!(
        world.draw(&interest, 100 * UNIT),
        Settlement::Paid(100 * UNIT)
    );
    assert_eq!(world.balance(&interest.0), 100 * UNIT);
}

#[test]
fn fees_of_all_are_the_sum_of_what_each_owes() {
    let world = World::new();
    let (a, b) = (world.insured(), world.insured());
    world.draw(&a, 123_456_789);
    world.pass(12_345);
    world.draw(&b, 987_654_321);
    world.pass(WEEK);
    world.pool.pay_back(&a, &world.borrower, &60_000_000);
    world.pass(777);
    let due = world.policy(&a).fees_due + world.policy(&b).fees_due;
    let owed = world.books().fees_owed;
    assert!(
        (due - 2) * S < owed && owed <= due * S,
        "each is rounded up once"
    );
    world.pool.pay_back(&a, &world.borrower, &(1_000 * UNIT));
    world.pool.foreclose(&b, &world.borrower, &0);
    let books = world.books();
    assert_eq!(
        (books.drawn, books.fees_owed, books.fee_rate),
        (0, 0, 0),
        "to the last unit"
    );
    assert_eq!(
        world.pay(&a, Peril::Default, UNIT),
        Settlement::Paid(UNIT * 95 / 100)
    );
}
