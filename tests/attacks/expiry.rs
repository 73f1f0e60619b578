//! Freeing the capital behind a disputed claim by letting its policy expire.
//!
//! What stops it: filing moves the amount from the exposure to `pending`, which no expiry releases: exits are paid from a
//! NAV without it, and the claim is paid long after the end. An appeal does the same.

use testkit::{
    asset::UNIT,
    bindings::cover_pool::{Appeal, Loss, Peril, Settlement},
    governance::{Governance, Proposal},
    world::Setup,
};

use crate::scene::*;

#[test]
fn capital_under_a_claim_neither_expires_nor_leaves() {
    let (world, lp) = staked(&Setup::default());
    let ledger = &world.ledger;
    let shares = world.cover.balance(&lp).view(ledger).unwrap();
    let (adapter, subject, interest) = reported(&world);
    let slot = world
        .cover
        .request_redeem(&lp, shares)
        .send(ledger, &lp)
        .unwrap();
    let end = world
        .cover
        .policy(&interest)
        .view(ledger)
        .unwrap()
        .unwrap()
        .end;
    ledger.set_time(end - 1).unwrap();
    let open = ledger.snapshot();
    let (claim, amount) = file(&world, &adapter, &interest);
    assert_eq!(amount, CAPITAL / 50 * 95 / 100, "less co-insurance");
    ledger.set_time(end + 5 * WEEK).unwrap();
    let after = books(&world);
    assert_eq!(
        (after.exposure, after.pending),
        (0, amount),
        "the limit has expired, the claim has not"
    );
    let out = world
        .cover
        .fulfil(&lp, slot, &lp, 0)
        .send(ledger, &lp)
        .unwrap();
    let whole = shares * (after.nav_lo + 1) / (after.shares + 1_000);
    assert_eq!(
        out, whole,
        "the only LP leaves with all of NAV_lo but the dead shares' part"
    );
    assert!(after.nav_lo - out <= 2, "which is dust");
    assert!(books(&world).cash >= amount, "and the claim is still there");
    let paid = world
        .cover
        .finalize(claim, &world.keeper)
        .send(ledger, &world.keeper);
    assert_eq!(paid, Ok(amount), "paid five weeks after the end");
    assert_eq!(usdc(&world, &subject.address()), amount, "to the subject");

    ledger.revert(&open);
    ledger.set_time(end + 5 * WEEK).unwrap();
    let all = world
        .cover
        .fulfil(&lp, slot, &lp, 0)
        .send(ledger, &lp)
        .unwrap();
    assert!(
        (-1..=1).contains(&(all - out - amount)),
        "the twin: without a claim it leaves too: {all}"
    );
}

/// A loss is filed, and the court asked for the rest of the limit, in the last second in which either can be.
#[test]
fn what_is_disputed_in_the_last_second_of_the_grace_week_stays() {
    let (world, lp) = staked(&Setup::default());
    let votes = Governance::found_court(&world);
    let ledger = &world.ledger;
    let (adapter, subject, interest) = reported(&world);
    world.usdc.mint(ledger, &subject.address(), 10_000 * UNIT);
    let policy = world.cover.policy(&interest).view(ledger).unwrap();
    let end = policy.unwrap().end;
    let shares = world.cover.balance(&lp).view(ledger).unwrap();
    let leave = world.cover.request_redeem(&lp, shares);
    let slot = leave.send(ledger, &lp).unwrap();
    ledger.set_time(end + WEEK - 1).unwrap();
    let loss = Loss {
        amount: 30_000 * UNIT,
        event: 0,
        occurred_at: end,
        peril: Peril::Default,
        rescue: false,
        sources: 0,
    };
    let pay = world.cover.pay(&interest, &loss, &world.keeper);
    let filed = pay.send(ledger, &adapter).unwrap();
    let amount = 30_000 * UNIT * 95 / 100;
    assert_eq!(filed, Settlement::Filed(1, amount), "above 1 % of NAV");
    let appeal = Appeal {
        amount: CAPITAL,
        occurred_at: end,
        peril: Peril::Default,
    };
    let appeal = world.cover.appeal(&interest, &appeal, &subject);
    let claim = appeal.send(ledger, &subject).unwrap();
    let limit = CAPITAL / 50;
    assert_eq!(books(&world).pending, limit, "all of the limit");
    ledger.advance(1);
    let expired = books(&world);
    let (exposure, pending) = (expired.exposure, expired.pending);
    assert_eq!((exposure, pending), (0, limit), "none is free");
    let out = world.cover.fulfil(&lp, slot, &lp, 0);
    let out = out.send(ledger, &lp).unwrap();
    let whole = shares * (expired.nav_lo + 1) / (expired.shares + 1_000);
    assert_eq!(out, whole, "the LP leaves without it");
    let left = books(&world);
    assert!(left.cash >= limit + left.bonds, "it is still there");
    let granted = (limit - amount) / 2;
    let decision = Proposal::new("Half of it.").with(world.cover.resolve(claim, granted));
    votes.decide(&world, &decision);
    let settled = [1, claim].map(|claim| {
        let finalize = world.cover.finalize(claim, &world.keeper);
        finalize.send(ledger, &world.keeper)
    });
    assert_eq!(settled, [Ok(amount), Ok(granted)], "both are paid");
}
