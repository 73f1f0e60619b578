//! Making the insurer fail so that a loan of the market cannot be liquidated.
//!
//! What stops it: the market asks its insurer with a call that may fail, keeps what could not be settled, which anyone
//! settles later, and a liquidator may leave cover out altogether, since neither a budget that is used up nor an entry outside
//! the footprint can be caught.

use localnet::{
    xdr::{LedgerKey, ScAddress, VecM},
    InvokeError, Keypair, Limit, Transaction,
};
use testkit::{
    asset::UNIT,
    bindings::{
        broken_pool,
        cover_pool::{CoverError, Scope},
        loan_market::{Liquidated, MarketError, Peril},
        OnLedger,
    },
    market::Market,
    wasm,
    world::{Setup, World},
};

use crate::{market_scene::*, scene::*};

/// An insured loan that leaves bad debt when it is liquidated, past its waiting period.
fn ruined() -> (World, Market, ScAddress) {
    let (world, market) = with_market(&Setup::default());
    let (_, loan, _) = market_loan(&world, &market, "borrower", &[Peril::Default]);
    world.sleep(4 * DAY);
    fall(&world, &[1_600, 1_300, 1_050, 900]);
    (world, market, loan)
}

/// What the lenders would be paid if all were well.
fn cover(world: &World, market: &Market, loan: &ScAddress) -> i128 {
    let before = world.ledger.snapshot();
    let covered = liquidate(world, market, loan, true).unwrap().covered;
    world.ledger.revert(&before);
    assert!(covered > 1_000 * UNIT, "worth the trouble");
    covered
}

/// Replaces the pool's code by one that fails so.
fn break_pool(world: &World, fault: broken_pool::Fault) {
    let (ledger, owner) = (&world.ledger, &world.owner);
    let code = ledger.upload(owner, wasm::BROKEN_POOL).unwrap();
    let upgrade = world.cover.upgrade(&code, owner);
    upgrade.send(ledger, owner).unwrap();
    let broken = broken_pool::Client(world.cover.0.clone());
    broken.fail_by(&fault).send(ledger, owner).unwrap();
}

/// The liquidation was made, its loss is the lenders' for now, and is unsettled in the books.
#[track_caller]
fn assert_unsettled(world: &World, market: &Market, before: i128, done: &Liquidated) {
    assert!(done.is_unsettled, "cover is left for later");
    assert_eq!(done.covered, 0, "nothing was paid");
    assert_eq!(
        done.liquidation.seized, COLLATERAL,
        "all collateral is gone"
    );
    let liquidator = Keypair::named("liquidator");
    let held = world
        .collateral
        .balance(&world.ledger, &liquidator.address());
    assert_eq!(held, COLLATERAL, "to the liquidator");
    assert_eq!(
        usdc(world, &liquidator.address()),
        100_000 * UNIT - done.liquidation.repaid,
        "for the debt that it is worth"
    );
    let state = market.state(&world.ledger);
    assert_eq!(state.unsettled, done.liquidation.bad_debt, "unsettled");
    assert!(
        (before - state.supply - done.liquidation.bad_debt).abs() <= 1,
        "what lenders could withdraw is without it"
    );
    assert!(
        (state.supply_high - state.supply - state.unsettled).abs() <= 1,
        "what they deposit at is with it"
    );
}

/// Settles what was unsettled, which comes to `covered`.
#[track_caller]
fn collect(world: &World, market: &Market, loan: &ScAddress, covered: i128) {
    let before = supply(world, market);
    let settle = market.platform.settle_cover(loan, &world.keeper);
    let arrived = settle.clone().send(&world.ledger, &world.keeper).unwrap();
    assert_eq!(arrived, covered, "exactly what was owed then");
    let gained = supply(world, market) - before;
    assert!((gained - covered).abs() <= 1, "it is the lenders'");
    assert_eq!(
        market.state(&world.ledger).unsettled,
        0,
        "nothing is unsettled"
    );
    assert_eq!(usdc(world, &market.insurer.0), 0, "nothing stays between");
    refused(
        settle.send(&world.ledger, &world.keeper),
        MarketError::NothingUnsettled as u32,
        "twice",
    );
}

