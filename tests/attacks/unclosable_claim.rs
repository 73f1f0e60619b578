//! A claim that is kept open for ever, so that the capital behind it stays locked; or filed again and again, until nothing is
//! left of the limit for the rescue that could be paid at once.
//!
//! What stops it: an advance that had to wait is closed without a draw once the grace week is over, whatever the loan's
//! health (the owner can keep the loan near its liquidation as long as they like); and a policy has one advance that waits.

use localnet::Keypair;
use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter::Outcome,
        cover_pool::{CoverError, Loss, Peril, Settlement},
        position,
    },
    feeds::Feed,
};

use crate::scene::*;

#[test]
fn a_claim_that_was_never_finalised_frees_its_capital_after_the_grace_week() {
    let (world, _) = staked(&two_sources());
    let ledger = &world.ledger;
    let (claim, amount) = waiting_claim(&world, 190_000 * UNIT);
    let finalize = || {
        world
            .adapter
            .finalize(claim, &world.keeper)
            .send(ledger, &world.keeper)
    };
    refused(finalize(), CoverError::NotPayable as u32, "in its window");
    world.sleep(2 * DAY);
    let window_over = ledger.snapshot();
    world.sleep(10 * WEEK);
    let before = books(&world);
    assert_eq!(before.pending, amount, "nobody finalised it");
    assert_eq!(finalize(), Ok(0), "closed without a draw");
    let after = books(&world);
    assert_eq!(
        (after.pending, after.exposure, after.drawn),
        (0, 0, 0),
        "nothing is held"
    );
    assert_eq!(
        after.nav_lo,
        before.nav_lo + amount,
        "the capital is the LPs' again"
    );
    ledger.revert(&window_over);
    assert!(
        finalize().unwrap() > amount * 9 / 10,
        "the twin: in time it is drawn"
    );
}

#[test]
fn an_advance_that_waits_is_filed_once() {
    let (world, _) = staked(&two_sources());
    let ledger = &world.ledger;
    let (_, amount) = waiting_claim(&world, 400_000 * UNIT);
    let position = {
        let owner = Keypair::named("large");
        let positions = world.adapter.positions_of(&owner).view(ledger).unwrap();
        position::Client(positions[0].clone())
    };
    let before = policy(&world, &position);
    for _ in 0..3 {
        let again = Outcome::Skipped(CoverError::PolicyBusy as u32);
        assert_eq!(rescue(&world, &position), again, "the same need again");
    }
    assert_eq!(
        policy(&world, &position),
        before,
        "the limit that is left is kept"
    );
    let three = Feed::ALL.map(|feed| world.feeds.source(feed, &world.collateral));
    world.hub.list(ledger, &world.collateral, &three);
    let needed = paid(&rescue(&world, &position));
    assert!(
        (0..=1).contains(&(needed - amount)),
        "with a third source it is paid at once: {needed}"
    );
}

/// The host ends a call to an account for good: nothing that is asked of the subject may keep a claim from being paid.
#[test]
fn a_rescue_for_a_subject_that_is_no_contract_is_paid_to_it() {
    let (world, _) = staked(&two_sources());
    let ledger = &world.ledger;
    let (adapter, subject, interest) = reported(&world);
    world.sleep(26 * HOUR);
    let loss = Loss {
        amount: CAPITAL / 50,
        event: 0,
        occurred_at: ledger.now(),
        peril: Peril::Default,
        rescue: true,
        sources: 0,
    };
    let filed = world.cover.pay(&interest, &loss, &world.keeper);
    let Settlement::Filed(claim, amount) = filed.send(ledger, &adapter).unwrap() else {
        panic!("38 000 USDC at once");
    };
    ledger.advance(2 * DAY);
    let paid = world.cover.finalize(claim, &world.keeper);
    assert_eq!(paid.send(ledger, &world.keeper), Ok(amount), "finalised");
    assert_eq!(usdc(&world, &subject.address()), amount, "to the subject");
}
