//! A stranger renews somebody's cover, to cut it or to make them pay for more of it.
//!
//! What stops it: anyone may keep cover up, at the limit that is left; another limit takes the owner's signature. What may
//! be paid is bounded by the payer's allowance and highest rate.

use localnet::{Auth, Keypair};
use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter::{AdapterError, CoverRequest},
        cover_pool::{CoverError, Peril},
        position,
    },
    world::{Setup, World, LOANS},
};

use crate::scene::*;

/// A loan two days before the end of its cover, which its owner lets be renewed.
fn ending() -> (World, Keypair, position::Client) {
    let (world, _) = staked(&Setup::default());
    let insure = CoverRequest {
        max_rate: 5_000_000,
        ..request(&[Advance], 4_000 * UNIT)
    };
    let (owner, position) = loan(&world, "borrower", Some(insure));
    let end = policy(&world, &position).end;
    world.sleep(end - 2 * DAY - world.ledger.now());
    world
        .cover
        .set_base(LOANS, &Peril::Advance, 150_000)
        .send(&world.ledger, &world.owner)
        .unwrap();
    (world, owner, position)
}

fn allow(world: &World, owner: &Keypair, amount: i128) {
    let args = (
        owner,
        &world.cover.0,
        amount,
        world.ledger.sequence() + 17_280,
    );
    world
        .ledger
        .call(
            owner,
            &world.usdc.contract,
            "approve",
            args,
            Auth::Sign(&[]),
        )
        .unwrap();
}

#[test]
fn a_stranger_keeps_the_limit_and_changes_nothing() {
    let (world, owner, position) = ending();
    let ledger = &world.ledger;
    allow(&world, &owner, 1_000 * UNIT);
    let (stranger, before) = (world.actor("stranger"), policy(&world, &position));
    let renew = |limit| world.adapter.renew(&position.0, limit, 4, &stranger);
    unauthorised(
        renew(100 * UNIT).send(ledger, &stranger),
        "a stranger cuts the cover to a hundred dollars",
    );
    unauthorised(renew(3_999 * UNIT).send(ledger, &stranger), "by one dollar");
    let calm = ledger.snapshot();
    let premium = renew(4_000 * UNIT).send(ledger, &stranger).unwrap();
    let after = policy(&world, &position);
    assert_eq!(
        (after.limit, after.end),
        (4_000 * UNIT, before.end + 4 * WEEK),
        "kept by a stranger, at a premium of {premium}"
    );
    ledger.revert(&calm);
    renew(3_000 * UNIT)
        .send_signed(ledger, &stranger, &[&owner])
        .expect("the twin: the owner lowers it");
    assert_eq!(
        policy(&world, &position).limit,
        3_000 * UNIT,
        "by their signature"
    );
}

#[test]
fn what_a_stranger_may_spend_is_what_was_allowed() {
    let (world, owner, position) = ending();
    let ledger = &world.ledger;
    let stranger = world.actor("stranger");
    let renew = |weeks| {
        world
            .adapter
            .renew(&position.0, 4_000 * UNIT, weeks, &stranger)
            .send(ledger, &stranger)
    };
    assert!(renew(4).is_err(), "without an allowance nothing");
    allow(&world, &owner, 10 * UNIT);
    let before = usdc(&world, &owner.address());
    assert!(renew(13).is_err(), "13 weeks are more than was allowed");
    let premium = renew(4).unwrap();
    assert_eq!(
        before - usdc(&world, &owner.address()),
        premium,
        "four weeks are not"
    );
    refused(
        renew(4),
        CoverError::NotInRenewalWindow as u32,
        "nor is it renewed twice for its bounty",
    );
}

/// The policy stays with the position that was lost; the allowance is still its former owner's.
#[test]
fn who_has_lost_the_position_pays_for_no_more_cover_of_it() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let insure = CoverRequest {
        max_rate: 5_000_000,
        ..request(&[Advance], 4_000 * UNIT)
    };
    let (owner, position) = loan(&world, "borrower", Some(insure));
    let end = policy(&world, &position).end;
    world.sleep(end - 2 * DAY - ledger.now());
    allow(&world, &owner, 1_000 * UNIT);
    world
        .cover
        .set_base(LOANS, &Peril::Advance, 150_000)
        .send(ledger, &world.owner)
        .unwrap();
    let whole = ledger.snapshot();
    for dollars in [1_300, 1_000, 840] {
        price(&world, dollars);
        world.watch(HOUR / 2);
        if dollars == 1_000 {
            paid(&rescue(&world, &position));
        }
    }
    let payer = world.funded("payer", 20_000 * UNIT);
    world
        .adapter
        .start_foreclosure(&position.0)
        .send(ledger, &payer)
        .unwrap();
    world.watch(HOUR / 4);
    world
        .adapter
        .foreclose_by_assignment(&position.0, &payer, 5_000 * UNIT)
        .send(ledger, &payer)
        .unwrap();
    position
        .repay(&payer, 4_000 * UNIT)
        .send(ledger, &payer)
        .unwrap();
    let (limit, before) = (
        policy(&world, &position).limit,
        usdc(&world, &owner.address()),
    );
    let renewed = world
        .adapter
        .renew(&position.0, limit, 4, &payer)
        .send(ledger, &payer);
    refused(
        renewed,
        AdapterError::NotInsured as u32,
        "the new owner renews",
    );
    assert_eq!(
        usdc(&world, &owner.address()),
        before,
        "at nobody else's expense"
    );

    ledger.revert(&whole);
    let keeper = &world.keeper;
    let renewed = world
        .adapter
        .renew(&position.0, 4_000 * UNIT, 4, keeper)
        .send(ledger, keeper);
    renewed.expect("the twin: nothing was foreclosed");
}

#[test]
fn cover_of_a_smaller_debt_is_kept_at_the_debt() {
    let (world, owner, position) = ending();
    let ledger = &world.ledger;
    allow(&world, &owner, 1_000 * UNIT);
    position
        .repay(&owner, 6_000 * UNIT)
        .send(ledger, &owner)
        .unwrap();
    let stranger = world.actor("stranger");
    world
        .adapter
        .renew(&position.0, 4_000 * UNIT, 4, &stranger)
        .send(ledger, &stranger)
        .unwrap();
    assert_eq!(
        policy(&world, &position).limit,
        world.health(&position).debt,
        "an advance is never more"
    );
}
