use interfaces::salvage::{Lot, SalvageError};
use soroban_sdk::testutils::Address as _;
use soroban_sdk::Address;

use super::{outcome, signed, World, UNIT};

#[test]
fn a_lot_is_booked_once_it_has_arrived() {
    let world = World::new();
    let lot = world.lot();
    let missing = Err(SalvageError::NotDelivered as u32);
    world.deliver(100 * UNIT - 1);
    assert_eq!(world.book(1, &lot), missing, "one short");
    world.deliver(1);
    assert_eq!(world.book(1, &lot), Ok(()), "arrived");
    assert_eq!(world.salvage.lot(&1), Some(lot.clone()), "kept");
    let exists = Err(SalvageError::LotExists as u32);
    assert_eq!(world.book(1, &lot), exists, "twice");
    assert_eq!(world.book(2, &lot), missing, "the same collateral twice");
    world.deliver(100 * UNIT);
    assert_eq!(world.book(2, &lot), Ok(()), "another one");
}

#[test]
fn what_was_sold_is_not_expected_to_be_there() {
    let world = World::offered();
    world.buy(40 * UNIT, 100 * UNIT).unwrap();
    let more = Lot {
        amount: 40 * UNIT,
        surrendered: 40 * UNIT,
        ..world.lot()
    };
    let missing = Err(SalvageError::NotDelivered as u32);
    assert_eq!(world.book(2, &more), missing, "the rest of the first");
    world.deliver(40 * UNIT);
    assert_eq!(world.book(2, &more), Ok(()), "its own");
}

#[test]
fn a_lot_is_booked_by_an_adapter_and_makes_sense() {
    let world = World::new();
    world.deliver(1_000 * UNIT);
    let lot = world.lot();
    let stranger = Address::generate(&world.env);
    let booked = signed(&world.env, || world.salvage.try_book(&stranger, &1, &lot));
    let strange = Err(SalvageError::NotAnAdapter as u32);
    assert_eq!(outcome(booked), strange, "a stranger");
    let senseless = [
        Lot {
            amount: 0,
            surrendered: 0,
            ..lot.clone()
        },
        Lot {
            amount: -1,
            surrendered: -1,
            ..lot.clone()
        },
        Lot {
            surrendered: 1,
            ..lot.clone()
        },
        Lot {
            value: -1,
            ..lot.clone()
        },
        Lot {
            sold_from: Some(0),
            ..lot
        },
    ];
    for lot in senseless {
        let refused = Err(SalvageError::InvalidAmount as u32);
        assert_eq!(world.book(1, &lot), refused, "{lot:?}");
    }
}

#[test]
fn a_lot_is_offered_once_its_claim_is_closed() {
    let world = World::booked();
    let offer = |claim: u32| outcome(world.salvage.try_offer(&claim));
    assert_eq!(offer(2), Err(SalvageError::UnknownLot as u32), "no lot");
    assert_eq!(offer(1), Err(SalvageError::ClaimOpen as u32), "open");
    let not_offered = Err(SalvageError::NotOffered as u32);
    assert_eq!(world.buy(UNIT, 100 * UNIT), not_offered, "not for sale");
    world.close_claim();
    assert_eq!(offer(1), Ok(()), "closed");
    let begun = world.salvage.lot(&1).unwrap().sold_from;
    assert_eq!(begun, Some(world.now()), "from now on");
    world.pass(1);
    let again = Err(SalvageError::AlreadyOffered as u32);
    assert_eq!(offer(1), again, "a sale does not begin anew");
}
