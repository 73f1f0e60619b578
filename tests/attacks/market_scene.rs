//! The same with a loan market: insured loans on it, and a liquidator.

use localnet::{xdr::ScAddress, InvokeError, Keypair};
use testkit::{
    asset::UNIT,
    bindings::loan_market::{CoverRequest, Liquidated, Peril, Route},
    market::{Market, MarketSetup},
    world::{Setup, World},
};

use crate::scene::{price, staked, HOUR};

/// What a loan of the market has as collateral: worth 20 000 USDC at 2 000 each.
pub const COLLATERAL: i128 = 10 * UNIT;
/// What it owes at first.
pub const DEBT: i128 = 10_000 * UNIT;

/// A world whose cover pool has capital, a market, and a liquidator with 100 000 USDC.
pub fn with_market(setup: &Setup) -> (World, Market) {
    with_market_of(setup, &MarketSetup::default())
}

/// The same with a market of this set-up.
pub fn with_market_of(setup: &Setup, market: &MarketSetup) -> (World, Market) {
    let (world, _) = staked(setup);
    let market = Market::found(&world, market);
    world.funded("liquidator", 100_000 * UNIT);
    (world, market)
}

/// A tick box: these perils up to 4 000 USDC for eight weeks.
pub fn market_request(perils: &[Peril]) -> CoverRequest {
    CoverRequest {
        limit: 4_000 * UNIT,
        max_premium: 1_000 * UNIT,
        max_rate: 0,
        perils: perils.to_vec(),
        route: Route::Adapter,
        weeks: 8,
    }
}

/// A borrower and their loan, insured in the same call.
pub fn market_loan(
    world: &World,
    market: &Market,
    name: &str,
    perils: &[Peril],
) -> (Keypair, ScAddress) {
    let owner = world.funded(name, 0);
    let asset = &world.collateral;
    asset.mint(&world.ledger, &owner.address(), COLLATERAL);
    let insure = Some(market_request(perils));
    let opened = market.borrow(&world.ledger, &owner, COLLATERAL, DEBT, insure);
    (owner, opened.unwrap().0)
}

/// A liquidator's call for all of a loan's collateral.
pub fn liquidate(
    world: &World,
    market: &Market,
    loan: &ScAddress,
    settles_cover: bool,
) -> Result<Liquidated, InvokeError> {
    let liquidator = Keypair::named("liquidator");
    let most = 20_000 * UNIT;
    let call = market
        .platform
        .liquidate(loan, &liquidator, COLLATERAL, most, settles_cover);
    call.send(&world.ledger, &liquidator)
}

/// What lenders own.
pub fn supply(world: &World, market: &Market) -> i128 {
    market.state(&world.ledger).supply
}

/// Prices in whole USDC, one after the other, each confirmed by the hub.
pub fn fall(world: &World, dollars: &[i128]) {
    for dollars in dollars {
        price(world, *dollars);
        world.watch(HOUR / 2);
    }
}
