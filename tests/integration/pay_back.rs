//! `pay_back`: fees first, then principal, which restores the limit.

use testkit::{asset::UNIT, bindings::blend_adapter::Peril};

use crate::stage::*;

#[test]
fn fees_are_paid_before_principal_and_principal_restores_the_limit() {
    let world = world();
    let (owner, position, _) = insured(&world, "borrower", request(Peril::Advance));
    world.sleep(25 * HOUR);
    let interest = interest(&position);
    let nothing = world
        .cover
        .pay_back(&interest, &owner, UNIT)
        .send(&world.ledger, &owner);
    refused(nothing, CoverError::NothingOwed as u32, "before");
    price(&world, 1_200);
    let drawn = paid(&rescue(&world, &position));
    world.sleep(DAY);
    let pay = |amount: i128| world.cover.pay_back(&interest, &owner, amount);
    guarded(&world.ledger, &owner, pay(UNIT));

    let (owing, before) = (policy(&world, &position), books(&world));
    let fees = owing.fees_due;
    assert!(fees > drawn / 200, "the flat fee, and a day's rate");
    let (purse, first) = (usdc(&world, &owner), fees + 100 * UNIT);
    assert_eq!(pay(first).send(&world.ledger, &owner), Ok(first), "a part");
    let part = policy(&world, &position);
    assert_eq!(
        (part.drawn, part.fees_due),
        (drawn - 100 * UNIT, 0),
        "fees, then principal"
    );
    assert_eq!(part.limit, owing.limit + 100 * UNIT, "the limit revolves");
    let after = books(&world);
    assert_eq!(after.cash, before.cash + first, "all of it is cash");
    assert_eq!(after.exposure, before.exposure + 100 * UNIT, "exposure");
    assert_eq!(after.nav_lo, before.nav_lo + first, "income");

    let rest = pay(5_000 * UNIT).send(&world.ledger, &owner).unwrap();
    assert_eq!(rest, drawn - 100 * UNIT, "only what is owed");
    assert_eq!(
        usdc(&world, &owner),
        purse - first - rest,
        "the excess is sent back"
    );
    let whole = policy(&world, &position);
    assert_eq!(
        (whole.drawn, whole.limit),
        (0, LIMIT),
        "the limit is whole again"
    );
    assert_eq!(books(&world).drawn, 0, "no advances");
}

#[test]
fn anybody_may_pay_for_the_owner() {
    let world = world();
    let (_, position, _) = insured(&world, "borrower", request(Peril::Advance));
    world.sleep(25 * HOUR);
    price(&world, 1_200);
    paid(&rescue(&world, &position));
    let friend = world.funded("friend", 5_000 * UNIT);
    let call = world
        .cover
        .pay_back(&interest(&position), &friend, 5_000 * UNIT);
    call.send(&world.ledger, &friend).unwrap();
    assert_eq!(policy(&world, &position).drawn, 0, "paid back");
}
