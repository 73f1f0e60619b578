use interfaces::adapter::{AdapterError, CoverRequest};
use interfaces::cover::{Class, Interest, Peril, Policy, Route};
use interfaces::platform::Solvency;
use soroban_sdk::testutils::Address as _;
use soroban_sdk::Address;

use super::liquidation::wait_for_claims;
use super::{refused, signed, World, DAY, HOUR, STAKED, UNIT, WEEK};

/// The books of a platform that lent 8 000 of 10 000.
const BOOKS: Solvency = Solvency {
    supply: 10_000 * UNIT,
    credits: 100 * UNIT,
    liabilities: 8_000 * UNIT,
    cash: 2_100 * UNIT,
    written_off: 0,
};

/// Has the platform take what is missing off its books.
fn write_off(world: &World, amount: i128) {
    let books = world.platform.solvency();
    world.platform.set_solvency(&Solvency {
        supply: books.supply - amount,
        cash: books.cash - amount,
        written_off: books.written_off + amount,
        ..books
    });
}

/// A platform with these books and all its cash, whose lenders are insured up to 500 for 13 weeks.
fn insured() -> World {
    let world = World::new();
    world.platform.set_solvency(&BOOKS);
    world.mint(&world.asset, &world.platform.address, 2_100 * UNIT);
    insure(&world).unwrap();
    world
}

fn request(world: &World) -> CoverRequest {
    CoverRequest {
        weeks: 13,
        ..world.request(&[Peril::Contract])
    }
}

fn insure(world: &World) -> Result<i128, u32> {
    let platform = &world.platform.address;
    let sold = signed(&world.env, || {
        let request = request(world);
        world
            .adapter
            .try_insure_lenders(platform, &world.borrower, &request)
    });
    match sold {
        Ok(Ok(quote)) => Ok(quote.premium),
        refusal => Err(refused(refusal)),
    }
}

/// Takes money out of the platform that its books do not know of.
fn steal(world: &World, amount: i128) {
    let thief = Address::generate(&world.env);
    signed(&world.env, || {
        world
            .asset
            .transfer(&world.platform.address, &thief, &amount)
    });
}

fn prove(world: &World) -> Result<i128, u32> {
    let platform = &world.platform.address;
    match world.adapter.try_prove_deficit(platform, &world.keeper) {
        Ok(Ok(paid)) => Ok(paid),
        refusal => Err(refused(refusal)),
    }
}

fn policy(world: &World) -> Policy {
    let interest = Interest(world.platform.address.clone(), Class::Deposit);
    world.pool.policy(&interest).unwrap()
}

const NO_DEFICIT: Result<i128, u32> = Err(AdapterError::NoDeficit as u32);

#[test]
fn a_deficit_that_is_seen_twice_is_paid_to_the_lenders() {
    let world = insured();
    world.watch(15 * DAY);
    steal(&world, 200 * UNIT);
    assert_eq!(prove(&world), Ok(0), "seen");
    world.pass(HOUR - 1);
    assert_eq!(prove(&world), NO_DEFICIT, "too soon");
    world.pass(1);
    let held = world.asset.balance(&world.platform.address);
    assert_eq!(prove(&world), Ok(180 * UNIT), "nine tenths");
    let received = world.asset.balance(&world.platform.address) - held;
    assert_eq!(received, 180 * UNIT, "received");
    assert_eq!(world.platform.received().lenders, 180 * UNIT, "booked");
    assert_eq!(world.asset.balance(&world.keeper), UNIT / 2, "bounty");
    assert_eq!(world.held_by_adapter(), 0, "nothing is left behind");
}

#[test]
fn a_deficit_is_settled_once_even_when_it_is_written_off() {
    let world = insured();
    world.watch(15 * DAY);
    steal(&world, 200 * UNIT);
    prove(&world).unwrap();
    world.pass(HOUR);
    prove(&world).unwrap();
    assert_eq!(prove(&world), NO_DEFICIT, "settled");
    write_off(&world, 200 * UNIT);
    assert_eq!(prove(&world), NO_DEFICIT, "written off");
    steal(&world, 50 * UNIT);
    assert_eq!(prove(&world), Ok(0), "another one");
    world.pass(HOUR);
    assert_eq!(prove(&world), Ok(45 * UNIT), "of 50");
}

