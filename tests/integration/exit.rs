//! LPs: in by `stake` or SEP-56, out by the queue alone.

use actuary::{
    nav::{assets_for_down, assets_for_up, shares_for_down, shares_for_up},
    Assets, Shares,
};
use testkit::{asset::UNIT, bindings::blend_adapter::Peril, world::World};

use crate::stage::*;

/// What so many shares are worth on the way out, now.
fn worth(world: &World, shares: i128) -> i128 {
    let books = books(world);
    let (supply, nav) = (
        Shares::from_raw(books.shares),
        Assets::from_raw(books.nav_lo),
    );
    assets_for_down(Shares::from_raw(shares), supply, nav)
        .unwrap()
        .raw()
}

#[test]
fn an_exit_waits_14_days_in_escrow_and_is_paid_at_nav_lo() {
    let world = world();
    let lp = world.funded("another lp", 1_000 * UNIT);
    let stake = || world.cover.stake(&lp, 1_000 * UNIT, 1);
    guarded(&world.ledger, &lp, stake());
    let before = books(&world);
    let shares = stake().send(&world.ledger, &lp).unwrap();
    let (supply, nav) = (
        Shares::from_raw(before.shares),
        Assets::from_raw(before.nav_hi),
    );
    let minted = shares_for_down(Assets::from_raw(1_000 * UNIT), supply, nav).unwrap();
    assert_eq!(shares, minted.raw(), "minted at NAV_hi");
    let greedy = world
        .cover
        .stake(&lp, UNIT, i128::MAX)
        .send(&world.ledger, &lp);
    assert!(greedy.is_err(), "fewer shares than asked for");

    let request = || world.cover.request_redeem(&lp, shares);
    guarded(&world.ledger, &lp, request());
    let slot = request().send(&world.ledger, &lp).unwrap();
    assert_eq!(
        world.cover.balance(&lp).view(&world.ledger),
        Ok(0),
        "in escrow"
    );
    assert_eq!(books(&world).queued, shares, "queued");
    let exits = world.cover.exits(&lp).view(&world.ledger).unwrap();
    assert_eq!(
        (exits[0].shares, exits[0].requested_at),
        (shares, world.ledger.now()),
        "the request"
    );
    insured(&world, "borrower", request_of_cover());
    let fulfil = |caller: &localnet::Keypair, least: i128| {
        world
            .cover
            .fulfil(&lp, slot, caller, least)
            .send(&world.ledger, caller)
    };
    world.ledger.advance(14 * DAY - 1);
    refused(
        fulfil(&lp, 1),
        CoverError::TooEarly as u32,
        "a second early",
    );
    world.ledger.advance(1);
    let due = worth(&world, shares);
    assert!(due > 1_000 * UNIT, "premiums were earned: {due}");
    refused(
        fulfil(&lp, due + 1),
        CoverError::TooLittleOut as u32,
        "min_out",
    );
    let by_proxy = world
        .cover
        .fulfil(&lp, slot, &lp, 1)
        .send(&world.ledger, &world.keeper);
    unauthorised(by_proxy, "the caller signs");
    let before = books(&world);
    assert_eq!(
        fulfil(&world.keeper, due),
        Ok(due),
        "anyone, while nothing is at risk"
    );
    assert_eq!(usdc(&world, &lp), due, "to its owner");
    let after = books(&world);
    assert_eq!(after.cash, before.cash - due, "cash");
    assert_eq!(
        (after.queued, after.shares),
        (0, before.shares - shares),
        "burned"
    );
    refused(fulfil(&lp, 1), CoverError::UnknownExit as u32, "once");
}

fn request_of_cover() -> testkit::bindings::blend_adapter::CoverRequest {
    request(Peril::Advance)
}

#[test]
fn while_advances_are_out_only_the_owner_completes_an_exit() {
    let world = staked(&testkit::world::Setup::default(), 200_000 * UNIT);
    let lp = world.funded("another lp", 1_000 * UNIT);
    let shares = world
        .cover
        .stake(&lp, 1_000 * UNIT, 1)
        .send(&world.ledger, &lp)
        .unwrap();
    world
        .cover
        .request_redeem(&lp, shares)
        .send(&world.ledger, &lp)
        .unwrap();
    let (_, position, _) = insured(&world, "borrower", request(Peril::Advance));
    world.sleep(14 * DAY);
    price(&world, 1_200);
    let drawn = paid(&rescue(&world, &position));
    let books = books(&world);
    assert!(
        drawn * 1_000 > books.nav_hi * 5,
        "more than half a percent is out"
    );
    let fulfil = |caller: &localnet::Keypair| {
        world
            .cover
            .fulfil(&lp, 0, caller, 1)
            .send(&world.ledger, caller)
    };
    refused(
        fulfil(&world.keeper),
        CoverError::OwnerOnly as u32,
        "a stranger at the bottom",
    );
    let due = worth(&world, shares);
    assert_eq!(fulfil(&lp), Ok(due), "the owner, if they want to");
    assert!(due < 1_000 * UNIT, "at NAV_lo, without the advance");
}

