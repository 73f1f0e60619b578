//! `insure`: cover for a loan that exists already.

use testkit::bindings::blend_adapter::Peril;

use crate::stage::*;

#[test]
fn the_owner_insures_an_open_loan_once() {
    let world = world();
    let owner = applicant(&world, "borrower");
    let (position, quote) = world.open_loan(&owner, COLLATERAL, DEBT, None).unwrap();
    assert!(quote.is_none(), "opened without cover");
    let insure = || world.adapter.insure(&position.0, &request(Peril::Advance));
    guarded(&world.ledger, &owner, insure());
    let quote = insure().send(&world.ledger, &owner).unwrap();
    assert_eq!(policy(&world, &position).limit, LIMIT, "limit");
    assert_eq!(
        usdc(&world, &owner),
        PURSE + DEBT - quote.premium,
        "premium"
    );
    let again = insure().send(&world.ledger, &owner);
    refused(
        again,
        CoverError::AlreadyInsured as u32,
        "one policy per interest",
    );
}

#[test]
fn a_strangers_contract_is_no_position() {
    let world = world();
    let call = world
        .adapter
        .insure(&world.cover.0, &request(Peril::Advance));
    let refusal = call.send(&world.ledger, &world.keeper);
    refused(
        refusal,
        AdapterError::NotAPosition as u32,
        "not deployed by the adapter",
    );
}