#[test]
fn what_was_written_off_counts_as_missing() {
    let world = insured();
    world.watch(15 * DAY);
    steal(&world, 200 * UNIT);
    write_off(&world, 200 * UNIT);
    assert_eq!(prove(&world), Ok(0), "seen");
    world.pass(DAY);
    assert_eq!(prove(&world), Ok(180 * UNIT), "paid");
}

#[test]
fn the_smaller_of_two_sights_is_settled() {
    let world = insured();
    world.watch(15 * DAY);
    steal(&world, 100 * UNIT);
    prove(&world).unwrap();
    steal(&world, 100 * UNIT);
    world.pass(HOUR);
    assert_eq!(prove(&world), Ok(90 * UNIT), "what was there both times");
    assert_eq!(prove(&world), Ok(0), "the rest is seen");
    world.pass(HOUR);
    assert_eq!(prove(&world), Ok(90 * UNIT), "and paid");
}

#[test]
fn a_sight_is_good_for_a_day_and_forgotten_when_nothing_is_missing() {
    let world = insured();
    world.watch(15 * DAY);
    steal(&world, 200 * UNIT);
    prove(&world).unwrap();
    world.pass(DAY + 1);
    assert_eq!(prove(&world), Ok(0), "seen anew");
    world.pass(HOUR);
    world.mint(&world.asset, &world.platform.address, 200 * UNIT);
    assert_eq!(prove(&world), Ok(0), "it is gone");
    assert_eq!(prove(&world), NO_DEFICIT, "and forgotten");
    steal(&world, 200 * UNIT);
    assert_eq!(prove(&world), Ok(0), "seen anew");
}

#[test]
fn a_thousandth_of_the_supply_is_no_deficit() {
    let world = insured();
    world.watch(15 * DAY);
    steal(&world, 10 * UNIT);
    assert_eq!(prove(&world), NO_DEFICIT, "a thousandth");
    steal(&world, 1);
    assert_eq!(prove(&world), Ok(0), "more");
}

#[test]
fn a_gift_makes_nothing_good() {
    let world = insured();
    world.watch(15 * DAY);
    world.mint(&world.asset, &world.platform.address, 500 * UNIT);
    write_off(&world, 100 * UNIT);
    assert_eq!(prove(&world), Ok(0), "seen");
}

#[test]
fn a_deficit_of_the_waiting_period_is_never_paid() {
    let world = insured();
    world.watch(13 * DAY);
    steal(&world, 200 * UNIT);
    prove(&world).unwrap();
    world.pass(HOUR);
    assert_eq!(prove(&world), Ok(0), "settled with nothing");
    world.watch(2 * DAY);
    assert_eq!(prove(&world), NO_DEFICIT, "nor later");
    assert_eq!(world.platform.received().lenders, 0, "nothing");
}

#[test]
fn what_was_missing_before_the_cover_is_not_covered() {
    let world = World::new();
    world.platform.set_solvency(&BOOKS);
    world.mint(&world.asset, &world.platform.address, 2_095 * UNIT);
    insure(&world).unwrap();
    world.watch(15 * DAY);
    steal(&world, 10 * UNIT);
    assert_eq!(prove(&world), NO_DEFICIT, "10 of 15 are new");
    steal(&world, UNIT);
    prove(&world).unwrap();
    world.pass(HOUR);
    assert_eq!(prove(&world), Ok(99 * UNIT / 10), "11 are");
}

#[test]
fn a_deficit_after_the_end_or_without_cover_is_settled_with_nothing() {
    let world = insured();
    world.watch(policy(&world).end + HOUR - world.now());
    steal(&world, 200 * UNIT);
    prove(&world).unwrap();
    world.pass(HOUR);
    assert_eq!(prove(&world), Ok(0), "after the end");
    let world = World::new();
    world.platform.set_solvency(&BOOKS);
    prove(&world).unwrap();
    world.pass(HOUR);
    assert_eq!(prove(&world), Ok(0), "no cover");
    let unknown = Address::generate(&world.env);
    let refusal = world.adapter.try_prove_deficit(&unknown, &world.keeper);
    assert_eq!(
        refused(refusal),
        AdapterError::NotInsuredHere as u32,
        "not listed"
    );
}