#[test]
fn a_paused_pool_is_paid_for_later() {
    let (world, market, loan) = ruined();
    let (covered, before) = (cover(&world, &market, &loan), supply(&world, &market));
    let (ledger, owner) = (&world.ledger, &world.owner);
    let pause = world.cover.pause(&Scope::Claims);
    pause.send(ledger, owner).unwrap();
    let done = liquidate(&world, &market, &loan, true).unwrap();
    assert_unsettled(&world, &market, before, &done);
    let early = market.platform.settle_cover(&loan, &world.keeper);
    refused(
        early.send(ledger, &world.keeper),
        CoverError::Paused as u32,
        "while it is paused",
    );
    let unpause = world.cover.unpause(&Scope::Claims);
    unpause.send(ledger, owner).unwrap();
    collect(&world, &market, &loan, covered);
}

#[test]
fn a_pool_that_traps_is_survived() {
    let (world, market, loan) = ruined();
    let before = supply(&world, &market);
    break_pool(&world, broken_pool::Fault::Trap);
    let done = liquidate(&world, &market, &loan, true).unwrap();
    assert_unsettled(&world, &market, before, &done);
}

#[test]
fn a_pool_that_answers_garbage_is_survived() {
    let (world, market, loan) = ruined();
    let before = supply(&world, &market);
    break_pool(&world, broken_pool::Fault::Garbage);
    let done = liquidate(&world, &market, &loan, true).unwrap();
    assert_unsettled(&world, &market, before, &done);
}

/// A budget that is used up cannot be caught: the liquidator leaves the pool out.
#[test]
fn a_pool_that_never_ends_is_left_out() {
    let (world, market, loan) = ruined();
    let before = supply(&world, &market);
    break_pool(&world, broken_pool::Fault::Loop);
    let asked = liquidate(&world, &market, &loan, true);
    let is_out_of_budget = matches!(
        asked,
        Err(InvokeError::LimitExceeded {
            which: Limit::Instructions,
            ..
        })
    );
    assert!(is_out_of_budget, "asking it: {asked:?}");
    let done = liquidate(&world, &market, &loan, false).unwrap();
    assert_unsettled(&world, &market, before, &done);
}

/// An entry outside the footprint ends the whole call, which cannot be caught either: the liquidator leaves the pool out, and
/// needs none of its entries then.
#[test]
fn a_pool_outside_the_footprint_is_left_out() {
    let (world, market, loan) = ruined();
    let (covered, before) = (cover(&world, &market, &loan), supply(&world, &market));
    let (ledger, liquidator) = (&world.ledger, Keypair::named("liquidator"));
    let simulate = |settles_cover: bool| {
        let args = (&loan, &liquidator, COLLATERAL, 20_000 * UNIT, settles_cover);
        let source = liquidator.account_id();
        let simulated = ledger.simulate(&source, &market.platform.0, "liquidate", args);
        simulated.unwrap().transaction
    };
    let (mut asking, silent) = (simulate(true), simulate(false));
    let is_of_pool = |key: &LedgerKey| matches!(key, LedgerKey::ContractData(data) if data.contract == world.cover.0);
    let Transaction { footprint, .. } = &silent;
    let names_pool = |keys: &VecM<LedgerKey>| keys.iter().any(is_of_pool);
    assert!(
        !names_pool(&footprint.read_only) && !names_pool(&footprint.read_write),
        "without cover the pool is not touched"
    );
    asking.footprint = footprint.clone();
    let asked = ledger.submit(&asking);
    assert!(
        matches!(asked, Err(InvokeError::OutsideFootprint { .. })),
        "asking it: {asked:?}"
    );
    let done: Liquidated = ledger.submit(&silent).unwrap().get().unwrap();
    assert_unsettled(&world, &market, before, &done);
    collect(&world, &market, &loan, covered);
}

#[test]
fn a_liquidator_who_leaves_cover_out_costs_the_lenders_nothing() {
    let (world, market, loan) = ruined();
    let (covered, before) = (cover(&world, &market, &loan), supply(&world, &market));
    let done = liquidate(&world, &market, &loan, false).unwrap();
    assert_unsettled(&world, &market, before, &done);
    // A recovery, or a further fall, changes nothing: what is owed is of the time of the liquidation.
    fall(&world, &[1_050, 1_300]);
    collect(&world, &market, &loan, covered);
}
