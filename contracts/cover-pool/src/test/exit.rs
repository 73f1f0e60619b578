use super::world::{World, DAY, UNIT};
use crate::CoverError;

const SHARES: i128 = 10_000 * UNIT * 1_000;

#[test]
fn a_request_escrows_shares_and_is_paid_after_fourteen_days() {
    let world = World::new();
    let (lp, pool) = (&world.lp, &world.pool);
    let held = pool.balance(lp);
    assert_eq!(pool.request_redeem(lp, &SHARES), 0, "slot");
    assert_eq!(pool.balance(lp), held - SHARES, "balance");
    assert_eq!(pool.balance(&pool.address), 1_000 + SHARES, "escrow");
    assert_eq!(world.books().queued, SHARES, "queued");
    assert_eq!(pool.max_redeem(lp), 0, "immature");
    world.pass(14 * DAY - 1);
    assert_eq!(
        pool.try_fulfil(lp, &0, lp, &0),
        Err(Ok(CoverError::TooEarly)),
        "a second early"
    );
    world.pass(1);
    assert_eq!(pool.max_redeem(lp), SHARES, "mature");
    assert_eq!(
        pool.try_fulfil(lp, &0, lp, &(10_000 * UNIT + 1)),
        Err(Ok(CoverError::TooLittleOut))
    );
    let before = world.balance(lp);
    assert_eq!(
        pool.fulfil(lp, &0, &world.keeper, &(10_000 * UNIT)),
        10_000 * UNIT,
        "by anyone"
    );
    assert_eq!(world.balance(lp) - before, 10_000 * UNIT, "to the owner");
    assert_eq!(world.books().queued, 0, "nothing queued");
    assert_eq!(pool.total_supply(), held + 1_000 - SHARES, "burned");
    assert_eq!(
        pool.try_fulfil(lp, &0, lp, &0),
        Err(Ok(CoverError::UnknownExit)),
        "once"
    );
}

#[test]
fn eight_requests_wait_at_once_and_slots_are_used_again() {
    let world = World::new();
    let (lp, pool) = (&world.lp, &world.pool);
    for slot in 0..8 {
        assert_eq!(pool.request_redeem(lp, &SHARES), slot, "slot");
    }
    assert_eq!(
        pool.try_request_redeem(lp, &SHARES),
        Err(Ok(CoverError::TooMany)),
        "ninth"
    );
    world.pass(14 * DAY);
    pool.fulfil(lp, &3, lp, &0);
    assert_eq!(pool.request_redeem(lp, &UNIT), 3, "freed");
    assert_eq!(pool.exits(lp).get(3).unwrap().shares, UNIT, "view");
}

#[test]
fn below_parity_only_the_owner_completes_an_exit() {
    let world = World::new();
    let (lp, pool) = (&world.lp, &world.pool);
    pool.request_redeem(lp, &SHARES);
    world.pass(13 * DAY);
    pool.set_group(&0, &pool.group(&0).unwrap());
    let interest = world.insured();
    world.draw(&interest, 502 * UNIT);
    let stranger = pool.try_fulfil(lp, &0, &world.keeper, &0);
    assert_eq!(stranger, Err(Ok(CoverError::OwnerOnly)), "stranger");
    let books = world.books();
    let out = SHARES * (books.nav_lo + 1) / (books.shares + 1_000);
    assert_eq!(pool.fulfil(lp, &0, lp, &0), out, "owner, at NAV_lo");
}

#[test]
fn an_exit_that_would_uncover_a_limit_waits_until_it_expires() {
    let world = World::new();
    let (lp, pool) = (&world.lp, &world.pool);
    let interest = world.position();
    let mut application = world.application(&interest);
    (application.limit, application.max_premium) = (20_000 * UNIT, 2_000 * UNIT);
    pool.open(&application);
    pool.request_redeem(lp, &pool.balance(lp));
    world.pass(14 * DAY);
    let all = pool.try_fulfil(lp, &0, lp, &0);
    assert_eq!(all, Err(Ok(CoverError::CapitalInUse)), "limit in force");
    assert_eq!(pool.max_redeem(lp), 0, "nothing payable");
    world.pass(21 * DAY);
    assert_eq!(
        pool.max_redeem(lp),
        world.books().queued,
        "expired and past the grace week"
    );
    pool.fulfil(lp, &0, lp, &0);
    assert_eq!(world.books().exposure, 0, "exposure");
}

