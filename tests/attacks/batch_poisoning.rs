//! Poisoning a batch, so that nobody in it is rescued or paid.
//!
//! What stops it: items are isolated and skipped with their reason; a payment or a bounty that cannot be delivered waits for
//! its owner, or is not paid, and stops nobody.

use localnet::Keypair;
use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter::{AdapterError, Outcome, Settlement},
        cover_pool::CoverError,
    },
    world::Setup,
};

use crate::scene::*;

#[test]
fn a_batch_full_of_poison_rescues_whom_it_can() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let insure = || Some(request(&[Advance], 4_000 * UNIT));
    let first = loan(&world, "first", insure()).1;
    let last = loan(&world, "last", insure()).1;
    let uninsured = loan(&world, "uninsured", None).1;
    let granted = loan(&world, "granted", Some(request(&[Grant], 4_000 * UNIT))).1;
    world.sleep(26 * HOUR);
    let late = loan(&world, "late", insure()).1;
    price(&world, 1_200);
    let needed = [needed(&world, &first), needed(&world, &last)];
    // An account that never existed, as positions and as the one that gets the bounties.
    let nobody = Keypair::named("nobody");
    let batch = [
        &nobody.address(),
        &first.0,
        &world.pool.address,
        &uninsured.0,
        &first.0,
        &granted.0,
        &late.0,
        &world.cover.0,
        &last.0,
    ];
    let call = world
        .adapter
        .rescue(&batch.map(Clone::clone).to_vec(), &nobody);
    let outcomes = call.send(ledger, &world.keeper).unwrap();
    let expected = [
        skipped(AdapterError::NotAPosition),
        Outcome::Done(Settlement::Paid(needed[0])),
        skipped(AdapterError::NotAPosition),
        skipped(AdapterError::NotInsured),
        skipped(AdapterError::Healthy),
        Outcome::Skipped(CoverError::PerilNotCovered as u32),
        Outcome::Skipped(CoverError::OutsideCover as u32),
        skipped(AdapterError::NotAPosition),
        Outcome::Done(Settlement::Paid(needed[1])),
    ];
    assert_eq!(outcomes, expected, "each by itself");
}

#[test]
fn a_payment_that_cannot_be_delivered_waits_for_its_owner() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let subject = Keypair::named("without a trustline");
    ledger
        .create_account(&subject.account_id(), 1_000 * UNIT as i64)
        .unwrap();
    let (adapter, interest) = report(&world, &subject);
    world.sleep(2 * DAY);
    let (claim, amount) = file(&world, &adapter, &interest);
    ledger.advance(2 * DAY);
    let nobody = Keypair::named("nobody");
    let before = books(&world);
    let paid = world
        .cover
        .finalize(claim, &nobody)
        .send(ledger, &world.keeper);
    assert_eq!(
        paid,
        Ok(amount),
        "finalised, with a bounty for an account that does not exist"
    );
    let after = books(&world);
    assert_eq!(after.bounties, before.bounties, "the bounty is not paid");
    assert_eq!(
        (after.cash, after.claimable),
        (before.cash, amount),
        "the payment waits"
    );
    assert_eq!(
        before.nav_lo + before.reserve,
        after.nav_lo + after.reserve,
        "and is nobody else's"
    );
    let withdraw = || {
        world
            .cover
            .withdraw_claimable(&subject)
            .send(ledger, &world.keeper)
    };
    assert!(withdraw().is_err(), "as long as it cannot be delivered");
    world.usdc.trust(ledger, &subject);
    assert_eq!(withdraw(), Ok(amount), "anyone may deliver it");
    assert_eq!(
        usdc(&world, &subject.address()),
        amount,
        "to its owner alone"
    );
    refused(withdraw(), CoverError::NothingToWithdraw as u32, "once");
}
