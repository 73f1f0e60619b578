//! `contract`: the market is short of assets, which its own books prove. The issuer taking tokens back stands for a hack.

use actuary::{loss::payout_down, Assets, Rate};
use localnet::Keypair;
use testkit::{
    asset::UNIT,
    bindings::{
        cover_pool as cover,
        market_adapter::{AdapterError, CoverRequest, Peril, Route},
    },
    market::{Market, MarketSetup},
    world::{Setup, World},
};

use crate::stage::{refused, staked, usdc_of, CAPITAL, DAY, HOUR};

const INSURED: i128 = 100_000 * UNIT;

/// A market whose lenders are insured up to [`INSURED`], past the waiting period.
fn insured() -> (World, Market, Keypair) {
    let setup = Setup {
        has_clawback: true,
        ..Setup::default()
    };
    let world = staked(&setup, CAPITAL);
    let market = Market::found(&world, &MarketSetup::default());
    let payer = world.funded("payer", 10_000 * UNIT);
    let request = CoverRequest {
        limit: INSURED,
        max_premium: 2_000 * UNIT,
        max_rate: 0,
        perils: vec![Peril::Contract],
        route: Route::Adapter,
        weeks: 8,
    };
    let call = market
        .insurer
        .insure_lenders(&market.platform.0, &payer, &request);
    call.send(&world.ledger, &payer).unwrap();
    world.sleep(15 * DAY);
    (world, market, payer)
}

/// Takes tokens out of the market behind its back.
fn hack(world: &World, market: &Market, amount: i128) {
    let platform = &market.platform.0;
    world.usdc.claw_back(&world.ledger, platform, amount);
}

fn prove(world: &World, market: &Market) -> Result<i128, localnet::InvokeError> {
    let call = market
        .insurer
        .prove_deficit(&market.platform.0, &world.keeper);
    call.send(&world.ledger, &world.keeper)
}

fn owed(missing: i128) -> i128 {
    let amount = Assets::from_raw;
    let none = Assets::ZERO;
    let paid = payout_down(amount(missing), none, Rate::ZERO, amount(INSURED));
    paid.unwrap().raw()
}

#[test]
fn a_deficit_seen_twice_is_paid_to_the_lenders() {
    let (world, market, _) = insured();
    let missing = 20_000 * UNIT;
    refused(
        prove(&world, &market),
        AdapterError::NoDeficit as u32,
        "sound",
    );
    hack(&world, &market, missing);
    assert_eq!(prove(&world, &market).unwrap(), 0, "seen");
    refused(
        prove(&world, &market),
        AdapterError::NoDeficit as u32,
        "at once",
    );
    world.watch(HOUR);
    let (before, held) = (
        super::supply(&world, &market),
        usdc_of(&world, &market.platform.0),
    );
    let paid = prove(&world, &market).unwrap();
    assert_eq!(paid, owed(missing), "what actuary says");
    assert_eq!(
        usdc_of(&world, &market.platform.0) - held,
        paid,
        "it arrived"
    );
    let gained = super::supply(&world, &market) - before;
    assert!((gained - paid).abs() <= 1, "it is the lenders'");
    refused(
        prove(&world, &market),
        AdapterError::NoDeficit as u32,
        "twice",
    );
    world.watch(2 * HOUR);
    refused(
        prove(&world, &market),
        AdapterError::NoDeficit as u32,
        "nor later",
    );
}

#[test]
fn a_deficit_that_goes_away_is_none() {
    let (world, market, _) = insured();
    hack(&world, &market, 20_000 * UNIT);
    prove(&world, &market).unwrap();
    let issuer = &world.usdc;
    issuer.mint(&world.ledger, &market.platform.0, 20_000 * UNIT);
    world.watch(HOUR);
    assert_eq!(prove(&world, &market).unwrap(), 0, "forgotten");
    let interest = cover::Interest(market.platform.0.clone(), cover::Class::Deposit);
    let policy = world.cover.policy(&interest).view(&world.ledger).unwrap();
    assert_eq!(policy.unwrap().limit, INSURED, "nothing was paid");
}

#[test]
fn a_deficit_of_a_thousandth_or_of_before_is_not_covered() {
    let (world, market, payer) = insured();
    let supply = super::supply(&world, &market);
    hack(&world, &market, supply / 1_000 - UNIT);
    refused(
        prove(&world, &market),
        AdapterError::NoDeficit as u32,
        "too little",
    );
    hack(&world, &market, 20_000 * UNIT);
    let request = CoverRequest {
        limit: INSURED,
        max_premium: 2_000 * UNIT,
        max_rate: 0,
        perils: vec![Peril::Contract],
        route: Route::Adapter,
        weeks: 8,
    };
    let late = market
        .insurer
        .insure_lenders(&market.platform.0, &payer, &request);
    refused(
        late.send(&world.ledger, &payer),
        AdapterError::PlatformNotActive as u32,
        "while it is short",
    );
}
