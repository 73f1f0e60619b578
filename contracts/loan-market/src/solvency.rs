//! What is missing, and that the lenders bear it.

use actuary::Assets;
use soroban_sdk::{token::TokenClient, Address, Env};

use crate::errors::OrFail;
use crate::events::LossSocialised;
use crate::market::{this, Market};
use crate::storage;

/// Spreads what the balance is short of the books over the lenders. With an insurer it counts as owed by cover for a while, so
/// that nobody lends to share in a compensation for it. Returns the amount.
pub fn write_off(env: &Env) -> Assets {
    let mut market = Market::open(env);
    let balance = TokenClient::new(env, &market.terms.config.asset).balance(&this(env));
    let books = &mut market.books;
    let missing = books.cash.sub_or_zero(Assets::from_raw(balance));
    let lost = missing.min(books.supply);
    books.cash = books.cash.checked_sub(lost).or_fail(env);
    books.supply = books.supply.checked_sub(lost).or_fail(env);
    books.missing = books.missing.checked_add(lost).or_fail(env);
    if storage::insurer(env).is_some() {
        books.file(lost, env.ledger().timestamp()).or_fail(env);
    }
    market.store(env);
    tell_socialised(env, None, lost);
    lost
}

/// Tells that a loss was spread over the lenders, if there was one.
pub fn tell_socialised(env: &Env, loan: Option<Address>, amount: Assets) {
    if !amount.is_zero() {
        LossSocialised {
            loan,
            amount: amount.raw(),
        }
        .publish(env);
    }
}
