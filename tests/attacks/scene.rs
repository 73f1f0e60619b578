//! What the attacks start from: a world with capital and insured loans.

use actuary::{health, Assets, Rate};
use localnet::{xdr::ScAddress, InvokeError, Keypair};
use testkit::{
    asset::UNIT,
    bindings::{blend_adapter as adapter, position},
    feeds::Feed,
    world::{Setup, World},
};

pub use adapter::Peril::{Advance, Collateral, Grant, Liquidation};
pub use testkit::{
    refusal::*,
    scene::{books, fall, filed, grant, interest, paid, policy, price, rescue},
};

pub const HOUR: u64 = 3_600;
pub const DAY: u64 = 24 * HOUR;
pub const WEEK: u64 = 7 * DAY;

/// What the LP of [`staked`] gives: every cap of a group is a part of it.
pub const CAPITAL: i128 = 2_000_000 * UNIT;

/// A world whose cover pool has capital, and its LP.
pub fn staked(setup: &Setup) -> (World, Keypair) {
    let world = World::new(setup);
    let lp = world.stake("lp", CAPITAL);
    (world, lp)
}

/// The usual setup with only two sources for the collateral.
pub fn two_sources() -> Setup {
    Setup {
        collateral_feeds: vec![Feed::Reflector, Feed::Redstone],
        ..Setup::default()
    }
}

/// A tick box: these perils for eight weeks, repaying.
pub fn request(perils: &[adapter::Peril], limit: i128) -> adapter::CoverRequest {
    adapter::CoverRequest {
        limit,
        max_premium: 10_000 * UNIT,
        max_rate: 0,
        perils: perils.to_vec(),
        route: adapter::Route::Repay,
        weeks: 8,
    }
}

/// A borrower with `collateral` of the world's collateral asset, and USDC for premiums.
pub fn borrower(world: &World, name: &str, collateral: i128) -> Keypair {
    let borrower = world.funded(name, 20_000 * UNIT);
    let asset = &world.collateral;
    asset.mint(&world.ledger, &borrower.address(), collateral);
    borrower
}

/// A borrower's loan of 8 000 USDC against 10 of the collateral, at 2 000 USDC each: a health factor of 1.78.
pub fn loan(
    world: &World,
    name: &str,
    insure: Option<adapter::CoverRequest>,
) -> (Keypair, position::Client) {
    let borrower = borrower(world, name, 10 * UNIT);
    let opened = world.open_loan(&borrower, 10 * UNIT, 8_000 * UNIT, insure);
    (borrower, opened.unwrap().0)
}

/// Records the event under way on the pair of collateral and USDC.
pub fn trigger(world: &World) -> Result<(), InvokeError> {
    let pair = (&world.collateral.contract, &world.usdc.contract);
    let sign = localnet::Auth::Sign(&[]);
    let keeper = &world.keeper;
    world
        .ledger
        .call(keeper, &world.hub.address, "trigger", pair, sign)?;
    Ok(())
}

/// What repays a position of the world's market up to the target, at the hub's price.
pub fn needed(world: &World, position: &position::Client) -> i128 {
    let health = world.health(position);
    let loan = health::Loan {
        collateral: Assets::from_raw(health.value),
        debt: Assets::from_raw(health.debt),
        collateral_factor: Rate::from_raw(7_500_000),
        liability_factor: Rate::from_raw(9_500_000),
    };
    loan.repay_to_reach_up(health::TARGET).unwrap().raw()
}

/// An outcome that was skipped with the adapter's error.
pub fn skipped(error: adapter::AdapterError) -> adapter::Outcome {
    adapter::Outcome::Skipped(error as u32)
}

/// USDC that somebody holds.
pub fn usdc(world: &World, holder: &ScAddress) -> i128 {
    world.usdc.balance(&world.ledger, holder)
}
