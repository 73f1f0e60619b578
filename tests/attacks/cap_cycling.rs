//! Drawing an advance, selling its cap again, and paying back, so that limits in force exceed the cap.
//!
//! What stops it: the principal of advances counts against their group's cap until it is paid back or written off.

use testkit::{
    asset::UNIT,
    bindings::cover_pool::CoverError,
    world::{Setup, LOANS},
};

use crate::scene::*;

#[test]
fn a_drawn_limit_cannot_be_sold_again() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let mut terms = world.cover.group(LOANS).view(ledger).unwrap().unwrap();
    terms.cap = 40_000;
    world
        .cover
        .set_group(LOANS, &terms)
        .send(ledger, &world.owner)
        .unwrap();
    let (owner, position) = loan(&world, "first", Some(request(&[Advance], 6_000 * UNIT)));
    world.sleep(26 * HOUR);
    price(&world, 1_200);
    let state = || world.cover.group_state(LOANS).view(ledger).unwrap();
    let room = || world.cover.room(LOANS).view(ledger).unwrap();
    let before = (state(), room(), books(&world).nav_lo);
    let drawn = paid(&rescue(&world, &position));
    let after = (state(), room(), books(&world).nav_lo);
    assert_eq!(
        after.0.exposure,
        before.0.exposure - drawn,
        "the draw leaves the exposure"
    );
    assert_eq!(after.0.drawn, drawn, "and counts as drawn");
    let smaller_cap = (before.2 - after.2) * 40_000 / 10_000_000;
    assert!(
        (0..=1).contains(&(before.1 - after.1 - smaller_cap)),
        "no room comes of it, the cap falls with NAV"
    );
    world.sleep(26 * HOUR);
    let second = borrower(&world, "second", 20 * UNIT);
    let room_now = room();
    let too_much = world.open_loan(
        &second,
        20 * UNIT,
        8_000 * UNIT,
        Some(request(&[Advance], room_now + 2 * UNIT)),
    );
    refused(too_much, CoverError::NoRoom as u32, "more than the room");
    assert!(room_now < 2_000 * UNIT, "room {room_now}");
    world
        .open_loan(
            &second,
            20 * UNIT,
            8_000 * UNIT,
            Some(request(&[Advance], room_now)),
        )
        .unwrap();
    world.usdc.mint(ledger, &owner.address(), 2 * drawn);
    world
        .cover
        .pay_back(&interest(&position), &owner, 2 * drawn)
        .send(ledger, &owner)
        .unwrap();
    let (all, nav_lo) = (state(), books(&world).nav_lo);
    assert_eq!(
        (all.drawn, all.exposure),
        (0, 6_000 * UNIT + room_now),
        "paid back, every limit is whole"
    );
    assert!(
        all.exposure <= nav_lo * 40_000 / 10_000_000,
        "and inside the cap: {} of {nav_lo}",
        all.exposure
    );
    let uncounted = room_now + drawn;
    assert!(
        6_000 * UNIT + uncounted > nav_lo * 40_000 / 10_000_000,
        "sold again, the draw would have passed it"
    );
}
