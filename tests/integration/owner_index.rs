//! The owner's index of policies, which the INS token reads.

use testkit::bindings::blend_adapter::{CoverRequest, Peril};
use testkit::bindings::cover_pool as cover;

use crate::stage::*;

#[test]
fn an_owners_live_policies_are_listed_until_they_end() {
    let world = world();
    let short = CoverRequest {
        weeks: 3,
        ..request(Peril::Advance)
    };
    let (owner, first, quote) = insured(&world, "borrower", short.clone());
    let mint = |amount| {
        world
            .collateral
            .mint(&world.ledger, &owner.address(), amount)
    };
    mint(COLLATERAL);
    let second = world
        .open_loan(&owner, COLLATERAL, DEBT, Some(request(Peril::Advance)))
        .unwrap()
        .0;
    let listed = || -> Vec<_> {
        let policies = world.cover.policies_of(&owner).view(&world.ledger).unwrap();
        let same = |(interest, policy): (cover::Interest, _)| {
            let alone = world.cover.policy(&interest).view(&world.ledger);
            assert_eq!(alone.unwrap(), Some(policy), "as of now");
            interest
        };
        policies.into_iter().map(same).collect()
    };
    assert_eq!(listed(), [interest(&first), interest(&second)], "both");
    world.sleep(8 * DAY);
    world
        .adapter
        .cancel(&second.0)
        .send(&world.ledger, &owner)
        .unwrap();
    assert_eq!(listed(), [interest(&first)], "cancelled");
    world.sleep(quote.end + HOUR - world.ledger.now());
    assert_eq!(listed(), [interest(&first)], "in its grace week");
    world.sleep(7 * DAY);
    assert_eq!(listed(), [], "expired, without anybody writing it");
    confirm_bases(&world);
    let insure = world.adapter.insure(&first.0, &short);
    insure.send(&world.ledger, &owner).unwrap();
    assert_eq!(listed(), [interest(&first)], "insured again, listed once");
    let stranger = world
        .cover
        .policies_of(&world.keeper)
        .view(&world.ledger)
        .unwrap();
    assert_eq!(stranger, [], "nobody else's");
}
