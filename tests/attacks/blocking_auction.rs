//! Opening a liquidation auction so that the rescue fails.
//!
//! What stops it: Blend refuses a plain repayment while an auction is open, so the position repays and deletes the auction in
//! one submit. The twin is an account on Blend itself, whose repayment the same auction does block.

use localnet::Keypair;
use testkit::{
    asset::UNIT,
    blend::{AuctionData, Request},
    world::{Setup, World},
};

use crate::scene::*;

/// Blend's error for an account with an open auction.
const AUCTION_IN_PROGRESS: u32 = 1212;
const SUPPLY_COLLATERAL: u32 = 2;
const BORROW: u32 = 4;
const REPAY: u32 = 5;

/// The largest part that Blend lets an attacker liquidate.
fn open_auction(world: &World, attacker: &Keypair, user: &localnet::xdr::ScAddress) -> AuctionData {
    let start = |percent| {
        let (bid, lot) = (&world.usdc, &world.collateral);
        world
            .pool
            .start_liquidation(&world.ledger, attacker, user, bid, lot, percent)
    };
    (1..=100)
        .rev()
        .find_map(|percent| start(percent).ok())
        .expect("the account can be liquidated")
}

#[test]
fn an_open_auction_does_not_stop_the_rescue() {
    let (world, _) = staked(&Setup::default());
    let ledger = &world.ledger;
    let (_, position) = loan(&world, "insured", Some(request(&[Advance], 4_000 * UNIT)));
    let twin = borrower(&world, "uninsured", 10 * UNIT);
    let on_blend = |request_type, asset: &testkit::asset::Asset, amount| Request {
        request_type,
        address: asset.contract.clone(),
        amount,
    };
    let open = [
        on_blend(SUPPLY_COLLATERAL, &world.collateral, 10 * UNIT),
        on_blend(BORROW, &world.usdc, 8_000 * UNIT),
    ];
    world.pool.submit(ledger, &twin, &open).unwrap();
    world.sleep(26 * HOUR);
    price(&world, 1_100);
    let attacker = world.actor("attacker");
    open_auction(&world, &attacker, &position.0);
    open_auction(&world, &attacker, &twin.address());

    let repay = [on_blend(REPAY, &world.usdc, 1_000 * UNIT)];
    let blocked = world.pool.submit(ledger, &twin, &repay);
    refused(
        blocked,
        AUCTION_IN_PROGRESS,
        "the twin: a plain repayment is blocked",
    );
    let needed = needed(&world, &position);
    assert_eq!(
        paid(&rescue(&world, &position)),
        needed,
        "the rescue is paid in full"
    );
    assert!(
        world.pool.liquidation(ledger, &position.0).is_none(),
        "the auction is gone"
    );
    assert!(
        world.pool.liquidation(ledger, &twin.address()).is_some(),
        "the twin's is not"
    );
    assert!(
        world.health(&position).platform >= 12_499_999,
        "the loan is at its target"
    );
    for percent in 1..=100 {
        let (bid, lot) = (&world.usdc, &world.collateral);
        let again = world
            .pool
            .start_liquidation(ledger, &attacker, &position.0, bid, lot, percent);
        assert!(again.is_err(), "a second auction over {percent} %");
    }
}
