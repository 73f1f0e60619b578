use super::world::{World, DAY, UNIT};
use crate::CoverError;
use interfaces::cover::{Peril, Settlement};

/// A pool with a policy of 20 000 that lost 90 000 to a clawback.
fn impaired() -> (World, interfaces::cover::Interest) {
    let world = World::new();
    let interest = world.position();
    let mut application = world.application(&interest);
    (
        application.limit,
        application.max_premium,
        application.weeks,
    ) = (20_000 * UNIT, 9_000 * UNIT, 13);
    world.pool.open(&application);
    world.pass(DAY);
    world.issuer.clawback(&world.pool.address, &(90_000 * UNIT));
    assert_eq!(world.pool.check_backing(), 90_000 * UNIT, "missing");
    (world, interest)
}

#[test]
fn a_pool_that_holds_its_books_is_sound() {
    let world = World::new();
    assert_eq!(world.pool.check_backing(), 0);
    assert_eq!(world.pool.impairment(), None);
    let lp = &world.lp;
    assert_eq!(
        world.pool.try_recapitalise(lp, &UNIT),
        Err(Ok(CoverError::NotImpaired))
    );
}

#[test]
fn an_impaired_pool_neither_sells_nor_lends_nor_lets_anyone_leave() {
    let (world, interest) = impaired();
    let (pool, lp) = (&world.pool, &world.lp);
    let impaired = CoverError::Impaired;
    assert_eq!(pool.try_stake(lp, &UNIT, &0), Err(Ok(impaired)), "stake");
    let application = world.application(&world.position());
    assert_eq!(
        pool.try_open(&application).err(),
        Some(Ok(impaired)),
        "open"
    );
    let drawn = pool.try_draw(&interest, &UNIT, &400_000, &3, &world.keeper);
    assert_eq!(drawn, Err(Ok(impaired)), "draw");
    pool.request_redeem(lp, &UNIT);
    world.pass(14 * DAY);
    assert_eq!(pool.try_fulfil(lp, &0, lp, &0), Err(Ok(impaired)), "fulfil");
    assert_eq!(pool.try_cancel(&interest), Err(Ok(impaired)), "cancel");
    assert_eq!(
        (pool.max_deposit(lp), pool.max_redeem(lp)),
        (0, 0),
        "maxima"
    );
}

#[test]
fn claims_collect_for_seven_days_and_are_paid_by_one_factor() {
    let (world, interest) = impaired();
    let pool = &world.pool;
    let filed = world.pay(&interest, Peril::Grant, 15_000 * UNIT);
    assert_eq!(
        filed,
        Settlement::Filed(1, 13_500 * UNIT),
        "rescues wait as well"
    );
    world.pay(&interest, Peril::Collateral, 4_000 * UNIT);
    world.pass(7 * DAY - 1);
    let early = pool.try_settle_impairment();
    assert_eq!(early, Err(Ok(CoverError::NotImpaired)), "still collecting");
    let waits = pool.try_finalize(&1, &world.keeper);
    assert_eq!(waits, Err(Ok(CoverError::Impaired)), "no factor yet");
    world.pass(1);
    pool.settle_impairment();
    let state = pool.impairment().unwrap();
    let books = world.books();
    let unearned = (books.unearned + 10_i128.pow(12) - 1) / 10_i128.pow(12);
    assert_eq!(
        state.available,
        books.cash - unearned - books.bounties,
        "available"
    );
    assert_eq!(state.total, 17_500 * UNIT, "claimed");
    let part = |claim: i128| claim * state.available / state.total;
    assert_eq!(
        pool.finalize(&1, &world.keeper),
        part(13_500 * UNIT),
        "first"
    );
    assert_eq!(
        pool.try_resume(),
        Err(Ok(CoverError::NotImpaired)),
        "one is unpaid"
    );
    assert_eq!(
        pool.finalize(&2, &world.keeper),
        part(4_000 * UNIT),
        "second, same factor"
    );
    assert_eq!(world.books().pending, 0, "none open");
    assert!(world.balance(&pool.address) >= world.books().cash, "I01");
    let uncovered = pool.try_resume();
    assert_eq!(
        uncovered,
        Err(Ok(CoverError::CapitalInUse)),
        "2 500 are still in force"
    );
    pool.recapitalise(&world.lp, &(3_000 * UNIT));
    pool.resume();
    assert_eq!(pool.impairment(), None, "sound");
    assert!(world.books().exposure <= world.books().nav_lo, "backed");
    pool.stake(&world.lp, &UNIT, &0);
}

#[test]
fn draws_that_wait_are_no_claims_on_an_impaired_pool_and_anyone_closes_them() {
    let world = World::new();
    let (pool, keeper) = (&world.pool, &world.keeper);
    let [lent, lost] = [9_000, 10_000].map(|limit| world.open_for(limit * UNIT));
    world.pass(DAY);
    pool.draw(&lent, &(9_000 * UNIT), &400_000, &2, keeper);
    world.pay(&lost, Peril::Collateral, 10_000 * UNIT);
    world.issuer.clawback(&pool.address, &(50_000 * UNIT));
    pool.check_backing();
    world.pass(7 * DAY);
    pool.settle_impairment();
    let total = pool.impairment().unwrap().total;
    assert_eq!(total, 10_000 * UNIT, "the loss alone");
    assert_eq!(pool.finalize(&2, keeper), 10_000 * UNIT, "paid in full");
    assert_eq!(pool.finalize(&1, keeper), 0, "closed by a keeper");
    assert_eq!(world.policy(&lent).limit, 9_000 * UNIT, "its limit again");
    pool.resume();
    assert_eq!(pool.impairment(), None, "sound");
}

#[test]
fn what_goes_missing_after_the_factor_was_fixed_lowers_it_for_the_claims_that_are_left() {
    let (world, interest) = impaired();
    let (pool, keeper) = (&world.pool, &world.keeper);
    world.pay(&interest, Peril::Collateral, 12_000 * UNIT);
    world.pay(&interest, Peril::Collateral, 6_000 * UNIT);
    world.pass(7 * DAY);
    pool.settle_impairment();
    let fixed = pool.impairment().unwrap();
    assert!(fixed.available < fixed.total, "a factor below one");
    let first = pool.finalize(&1, keeper);
    world.issuer.clawback(&pool.address, &(2_000 * UNIT));
    assert_eq!(pool.check_backing(), 2_000 * UNIT, "missing");
    let lowered = pool.impairment().unwrap();
    assert_eq!(lowered.total, 6_000 * UNIT, "what is unpaid");
    let left = fixed.available - first - 2_000 * UNIT;
    assert_eq!(lowered.available, left, "what is left for it");
    assert_eq!(pool.finalize(&2, keeper), left, "all of that");
    world.issuer.clawback(&pool.address, &UNIT);
    pool.check_backing();
    let nothing = pool.impairment().unwrap();
    assert_eq!((nothing.total, nothing.unpaid), (0, 0), "no claim is left");
}
