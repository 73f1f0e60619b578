use super::world::{World, DAY, UNIT, WEEK};
use crate::CoverError;
use interfaces::cover::{Peril, Settlement};

#[test]
fn a_renewal_is_paid_from_the_allowance_and_merges_the_terms() {
    let world = World::new();
    let interest = world.insured();
    let pool = &world.pool;
    let end = world.policy(&interest).end;
    pool.set_base(&0, &Peril::Grant, &1_200_000);
    let renew = |limit| pool.try_renew(&interest, &limit, &2, &5_000_000, &world.keeper);
    world.pass(end - 3 * DAY - 1 - world.now());
    world.allow_renewals();
    assert_eq!(
        renew(UNIT),
        Err(Ok(CoverError::NotInRenewalWindow)),
        "a second early"
    );
    world.pass(1);
    assert_eq!(
        renew(1_000 * UNIT + 1),
        Err(Ok(CoverError::AboveSold)),
        "more than was sold"
    );
    let (before, books) = (world.balance(&world.borrower), world.books());
    let premium = renew(800 * UNIT).unwrap().unwrap();
    assert_eq!(before - world.balance(&world.borrower), premium, "paid");
    let policy = world.policy(&interest);
    assert_eq!(policy.end, end + 2 * WEEK, "end");
    assert_eq!(
        (policy.limit, policy.original_limit),
        (800 * UNIT, 800 * UNIT),
        "limit"
    );
    let net = premium - (premium + 9) / 10;
    let seconds = i128::from(2 * WEEK + 3 * DAY);
    let merged = (books.unearned + net * 10_i128.pow(12)) / seconds;
    assert_eq!(policy.earning_rate, merged, "earning rate");
    assert_eq!(world.balance(&world.keeper), UNIT / 2, "bounty");
    assert_eq!(world.books().exposure, 800 * UNIT, "exposure");
}

#[test]
fn a_renewal_above_the_payers_rate_is_refused() {
    let world = World::new();
    let interest = world.position();
    let mut application = world.application(&interest);
    application.max_rate = world.pool.quote(&application).rate - 1;
    world.pool.open(&application);
    world.pass(26 * DAY);
    world.pool.set_group(&0, &world.pool.group(&0).unwrap());
    let renewed = world
        .pool
        .try_renew(&interest, &(1_000 * UNIT), &2, &5_000_000, &world.keeper);
    assert_eq!(renewed, Err(Ok(CoverError::RateTooHigh)));
}

#[test]
fn the_payers_rate_bounds_the_least_premium_of_a_renewal_too() {
    let world = World::new();
    let interest = world.open_for(20 * UNIT);
    world.pass(26 * DAY);
    world.allow_renewals();
    let renew = |weeks| {
        let (pool, keeper) = (&world.pool, &world.keeper);
        pool.try_renew(&interest, &(20 * UNIT), &weeks, &5_000_000, keeper)
    };
    let dear = renew(1);
    assert_eq!(dear, Err(Ok(CoverError::RateTooHigh)), "260 % a year");
    assert_eq!(renew(6), Ok(Ok(UNIT)), "43 % of at most 50 %");
}

#[test]
fn what_a_renewal_adds_to_the_limit_waits_like_a_top_up() {
    let world = World::new();
    let interest = world.insured();
    world.pay(&interest, Peril::Default, 800 * UNIT);
    world.pass(25 * DAY);
    world.allow_renewals();
    let (pool, keeper) = (&world.pool, &world.keeper);
    pool.renew(&interest, &(1_000 * UNIT), &4, &5_000_000, keeper);
    let paid = world.pay(&interest, Peril::Grant, 9_000 * UNIT);
    let left = Settlement::Paid(240 * UNIT);
    assert_eq!(paid, left, "what was left of the limit");
    world.pass(DAY);
    let paid = world.pay(&interest, Peril::Grant, 9_000 * UNIT);
    let raise = Settlement::Paid(760 * UNIT);
    assert_eq!(paid, raise, "the raise, a day later");
}
