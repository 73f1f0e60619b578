//! `grant`: an indemnity for a triggered fall; a deeper fall pays the increment.

use actuary::{
    loss::{grant_loss_down, payout_down, GrantTerms},
    Assets, Rate,
};
use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter::{CoverRequest, Outcome, Peril},
        price_hub::PriceError,
    },
};

use crate::stage::*;

/// Gross loss of the usual loan's collateral, and the insured part of it after a tenth of co-insurance.
fn loss(reference: i128, fall: i128) -> (i128, i128) {
    let terms = GrantTerms {
        trigger: Rate::from_raw(1_500_000),
        deductible: Rate::from_raw(1_000_000),
        most: Rate::from_raw(5_000_000),
    };
    let value = Assets::from_raw(reference / 100_000_000_000_000 * COLLATERAL);
    let loss = grant_loss_down(value, Rate::from_raw(fall), terms, Assets::ZERO).unwrap();
    let kappa = Rate::from_raw(1_000_000);
    let payout = payout_down(loss, Assets::ZERO, kappa, Assets::MAX).unwrap();
    (loss.raw(), payout.raw())
}

fn usual() -> CoverRequest {
    CoverRequest {
        limit: 6_000 * UNIT,
        ..request(Peril::Grant)
    }
}

#[test]
fn a_fall_is_paid_and_its_deepening_pays_the_increment() {
    let world = world();
    let (_, position, _) = insured(&world, "borrower", usual());
    world.sleep(26 * HOUR);
    let none = grant(&world, &position);
    assert_eq!(
        none,
        Outcome::Skipped(AdapterError::NoEvent as u32),
        "nothing fell"
    );

    price(&world, 1_600);
    world.watch(HOUR);
    let event = world.trigger();
    let outcome = grant(&world, &position);
    let early = Outcome::Skipped(AdapterError::NothingLost as u32);
    assert_eq!(
        outcome, early,
        "20 % down the loan is healthy above its target of 1.25"
    );

    price(&world, 1_200);
    world.watch(HOUR);
    let deeper = world.trigger();
    assert_eq!(deeper.id, event.id, "the same event");
    let before = books(&world);
    let debt = world.health(&position).debt;
    let first = paid(&grant(&world, &position));
    let (gross, insured) = loss(deeper.reference, deeper.rate);
    let policy_after = policy(&world, &position);
    assert!(policy_after.event_loss <= gross, "at most the loss");
    assert_eq!(
        first,
        policy_after.event_loss * 9 / 10,
        "nine tenths of what the target needs"
    );
    assert!(first <= insured, "never more than the insured part");
    let left = world.health(&position).debt;
    assert!((left + first - debt).abs() <= 1, "debt is repaid");
    let after = books(&world);
    assert_eq!(policy_after.paid, first, "paid");
    assert_eq!(policy_after.limit, 6_000 * UNIT - first, "limit");
    let from_reserve = before.reserve.min(first);
    assert_eq!(
        after.reserve,
        before.reserve - from_reserve,
        "the reserve pays first"
    );
    assert_eq!(after.drawn, 0, "given, not lent");

    price(&world, 1_000);
    world.watch(HOUR);
    let deepest = world.trigger();
    let second = paid(&grant(&world, &position));
    let (gross, insured) = loss(deepest.reference, deepest.rate);
    let policy = policy(&world, &position);
    assert!(policy.event_loss <= gross, "still at most the loss");
    assert_eq!(
        first + second,
        policy.event_loss * 9 / 10,
        "both together, less a tenth"
    );
    assert!(
        first + second <= insured,
        "the insured part bounds the event"
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
