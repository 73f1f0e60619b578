use super::world::{World, DAY, UNIT, WEEK};
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
fn a_policy_earns_as_many_bounties_for_draws_as_it_prepaid() {
    let world = World::new();
    let mut terms = super::world::terms();
    terms.bounty_prepaid = UNIT;
    world.pool.set_terms(&terms);
    world.insured();
    let interest = world.insured();
    for bounties in [1, 2, 2] {
        world.draw(&interest, UNIT);
        let earned = world.balance(&world.keeper);
        assert_eq!(earned, bounties * UNIT / 2, "bounties");
    }
    world.pass(7 * DAY);
    assert_eq!(world.books().bounties, UNIT, "the other policy's");
}

#[test]
fn a_batchs_bounties_wait_for_its_keeper_and_never_exceed_what_was_prepaid() {
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
    kept_draw(&interests[0]);
    assert_eq!(world.books().bounties, bucket, "nothing is paid yet");
    assert_eq!(world.balance(&world.adapter), 0, "nor to the adapter");
    let paid = world.pool.pay_bounties(&0, &world.keeper);
    assert_eq!(paid, UNIT, "two were prepaid and not spent");
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
    let policy = world.policy(&interest);
    assert_eq!(policy.limit, 0, "ended for its owner");
    assert_eq!((after.exposure, after.unearned), (0, 0), "nothing covered");
}

#[test]
fn a_foreclosure_leaves_no_cover_to_whoever_has_the_position_then() {
    let world = World::new();
    let mut terms = super::world::terms();
    terms.daily_share = 0;
    world.pool.set_terms(&terms);
    let interest = world.insured();
    world.draw(&interest, 100 * UNIT);
    world.pay(&interest, Peril::Collateral, 200 * UNIT);
    let mut loss = world.loss(Peril::Collateral, 50 * UNIT);
    loss.rescue = true;
    world.pool.pay(&interest, &loss, &world.keeper);
    world.pool.foreclose(&interest, &world.lp, &UNIT);
    let pay = world
        .pool
        .try_pay(&interest, &world.loss(Peril::Grant, UNIT), &world.keeper);
    assert_eq!(pay, Err(Ok(CoverError::NothingCovered)), "no loss is paid");
    world.pass(2 * DAY);
    let before = world.balance(&world.borrower);
    world.pool.finalize(&1, &world.keeper);
    world.pool.finalize(&2, &world.keeper);
    let paid = world.balance(&world.borrower) - before;
    assert_eq!(paid, 250 * UNIT, "what was lost before is the owner's");
    assert_eq!(world.balance(&interest.0), 0, "nothing to the position");
    assert_eq!(world.books().unearned, 0, "earned out");
    let (payer, most) = (&world.borrower, &(9 * UNIT));
    let more = world
        .pool
        .try_top_up(&interest, payer, &UNIT, &5_000_000, most);
    assert_eq!(more, Err(Ok(CoverError::NothingCovered)), "nor topped up");
    let mut application = world.application(&interest);
    application.owner = world.lp.clone();
    world.pool.open(&application);
    assert_eq!(world.policy(&interest).owner, world.lp, "insured anew");
}

#[test]
fn a_draw_that_waits_is_not_lent_after_a_foreclosure() {
    let world = World::new();
    let mut terms = super::world::terms();
    terms.daily_share = 0;
    world.pool.set_terms(&terms);
    let interest = world.insured();
    world.draw(&interest, 100 * UNIT);
    let (pool, keeper) = (&world.pool, &world.keeper);
    pool.draw(&interest, &(600 * UNIT), &400_000, &2, keeper);
    pool.foreclose(&interest, &world.lp, &UNIT);
    world.pass(2 * DAY);
    let drawn = pool.finalize_draw(&1, &(600 * UNIT), &400_000, keeper);
    assert_eq!(drawn, 0, "nothing lent");
    assert_eq!(world.policy(&interest).limit, 0, "nothing restored");
    assert_eq!(world.books().pending, 0, "nothing held");
}

#[test]
fn anyone_closes_a_draws_claim_once_nothing_can_be_lent() {
    let world = World::new();
    let mut terms = super::world::terms();
    terms.daily_share = 0;
    world.pool.set_terms(&terms);
    let interest = world.insured();
    let (pool, keeper) = (&world.pool, &world.keeper);
    pool.draw(&interest, &(600 * UNIT), &400_000, &2, keeper);
    world.pass(world.policy(&interest).end + WEEK - 1 - world.now());
    let early = pool.try_finalize(&1, keeper);
    assert_eq!(early, Err(Ok(CoverError::AdapterOnly)), "in the grace week");
    world.pass(1);
    assert_eq!(pool.finalize(&1, keeper), 0, "closed with nothing");
    assert_eq!(world.books().pending, 0, "nothing held");
    assert_eq!(world.balance(keeper), 0, "and no bounty");
}

#[test]
fn a_draw_above_the_highest_rate_is_refused() {
    let world = World::new();
    let interest = world.insured();
    let draw = |rate| {
        let (pool, keeper) = (&world.pool, &world.keeper);
        pool.try_draw(&interest, &UNIT, &rate, &3, keeper)
    };
    assert_eq!(draw(100_000_001), Err(Ok(CoverError::RateTooHigh)), "above");
    assert_eq!(draw(100_000_000), Ok(Ok(Settlement::Paid(UNIT))), "1000 %");
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
    let thief = world.env.register(
        super::world::MockPosition,
        (token.clone(), token, world.adapter.clone()),
    );
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
