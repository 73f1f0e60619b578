//! Liquidating oneself: making one's own loan unhealthy, or having an accomplice liquidate it, to be paid.
//!
//! What stops it: an insured owner cannot move the loan towards its liquidation (custody, rated LTV); without a fall that
//! the hub has seen there is neither advance nor grant; and both go into the loan, never to its owner.

use testkit::{
    asset::UNIT,
    bindings::{blend_adapter::AdapterError, price_hub::PriceError},
    feeds::{Feed, PRICE_ONE},
    world::Setup,
};

use crate::scene::*;

#[test]
fn without_a_fall_there_is_nothing_to_claim() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let (owner, position) = loan(
        &world,
        "insured",
        Some(request(&[Advance, Grant], 4_000 * UNIT)),
    );
    let (free_owner, free) = loan(&world, "free", None);
    world.sleep(26 * HOUR);
    free.borrow(6_000 * UNIT, &free_owner)
        .send(ledger, &free_owner)
        .unwrap();
    assert!(
        world.health(&free).platform < 10_500_000,
        "the twin without cover goes to the edge"
    );
    let edge = position.borrow(6_000 * UNIT, &owner).send(ledger, &owner);
    refused(
        edge,
        AdapterError::AboveRatedLtv as u32,
        "the insured one cannot",
    );
    assert_eq!(
        rescue(&world, &position),
        skipped(AdapterError::Healthy),
        "no advance"
    );
    refused(
        world.try_trigger(),
        PriceError::BelowThreshold as u32,
        "no event",
    );
    assert_eq!(
        grant(&world, &position),
        skipped(AdapterError::NoEvent),
        "no grant"
    );
    let accomplice = world.actor("accomplice");
    for percent in [1, 50, 100] {
        let (bid, lot) = (&world.usdc, &world.collateral);
        let auction =
            world
                .pool
                .start_liquidation(ledger, &accomplice, &position.0, bid, lot, percent);
        assert!(auction.is_err(), "no auction over {percent} %");
    }
}

/// Whoever controls the platform's own oracle can force advances: secured, at a fee, and into the loan.
#[test]
fn a_fall_of_the_platforms_oracle_alone_pays_the_owner_nothing() {
    let (world, _) = staked(&Setup::default());
    let (owner, position) = loan(
        &world,
        "insured",
        Some(request(&[Advance, Grant], 4_000 * UNIT)),
    );
    world.sleep(26 * HOUR);
    let before = (
        usdc(&world, &owner.address()),
        world.health(&position).debt,
        books(&world).nav_hi,
    );
    world.platform_oracle.set(
        &world.ledger,
        Feed::Reflector,
        &world.collateral,
        1_200 * PRICE_ONE,
    );
    refused(
        world.try_trigger(),
        PriceError::BelowThreshold as u32,
        "no event",
    );
    assert_eq!(
        grant(&world, &position),
        skipped(AdapterError::NoEvent),
        "no grant"
    );
    let drawn = paid(&rescue(&world, &position));
    let (after, policy) = (world.health(&position), policy(&world, &position));
    assert!(
        (0..=1).contains(&(drawn - (before.1 - after.debt))),
        "the advance repays debt"
    );
    assert_eq!(
        usdc(&world, &owner.address()),
        before.0,
        "the owner holds no more"
    );
    let owed = policy.drawn + policy.fees_due;
    assert_eq!(
        owed,
        drawn + (drawn * 50_000 + 9_999_999) / 10_000_000,
        "and owes it with the fee"
    );
    assert!(
        after.debt + owed <= after.value_low * 9 / 10,
        "secured by the collateral at the hub's price"
    );
    assert!(
        books(&world).nav_hi >= before.2,
        "the pool's claim is worth what it lent"
    );
}
