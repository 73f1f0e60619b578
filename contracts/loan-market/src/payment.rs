//! The money's ways in and out.

use actuary::premium::MAX_LIMIT;
use actuary::Assets;
use soroban_sdk::{token::TokenClient, Address, Env};

use crate::errors::{require, MarketError, OrFail};
use crate::events::OwnerPaid;
use crate::market::{this, Market};
use crate::storage;

/// An amount that somebody wants moved: above zero, and no more than formulas count with.
pub fn above_zero(env: &Env, amount: i128) -> Assets {
    let is_counted = 0 < amount && amount <= MAX_LIMIT.raw();
    require(env, is_counted, MarketError::InvalidAmount);
    Assets::from_raw(amount)
}

/// Takes `due` of `token` from `payer`, who signed a transfer of `most`: what is too much goes back at once. A signature fixes
/// the amount before the call is made, while a debt grows with every second.
pub fn take(env: &Env, token: &Address, payer: &Address, most: Assets, due: Assets) {
    // Its own signature is implied where it calls, and what it gives itself would be booked as income.
    require(env, *payer != this(env), MarketError::PaysItself);
    let excess = most.checked_sub(due).or_fail(env);
    if most.is_zero() {
        return;
    }
    TokenClient::new(env, token).transfer(payer, this(env), &most.raw());
    send(env, token, payer, excess);
}

/// Sends `amount` of `token`.
pub fn send(env: &Env, token: &Address, to: &Address, amount: Assets) {
    if !amount.is_zero() {
        TokenClient::new(env, token).transfer(&this(env), to, &amount.raw());
    }
}

/// Pays an owner from cash; what cannot be delivered stays there until it is collected. Whoever calls this stores the books.
pub fn pay_owner(env: &Env, market: &mut Market, owner: &Address, amount: Assets) {
    if amount.is_zero() {
        return;
    }
    let token = TokenClient::new(env, &market.terms.config.asset);
    let sent = token.try_transfer(&this(env), owner, &amount.raw());
    let is_delivered = matches!(sent, Ok(Ok(())));
    let books = &mut market.books;
    if is_delivered {
        books.cash = books.cash.checked_sub(amount).or_fail(env);
    } else {
        books.credits = books.credits.checked_add(amount).or_fail(env);
        let owed = storage::owed(env, owner).checked_add(amount);
        storage::set_owed(env, owner, owed.or_fail(env));
    }
    tell_owner_paid(env, owner, amount, is_delivered);
}

/// Pays an owner what could not be delivered before. Returns the amount.
pub fn collect(env: &Env, owner: &Address) -> Assets {
    let mut market = Market::open(env);
    let amount = storage::owed(env, owner);
    require(env, !amount.is_zero(), MarketError::NothingToCollect);
    let books = &mut market.books;
    books.credits = books.credits.checked_sub(amount).or_fail(env);
    books.cash = books.cash.checked_sub(amount).or_fail(env);
    storage::set_owed(env, owner, Assets::ZERO);
    market.store(env);
    tell_owner_paid(env, owner, amount, true);
    send(env, &market.terms.config.asset, owner, amount);
    amount
}

fn tell_owner_paid(env: &Env, owner: &Address, amount: Assets, is_delivered: bool) {
    OwnerPaid {
        owner: owner.clone(),
        amount: amount.raw(),
        is_delivered,
    }
    .publish(env);
}
