//! Lenders: supplying for shares, redeeming them, and the market's own part of the interest.

use actuary::lending::{redeemed_assets_down, supply_shares_down, MAX_FEE};
use actuary::premium::MAX_LIMIT;
use actuary::{Assets, Rate, Shares};
use soroban_sdk::{Address, Env};

use crate::errors::{require, MarketError, OrFail};
use crate::events::{FeeCollected, FeeSet, Redeemed, Supplied};
use crate::market::Market;
use crate::payment::{above_zero, send, take};
use crate::storage::{self, Fee};

/// Lends `assets` for shares at the high value. Returns the shares.
pub fn supply(env: &Env, lender: &Address, assets: i128, min_shares: i128) -> Shares {
    require(env, !storage::is_paused(env), MarketError::Paused);
    let assets = above_zero(env, assets);
    let mut market = Market::open(env);
    let books = &mut market.books;
    let high = books.supply_high(env.ledger().timestamp()).or_fail(env);
    let shares = supply_shares_down(assets, books.supply_shares, high).or_fail(env);
    let is_enough = !shares.is_zero() && shares.raw() >= min_shares;
    require(env, is_enough, MarketError::TooFewShares);
    let total = high.checked_add(assets).or_fail(env);
    require(env, total <= MAX_LIMIT, MarketError::InvalidAmount);
    books.supply = books.supply.checked_add(assets).or_fail(env);
    books.cash = books.cash.checked_add(assets).or_fail(env);
    books.supply_shares = books.supply_shares.checked_add(shares).or_fail(env);
    give(env, lender, shares);
    market.store(env);
    Supplied {
        lender: lender.clone(),
        assets: assets.raw(),
        shares: shares.raw(),
    }
    .publish(env);
    take(env, &market.terms.config.asset, lender, assets, assets);
    shares
}

/// Pays `redeemed` shares out at the low value. Returns the assets.
pub fn redeem(
    env: &Env,
    lender: &Address,
    redeemed: i128,
    min_assets: i128,
    to: &Address,
) -> Assets {
    require(env, redeemed > 0, MarketError::InvalidAmount);
    let redeemed = Shares::from_raw(redeemed);
    let mut market = Market::open(env);
    if is_fee_recipient(env, lender) {
        collect_fee(env, &mut market);
    }
    let held = storage::shares(env, lender);
    require(env, redeemed <= held, MarketError::NotEnough);
    let books = &mut market.books;
    let assets = redeemed_assets_down(redeemed, books.supply_shares, books.supply).or_fail(env);
    let is_enough = !assets.is_zero() && assets.raw() >= min_assets;
    require(env, is_enough, MarketError::TooLittleOut);
    market.require_liquid(env, assets);
    let books = &mut market.books;
    books.supply = books.supply.checked_sub(assets).or_fail(env);
    books.cash = books.cash.checked_sub(assets).or_fail(env);
    books.supply_shares = books.supply_shares.checked_sub(redeemed).or_fail(env);
    storage::set_shares(env, lender, held.checked_sub(redeemed).or_fail(env));
    market.store(env);
    Redeemed {
        lender: lender.clone(),
        assets: assets.raw(),
        shares: redeemed.raw(),
        to: to.clone(),
    }
    .publish(env);
    send(env, &market.terms.config.asset, to, assets);
    assets
}

/// What so many shares would be paid now.
pub fn preview_redeem(env: &Env, shares: i128) -> Assets {
    let books = Market::peek(env).books;
    let shares = Shares::checked_from_raw(shares).or_fail(env);
    redeemed_assets_down(shares, books.supply_shares, books.supply).or_fail(env)
}

/// A lender's shares; the fee's recipient has those of the fee too.
pub fn shares_of(env: &Env, lender: &Address) -> Shares {
    let held = storage::shares(env, lender);
    if !is_fee_recipient(env, lender) {
        return held;
    }
    held.checked_add(Market::peek(env).books.fee_shares)
        .or_fail(env)
}

/// Sets the market's part of the interest from now on. What was earned until now is handed to its recipient first.
pub fn set_fee(env: &Env, rate: u32, recipient: &Address) {
    let is_allowed = Rate::from_raw(rate.into()) <= MAX_FEE;
    require(env, is_allowed, MarketError::InvalidConfig);
    let mut market = Market::open(env);
    collect_fee(env, &mut market);
    market.store(env);
    storage::set_fee(
        env,
        &Fee {
            rate,
            recipient: recipient.clone(),
        },
    );
    FeeSet {
        fee: rate,
        recipient: recipient.clone(),
    }
    .publish(env);
}

fn is_fee_recipient(env: &Env, lender: &Address) -> bool {
    storage::fee(env).is_some_and(|fee| fee.recipient == *lender)
}

/// Hands the fee's shares to their recipient. Until then they are one number in the books, so that interest writes no entry
/// of its own.
fn collect_fee(env: &Env, market: &mut Market) {
    let shares = core::mem::take(&mut market.books.fee_shares);
    let recipient = storage::fee(env).map(|fee| fee.recipient);
    let Some(recipient) = recipient.filter(|_| !shares.is_zero()) else {
        return;
    };
    give(env, &recipient, shares);
    FeeCollected {
        recipient,
        shares: shares.raw(),
    }
    .publish(env);
}

/// Adds to a lender's shares.
fn give(env: &Env, lender: &Address, shares: Shares) {
    let held = storage::shares(env, lender).checked_add(shares);
    storage::set_shares(env, lender, held.or_fail(env));
}
