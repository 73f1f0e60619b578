//! What collateral is worth in the loan asset, and which of the hub's prices is used for what.
//!
//! | what for | price | why |
//! |---|---|---|
//! | borrowing, taking collateral out | `low`: the lower side and the 15-minute mean, whichever is less; refused while quarantined | a price that was pushed up for a moment lends nothing out: it must last 15 minutes and be seen three times |
//! | liquidating | `price`: the fresh median | lenders' safety is speed |
//! | liquidating while quarantined | `high`: the side that the borrower is better off with | a jump is liquidated even by the price that favours the borrower, or not yet |
//!
//! Repaying, adding collateral and taking it out of a loan without debt need no price. Without two sources that agree there is no
//! price: nobody borrows, and nobody is liquidated.

use actuary::health::Loan as PricedLoan;
use actuary::lending::LiquidationTerms;
use actuary::price::{Priced, PRICE_DECIMALS};
use actuary::{Assets, Price, Rate};
use soroban_sdk::{contractclient, contracttype, Address, Env};

use crate::errors::{fail, require, MarketError, OrFail};
use crate::loan::Loan;
use crate::market::Market;
use crate::storage::Terms;

/// One, as a price.
const PRICE_ONE: Price = Price::from_raw(10_i128.pow(PRICE_DECIMALS));

/// Of `interfaces::price::PairReading`; the host drops the fields that are not named here.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Fresh median of the pair.
    pub price: i128,
    /// The side that a borrower is better off with, fresh.
    pub high: i128,
    /// What the collateral is worth as security.
    pub low: i128,
    /// Whether the window does not confirm the price.
    pub quarantined: bool,
}

/// Of the price hub.
#[contractclient(name = "HubClient")]
#[allow(dead_code)]
trait Hub {
    /// A pair's price now.
    fn pair(env: Env, collateral: Address, debt: Address) -> Pair;
}

/// The collateral's price in the loan asset.
fn pair(env: &Env, terms: &Terms) -> Pair {
    let config = &terms.config;
    let hub = HubClient::new(env, &config.price_hub);
    match hub.try_pair(&config.collateral, &config.asset) {
        Ok(Ok(pair)) => pair,
        _ => fail(env, MarketError::PriceUnavailable),
    }
}

/// At which prices and incentive a loan is liquidated, with the collateral at `price`.
fn liquidation_terms(terms: &Terms, price: i128) -> LiquidationTerms {
    LiquidationTerms {
        collateral: Priced {
            price: Price::from_raw(price),
            decimals: terms.collateral_decimals,
        },
        asset: Priced {
            price: PRICE_ONE,
            decimals: terms.asset_decimals,
        },
        incentive: Rate::from_raw(terms.config.incentive.into()),
    }
}

/// A loan's health factor with the collateral at `price`, rounded down.
fn health_down(env: &Env, market: &Market, loan: &Loan, price: i128) -> Rate {
    let LiquidationTerms {
        collateral, asset, ..
    } = liquidation_terms(&market.terms, price);
    let loan = PricedLoan {
        collateral: collateral.value_down(loan.collateral, &asset).or_fail(env),
        debt: market.debt_up(env, loan),
        collateral_factor: Rate::from_raw(market.terms.config.liquidation_ltv.into()),
        liability_factor: Rate::FULL,
    };
    loan.health_factor_down().or_fail(env)
}

/// A loan's health factor at the hub's price; without debt it needs none.
pub fn health(env: &Env, market: &Market, loan: &Loan) -> Rate {
    if loan.shares.is_zero() {
        return Rate::MAX;
    }
    health_down(env, market, loan, pair(env, &market.terms).price)
}

/// Refuses what would leave a loan unsafe.
pub fn require_safe(env: &Env, market: &Market, loan: &Loan) {
    if loan.shares.is_zero() {
        return;
    }
    let pair = pair(env, &market.terms);
    require(env, !pair.quarantined, MarketError::PriceQuarantined);
    let is_safe = health_down(env, market, loan, pair.low) >= Rate::FULL;
    require(env, is_safe, MarketError::Unsafe);
}

/// At what a loan is liquidated. Refused while it is safe.
pub fn require_liquidatable(env: &Env, market: &Market, loan: &Loan) -> LiquidationTerms {
    require(env, !loan.shares.is_zero(), MarketError::Healthy);
    let pair = pair(env, &market.terms);
    let price = if pair.quarantined {
        pair.high
    } else {
        pair.price
    };
    let is_safe = health_down(env, market, loan, price) >= Rate::FULL;
    require(env, !is_safe, MarketError::Healthy);
    liquidation_terms(&market.terms, price)
}

/// Whether amounts of these decimals can be counted with.
pub const fn are_decimals_counted(collateral: u32, asset: u32) -> bool {
    collateral <= 18 && asset <= 18
}

/// What an amount of collateral is at most: what formulas count with.
pub const MAX_COLLATERAL: Assets = actuary::premium::MAX_LIMIT;