#[test]
fn a_groups_cap_binds_an_exit() {
    let world = World::new();
    let (lp, pool) = (&world.lp, &world.pool);
    for _ in 0..2 {
        let interest = world.position();
        let mut application = world.application(&interest);
        (application.limit, application.max_premium) = (19_000 * UNIT, 2_000 * UNIT);
        pool.open(&application);
    }
    pool.request_redeem(lp, &SHARES);
    world.pass(14 * DAY);
    assert_eq!(
        pool.try_fulfil(lp, &0, lp, &0),
        Err(Ok(CoverError::CapInUse)),
        "38 % of 90 %"
    );
}

#[test]
fn redeem_and_withdraw_pay_matured_shares_to_a_receiver() {
    let world = World::new();
    let (lp, pool) = (&world.lp, &world.pool);
    pool.request_redeem(lp, &SHARES);
    pool.request_redeem(lp, &SHARES);
    assert!(
        pool.try_redeem(&SHARES, &world.keeper, lp, lp).is_err(),
        "immature"
    );
    world.pass(14 * DAY);
    assert_eq!(
        pool.redeem(&(SHARES + 5_000), &world.keeper, lp, lp),
        10_000 * UNIT + 5,
        "redeem"
    );
    assert_eq!(world.balance(&world.keeper), 10_000 * UNIT + 5, "receiver");
    assert_eq!(pool.exits(lp).get(0).unwrap().shares, 0, "first slot");
    assert_eq!(
        pool.exits(lp).get(1).unwrap().shares,
        SHARES - 5_000,
        "second slot"
    );
    assert_eq!(
        pool.withdraw(&95, &world.keeper, lp, lp),
        95_000,
        "withdraw"
    );
    assert_eq!(pool.max_redeem(lp), SHARES - 100_000, "left");
    assert!(
        pool.try_redeem(&SHARES, &world.keeper, lp, lp).is_err(),
        "more than is left"
    );
    let operator = &world.borrower;
    assert!(
        pool.try_redeem(&1_000, operator, lp, operator).is_err(),
        "without an allowance"
    );
    pool.approve(lp, operator, &1_000, &100);
    assert_eq!(pool.redeem(&1_000, operator, lp, operator), 1, "with one");
}

#[test]
fn an_exit_that_cannot_be_delivered_becomes_claimable() {
    let world = World::new();
    let (lp, pool) = (&world.lp, &world.pool);
    pool.request_redeem(lp, &SHARES);
    world.pass(14 * DAY);
    world.issuer.set_authorized(lp, &false);
    assert_eq!(pool.fulfil(lp, &0, lp, &0), 10_000 * UNIT, "fulfilled");
    assert_eq!(pool.claimable_of(lp), 10_000 * UNIT, "claimable");
    assert_eq!(world.books().claimable, 10_000 * UNIT, "books");
    assert_eq!(
        world.books().nav_lo,
        90_000 * UNIT + 1,
        "not the LPs' any more"
    );
    world.issuer.set_authorized(lp, &true);
    let before = world.balance(lp);
    assert_eq!(pool.withdraw_claimable(lp), 10_000 * UNIT, "withdrawn");
    assert_eq!(world.balance(lp) - before, 10_000 * UNIT, "paid");
    let twice = pool.try_withdraw_claimable(lp);
    assert_eq!(twice, Err(Ok(CoverError::NothingToWithdraw)), "once");
}

#[test]
fn a_group_that_renews_at_its_cap_does_not_lock_the_queued_exits() {
    let world = World::new();
    let (lp, pool) = (&world.lp, &world.pool);
    let interests = [world.open_for(19_500 * UNIT), world.open_for(19_500 * UNIT)];
    let most = 55_000 * UNIT;
    pool.request_redeem(lp, &(most * 1_000));
    world.pass(26 * DAY);
    world.allow_renewals();
    for interest in &interests {
        let limit = 19_500 * UNIT;
        let renewed = pool.try_renew(interest, &limit, &13, &5_000_000, &world.keeper);
        assert_eq!(renewed, Err(Ok(CoverError::NoRoom)), "40 % of what stays");
    }
    let locked = pool.try_fulfil(lp, &0, lp, &0);
    assert_eq!(locked, Err(Ok(CoverError::CapInUse)), "while it covers");
    world.pass(9 * DAY);
    assert!(pool.fulfil(lp, &0, lp, &0) >= most, "it has run off");
}
