//! `finalize` of the pool and of the adapter: what passes a day's bound with two sources waits 48 hours.

use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter::{Outcome, Peril},
        cover_pool as cover,
    },
    feeds::Feed,
    world::{loan_group, Setup, World, LOANS},
};

use crate::stage::*;

const CLAIM_WINDOW: u64 = 48 * HOUR;

/// Two sources for the collateral, and so little capital that a second rescue passes 5 % of it.
fn thin() -> World {
    let setup = Setup {
        collateral_feeds: vec![Feed::Reflector, Feed::Redstone],
        ..Setup::default()
    };
    let world = staked(&setup, 80_000 * UNIT);
    let group = loan_group(&world.adapter.0, &world.pool.address);
    let wide = cover::GroupTerms {
        subject_cap: 1_000_000,
        ..group
    };
    world
        .cover
        .set_group(LOANS, &wide)
        .send(&world.ledger, &world.owner)
        .unwrap();
    world
}

#[test]
fn a_delayed_advance_is_measured_again_when_its_window_has_passed() {
    let world = thin();
    let [(_, ann, _), (_, bob, _)] =
        ["ann", "bob"].map(|name| insured(&world, name, request(Peril::Advance)));
    world.sleep(25 * HOUR);
    fall(&world, &[1_500, 1_150, 1_000]);
    let drawn = paid(&rescue(&world, &ann));
    let before = books(&world);
    let (claim, amount) = filed(&rescue(&world, &bob));
    let waiting = books(&world);
    assert_eq!(amount, drawn, "the same need");
    assert_eq!(waiting.pending, amount, "pending");
    assert_eq!(
        waiting.exposure,
        before.exposure - amount,
        "moved out of the exposure"
    );
    assert_eq!(
        (waiting.nav_lo, waiting.nav_hi),
        (before.nav_lo - amount, before.nav_hi),
        "NAV"
    );
    let by_anyone = world
        .cover
        .finalize(claim, &world.keeper)
        .send(&world.ledger, &world.keeper);
    refused(
        by_anyone,
        CoverError::AdapterOnly as u32,
        "an advance's claim is the adapter's",
    );
    let finalize = || {
        let call = world.adapter.finalize(claim, &world.keeper);
        call.send(&world.ledger, &world.keeper)
    };
    world.sleep(CLAIM_WINDOW - HOUR);
    refused(finalize(), CoverError::NotPayable as u32, "an hour early");
    world.sleep(HOUR);
    let open = world.ledger.snapshot();
    let late = finalize().unwrap();
    assert!(
        late >= amount * 99 / 100 && late <= amount,
        "drawn at most as filed: {late}"
    );
    assert_eq!(books(&world).pending, 0, "settled");
    assert_eq!(policy(&world, &bob).drawn, late, "owed");
    refused(finalize(), AdapterError::NoSuchClaim as u32, "once");

    world.ledger.revert(&open);
    price(&world, 2_000);
    assert_eq!(finalize(), Ok(0), "nothing is needed any more");
    let policy = policy(&world, &bob);
    assert_eq!(
        (policy.limit, policy.drawn, policy.open_claims),
        (LIMIT, 0, 0),
        "the limit is whole"
    );
    assert_eq!(books(&world).exposure, before.exposure, "and backed again");
}

#[test]
fn a_delayed_grant_is_paid_to_the_loan_by_anyone() {
    let world = thin();
    let [(_, ann, _), (_, bob, _)] =
        ["ann", "bob"].map(|name| insured(&world, name, request(Peril::Grant)));
    world.sleep(26 * HOUR);
    price(&world, 900);
    world.watch(HOUR);
    world.trigger();
    paid(&grant(&world, &ann));
    let (claim, amount) = filed(&grant(&world, &bob));
    let again = grant(&world, &bob);
    assert_eq!(
        again,
        Outcome::Skipped(AdapterError::NothingLost as u32),
        "the same need is not filed twice"
    );
    let filed_at = world
        .cover
        .claim(claim)
        .view(&world.ledger)
        .unwrap()
        .unwrap()
        .filed_at;
    assert_eq!(filed_at, world.ledger.now(), "filed now");
    let finalize = || {
        let call = world.cover.finalize(claim, &world.keeper);
        call.send(&world.ledger, &world.keeper)
    };
    refused(
        finalize(),
        CoverError::NotPayable as u32,
        "within the window",
    );
    world.sleep(CLAIM_WINDOW);
    let (debt, before) = (world.health(&bob).debt, books(&world));
    assert_eq!(finalize(), Ok(amount), "in full");
    let after = books(&world);
    assert_eq!(world.health(&bob).debt, debt - amount, "debt is repaid");
    assert_eq!(after.pending, before.pending - amount, "pending");
    assert_eq!(policy(&world, &bob).paid, amount, "paid");
    refused(finalize(), CoverError::UnknownClaim as u32, "once");
}
