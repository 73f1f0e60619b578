//! `top_up`: more limit for the rest of the term, usable after its own waiting period.

use testkit::{
    asset::UNIT,
    bindings::blend_adapter::{CoverRequest, Peril},
};

use crate::stage::*;

/// A limit far below what the rescue needs.
fn small() -> CoverRequest {
    CoverRequest {
        limit: 500 * UNIT,
        ..request(Peril::Advance)
    }
}

#[test]
fn added_limit_is_usable_only_after_its_waiting_period() {
    let world = world();
    let (owner, position, _) = insured(&world, "borrower", small());
    world.sleep(2 * DAY);
    let more = || world.adapter.top_up(&position.0, 2_000 * UNIT, 100 * UNIT);
    guarded(&world.ledger, &owner, more());
    let (purse, before) = (usdc(&world, &owner), books(&world));
    let premium = more().send(&world.ledger, &owner).unwrap();
    let topped = policy(&world, &position);
    assert_eq!(
        usdc(&world, &owner),
        purse - premium,
        "only the premium is kept of the bid"
    );
    assert_eq!(topped.limit, 2_500 * UNIT, "limit");
    assert_eq!(topped.original_limit, 2_500 * UNIT, "sold");
    assert_eq!(topped.topped_up, 2_000 * UNIT, "added");
    assert_eq!(
        topped.topped_up_from,
        world.ledger.now() + DAY,
        "usable a day later"
    );
    assert_eq!(
        books(&world).exposure,
        before.exposure + 2_000 * UNIT,
        "all of it is backed"
    );
    let again = more().send(&world.ledger, &owner);
    refused(
        again,
        CoverError::PolicyBusy as u32,
        "one addition at a time",
    );

    let fresh = world.ledger.snapshot();
    price(&world, 1_200);
    assert_eq!(
        paid(&rescue(&world, &position)),
        500 * UNIT,
        "before: the old limit alone"
    );
    world.ledger.revert(&fresh);
    world.sleep(DAY + HOUR);
    price(&world, 1_200);
    let rescued = paid(&rescue(&world, &position));
    assert!(
        rescued > 500 * UNIT && rescued < 2_500 * UNIT,
        "after: {rescued}, what it needs"
    );
}

#[test]
fn a_falling_market_sells_no_more_limit() {
    let world = world();
    let (owner, position, _) = insured(&world, "borrower", small());
    world.sleep(2 * DAY);
    price(&world, 1_800);
    world.watch(HOUR);
    let more = world.adapter.top_up(&position.0, 2_000 * UNIT, 100 * UNIT);
    let refusal = more.send(&world.ledger, &owner);
    refused(refusal, AdapterError::PriceFalling as u32, "armed");
}
