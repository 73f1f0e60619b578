//! `grant`: an indemnity for a triggered fall; a deeper fall pays the increment.

use actuary::{
    loss::{grant_loss_down, GrantTerms},
    Assets, Rate,
};
use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter::{CoverRequest, Outcome, Peril},
        position,
        price_hub::{DepreciationEvent as Event, PriceError},
    },
    feeds::PRICE_ONE,
    world::World,
};

use crate::stage::*;

/// What a fall cost the usual loan's collateral beyond what was `settled` for it, at most what the loan needs.
fn increment(world: &World, position: &position::Client, event: &Event, settled: i128) -> i128 {
    let terms = GrantTerms {
        trigger: Rate::from_raw(1_500_000),
        deductible: Rate::from_raw(1_000_000),
        most: Rate::from_raw(5_000_000),
    };
    let value = Assets::from_raw(event.reference / PRICE_ONE * COLLATERAL);
    let settled = Assets::from_raw(settled);
    let loss = grant_loss_down(value, Rate::from_raw(event.rate), terms, settled);
    loss.unwrap().raw().min(needed(world, position))
}

/// What of an event's loss is insured, with a tenth of co-insurance.
fn insured_part(loss: i128) -> i128 {
    payout(Assets::from_raw(loss), 1_000_000, Assets::MAX)
}

fn usual() -> CoverRequest {
    CoverRequest {
        limit: 6_000 * UNIT,
        ..request(Peril::Grant)
    }
}

fn skipped(error: u32) -> Outcome {
    Outcome::Skipped(error)
}

#[test]
fn a_fall_is_paid_and_its_deepening_pays_the_increment() {
    let world = world();
    let (_, position, _) = insured(&world, "borrower", usual());
    world.sleep(26 * HOUR);
    let none = grant(&world, &position);
    assert_eq!(none, skipped(AdapterError::NoEvent as u32), "nothing fell");

    price(&world, 1_600);
    world.watch(HOUR);
    let event = world.trigger();
    assert_eq!(
        grant(&world, &position),
        skipped(AdapterError::NothingLost as u32),
        "20 % down the loan is healthy above its target of 1.25"
    );

    price(&world, 1_200);
    world.watch(HOUR);
    let deeper = world.trigger();
    assert_eq!(deeper.id, event.id, "the same event");
    let before = books(&world);
    let debt = world.health(&position).debt;
    let first = increment(&world, &position, &deeper, 0);
    let given = paid(&grant(&world, &position));
    assert_eq!(given, insured_part(first), "what actuary says");
    let left = world.health(&position).debt;
    assert!((left + given - debt).abs() <= 1, "debt is repaid");
    let (after, sold) = (books(&world), policy(&world, &position));
    assert_eq!(sold.paid, given, "paid");
    assert_eq!(sold.limit, 6_000 * UNIT - given, "limit");
    let from_reserve = before.reserve.min(given);
    assert_eq!(
        after.reserve,
        before.reserve - from_reserve,
        "the reserve pays first"
    );
    assert_eq!(after.drawn, 0, "given, not lent");
    assert_eq!(
        grant(&world, &position),
        skipped(AdapterError::NothingLost as u32),
        "twice"
    );

    price(&world, 1_000);
    world.watch(HOUR);
    let deepest = world.trigger();
    let second = first + increment(&world, &position, &deepest, first);
    let more = paid(&grant(&world, &position));
    assert_eq!(
        given + more,
        insured_part(second),
        "what actuary says of both together"
    );
}

#[test]
fn nothing_is_given_before_the_waiting_period_or_after_the_end() {
    let world = world();
    let start = world.ledger.snapshot();
    let unpaid = |position: &position::Client, label: &str| {
        fall(&world, &[1_600, 1_200]);
        world.trigger();
        assert_eq!(
            grant(&world, position),
            skipped(CoverError::OutsideCover as u32),
            "{label}"
        );
        assert_eq!(policy(&world, position).paid, 0, "{label}");
    };
    let (_, early, quote) = insured(&world, "early", usual());
    world.sleep(quote.start + DAY - 2 * HOUR - world.ledger.now());
    unpaid(&early, "within the first day");
    world.watch(2 * HOUR);
    assert_eq!(
        grant(&world, &early),
        skipped(CoverError::OutsideCover as u32),
        "nor for the same event when it is over"
    );
    world.ledger.revert(&start);
    price(&world, 2_000);
    let (_, late, quote) = insured(&world, "late", usual());
    world.sleep(quote.end + HOUR - world.ledger.now());
    unpaid(&late, "an hour after the end");
}

#[test]
fn the_limit_is_the_most_that_is_given() {
    let world = world();
    let small = CoverRequest {
        limit: 500 * UNIT,
        ..usual()
    };
    let (_, position, _) = insured(&world, "borrower", small);
    world.sleep(26 * HOUR);
    fall(&world, &[1_600, 1_200]);
    let event = world.trigger();
    let loss = increment(&world, &position, &event, 0);
    assert!(insured_part(loss) > 500 * UNIT, "it is worth more");
    assert_eq!(paid(&grant(&world, &position)), 500 * UNIT, "the limit");
    assert_eq!(
        grant(&world, &position),
        skipped(CoverError::NothingCovered as u32),
        "nothing is left"
    );
}

#[test]
fn a_small_fall_triggers_nothing() {
    let world = world();
    price(&world, 1_750);
    world.watch(HOUR);
    let pair = (&world.collateral.contract, &world.usdc.contract);
    let sign = localnet::Auth::Sign(&[]);
    let trigger = world
        .ledger
        .call(&world.keeper, &world.hub.address, "trigger", pair, sign);
    refused(trigger, PriceError::BelowThreshold as u32, "12.5 %");
}
