//! `position`: its owner's, but for the rescue and what an insured loan may not give up.

use localnet::Auth;
use testkit::{asset::UNIT, bindings::blend_adapter::Peril};

use crate::stage::*;

#[test]
fn every_entry_listens_to_its_own_caller_alone() {
    let world = world();
    let owner = applicant(&world, "borrower");
    let (position, _) = world.open_loan(&owner, COLLATERAL, DEBT, None).unwrap();
    let asset = &world.collateral;
    asset.mint(&world.ledger, &owner.address(), UNIT);
    asset.mint(&world.ledger, &position.0, UNIT);
    let ledger = &world.ledger;
    guarded(ledger, &owner, position.supply(UNIT));
    guarded(ledger, &owner, position.borrow(UNIT, &owner));
    guarded(ledger, &owner, position.withdraw(UNIT, &owner));
    guarded(ledger, &owner, position.close(DEBT + UNIT));
    guarded(ledger, &owner, position.sweep(&asset.contract, &owner));
    guarded(ledger, &owner, position.repay(&owner, UNIT));
    unauthorised(
        position.claim_emissions(&owner).send(ledger, &world.keeper),
        "emissions",
    );
    for caller in [&owner, &world.keeper] {
        closed(ledger, caller, position.open(UNIT, UNIT));
        closed(ledger, caller, position.refinance(UNIT));
        closed(ledger, caller, position.foreclose(caller, UNIT, UNIT));
        closed(ledger, caller, position.assign(caller));
        closed(ledger, caller, position.hand_back());
        closed(ledger, caller, position.buy_collateral(UNIT));
        closed(ledger, caller, position.rescue(UNIT, false));
    }
}

#[test]
fn anybody_may_repay_for_the_owner() {
    let world = world();
    let (_, position, _) = insured(&world, "borrower", request(Peril::Advance));
    let friend = world.funded("friend", 1_000 * UNIT);
    let debt = world.health(&position).debt;
    position
        .repay(&friend, 1_000 * UNIT)
        .send(&world.ledger, &friend)
        .unwrap();
    assert_eq!(world.health(&position).debt, debt - 1_000 * UNIT, "debt");
    assert_eq!(usdc(&world, &friend), 0, "paid");
}

#[test]
fn an_insured_loan_gives_up_nothing_beyond_its_rated_ltv_nor_during_an_event() {
    let world = world();
    let (owner, position, _) = insured(&world, "borrower", request(Peril::Advance));
    let withdraw = |amount: i128| {
        position
            .withdraw(amount, &owner)
            .send(&world.ledger, &owner)
    };
    refused(
        withdraw(UNIT),
        AdapterError::AboveRatedLtv as u32,
        "a tenth of the collateral",
    );
    world
        .collateral
        .mint(&world.ledger, &owner.address(), 2 * UNIT);
    position
        .supply(2 * UNIT)
        .send(&world.ledger, &owner)
        .unwrap();
    withdraw(UNIT).unwrap();
    world.sleep(25 * HOUR);
    price(&world, 1_500);
    world.watch(HOUR);
    refused(
        withdraw(1),
        AdapterError::EventUnderWay as u32,
        "while the price falls",
    );
    price(&world, 1_000);
    paid(&rescue(&world, &position));
    refused(
        withdraw(1),
        AdapterError::AdvanceOwed as u32,
        "while an advance is owed",
    );
    let borrow = position.borrow(1, &owner).send(&world.ledger, &owner);
    refused(borrow, AdapterError::AdvanceOwed as u32, "nor borrows");
    position.supply(UNIT).send(&world.ledger, &owner).unwrap();
}

#[test]
fn the_owners_signature_covers_the_call_and_nothing_else() {
    let world = world();
    let (owner, position, _) = insured(&world, "borrower", request(Peril::Advance));
    let (call, sponsor) = (position.supply(UNIT), world.actor("sponsor"));
    world
        .collateral
        .mint(&world.ledger, &owner.address(), 2 * UNIT);
    let (source, args) = (sponsor.account_id(), (UNIT,));
    let simulated = world
        .ledger
        .simulate(&source, &position.0, call.function, args)
        .unwrap();
    let mut auth = simulated.transaction.auth;
    world.ledger.sign(&mut auth, &[&owner]).unwrap();
    let other = position.supply(2 * UNIT);
    let stolen = other.outcome(&world.ledger, &sponsor, Auth::Explicit(&auth));
    unauthorised(stolen, "another amount");
    call.clone()
        .outcome(&world.ledger, &sponsor, Auth::Explicit(&auth))
        .unwrap();
    let replayed = call.outcome(&world.ledger, &sponsor, Auth::Explicit(&auth));
    unauthorised(replayed, "the same signature again");
}
