//! Drawing an advance and walking away with the loan.
//!
//! What stops it: the advance is secured by the collateral in the position's custody: debt and advance stay below 90 % of it
//! at the draw, and from 95 % on anyone may take the position over and pay the pool first. Both ways of doing so split
//! the collateral exactly as the formula says.

use actuary::{
    advance::{discount_down, Foreclosure},
    Assets,
};
use localnet::{Auth, Keypair};
use testkit::{
    asset::UNIT,
    bindings::{blend_adapter::AdapterError, position},
    world::{Setup, World},
};

use crate::scene::*;

/// A loan of which 95 % are owed, to Blend and to the pool, whose owner is gone; its foreclosure has started.
pub fn abandoned() -> (World, Keypair, position::Client, u64) {
    let (world, _) = staked(&Setup::default());
    let (owner, position) = loan(&world, "borrower", Some(request(&[Advance], 4_000 * UNIT)));
    world.sleep(26 * HOUR);
    price(&world, 1_300);
    world.watch(HOUR / 2);
    price(&world, 1_000);
    world.watch(HOUR / 2);
    assert!(
        paid(&rescue(&world, &position)) > 2_000 * UNIT,
        "an advance is drawn"
    );
    price(&world, 840);
    world.watch(HOUR / 2);
    let started = world
        .adapter
        .start_foreclosure(&position.0)
        .send(&world.ledger, &world.keeper)
        .unwrap();
    assert_eq!(started, world.ledger.now(), "it starts now");
    (world, owner, position, started)
}

/// Who gets what of a position now, by the formula; and its debt.
pub fn split(world: &World, position: &position::Client, started: u64) -> (Foreclosure, i128) {
    let (health, policy) = (world.health(position), policy(world, position));
    let discount = discount_down(started, world.ledger.now()).unwrap();
    let of = Assets::from_raw;
    let owed = of(policy.drawn + policy.fees_due);
    (
        Foreclosure::split(of(health.value), of(health.debt), owed, discount).unwrap(),
        health.debt,
    )
}

#[test]
fn the_pool_is_paid_first_and_the_owner_gets_the_rest() {
    let (world, owner, position, started) = abandoned();
    let ledger = &world.ledger;
    world.watch(HOUR / 4);
    let (split, debt) = split(&world, &position, started);
    assert_eq!(split.written_off, Assets::ZERO, "so early nothing is lost");
    assert!(
        split.to_owner.raw() > 300 * UNIT,
        "and something is left: {split:?}"
    );
    let payer = world.funded("payer", 20_000 * UNIT);
    let before = (books(&world), usdc(&world, &owner.address()));
    let fresh = ledger.snapshot();

    let call = world
        .adapter
        .foreclose(&position.0, &payer, debt, 11 * UNIT, 5_000 * UNIT);
    assert_eq!(
        call.send(ledger, &payer),
        Ok(split.price.raw()),
        "settled on Blend"
    );
    assert_eq!(
        usdc(&world, &payer.address()),
        20_000 * UNIT - debt - split.price.raw(),
        "the payer pays debt and price"
    );
    assert_eq!(
        world.collateral.balance(ledger, &payer.address()),
        10 * UNIT,
        "and has the collateral"
    );
    let check = |label: &str| {
        let after = books(&world);
        assert_eq!(
            after.cash - before.0.cash,
            split.to_pool.raw(),
            "{label}: to the pool"
        );
        assert_eq!(
            (after.drawn, after.nav_hi - after.nav_lo),
            (0, 0),
            "{label}: nothing is owed any more"
        );
        let to_owner = usdc(&world, &owner.address()) - before.1;
        assert_eq!(to_owner, split.to_owner.raw(), "{label}: to the owner");
        assert_eq!(
            world.usdc.balance(ledger, &world.adapter.0),
            0,
            "{label}: nothing stays with the adapter"
        );
    };
    check("settled");
    let empty = world.pool.positions(ledger, &position.0);
    assert!(
        empty.collateral.is_empty() && empty.liabilities.is_empty(),
        "nothing is left on Blend"
    );

    ledger.revert(&fresh);
    let call = world
        .adapter
        .foreclose_by_assignment(&position.0, &payer, 5_000 * UNIT);
    assert_eq!(call.send(ledger, &payer), Ok(split.price.raw()), "assigned");
    assert_eq!(
        usdc(&world, &payer.address()),
        20_000 * UNIT - split.price.raw(),
        "the payer pays the price alone"
    );
    check("assigned");
    assert_eq!(
        position.account().view(ledger).unwrap().owner,
        payer.address(),
        "the position is the payer's"
    );
    let comes_back = only_sender(&position.supply(1));
    let late = position
        .supply(1)
        .outcome(ledger, &owner, Auth::Explicit(&[comes_back]));
    unauthorised(late, "the owner comes back");
    world.usdc.mint(ledger, &payer.address(), debt);
    position.close(debt + UNIT).send(ledger, &payer).unwrap();
    assert_eq!(
        world.collateral.balance(ledger, &payer.address()),
        10 * UNIT,
        "who can close it"
    );
}

#[test]
fn what_nobody_pays_for_six_hours_is_written_off_exactly() {
    let (world, owner, position, started) = abandoned();
    let ledger = &world.ledger;
    world.watch(6 * HOUR);
    let (split, debt) = split(&world, &position, started);
    assert_eq!(
        split.to_owner,
        Assets::ZERO,
        "at 10 % nothing is left for the owner"
    );
    assert!(!split.written_off.is_zero(), "nor all of it for the pool");
    let payer = world.funded("payer", 20_000 * UNIT);
    let (before, owners) = (books(&world), usdc(&world, &owner.address()));
    let call = world
        .adapter
        .foreclose(&position.0, &payer, debt, 11 * UNIT, 5_000 * UNIT);
    assert_eq!(
        call.send(ledger, &payer),
        Ok(split.price.raw()),
        "the price"
    );
    let after = books(&world);
    assert_eq!(after.cash - before.cash, split.to_pool.raw(), "to the pool");
    assert_eq!(after.nav_hi, after.nav_lo, "the rest is written off");
    assert_eq!(usdc(&world, &owner.address()), owners, "the owner");
    assert_eq!(
        world.cover.group_state(0).view(ledger).unwrap().drawn,
        0,
        "no advance counts any more"
    );
    let again = world
        .adapter
        .foreclose(&position.0, &payer, debt, 11 * UNIT, 5_000 * UNIT);
    refused(
        again.send(ledger, &payer),
        AdapterError::NothingOwed as u32,
        "a second foreclosure",
    );
}
