//! Claiming that collateral has failed when it has not, or selling the pool what is still worth its price.
//!
//! What stops it: the mean of six hours of independent sources; a tenth that is borne; the loss of the collateral itself, which
//! salvage sells for the pool; a window of 48 hours; and a loan that must stay safe.

use testkit::{
    asset::UNIT,
    bindings::{loan_market::Peril, market_adapter::AdapterError},
    feeds::{Feed, PRICE_ONE},
    market::MarketSetup,
    world::Setup,
};

use crate::{market_scene::*, scene::*};

fn pegged() -> MarketSetup {
    MarketSetup {
        peg: 2_000 * PRICE_ONE,
        ..MarketSetup::default()
    }
}

#[test]
fn one_sources_lie_is_no_failure() {
    let (world, market) = with_market_of(&Setup::default(), &pegged());
    let (owner, loan, _) = market_loan(&world, &market, "borrower", &[Peril::Collateral]);
    world.sleep(2 * DAY);
    for _ in 0..7 * 12 {
        world.ledger.advance(300);
        world.tick();
        let (feeds, asset) = (&world.feeds, &world.collateral);
        feeds.set(&world.ledger, Feed::Redstone, asset, 1_000 * PRICE_ONE);
        let assets = [&world.usdc, asset];
        world.hub.poke(&world.ledger, &world.keeper, &assets);
    }
    let surrender = market.insurer.surrender(&loan, UNIT, 0);
    refused(
        surrender.send(&world.ledger, &owner),
        AdapterError::NotFailed as u32,
        "the others agree on its price",
    );
}

/// A spike of an hour: the mean of six does not follow. A failure that ends within the 48 hours pays, and costs its claimant more
/// than it paid.
#[test]
fn surrendering_what_recovers_loses_more_than_it_pays() {
    let (world, market) = with_market_of(&Setup::default(), &pegged());
    let (owner, loan, _) = market_loan(&world, &market, "borrower", &[Peril::Collateral]);
    world.sleep(2 * DAY);
    fall(&world, &[1_880, 1_780]);
    let surrender = market.insurer.surrender(&loan, UNIT, 0);
    refused(
        surrender.clone().send(&world.ledger, &owner),
        AdapterError::NotFailed as u32,
        "an hour of it",
    );
    world.watch(7 * HOUR);
    let claim = surrender.send(&world.ledger, &owner).unwrap();
    fall(&world, &[1_900, 2_000]);
    world.watch(2 * DAY);
    let before = books(&world);
    let finalize = market.insurer.finalize(claim, &world.keeper);
    let paid = finalize.send(&world.ledger, &world.keeper).unwrap();
    assert_eq!(paid, 1_800 * UNIT, "nine tenths of the reference");
    let buyer = world.funded("buyer", 3_000 * UNIT);
    // Whoever waits for a lower price loses the lot to the next: at worst it is sold at what it is worth.
    let buy = market.salvage.buy(claim, &buyer, UNIT, 2_000 * UNIT);
    let price = buy.send(&world.ledger, &buyer).unwrap();
    assert!(price > paid, "the pool sells it for more: {price}");
    let after = books(&world);
    assert!(
        after.nav_lo > before.nav_lo,
        "the pool has gained by the false alarm"
    );
}
