//! `rescue`: advances for whoever needs one, in one batch, its keeper paid once.

use testkit::{
    asset::UNIT,
    bindings::blend_adapter::{CoverRequest, Outcome, Peril},
    world::LOANS,
};

use crate::stage::*;

#[test]
fn a_batch_settles_who_needs_it_and_says_why_not_of_the_rest() {
    let world = world();
    let positions: Vec<_> = ["ann", "bob", "cem"]
        .map(|name| insured(&world, name, request(Peril::Advance)).1)
        .into();
    let dan = applicant(&world, "dan");
    let (uninsured, _) = world.open_loan(&dan, COLLATERAL, DEBT, None).unwrap();
    world.sleep(25 * HOUR);
    let healthy = rescue(&world, &positions[0]);
    assert_eq!(
        healthy,
        Outcome::Skipped(AdapterError::Healthy as u32),
        "before the fall"
    );
    price(&world, 1_200);

    let needed = needed(&world, &positions[0]);
    let (before, kept) = (books(&world), usdc(&world, &world.keeper));
    let mut batch: Vec<_> = positions
        .iter()
        .map(|position| position.0.clone())
        .collect();
    batch.insert(1, uninsured.0.clone());
    batch.push(world.cover.0.clone());
    let call = world.adapter.rescue(&batch, &world.keeper);
    let outcome = call
        .outcome(&world.ledger, &world.keeper, localnet::Auth::Sign(&[]))
        .unwrap();
    let outcomes: Vec<Outcome> = outcome.get().unwrap();
    let skipped = |error: AdapterError| Outcome::Skipped(error as u32);
    assert_eq!(
        outcomes[1],
        skipped(AdapterError::NotInsured),
        "without cover"
    );
    assert_eq!(
        outcomes[4],
        skipped(AdapterError::NotAPosition),
        "no position at all"
    );
    let drawn: Vec<_> = [0, 2, 3].map(|index| paid(&outcomes[index])).into();
    assert_eq!(drawn, [needed; 3], "up to a health factor of 1.25");

    let after = books(&world);
    let bounties = 3 * UNIT / 2;
    assert_eq!(
        usdc(&world, &world.keeper),
        kept + bounties,
        "three bounties"
    );
    let transfers = outcome
        .events
        .iter()
        .filter(|event| event.is_named("transfer"));
    assert_eq!(
        transfers.count(),
        4,
        "three draws, and one payment to the keeper"
    );
    assert_eq!(after.bounties, before.bounties - bounties, "the bucket");
    assert_eq!(after.drawn, 3 * needed, "principal");
    assert_eq!(after.cash, before.cash - 3 * needed - bounties, "cash");
    assert_eq!(after.exposure, before.exposure - 3 * needed, "exposure");
    assert_eq!(
        after.reserve, before.reserve,
        "the reserve never pays for advances"
    );
    let policy = policy(&world, &positions[0]);
    assert_eq!(
        (policy.drawn, policy.limit),
        (needed, LIMIT - needed),
        "the policy"
    );
    assert_eq!(
        policy.fees_due,
        needed / 200 + i128::from(needed % 200 > 0),
        "0.5 % flat"
    );
    let health = world.health(&positions[0]);
    assert!(
        health.platform >= 12_499_999 && health.hub >= 12_499_999,
        "{health:?}"
    );
    let again = rescue(&world, &positions[0]);
    assert_eq!(again, skipped(AdapterError::Healthy), "rescued");
}

#[test]
fn nothing_is_drawn_within_the_waiting_period() {
    let world = world();
    let (_, position, quote) = insured(&world, "borrower", request(Peril::Advance));
    world.sleep(quote.start + DAY - HOUR - world.ledger.now());
    price(&world, 1_200);
    let early = rescue(&world, &position);
    assert_eq!(
        early,
        Outcome::Skipped(CoverError::OutsideCover as u32),
        "an hour early"
    );
    world.watch(HOUR);
    paid(&rescue(&world, &position));
}

#[test]
fn nothing_is_drawn_after_the_end() {
    let world = world();
    let (_, position, quote) = insured(&world, "borrower", request(Peril::Advance));
    world.sleep(quote.end - HOUR - world.ledger.now());
    let before = world.ledger.snapshot();
    price(&world, 1_200);
    let owed = needed(&world, &position);
    assert_eq!(paid(&rescue(&world, &position)), owed, "an hour before");
    world.ledger.revert(&before);
    price(&world, 2_000);
    world.watch(HOUR);
    price(&world, 1_200);
    let late = rescue(&world, &position);
    assert_eq!(
        late,
        Outcome::Skipped(CoverError::OutsideCover as u32),
        "at the end"
    );
}

#[test]
fn the_limit_is_the_most_that_is_drawn() {
    let world = world();
    let small = CoverRequest {
        limit: 500 * UNIT,
        ..request(Peril::Advance)
    };
    let (_, position, _) = insured(&world, "borrower", small);
    world.sleep(25 * HOUR);
    price(&world, 1_200);
    assert!(needed(&world, &position) > 500 * UNIT, "it needs more");
    assert_eq!(paid(&rescue(&world, &position)), 500 * UNIT, "the limit");
    price(&world, 1_150);
    let again = rescue(&world, &position);
    assert_eq!(
        again,
        Outcome::Skipped(AdapterError::DrawTooSmall as u32),
        "nothing is left"
    );
}

#[test]
fn bounties_that_an_adapter_kept_are_for_the_adapter_to_pay() {
    let world = world();
    let call = world.cover.pay_bounties(LOANS, &world.keeper);
    closed(&world.ledger, &world.keeper, call);
}
