//! Where a pool asks who its insured are, cover goes only to who may hold as much.

use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter::{CoverRequest, Peril},
        cover_pool::IdentityTerms,
        OnLedger,
    },
};

use super::{balance, loan_of};
use crate::stage::{insured, refused, request, world, CoverError};

#[test]
fn an_unverified_assignee_gets_no_more_than_is_free() {
    let world = world();
    let (ledger, heir) = (&world.ledger, world.actor("heir"));
    let of_600 = || CoverRequest {
        limit: 600 * UNIT,
        ..request(Peril::Advance)
    };
    let first = insured(&world, "first", of_600());
    let second = insured(&world, "second", of_600());
    // The hub verifies nobody.
    let nobody = &world.hub.address;
    let terms = IdentityTerms {
        basic: nobody.clone(),
        basic_limit: 50_000 * UNIT,
        free_limit: 1_000 * UNIT,
        full: nobody.clone(),
        sanctions: None,
    };
    let set = world.cover.set_identity(&Some(terms));
    set.send(ledger, &world.owner).unwrap();
    let small = world.ins.assign(&loan_of(&first.1 .0), &heir);
    small.send(ledger, &first.0).expect("600 are free");

    let code = CoverError::Unverified as u32;
    let transfer = world.ins.transfer(&second.0, &heir, 600 * UNIT);
    refused(
        transfer.clone().send(ledger, &second.0),
        code,
        "1 200 in all",
    );
    let assign = world.ins.assign(&loan_of(&second.1 .0), &heir);
    refused(assign.send(ledger, &second.0), code, "by name");
    let account = second.1.account().view(ledger).unwrap();
    assert_eq!(account.owner, second.0.address(), "the position stays");
    assert_eq!(balance(&world, &second.0), 600 * UNIT, "the cover stays");
    assert_eq!(balance(&world, &heir), 600 * UNIT, "what they had");

    let off = world.cover.set_identity(&None);
    off.send(ledger, &world.owner).unwrap();
    let given = transfer.send(ledger, &second.0);
    given.expect("the twin: nobody is asked");
    assert_eq!(balance(&world, &heir), 1_200 * UNIT, "both");
}
