//! An LP who leaves ahead of a loss, or keeps an exit ready for the day it comes.
//!
//! What stops it: a request is irrevocable and escrows its shares, which bear every loss for 14 days and until they are
//! paid; a matured one is no option either, since anyone may pay it out.

use testkit::{
    asset::UNIT,
    bindings::cover_pool::CoverError,
    world::{Setup, World},
};

use crate::scene::*;

/// A grant of nearly 2 % of the capital: ten loans of 40 000 USDC, all paid in one event.
fn loss(world: &World) -> i128 {
    let before = books(world).cash;
    let positions: Vec<_> = (0..4)
        .map(|number| {
            let owner = borrower(world, &format!("insured {number}"), 100 * UNIT);
            let insure = Some(request(&[Grant], 30_000 * UNIT));
            world
                .open_loan(&owner, 100 * UNIT, 100_000 * UNIT, insure)
                .unwrap()
                .0
        })
        .collect();
    world.sleep(26 * HOUR);
    price(world, 1_560);
    world.watch(HOUR / 2);
    price(world, 1_250);
    world.watch(HOUR / 2);
    world.trigger();
    let grants: i128 = positions
        .iter()
        .map(|position| paid(&grant(world, position)))
        .sum();
    let premiums_and_fees = books(world).cash + grants - before;
    assert!(
        premiums_and_fees > 0,
        "premiums came in: {premiums_and_fees}"
    );
    grants
}

#[test]
fn a_leaver_bears_the_loss_of_the_fortnight() {
    let (world, lp) = staked(&Setup::default());
    let ledger = &world.ledger;
    let shares = world.cover.balance(&lp).view(ledger).unwrap();
    let leaver = world.stake("leaver", CAPITAL);
    let slot = world
        .cover
        .request_redeem(&leaver, shares)
        .send(ledger, &leaver)
        .unwrap();
    let asked_at = ledger.now();
    let calm = ledger.snapshot();
    let leave = || {
        world
            .cover
            .fulfil(&leaver, slot, &leaver, 1)
            .send(ledger, &leaver)
    };
    refused(leave(), CoverError::TooEarly as u32, "at once");
    let straight = world.cover.redeem(shares, &leaver, &leaver, &leaver);
    refused(
        straight.send(ledger, &leaver),
        CoverError::TooEarly as u32,
        "at once, through the vault's interface",
    );
    refused(
        world.cover.request_redeem(&leaver, 1).send(ledger, &leaver),
        100,
        "the escrowed shares again",
    );
    refused(
        world.cover.transfer(&leaver, &lp, 1).send(ledger, &leaver),
        100,
        "selling the escrowed shares",
    );

    let lost = loss(&world);
    ledger.set_time(asked_at + 14 * DAY - 1).unwrap();
    refused(leave(), CoverError::TooEarly as u32, "a second early");
    ledger.advance(1);
    let nav = books(&world);
    let out = leave().unwrap();
    let stayed = world.cover.preview_redeem(shares).view(ledger).unwrap();
    assert!(
        (0..=1).contains(&(stayed - out)),
        "leaver {out} and the LP who stays {stayed} bear the same"
    );
    let part = nav.nav_lo / 2 - out;
    assert!((0..=2).contains(&part), "each half of NAV_lo");

    ledger.revert(&calm);
    ledger.set_time(asked_at + 14 * DAY).unwrap();
    let whole = leave().unwrap();
    assert!(
        (0..=1).contains(&(CAPITAL - whole)),
        "the twin without a loss: {whole}"
    );
    assert!(
        whole - out > lost * 4 / 10,
        "the loss of {lost} was felt: {out}"
    );
}

#[test]
fn an_exit_that_is_kept_ready_can_be_paid_out_by_anyone() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let leaver = world.stake("roller", 80_000 * UNIT);
    let shares = world.cover.balance(&leaver).view(ledger).unwrap() / 8;
    for slot in 0..8 {
        let asked = world
            .cover
            .request_redeem(&leaver, shares)
            .send(ledger, &leaver);
        assert_eq!(asked, Ok(slot), "a request a day");
        ledger.advance(DAY);
    }
    let ninth = world.cover.request_redeem(&leaver, 1).send(ledger, &leaver);
    refused(ninth, CoverError::TooMany as u32, "a ninth request");
    ledger.advance(6 * DAY);
    let stranger = world.actor("stranger");
    let pay = |slot| {
        world
            .cover
            .fulfil(&leaver, slot, &stranger, 0)
            .send(ledger, &stranger)
    };
    assert_eq!(pay(0), Ok(10_000 * UNIT), "the first has matured");
    refused(pay(1), CoverError::TooEarly as u32, "the second has not");
    refused(pay(0), CoverError::UnknownExit as u32, "none is paid twice");
    let again = world.cover.request_redeem(&leaver, 0);
    refused(
        again.send(ledger, &leaver),
        CoverError::InvalidAmount as u32,
        "an empty request to hold the slot",
    );
    assert_eq!(
        usdc(&world, &stranger.address()),
        0,
        "the stranger gets nothing"
    );
    assert_eq!(
        usdc(&world, &leaver.address()),
        10_000 * UNIT,
        "the owner does"
    );
}