#[test]
fn a_deficit_is_paid_up_to_the_limit() {
    let world = insured();
    world.watch(15 * DAY);
    steal(&world, 2_000 * UNIT);
    prove(&world).unwrap();
    world.pass(HOUR);
    assert_eq!(prove(&world), Ok(500 * UNIT), "the limit");
}

#[test]
fn a_deficit_that_has_to_wait_is_paid_later() {
    let world = insured();
    wait_for_claims(&world);
    world.watch(15 * DAY);
    steal(&world, 200 * UNIT);
    prove(&world).unwrap();
    world.pass(HOUR);
    assert_eq!(prove(&world), Ok(0), "filed");
    assert_eq!(prove(&world), NO_DEFICIT, "settled all the same");
    world.pass(2 * DAY);
    let paid = world.adapter.finalize(&1, &world.keeper);
    assert_eq!(paid, 180 * UNIT, "paid");
    assert_eq!(world.platform.received().lenders, paid, "to the lenders");
}

#[test]
fn a_pool_that_cannot_pay_leaves_the_deficit_open() {
    let world = insured();
    world.watch(15 * DAY);
    steal(&world, 200 * UNIT);
    prove(&world).unwrap();
    world.pass(HOUR);
    let claims = cover_pool::Scope::Claims;
    signed(&world.env, || world.pool.pause(&claims));
    assert_eq!(prove(&world), Err(7004), "paused");
    signed(&world.env, || world.pool.unpause(&claims));
    assert_eq!(prove(&world), Ok(180 * UNIT), "then");
}

#[test]
fn lenders_of_a_platform_that_is_short_are_not_insured() {
    let world = World::new();
    world.platform.set_solvency(&BOOKS);
    let code = AdapterError::PlatformNotActive as u32;
    let short = Err(code);
    assert_eq!(insure(&world), short, "it holds nothing");
    prove(&world).unwrap();
    world.mint(&world.asset, &world.platform.address, 2_100 * UNIT);
    assert_eq!(insure(&world), short, "it did an hour ago");
    assert_eq!(
        world.adapter.armed(&world.platform.address),
        code,
        "nor its loans"
    );
    prove(&world).unwrap();
    assert!(insure(&world).is_ok(), "it was seen to be sound");
    assert_eq!(insure(&world), Err(7040), "twice");
}

#[test]
fn lenders_buy_cover_of_a_deficit_alone() {
    let world = World::new();
    let (platform, payer) = (&world.platform.address, &world.borrower);
    let sell = |request: &CoverRequest| {
        let sold = signed(&world.env, || {
            world.adapter.try_insure_lenders(platform, payer, request)
        });
        refused(sold)
    };
    let wrong = AdapterError::WrongRoute as u32;
    let other = CoverRequest {
        perils: world.request(&[Peril::Contract, Peril::Default]).perils,
        ..request(&world)
    };
    assert_eq!(sell(&other), wrong, "perils");
    let other = CoverRequest {
        route: Route::Repay,
        ..request(&world)
    };
    assert_eq!(sell(&other), wrong, "route");
}

#[test]
fn cover_of_lenders_is_renewed_topped_up_and_cancelled() {
    let world = insured();
    let platform = &world.platform.address;
    signed(&world.env, || {
        let until = world.env.ledger().sequence() + 100_000;
        world
            .asset
            .approve(&world.borrower, &world.pool.address, &STAKED, &until)
    });
    let top_up = || world.adapter.try_top_up(platform, &UNIT, &(20 * UNIT));
    assert!(top_up().is_err(), "a stranger");
    assert!(signed(&world.env, top_up).is_ok(), "its owner");
    world.watch(policy(&world).end - DAY - world.now());
    let end = policy(&world).end;
    let limit = policy(&world).limit;
    assert_eq!(limit, 501 * UNIT, "topped up");
    world.adapter.renew(platform, &limit, &4, &world.keeper);
    assert_eq!(policy(&world).end, end + 4 * WEEK, "renewed");
    steal(&world, 200 * UNIT);
    let cancel = || world.adapter.try_cancel(platform);
    let short = signed(&world.env, cancel);
    assert_eq!(
        refused(short),
        AdapterError::PlatformNotActive as u32,
        "short"
    );
    world.mint(&world.asset, platform, 200 * UNIT);
    assert!(cancel().is_err(), "a stranger");
    assert!(signed(&world.env, cancel).is_ok(), "its owner");
}
