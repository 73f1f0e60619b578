//! `contract`: the market is short of assets, which its own books prove. The issuer taking tokens back stands for a hack.

use actuary::Assets;
use localnet::{InvokeError, Keypair};
use testkit::{
    asset::UNIT,
    bindings::{
        cover_pool as cover, loan_market,
        market_adapter::{AdapterError, CoverRequest, Peril, Quote, Route},
        OnLedger,
    },
    market::{Market, MarketSetup},
    world::{Setup, World},
};

use crate::stage::{fall, payout, refused, usdc_of, DAY, HOUR};

const INSURED: i128 = 100_000 * UNIT;
const MISSING: i128 = 20_000 * UNIT;

/// A market whose lenders are insured up to `limit`, and who paid for it.
fn insured_up_to(limit: i128) -> (World, Market, Keypair) {
    let setup = Setup {
        has_clawback: true,
        ..Setup::default()
    };
    let (world, market) = super::world_with(&setup, &MarketSetup::default());
    let payer = world.funded("payer", 10_000 * UNIT);
    insure(&world, &market, &payer, limit).unwrap();
    (world, market, payer)
}

/// The same up to [`INSURED`], past the waiting period.
fn insured() -> (World, Market, Keypair) {
    let scene = insured_up_to(INSURED);
    scene.0.sleep(15 * DAY);
    scene
}

fn insure(
    world: &World,
    market: &Market,
    payer: &Keypair,
    limit: i128,
) -> Result<Quote, InvokeError> {
    let request = CoverRequest {
        limit,
        max_premium: 2_000 * UNIT,
        max_rate: 0,
        perils: vec![Peril::Contract],
        route: Route::Adapter,
        weeks: 8,
    };
    let call = market
        .insurer
        .insure_lenders(&market.platform.0, payer, &request);
    call.send(&world.ledger, payer)
}

/// The policy of the lenders.
fn policy(world: &World, market: &Market) -> cover::Policy {
    let interest = cover::Interest(market.platform.0.clone(), cover::Class::Deposit);
    let policy = world.cover.policy(&interest).view(&world.ledger);
    policy.unwrap().unwrap()
}

/// Takes tokens out of the market behind its back.
fn hack(world: &World, market: &Market, amount: i128) {
    let platform = &market.platform.0;
    world.usdc.claw_back(&world.ledger, platform, amount);
}

fn prove(world: &World, market: &Market) -> Result<i128, InvokeError> {
    let call = market
        .insurer
        .prove_deficit(&market.platform.0, &world.keeper);
    call.send(&world.ledger, &world.keeper)
}

/// Two looks with an hour between them. Returns what was paid.
fn prove_twice(world: &World, market: &Market) -> i128 {
    assert_eq!(prove(world, market), Ok(0), "seen");
    world.watch(HOUR);
    prove(world, market).unwrap()
}

/// What `actuary` says that cover owes for [`MISSING`]: all of it, up to the limit.
fn owed(limit: i128) -> i128 {
    payout(Assets::from_raw(MISSING), 0, Assets::from_raw(limit))
}

#[test]
fn a_deficit_seen_twice_is_paid_to_the_lenders() {
    let (world, market, _) = insured();
    refused(
        prove(&world, &market),
        AdapterError::NoDeficit as u32,
        "sound",
    );
    hack(&world, &market, MISSING);
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
    assert_eq!(paid, owed(INSURED), "what actuary says");
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
    hack(&world, &market, MISSING);
    prove(&world, &market).unwrap();
    let issuer = &world.usdc;
    issuer.mint(&world.ledger, &market.platform.0, MISSING);
    world.watch(HOUR);
    assert_eq!(prove(&world, &market).unwrap(), 0, "forgotten");
    assert_eq!(policy(&world, &market).limit, INSURED, "nothing was paid");
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
    hack(&world, &market, MISSING);
    let late = insure(&world, &market, &payer, INSURED);
    refused(
        late,
        AdapterError::PlatformNotActive as u32,
        "while it is short",
    );
}

#[test]
fn the_limit_is_the_most_that_is_paid() {
    let (world, market, _) = insured_up_to(5_000 * UNIT);
    world.sleep(15 * DAY);
    hack(&world, &market, MISSING);
    assert_eq!(owed(5_000 * UNIT), 5_000 * UNIT, "cut");
    assert_eq!(prove_twice(&world, &market), 5_000 * UNIT, "the limit");
    assert_eq!(policy(&world, &market).limit, 0, "used up");
    hack(&world, &market, MISSING);
    assert_eq!(prove_twice(&world, &market), 0, "nothing more");
}

#[test]
fn a_deficit_of_the_waiting_period_is_not_paid_nor_one_after_the_end() {
    let (world, market, _) = insured_up_to(INSURED);
    world.sleep(13 * DAY);
    hack(&world, &market, MISSING);
    assert_eq!(prove_twice(&world, &market), 0, "seen in it");
    world.sleep(2 * DAY);
    refused(
        prove(&world, &market),
        AdapterError::NoDeficit as u32,
        "nor when it is over",
    );
    let end = policy(&world, &market).end;
    world.sleep(end + HOUR - world.ledger.now());
    hack(&world, &market, MISSING);
    assert_eq!(prove_twice(&world, &market), 0, "seen after the end");
    assert_eq!(policy(&world, &market).paid, 0, "nothing was paid");
}

/// Debt that was never repaid is written off in the books, so nothing is missing beside it.
#[test]
fn a_default_is_no_deficit() {
    let (world, market, _) = insured_up_to(INSURED);
    let perils = [loan_market::Peril::Default];
    let (_, loan, _) = super::insured(&world, &market, "borrower", &perils);
    world.sleep(15 * DAY);
    fall(&world, &[1_600, 1_300, 1_050, 900]);
    let done = super::liquidate(&world, &market, &loan, true).unwrap();
    assert!(done.covered > 1_000 * UNIT, "the default is paid");
    let none = AdapterError::NoDeficit as u32;
    refused(prove(&world, &market), none, "the same loss again");
    world.watch(HOUR);
    refused(prove(&world, &market), none, "nor an hour later");
    assert_eq!(policy(&world, &market).paid, 0, "by the other policy");
}
