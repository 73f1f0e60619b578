//! `cancel`: 90 % of what is unearned comes back, to the stroop.

use actuary::{
    premium::{refund_down, unearned},
    ScaledRate,
};
use testkit::bindings::blend_adapter::Peril;

use crate::stage::*;

#[test]
fn the_owner_gets_90_percent_of_the_unearned_premium() {
    let world = world();
    let (owner, position, quote) = insured(&world, "borrower", request(Peril::Advance));
    let cancel = || world.adapter.cancel(&position.0);
    world.sleep(quote.start + 7 * DAY - HOUR - world.ledger.now());
    let early = cancel().send(&world.ledger, &owner);
    refused(
        early,
        CoverError::NotCancellable as u32,
        "before seven days",
    );
    world.sleep(2 * HOUR);
    guarded(&world.ledger, &owner, cancel());

    let (sold, before) = (policy(&world, &position), books(&world));
    let (purse, now) = (usdc(&world, &owner), world.ledger.now());
    let left = unearned(ScaledRate::from_raw(sold.earning_rate), sold.end, now).unwrap();
    let expected = refund_down(left).unwrap().raw();
    assert_eq!(cancel().send(&world.ledger, &owner), Ok(expected), "refund");
    assert_eq!(usdc(&world, &owner), purse + expected, "received");
    let after = books(&world);
    assert_eq!(after.cash, before.cash - expected, "cash");
    assert_eq!(
        (after.unearned, after.earning_rate),
        (0, 0),
        "nothing left to earn"
    );
    assert_eq!(after.exposure, 0, "nothing left to pay");
    let kept = before.unearned / 1_000_000_000_000 - expected;
    assert!(
        (after.nav_lo - before.nav_lo - kept).abs() <= 1,
        "the rest is the LPs'"
    );
    assert!(world.policy(&position).is_none(), "the policy is gone");
    let of_owner = world.cover.policies_of(&owner).view(&world.ledger).unwrap();
    assert_eq!(of_owner, [], "and its owner's list");
}

#[test]
fn cover_in_use_cannot_be_cancelled() {
    let world = world();
    let (owner, position, _) = insured(&world, "borrower", request(Peril::Advance));
    world.sleep(8 * DAY);
    price(&world, 1_200);
    paid(&rescue(&world, &position));
    let armed = world
        .adapter
        .cancel(&position.0)
        .send(&world.ledger, &owner);
    refused(armed, AdapterError::PriceQuarantined as u32, "armed");
    price(&world, 2_000);
    world.sleep(2 * DAY);
    let owing = world
        .adapter
        .cancel(&position.0)
        .send(&world.ledger, &owner);
    refused(owing, CoverError::PolicyBusy as u32, "an advance is owed");
}
