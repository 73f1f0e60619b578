//! Buying cover when the trigger is near.
//!
//! What stops it: a pair with half the trigger's fall behind it is *armed* and sells nothing, and what is sold just before
//! covers nothing that begins within its waiting period. The twin is the same loan and the same fall, insured a day
//! earlier.

use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter::{AdapterError, Outcome},
        cover_pool::CoverError,
    },
    world::Setup,
};

use crate::scene::*;

fn outside() -> Outcome {
    Outcome::Skipped(CoverError::OutsideCover as u32)
}

#[test]
fn nothing_is_sold_once_half_the_fall_has_been_seen() {
    let (world, _) = staked(&Setup::default());
    let (_, uninsured) = loan(&world, "borrower", None);
    price(&world, 1_851);
    assert_eq!(
        world.adapter.armed(&uninsured.0).view(&world.ledger),
        Ok(0),
        "a fall of 7.45 % sells"
    );
    world.watch(HOUR / 4);
    price(&world, 1_850);
    world.watch(HOUR / 2);
    let late = borrower(&world, "late", 10 * UNIT);
    let bought = world.open_loan(
        &late,
        10 * UNIT,
        7_000 * UNIT,
        Some(request(&[Grant], 4_000 * UNIT)),
    );
    refused(
        bought,
        AdapterError::PriceFalling as u32,
        "a fall of 7.5 %, bought with the loan",
    );
    world.watch(HOUR / 2);
    let armed = world.adapter.armed(&uninsured.0).view(&world.ledger);
    assert_eq!(
        armed,
        Ok(AdapterError::PriceFalling as u32),
        "a fall of 7.5 %, for a loan that exists"
    );
    let open = world.open_loan(&late, 10 * UNIT, 7_000 * UNIT, None);
    assert!(
        open.is_ok(),
        "the twin without cover: the loan itself may be had"
    );
}

#[test]
fn what_is_bought_within_the_waiting_period_covers_neither_layer() {
    let (world, _) = staked(&Setup::default());
    let early = loan(
        &world,
        "early",
        Some(request(&[Advance, Grant], 4_000 * UNIT)),
    )
    .1;
    world.watch(2 * HOUR);
    let late = loan(
        &world,
        "late",
        Some(request(&[Advance, Grant], 4_000 * UNIT)),
    )
    .1;
    world.sleep(23 * HOUR);
    price(&world, 1_200);
    assert_eq!(rescue(&world, &late), outside(), "late, advance");
    let needed = needed(&world, &early);
    assert_eq!(paid(&rescue(&world, &early)), needed, "the twin is paid");
    world.watch(HOUR);
    world.trigger();
    assert_eq!(grant(&world, &late), outside(), "late, grant");
    assert_eq!(
        policy(&world, &late).limit,
        4_000 * UNIT,
        "nothing of the late policy is used"
    );
}