#[test]
fn capital_that_backs_cover_stays() {
    let world = staked(&testkit::world::Setup::default(), 200_000 * UNIT);
    let lp = localnet::Keypair::named("lp");
    let shares = world.cover.balance(&lp).view(&world.ledger).unwrap();
    world
        .cover
        .request_redeem(&lp, shares)
        .send(&world.ledger, &lp)
        .unwrap();
    let none = world
        .cover
        .room(testkit::world::LOANS)
        .view(&world.ledger)
        .unwrap();
    assert_eq!(
        none, 0,
        "what waits to leave sells nothing, and the dead shares' stroop is no group's"
    );
    world.ledger.advance(14 * DAY);
    let left = books(&world);
    let out = world
        .cover
        .fulfil(&lp, 0, &lp, 1)
        .send(&world.ledger, &lp)
        .unwrap();
    let dead = books(&world).nav_lo;
    assert_eq!(out + dead, left.nav_lo, "all but the dead shares' part");
    assert!(dead <= 2, "a stroop or two: {dead}");
}

#[test]
fn sep_56_deposits_and_mints_at_nav_hi() {
    let world = world();
    let lp = world.funded("another lp", 1_000 * UNIT);
    let cover = &world.cover;
    let deposit = || cover.deposit(400 * UNIT, &lp, &lp, &lp);
    guarded(&world.ledger, &lp, deposit());
    let preview = cover
        .preview_deposit(400 * UNIT)
        .view(&world.ledger)
        .unwrap();
    assert_eq!(
        deposit().send(&world.ledger, &lp),
        Ok(preview),
        "deposit as previewed"
    );
    let mint = || cover.mint(preview, &lp, &lp, &lp);
    guarded(&world.ledger, &lp, mint());
    let (supply, nav) = (books(&world).shares, books(&world).nav_hi);
    let cost = assets_for_up(
        Shares::from_raw(preview),
        Shares::from_raw(supply),
        Assets::from_raw(nav),
    );
    assert_eq!(
        mint().send(&world.ledger, &lp),
        Ok(cost.unwrap().raw()),
        "mint rounds up"
    );
    assert_eq!(
        cover.balance(&lp).view(&world.ledger),
        Ok(2 * preview),
        "shares"
    );
    let total = cover.total_assets().view(&world.ledger).unwrap();
    assert_eq!(total, books(&world).nav_lo, "total assets are NAV_lo");
    let friend = world.funded("friend", 0);
    let send = || cover.transfer(&lp, &friend, preview);
    guarded(&world.ledger, &lp, send());
    send().send(&world.ledger, &lp).unwrap();
    assert_eq!(
        cover.balance(&friend).view(&world.ledger),
        Ok(preview),
        "shares move"
    );
}

#[test]
fn sep_56_redeems_and_withdraws_matured_requests_only() {
    let world = world();
    let lp = world.funded("another lp", 1_000 * UNIT);
    let cover = &world.cover;
    let shares = cover
        .stake(&lp, 1_000 * UNIT, 1)
        .send(&world.ledger, &lp)
        .unwrap();
    let redeem = |amount: i128| cover.redeem(amount, &lp, &lp, &lp);
    let most = || cover.max_redeem(&lp).view(&world.ledger).unwrap();
    refused(
        redeem(1_000_000).send(&world.ledger, &lp),
        CoverError::TooEarly as u32,
        "not queued",
    );
    cover
        .request_redeem(&lp, shares)
        .send(&world.ledger, &lp)
        .unwrap();
    world.ledger.advance(14 * DAY - 1);
    assert_eq!(most(), 0, "not matured");
    world.ledger.advance(1);
    assert_eq!(most(), shares, "matured");
    guarded(&world.ledger, &lp, redeem(shares / 2));
    let due = worth(&world, shares / 2);
    assert_eq!(
        redeem(shares / 2).send(&world.ledger, &lp),
        Ok(due),
        "redeem at NAV_lo"
    );
    let rest = cover.max_withdraw(&lp).view(&world.ledger).unwrap();
    let withdraw = || cover.withdraw(rest, &lp, &lp, &lp);
    guarded(&world.ledger, &lp, withdraw());
    let state = books(&world);
    let (supply, nav) = (
        Shares::from_raw(state.shares),
        Assets::from_raw(state.nav_lo),
    );
    let burned = shares_for_up(Assets::from_raw(rest), supply, nav)
        .unwrap()
        .raw();
    assert_eq!(
        withdraw().send(&world.ledger, &lp),
        Ok(burned),
        "withdraw rounds shares up"
    );
    assert_eq!(usdc(&world, &lp), due + rest, "paid");
    assert!(usdc(&world, &lp) <= 1_000 * UNIT, "rounding never profits");
}
