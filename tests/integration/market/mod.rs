//! The loan market and its insurer: a file per matter.

mod borrow;
mod contract;
mod default;
mod depreciation;
mod liquidation;
mod own_platform;
mod surrender;

use localnet::{xdr::ScAddress, InvokeError, Keypair};
use testkit::{
    asset::UNIT,
    bindings::{
        cover_pool as cover, loan_market,
        loan_market::{Liquidated, LoanFacts, Peril, Quote},
        market_adapter,
    },
    market::{Market, MarketSetup},
    world::World,
};

use crate::stage::{self, COLLATERAL, LIMIT};

/// What a usual loan owes: 10 000 USDC against 10 at 2 000 USDC, a health factor of 1.6.
pub const DEBT: i128 = 10_000 * UNIT;

/// A world with capital in the cover pool, and a market.
pub fn world() -> (World, Market) {
    world_with(&MarketSetup::default())
}

/// The same with a market of this set-up.
pub fn world_with(setup: &MarketSetup) -> (World, Market) {
    let world = stage::world();
    let market = Market::found(&world, setup);
    world.funded("liquidator", 100_000 * UNIT);
    (world, market)
}

/// A tick box: these perils at [`LIMIT`] for eight weeks.
pub fn request(perils: &[Peril]) -> loan_market::CoverRequest {
    loan_market::CoverRequest {
        limit: LIMIT,
        max_premium: 300 * UNIT,
        max_rate: 0,
        perils: perils.to_vec(),
        route: loan_market::Route::Adapter,
        weeks: 8,
    }
}

/// A borrower with [`COLLATERAL`] and nothing else.
pub fn applicant(world: &World, name: &str) -> Keypair {
    let owner = world.funded(name, 0);
    let collateral = &world.collateral;
    collateral.mint(&world.ledger, &owner.address(), COLLATERAL);
    owner
}

/// A borrower and their loan of [`DEBT`], insured in the same call.
pub fn insured(
    world: &World,
    market: &Market,
    name: &str,
    perils: &[Peril],
) -> (Keypair, ScAddress, Quote) {
    let owner = applicant(world, name);
    let request = Some(request(perils));
    let opened = market.borrow(&world.ledger, &owner, COLLATERAL, DEBT, request);
    let (loan, quote) = opened.unwrap();
    (owner, loan, quote.unwrap())
}

/// A liquidator's call for all of a loan's collateral.
pub fn liquidate(
    world: &World,
    market: &Market,
    loan: &ScAddress,
    settles_cover: bool,
) -> Result<Liquidated, InvokeError> {
    liquidate_part(world, market, loan, COLLATERAL, settles_cover)
}

/// The same for a part of it.
pub fn liquidate_part(
    world: &World,
    market: &Market,
    loan: &ScAddress,
    seize: i128,
    settles_cover: bool,
) -> Result<Liquidated, InvokeError> {
    let liquidator = Keypair::named("liquidator");
    let call = market
        .platform
        .liquidate(loan, &liquidator, seize, 20_000 * UNIT, settles_cover);
    call.send(&world.ledger, &liquidator)
}

/// A loan as the market's books have it.
pub fn loan(world: &World, market: &Market, loan: &ScAddress) -> LoanFacts {
    market.loan(&world.ledger, loan)
}

/// The cover pool's policy of a loan.
pub fn policy(world: &World, loan: &ScAddress) -> cover::Policy {
    let interest = cover::Interest(loan.clone(), cover::Class::Loan);
    let policy = world.cover.policy(&interest).view(&world.ledger);
    policy.unwrap().unwrap()
}

/// What lenders own.
pub fn supply(world: &World, market: &Market) -> i128 {
    market.state(&world.ledger).supply
}

/// What an outcome of the insurer paid at once.
#[track_caller]
pub fn paid(outcome: &market_adapter::Outcome) -> i128 {
    match outcome {
        market_adapter::Outcome::Done(market_adapter::Settlement::Paid(amount)) => *amount,
        other => panic!("not paid: {other:?}"),
    }
}
