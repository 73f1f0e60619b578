//! `pause`: scope by scope; what keeps money in ends by itself.

use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter::{Outcome, Peril},
        cover_pool::{Roles, Scope},
    },
    world::World,
};

use crate::stage::*;

fn pause(world: &World, scope: Scope) -> Result<(), localnet::InvokeError> {
    world.cover.pause(&scope).send(&world.ledger, &world.owner)
}

#[test]
fn each_scope_stops_its_own_part_and_no_other() {
    let world = world();
    let (lp, dan) = (
        world.funded("another lp", 1_000 * UNIT),
        applicant(&world, "dan"),
    );
    let (_, position, _) = insured(&world, "borrower", request(Peril::Advance));
    let shares = world
        .cover
        .stake(&lp, 500 * UNIT, 1)
        .send(&world.ledger, &lp)
        .unwrap();
    world
        .cover
        .request_redeem(&lp, shares)
        .send(&world.ledger, &lp)
        .unwrap();
    world.sleep(14 * DAY + HOUR);
    confirm_bases(&world);
    price(&world, 1_200);
    let ready = world.ledger.snapshot();
    let stake = || {
        world
            .cover
            .stake(&lp, UNIT, 1)
            .send(&world.ledger, &lp)
            .map(drop)
    };
    let fulfil = || {
        world
            .cover
            .fulfil(&lp, 0, &lp, 1)
            .send(&world.ledger, &lp)
            .map(drop)
    };
    let claims = || rescue(&world, &position);
    let sale = || {
        world
            .open_loan(&dan, COLLATERAL, 4_000 * UNIT, Some(request(Peril::Grant)))
            .map(drop)
    };
    let paused = CoverError::Paused as u32;
    for scope in [Scope::Deposits, Scope::Sales, Scope::Exits, Scope::Claims] {
        world.ledger.revert(&ready);
        pause(&world, scope).unwrap();
        let is = |other: Scope| scope == other;
        match stake() {
            Ok(()) => assert!(!is(Scope::Deposits), "stake"),
            refusal => refused(
                refusal,
                if is(Scope::Deposits) { paused } else { 0 },
                "stake",
            ),
        }
        match fulfil() {
            Ok(()) => assert!(!is(Scope::Exits), "fulfil"),
            refusal => refused(refusal, if is(Scope::Exits) { paused } else { 0 }, "fulfil"),
        }
        match claims() {
            Outcome::Done(_) => assert!(!is(Scope::Claims), "rescue"),
            refusal => assert_eq!(
                refusal,
                Outcome::Skipped(if is(Scope::Claims) { paused } else { 0 })
            ),
        }
        price(&world, 2_000);
        world.sleep(26 * HOUR);
        match sale() {
            Ok(()) => assert!(!is(Scope::Sales), "sale"),
            refusal => refused(refusal, if is(Scope::Sales) { paused } else { 0 }, "sale"),
        }
    }
}

#[test]
fn claims_are_paused_for_72_hours_and_not_again_for_a_week() {
    let world = world();
    pause(&world, Scope::Claims).unwrap();
    let until = || {
        world
            .cover
            .pause_of(&Scope::Claims)
            .view(&world.ledger)
            .unwrap()
            .until
    };
    assert_eq!(until(), world.ledger.now() + 72 * HOUR, "ends by itself");
    world.ledger.advance(72 * HOUR);
    let again = pause(&world, Scope::Claims);
    refused(again, CoverError::PausedTooOften as u32, "at once");
    world.ledger.advance(7 * DAY);
    pause(&world, Scope::Claims).unwrap();
}

#[test]
fn the_guardian_pauses_and_the_owner_lifts() {
    let world = world();
    let guardian = world.actor("guardian");
    let roles = Roles {
        guardian: guardian.address(),
        ..world.cover.roles().view(&world.ledger).unwrap()
    };
    let set = world.cover.set_roles(&roles);
    set.send(&world.ledger, &world.owner).unwrap();
    let sales = world.cover.pause(&Scope::Sales);
    guarded(&world.ledger, &guardian, sales.clone());
    unauthorised(
        sales.clone().send(&world.ledger, &world.owner),
        "the owner is no guardian",
    );
    sales.send(&world.ledger, &guardian).unwrap();
    let lift = world.cover.unpause(&Scope::Sales);
    unauthorised(
        lift.clone().send(&world.ledger, &guardian),
        "the guardian does not lift",
    );
    guarded(&world.ledger, &world.owner, lift);
}
