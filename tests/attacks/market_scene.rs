//! The same with a loan market: insured loans on it, and a liquidator.

use testkit::{
    market::{Market, MarketSetup},
    scene::liquidator,
    world::{Setup, World},
};

pub use testkit::scene::{liquidate, market_loan, supply, COLLATERAL};

use crate::scene::staked;

/// A world whose cover pool has capital, a market, and a liquidator.
pub fn with_market(setup: &Setup) -> (World, Market) {
    with_market_of(setup, &MarketSetup::default())
}

/// The same with a market of this set-up.
pub fn with_market_of(setup: &Setup, market: &MarketSetup) -> (World, Market) {
    let (world, _) = staked(setup);
    let market = Market::found(&world, market);
    liquidator(&world);
    (world, market)
}
