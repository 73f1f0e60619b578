//! Cashing a leaver out at the bottom of an advance; buying shares in the dip of an advance or a claim.
//!
//! What stops it: while NAV_lo is below 99.5 % of NAV_hi only the owner completes an exit, and deposits mint at NAV_hi,
//! as if every advance came back and every claim were denied.

use localnet::Keypair;
use testkit::{
    asset::UNIT,
    bindings::{
        cover_pool::{CoverError, Peril},
        position,
    },
    world::{Setup, World, LOANS},
};

use crate::scene::*;

/// An insured loan of 100 000 USDC that draws an advance of some 17 000: a dip of nearly a percent.
fn drawn(world: &World) -> (Keypair, position::Client, i128) {
    let owner = borrower(world, "insured", 100 * UNIT);
    let insure = Some(request(&[Advance], 38_000 * UNIT));
    let position = world
        .open_loan(&owner, 100 * UNIT, 99_000 * UNIT, insure)
        .unwrap()
        .0;
    world.sleep(26 * HOUR);
    price(world, 1_500);
    let amount = paid(&rescue(world, &position));
    assert!(amount > CAPITAL / 200, "more than half a percent: {amount}");
    (owner, position, amount)
}

#[test]
fn a_stranger_cannot_cash_a_leaver_out_at_the_bottom() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let leaver = world.stake("leaver", 100_000 * UNIT);
    let shares = world.cover.balance(&leaver).view(ledger).unwrap();
    let slot = world
        .cover
        .request_redeem(&leaver, shares)
        .send(ledger, &leaver)
        .unwrap();
    world.sleep(14 * DAY);
    world
        .cover
        .set_base(LOANS, &Peril::Advance, 150_000)
        .send(ledger, &world.owner)
        .unwrap();
    let (owner, position, amount) = drawn(&world);
    let stranger = world.actor("stranger");
    let cash_out = |caller: &Keypair| {
        world
            .cover
            .fulfil(&leaver, slot, caller, 0)
            .send(ledger, caller)
    };
    let dip = ledger.snapshot();
    refused(
        cash_out(&stranger),
        CoverError::OwnerOnly as u32,
        "a stranger, in the dip",
    );
    let in_the_dip = cash_out(&leaver).unwrap();
    ledger.revert(&dip);
    world.usdc.mint(ledger, &owner.address(), amount * 2);
    world
        .cover
        .pay_back(&interest(&position), &owner, amount * 2)
        .send(ledger, &owner)
        .unwrap();
    let whole = cash_out(&stranger).unwrap();
    assert!(
        whole > 100_000 * UNIT,
        "the twin: paid back, anyone may pay the leaver, with what was earned: {whole}"
    );
    assert!(
        whole - in_the_dip > 500 * UNIT,
        "what the stranger would have cost the leaver: {in_the_dip}"
    );
}

#[test]
fn nobody_buys_the_dip_of_an_advance() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let (owner, position, amount) = drawn(&world);
    let dip = books(&world);
    assert!(dip.nav_lo < dip.nav_hi, "there is a dip");
    let attacker = world.stake("attacker", CAPITAL);
    let shares = world.cover.balance(&attacker).view(ledger).unwrap();
    world.usdc.mint(ledger, &owner.address(), amount * 2);
    world
        .cover
        .pay_back(&interest(&position), &owner, amount * 2)
        .send(ledger, &owner)
        .unwrap();
    let worth = world.cover.preview_redeem(shares).view(ledger).unwrap();
    assert!(
        (0..=2).contains(&(CAPITAL - worth)),
        "after the advance came back: {worth}"
    );
    let at_nav_lo = CAPITAL * (dip.shares + 1_000) / (dip.nav_lo + 1);
    assert!(
        at_nav_lo - shares > shares / 200,
        "at NAV_lo they would have been half a percent more: {at_nav_lo}"
    );
}
