//! A stranger forecloses too early or too cheaply.
//!
//! What stops it: the conditions are read from the hub at the start *and* at the end, which is at least 15 minutes later; they
//! count, and the price is, at the higher of the price now and its 15-minute mean; a price that the hub's window does not
//! confirm forecloses nothing; the discount grows from zero; the owner gets what is due and what is left of the price; curing
//! clears the start, which is good for a day.

use testkit::{
    asset::UNIT,
    bindings::{blend_adapter::AdapterError, OnLedger},
    world::Setup,
};

use crate::{
    scene::*,
    walking_away::{abandoned, split},
};

#[test]
fn a_position_that_carries_its_advance_is_not_foreclosed() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let (_, position) = loan(&world, "borrower", Some(request(&[Advance], 4_000 * UNIT)));
    let stranger = world.funded("stranger", 20_000 * UNIT);
    let start = || {
        world
            .adapter
            .start_foreclosure(&position.0)
            .send(ledger, &stranger)
    };
    refused(start(), AdapterError::NothingOwed as u32, "nothing owed");
    world.sleep(26 * HOUR);
    price(&world, 1_200);
    paid(&rescue(&world, &position));
    world.watch(HOUR);
    refused(
        start(),
        AdapterError::NotForeclosable as u32,
        "two thirds owed",
    );
    let take = || {
        world
            .adapter
            .foreclose_by_assignment(&position.0, &stranger, 10_000 * UNIT)
            .send(ledger, &stranger)
    };
    refused(
        take(),
        AdapterError::NotForeclosable as u32,
        "without a start",
    );
}

#[test]
fn a_price_that_nothing_confirms_forecloses_nothing() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let (_, position) = loan(&world, "borrower", Some(request(&[Advance], 4_000 * UNIT)));
    let stranger = world.funded("stranger", 20_000 * UNIT);
    world.sleep(26 * HOUR);
    price(&world, 1_200);
    paid(&rescue(&world, &position));
    world.watch(HOUR);
    price(&world, 700);
    let start = || {
        world
            .adapter
            .start_foreclosure(&position.0)
            .send(ledger, &stranger)
    };
    refused(
        start(),
        AdapterError::PriceQuarantined as u32,
        "in the moment of a fall of 42 %",
    );
    price(&world, 1_200);
    world.watch(HOUR);
    let calm = books(&world);
    assert_eq!(
        calm.drawn,
        policy(&world, &position).drawn,
        "the advance is still owed"
    );
    price(&world, 700);
    world.watch(HOUR / 2);
    assert!(start().is_ok(), "the twin: half an hour of it is confirmed");
}

#[test]
fn a_dip_of_minutes_neither_sells_a_position_nor_makes_it_cheap() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let (_, position) = loan(&world, "borrower", Some(request(&[Advance], 4_000 * UNIT)));
    let stranger = world.funded("stranger", 20_000 * UNIT);
    let start = || {
        world
            .adapter
            .start_foreclosure(&position.0)
            .send(ledger, &stranger)
    };
    let take = || {
        world
            .adapter
            .foreclose_by_assignment(&position.0, &stranger, 10_000 * UNIT)
            .send(ledger, &stranger)
    };
    let carries_it = AdapterError::NotForeclosable as u32;
    world.sleep(26 * HOUR);
    for dollars in [1_300, 1_000] {
        price(&world, dollars);
        world.watch(HOUR / 2);
    }
    paid(&rescue(&world, &position));
    let calm = ledger.snapshot();
    // 20 % down, which no quarantine stops.
    price(&world, 800);
    refused(start(), carries_it, "at the first print of a dip");
    world.watch(HOUR / 12);
    refused(start(), carries_it, "five minutes later");
    world.watch(HOUR / 3);
    start().unwrap();
    refused(take(), AdapterError::TooSoon as u32, "at the start");
    price(&world, 1_000);
    world.watch(HOUR / 4);
    refused(take(), carries_it, "it was a dip");

    world.ledger.revert(&calm);
    price(&world, 800);
    world.watch(HOUR / 2);
    assert!(start().is_ok(), "the twin: a fall that lasts");
    world.watch(HOUR / 4 - HOUR / 60);
    price(&world, 640);
    world.watch(HOUR / 60);
    let debt = world.health(&position).debt;
    let price = take().unwrap();
    assert!(
        price > 7_700 * UNIT - debt,
        "{price} in a further dip, to 6 400 in all, is the mean's"
    );
}

