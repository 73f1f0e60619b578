//! Draining the collateral before the claim, so that the pool pays for a loan that its owner has emptied.
//!
//! What stops it: the collateral is in the custody of the `position`, which asks the adapter after every step that takes
//! value out and undoes the step: beyond the LTV it was rated at, during a fall or an event, while an advance is owed.
//! The twin is the same position without cover.

use localnet::Auth;
use testkit::{
    asset::UNIT,
    bindings::blend_adapter::AdapterError,
    blend::{Positions, Request},
    world::Setup,
};

use crate::scene::*;

const WITHDRAW_COLLATERAL: u32 = 3;

#[test]
fn nothing_leaves_an_insured_loan_beyond_its_rating_or_in_a_fall() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let (owner, insured) = loan(
        &world,
        "insured",
        Some(request(&[Advance, Grant], 4_000 * UNIT)),
    );
    let (free_owner, free) = loan(&world, "free", None);
    world.sleep(26 * HOUR);
    let rating = AdapterError::AboveRatedLtv as u32;
    refused(
        insured.borrow(UNIT, &owner).send(ledger, &owner),
        rating,
        "borrow beyond the rating",
    );
    refused(
        insured.withdraw(UNIT / 100, &owner).send(ledger, &owner),
        rating,
        "withdraw beyond the rating",
    );
    free.borrow(UNIT, &free_owner)
        .send(ledger, &free_owner)
        .unwrap();
    free.withdraw(UNIT / 100, &free_owner)
        .send(ledger, &free_owner)
        .unwrap();

    insured.supply(0).send(ledger, &owner).unwrap_err();
    world.collateral.mint(ledger, &owner.address(), UNIT);
    insured.supply(UNIT).send(ledger, &owner).unwrap();
    insured
        .withdraw(UNIT / 2, &owner)
        .send(ledger, &owner)
        .unwrap();
    price(&world, 1_850);
    world.watch(HOUR / 2);
    let falling = AdapterError::EventUnderWay as u32;
    refused(
        insured.withdraw(1, &owner).send(ledger, &owner),
        falling,
        "withdraw within the rating, in a fall",
    );
    refused(
        insured.borrow(1, &owner).send(ledger, &owner),
        falling,
        "borrow within the rating, in a fall",
    );
    free.withdraw(UNIT / 100, &free_owner)
        .send(ledger, &free_owner)
        .unwrap();

    price(&world, 1_150);
    assert!(paid(&rescue(&world, &insured)) > 0, "an advance is drawn");
    let owed = AdapterError::AdvanceOwed as u32;
    refused(
        insured.withdraw(1, &owner).send(ledger, &owner),
        owed,
        "withdraw while owing",
    );
    refused(
        insured.borrow(1, &owner).send(ledger, &owner),
        owed,
        "borrow while owing",
    );
    world.usdc.mint(ledger, &owner.address(), 10_000 * UNIT);
    refused(
        insured.close(10_000 * UNIT).send(ledger, &owner),
        owed,
        "close while owing",
    );
    refused(
        world.adapter.cancel(&insured.0).send(ledger, &owner),
        AdapterError::PriceQuarantined as u32,
        "cancel to be free",
    );
}

#[test]
fn the_owner_cannot_pass_the_position_by() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let (owner, insured) = loan(&world, "insured", Some(request(&[Advance], 4_000 * UNIT)));
    let before: Positions = world.pool.positions(ledger, &insured.0);
    let requests = [Request {
        request_type: WITHDRAW_COLLATERAL,
        address: world.collateral.contract.clone(),
        amount: UNIT,
    }];
    let args = (&insured.0, &owner, &owner, &requests[..]);
    unauthorised(
        ledger.call(
            &owner,
            &world.pool.address,
            "submit",
            args,
            Auth::Sign(&[&owner]),
        ),
        "straight on Blend",
    );
    unauthorised(
        insured.assign(&owner).send(ledger, &owner),
        "assign to oneself",
    );
    unauthorised(
        insured.refinance(UNIT).send(ledger, &owner),
        "borrow in the adapter's name",
    );
    unauthorised(
        insured.foreclose(&owner, 0, UNIT).send(ledger, &owner),
        "foreclose in the adapter's name",
    );
    let stranger = world.actor("stranger");
    unauthorised(
        insured.withdraw(1, &stranger).send(ledger, &stranger),
        "a stranger's withdrawal",
    );
    assert_eq!(
        world.pool.positions(ledger, &insured.0),
        before,
        "nothing has moved"
    );
}
