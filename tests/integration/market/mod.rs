//! The loan market and its insurer: a file per matter.

mod borrow;
mod contract;
mod default;
mod depreciation;
mod liquidation;
mod own_platform;
mod surrender;

use localnet::{xdr::ScAddress, Keypair};
use testkit::{
    bindings::{cover_pool as cover, loan_market::LoanFacts, market_adapter, OnLedger},
    market::{Market, MarketSetup},
    scene,
    world::{Setup, World},
};

pub use testkit::scene::{
    liquidate, liquidate_part, market_loan as insured, market_request as request, supply,
    MARKET_DEBT as DEBT,
};

use crate::stage::{staked, CAPITAL};

/// A world with capital in the cover pool, a market, and a liquidator.
pub fn world() -> (World, Market) {
    world_with(&Setup::default(), &MarketSetup::default())
}

/// The same with both of these set-ups.
pub fn world_with(setup: &Setup, market: &MarketSetup) -> (World, Market) {
    let world = staked(setup, CAPITAL);
    let market = Market::found(&world, market);
    scene::liquidator(&world);
    (world, market)
}

/// A borrower with collateral and nothing else.
pub fn applicant(world: &World, name: &str) -> Keypair {
    scene::applicant(world, name, 0)
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

/// What an outcome of the insurer paid at once.
#[track_caller]
pub fn paid(outcome: &market_adapter::Outcome) -> i128 {
    match outcome {
        market_adapter::Outcome::Done(market_adapter::Settlement::Paid(amount)) => *amount,
        other => panic!("not paid: {other:?}"),
    }
}
