//! One loss recovered twice: through two perils, twice through one, or through two policies.
//!
//! What stops it: one policy with one limit per insurable interest, whatever the group; and what an event was settled for
//! counts against it. An advance recovers nothing, since it is owed: with what it is owed counted as debt, the order of
//! advance and grant does not decide what is given.

use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter::{AdapterError, Outcome},
        cover_pool::CoverError,
        position,
    },
    world::{Setup, World},
};

use crate::scene::*;

/// A loan with both perils in a fall of 37.5 % that its window believes, triggered.
fn fallen() -> (World, position::Client) {
    let (world, _) = staked(&Setup::default());
    let insure = Some(request(&[Advance, Grant], 4_000 * UNIT));
    let (_, position) = loan(&world, "borrower", insure);
    world.sleep(26 * HOUR);
    price(&world, 1_560);
    world.watch(HOUR / 2);
    price(&world, 1_250);
    world.watch(HOUR / 2);
    world.trigger();
    (world, position)
}

#[test]
fn after_the_advance_the_grant_gives_what_it_would_have_given_alone() {
    let (world, position) = fallen();
    let fallen = world.ledger.snapshot();
    let (before, needed) = (books(&world), needed(&world, &position));
    assert_eq!(
        paid(&rescue(&world, &position)),
        needed,
        "the advance lifts to the target"
    );
    let owed = policy(&world, &position).fees_due + needed;
    let given = paid(&grant(&world, &position));
    for _ in 0..2 {
        assert_eq!(
            (rescue(&world, &position), grant(&world, &position)),
            (
                skipped(AdapterError::Healthy),
                skipped(AdapterError::NothingLost)
            ),
            "both again"
        );
    }
    let after = policy(&world, &position);
    assert_eq!(
        (after.limit, after.paid),
        (4_000 * UNIT - needed - given, given),
        "one limit"
    );
    assert_eq!(after.drawn + after.fees_due, owed, "the advance is owed");
    assert_eq!(
        before.cash - books(&world).cash,
        needed + given + UNIT / 2,
        "two payments, and the one bounty that was prepaid"
    );

    world.ledger.revert(&fallen);
    let alone = paid(&grant(&world, &position));
    let fee = owed - needed;
    assert!(
        (alone..=alone + fee).contains(&given),
        "{given} with an advance, {alone} without: no more but its fee"
    );
}

#[test]
fn after_the_grant_there_is_nothing_to_advance_and_repeating_it_gives_no_more_than_the_need() {
    let (world, position) = fallen();
    let needed = needed(&world, &position);
    let first = paid(&grant(&world, &position));
    assert_eq!(first, needed * 9 / 10, "the need less co-insurance");
    assert_eq!(
        rescue(&world, &position),
        skipped(AdapterError::Healthy),
        "the advance"
    );
    let cash = books(&world).cash;
    for _ in 0..3 {
        assert_eq!(
            grant(&world, &position),
            skipped(AdapterError::NothingLost),
            "the same event again"
        );
        world.ledger.advance(5);
        world.tick();
    }
    assert_eq!(books(&world).cash, cash, "no payment and no bounty for it");
    let policy = policy(&world, &position);
    assert_eq!(
        (policy.paid, policy.limit),
        (first, 4_000 * UNIT - first),
        "one limit"
    );
}

#[test]
fn a_loan_is_insured_once() {
    let (world, _) = staked(&Setup::default());
    let (owner, position) = loan(&world, "borrower", Some(request(&[Advance], 4_000 * UNIT)));
    for perils in [&[Advance][..], &[Grant], &[Advance, Grant]] {
        let second = world
            .adapter
            .insure(&position.0, &request(perils, UNIT))
            .send(&world.ledger, &owner);
        refused(second, CoverError::AlreadyInsured as u32, "a second policy");
    }
    world.sleep(26 * HOUR);
    price(&world, 1_200);
    let batch = vec![position.0.clone(); 3];
    let outcomes = world
        .adapter
        .rescue(&batch, &world.keeper)
        .send(&world.ledger, &world.keeper)
        .unwrap();
    let again = skipped(AdapterError::Healthy);
    assert!(
        matches!(&outcomes[..], [Outcome::Done(_), second, third] if *second == again && *third == again),
        "thrice in a batch: {outcomes:?}"
    );
}
