//! What scenes on both platforms are made of: a borrower, their loan of the market, a fall of the price, a liquidation, and what a
//! keeper makes of it.

use localnet::{xdr::ScAddress, InvokeError, Keypair, SECONDS_PER_LEDGER};

use crate::{
    asset::UNIT,
    bindings::OnLedger,
    bindings::{
        blend_adapter as adapter, cover_pool as cover,
        loan_market::{CoverRequest, Liquidated, Peril, Quote, Route},
        position,
    },
    blend::Request,
    feeds::PRICE_ONE,
    market::Market,
    world::World,
};

/// A usual loan's collateral: worth 20 000 USDC at 2 000 each.
pub const COLLATERAL: i128 = 10 * UNIT;
/// What a usual loan of the market owes at first: a health factor of 1.6.
pub const MARKET_DEBT: i128 = 10_000 * UNIT;
/// The usual limit.
pub const LIMIT: i128 = 4_000 * UNIT;
/// What a liquidator repays at most, or brings as collateral of their own.
const MEANS: i128 = 20_000 * UNIT;
const LIQUIDATOR: &str = "liquidator";

const SUPPLY_COLLATERAL: u32 = 2;
const FILL_USER_LIQUIDATION: u32 = 6;

/// Somebody with [`COLLATERAL`] and so much USDC.
pub fn applicant(world: &World, name: &str, usdc: i128) -> Keypair {
    let owner = world.funded(name, usdc);
    let asset = &world.collateral;
    asset.mint(&world.ledger, &owner.address(), COLLATERAL);
    owner
}

/// The price of the collateral in whole USDC, everywhere, from now on.
pub fn price(world: &World, dollars: i128) {
    world.set_price(&world.collateral, dollars * PRICE_ONE);
    world.tick();
}

/// The price falls step by step, each confirmed by the hub, so that none is quarantined.
pub fn fall(world: &World, dollars: &[i128]) {
    for dollars in dollars {
        price(world, *dollars);
        world.watch(1_800);
    }
}

/// A tick box of the market: these perils at [`LIMIT`] for eight weeks.
#[must_use]
pub fn market_request(perils: &[Peril]) -> CoverRequest {
    CoverRequest {
        limit: LIMIT,
        max_premium: 300 * UNIT,
        max_rate: 0,
        perils: perils.to_vec(),
        route: Route::Adapter,
        weeks: 8,
    }
}

/// A borrower with nothing but [`COLLATERAL`], and their loan of [`MARKET_DEBT`] on the market, insured in the same call.
pub fn market_loan(
    world: &World,
    market: &Market,
    name: &str,
    perils: &[Peril],
) -> (Keypair, ScAddress, Quote) {
    let owner = applicant(world, name, 0);
    let (ledger, request) = (&world.ledger, Some(market_request(perils)));
    let opened = market.borrow(ledger, &owner, COLLATERAL, MARKET_DEBT, request);
    let (loan, quote) = opened.unwrap();
    (owner, loan, quote.unwrap())
}

/// What the market's lenders own.
pub fn supply(world: &World, market: &Market) -> i128 {
    market.state(&world.ledger).supply
}

/// The account that liquidates on the market, with 100 000 USDC.
pub fn liquidator(world: &World) -> Keypair {
    world.funded(LIQUIDATOR, 5 * MEANS)
}

/// The liquidator's call for all of a loan's [`COLLATERAL`].
///
/// # Errors
/// Any refusal of the market.
pub fn liquidate(
    world: &World,
    market: &Market,
    loan: &ScAddress,
    settles_cover: bool,
) -> Result<Liquidated, InvokeError> {
    liquidate_part(world, market, loan, COLLATERAL, settles_cover)
}

/// The same for a part of it.
///
/// # Errors
/// Any refusal of the market.
pub fn liquidate_part(
    world: &World,
    market: &Market,
    loan: &ScAddress,
    seize: i128,
    settles_cover: bool,
) -> Result<Liquidated, InvokeError> {
    let liquidator = Keypair::named(LIQUIDATOR);
    let call = market
        .platform
        .liquidate(loan, &liquidator, seize, MEANS, settles_cover);
    call.send(&world.ledger, &liquidator)
}

/// A liquidation on Blend: an auction of `percent` of somebody's loan, filled so many ledgers after it began.
pub fn liquidate_on_blend(
    world: &World,
    (filler, user): (&Keypair, &ScAddress),
    percent: u32,
    ledgers: u64,
) {
    let (ledger, pool) = (&world.ledger, &world.pool);
    let (bid, lot) = (&world.usdc, &world.collateral);
    let started = pool.start_liquidation(ledger, filler, user, bid, lot, percent);
    started.unwrap();
    ledger.advance((1 + ledgers) * SECONDS_PER_LEDGER);
    let request = |request_type, address: &ScAddress, amount| Request {
        request_type,
        address: address.clone(),
        amount,
    };
    let fill = [
        request(SUPPLY_COLLATERAL, &bid.contract, MEANS),
        request(FILL_USER_LIQUIDATION, user, 100),
    ];
    pool.submit(ledger, filler, &fill).unwrap();
}

/// What a keeper's attempt to rescue one position comes to.
pub fn rescue(world: &World, position: &position::Client) -> adapter::Outcome {
    let call = world
        .adapter
        .rescue(&vec![position.0.clone()], &world.keeper);
    call.send(&world.ledger, &world.keeper).unwrap().remove(0)
}

/// What a keeper's attempt to pay one position its grant comes to.
pub fn grant(world: &World, position: &position::Client) -> adapter::Outcome {
    let call = world
        .adapter
        .grant(&vec![position.0.clone()], &world.keeper);
    call.send(&world.ledger, &world.keeper).unwrap().remove(0)
}

/// What an outcome paid at once.
#[track_caller]
pub fn paid(outcome: &adapter::Outcome) -> i128 {
    match outcome {
        adapter::Outcome::Done(adapter::Settlement::Paid(amount)) => *amount,
        other => panic!("not paid: {other:?}"),
    }
}

/// The claim that an outcome filed, and its amount.
#[track_caller]
pub fn filed(outcome: &adapter::Outcome) -> (u32, i128) {
    match outcome {
        adapter::Outcome::Done(adapter::Settlement::Filed(claim, amount)) => (*claim, *amount),
        other => panic!("not filed: {other:?}"),
    }
}

/// A position's insurable interest.
pub fn interest(position: &position::Client) -> cover::Interest {
    cover::Interest(position.0.clone(), cover::Class::Loan)
}

/// A position's policy.
#[track_caller]
pub fn policy(world: &World, position: &position::Client) -> cover::Policy {
    world.policy(position).unwrap()
}

/// The cover pool's books.
pub fn books(world: &World) -> cover::Books {
    world.cover.books().view(&world.ledger).unwrap()
}
