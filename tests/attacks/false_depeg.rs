//! Claiming that collateral has failed when it has not, or selling the pool what is still worth its price.
//!
//! What stops it: the mean of six hours of independent sources; a tenth that is borne; the loss of the collateral itself, which
//! salvage sells for the pool; a window of 48 hours; and a loan that must stay safe.

use localnet::InvokeError;
use testkit::{
    asset::UNIT,
    bindings::{
        loan_market::{MarketError, Peril},
        market_adapter::AdapterError,
        OnLedger,
    },
    feeds::{Feed, PRICE_ONE},
    market::MarketSetup,
    world::Setup,
};

use crate::{market_scene::*, scene::*};

/// Blend's error for a loan that would not stay healthy.
const INVALID_HF: u32 = 1_205;

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
    let (feeds, asset) = (&world.feeds, &world.collateral);
    for _ in 0..7 * 12 {
        world.ledger.advance(300);
        world.set_price(&world.usdc, PRICE_ONE);
        world.set_price(asset, 2_000 * PRICE_ONE);
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

/// Handing over all collateral and keeping what was borrowed, on either platform.
#[test]
fn the_collateral_of_a_debt_is_not_surrendered_with_the_debt_left_behind() {
    let setup = Setup {
        peg: 2_000 * PRICE_ONE,
        ..Setup::default()
    };
    let (world, market) = with_market_of(&setup, &pegged());
    let insured = market_loan(&world, &market, "on the market", &[Peril::Collateral]);
    let (owner, on_market, _) = insured;
    let insure = Some(request(&[Collateral], 4_000 * UNIT));
    let (holder, on_blend) = loan(&world, "on Blend", insure);
    world.sleep(2 * DAY);
    fall(&world, &[1_880, 1_780]);
    world.watch(7 * HOUR);
    let ledger = &world.ledger;
    let market_surrender = |amount| -> Result<u32, InvokeError> {
        let call = market.insurer.surrender(&on_market, amount, 0);
        call.send(ledger, &owner)
    };
    let blend_surrender = |amount| -> Result<u32, InvokeError> {
        let call = world.adapter.surrender(&on_blend.0, amount, 0);
        call.send(ledger, &holder)
    };
    let left = market_surrender(COLLATERAL);
    refused(left, MarketError::Unsafe as u32, "all, on the market");
    let most = market_surrender(4 * UNIT);
    refused(most, MarketError::Unsafe as u32, "too much of it");
    refused(blend_surrender(COLLATERAL), INVALID_HF, "all, on Blend");
    refused(blend_surrender(5 * UNIT), INVALID_HF, "too much of it");
    let pending = books(&world).pending;
    assert_eq!(pending, 0, "nothing is filed");
    assert!(market_surrender(UNIT).is_ok(), "the twin on the market");
    assert!(blend_surrender(UNIT).is_ok(), "the twin on Blend");
}