#[test]
fn who_takes_a_position_over_gets_no_grant_for_it() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let insure = Some(request(&[Advance, Grant], 5_000 * UNIT));
    let (owner, position) = loan(&world, "borrower", insure);
    let stranger = world.funded("stranger", 20_000 * UNIT);
    let take = || {
        world
            .adapter
            .foreclose_by_assignment(&position.0, &stranger, 10_000 * UNIT)
            .send(ledger, &stranger)
    };
    world.sleep(26 * HOUR);
    for dollars in [1_300, 1_000] {
        price(&world, dollars);
        world.watch(HOUR / 2);
    }
    let drawn = paid(&rescue(&world, &position));
    price(&world, 840);
    world.watch(HOUR / 2);
    let start = world.adapter.start_foreclosure(&position.0);
    start.send(ledger, &stranger).unwrap();
    world.watch(HOUR / 4);
    let untriggered = ledger.snapshot();

    world.trigger();
    refused(
        take(),
        AdapterError::NotForeclosable as u32,
        "with the grant that is due the position carries what it owes",
    );
    let limit = policy(&world, &position).limit;
    assert!(limit > 2_000 * UNIT, "{limit} left after {drawn}");
    assert!(
        paid(&grant(&world, &position)) > 0,
        "its owner has the grant"
    );
    let account = position.account().view(ledger).unwrap();
    assert_eq!(account.owner, owner.address(), "and the position");

    world.ledger.revert(&untriggered);
    take().unwrap();
    world.trigger();
    let uninsured = skipped(AdapterError::NotInsured);
    assert_eq!(grant(&world, &position), uninsured, "a grant");
    assert_eq!(rescue(&world, &position), uninsured, "an advance");
}

#[test]
fn a_start_in_calm_times_sells_no_moment() {
    let (world, _, position, started) = abandoned();
    let ledger = &world.ledger;
    let stranger = world.funded("stranger", 20_000 * UNIT);
    world.watch(HOUR);
    price(&world, 560);
    let take = world
        .adapter
        .foreclose_by_assignment(&position.0, &stranger, 10_000 * UNIT);
    refused(
        take.send(ledger, &stranger),
        AdapterError::PriceQuarantined as u32,
        "in the moment of a fall of a third",
    );
    price(&world, 840);
    world.watch(HOUR / 2);
    let (split, _) = split(&world, &position, started);
    let take = world
        .adapter
        .foreclose_by_assignment(&position.0, &stranger, 10_000 * UNIT);
    assert_eq!(
        take.send(ledger, &stranger),
        Ok(split.price.raw()),
        "the twin: at the price that is back"
    );
}

#[test]
fn the_price_falls_from_the_whole_value_and_no_lower_bid_is_taken() {
    let (world, owner, position, started) = abandoned();
    let ledger = &world.ledger;
    let stranger = world.funded("stranger", 20_000 * UNIT);
    for (quarters, discount) in [(1, 41_666), (12, 500_000), (24, 1_000_000), (36, 1_000_000)] {
        world.watch(started + quarters * HOUR / 4 - ledger.now());
        let (split, debt) = split(&world, &position, started);
        let value = world.health(&position).value;
        let price = (value * (10_000_000 - discount) + 9_999_999) / 10_000_000 - debt;
        assert_eq!(
            split.price.raw(),
            price,
            "after {quarters} quarters of an hour"
        );
        let cheap = world
            .adapter
            .foreclose_by_assignment(&position.0, &stranger, price - 1);
        refused(
            cheap.send(ledger, &stranger),
            AdapterError::BidTooLow as u32,
            "a stroop less",
        );
    }
    let (_, debt) = split(&world, &position, started);
    let left = world
        .adapter
        .foreclose(&position.0, &stranger, debt, 9 * UNIT, 5_000 * UNIT);
    refused(
        left.send(ledger, &stranger),
        AdapterError::NotClosed as u32,
        "leaving collateral that would be the owner's",
    );
    unauthorised(
        world
            .adapter
            .foreclose(&position.0, &owner, debt, 11 * UNIT, 5_000 * UNIT)
            .send(ledger, &stranger),
        "in somebody else's name",
    );
}

#[test]
fn curing_clears_the_start_and_a_day_forgets_it() {
    let (world, _, position, started) = abandoned();
    let ledger = &world.ledger;
    let stranger = world.funded("stranger", 20_000 * UNIT);
    let take = || {
        world
            .adapter
            .foreclose_by_assignment(&position.0, &stranger, 10_000 * UNIT)
            .send(ledger, &stranger)
    };
    let cure = || world.adapter.cure(&position.0).send(ledger, &world.keeper);
    let start = ledger.snapshot();
    refused(
        cure(),
        AdapterError::NotCured as u32,
        "while it may be foreclosed",
    );
    price(&world, 1_000);
    world.watch(HOUR / 2);
    refused(
        take(),
        AdapterError::NotForeclosable as u32,
        "at a price that carries it",
    );
    assert_eq!(cure(), Ok(()), "cured");
    price(&world, 840);
    world.watch(HOUR / 2);
    refused(
        take(),
        AdapterError::NotStarted as u32,
        "the next fall starts anew",
    );

    ledger.revert(&start);
    price(&world, 840);
    world.sleep(DAY);
    refused(
        take(),
        AdapterError::NotStarted as u32,
        "a day later it is forgotten",
    );
    let again = world
        .adapter
        .start_foreclosure(&position.0)
        .send(ledger, &stranger);
    assert_eq!(
        again,
        Ok(started + DAY),
        "and starts anew, without discount"
    );
}
