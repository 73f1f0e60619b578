//! The money's ways in and out.

use actuary::claim::reserve_part;
use actuary::Assets;
use soroban_sdk::token::TokenClient;
use soroban_sdk::{Address, Env};

use crate::amount::{decrease, increase};
use crate::books::Books;
use crate::errors::{require, CoverError, OrFail};
use crate::events::{Delivered, Undelivered};
use crate::identity::{is_sanctioned, require_not_sanctioned};
use crate::insured::Insured;
use crate::storage;

/// The settlement asset's client.
pub fn token(env: &Env) -> TokenClient<'_> {
    TokenClient::new(env, &storage::asset(env))
}

/// Takes `due` from `payer`, who authorised a transfer of `most`: what is too much goes back at once. A signature fixes the
/// amount before the call is made, while what is due changes with every second.
pub fn take(env: &Env, books: &mut Books, payer: &Address, most: Assets, due: Assets) {
    let (token, pool) = (token(env), env.current_contract_address());
    // Its own signature is implied where it calls, and what it gives itself would be booked as income.
    require(env, *payer != pool, CoverError::PaysItself);
    let excess = most.checked_sub(due).or_fail(env);
    if most.is_zero() {
        return;
    }
    token.transfer(payer, &pool, &most.raw());
    if !excess.is_zero() {
        token.transfer(&pool, payer, &excess.raw());
    }
    increase(env, &mut books.cash, due);
}

/// Takes `amount` from the allowance that `payer` gave to `spender`; the pool is its own spender at a renewal.
pub fn take_from_allowance(
    env: &Env,
    books: &mut Books,
    spender: &Address,
    payer: &Address,
    amount: Assets,
) {
    token(env).transfer_from(
        spender,
        payer,
        &env.current_contract_address(),
        &amount.raw(),
    );
    increase(env, &mut books.cash, amount);
}

/// Pays out of cash; what cannot be delivered, or is a sanctioned account's, stays there as claimable.
pub fn pay_out(env: &Env, books: &mut Books, to: &Address, amount: Assets) {
    if !is_sanctioned(env, to) && try_send(env, to, amount) {
        decrease(env, &mut books.cash, amount);
        return;
    }
    increase(env, &mut books.claimable, amount);
    storage::set_owed(
        env,
        to,
        storage::owed(env, to).checked_add(amount).or_fail(env),
    );
    Undelivered {
        to: to.clone(),
        amount: amount.raw(),
    }
    .publish(env);
}

/// The part of a settled loss that the reserve bears leaves it; LPs bear the rest.
pub fn charge_reserve(env: &Env, books: &mut Books, loss: Assets) {
    let borne = reserve_part(loss, books.reserve);
    decrease(env, &mut books.reserve, borne);
}

/// Pays a keeper a bounty, at most what the policy has prepaid and not spent: nobody works for one policy at the expense of
/// the others. One that cannot be delivered, or is a sanctioned keeper's, is not paid. The adapter's own waits until [`pay_bounties`]: a batch pays its
/// keeper once.
pub fn pay_bounty(env: &Env, books: &mut Books, insured: &mut Insured, to: &Address) {
    let left = &mut insured.policy.bounty_left;
    let mut bounty = Assets::from_raw(storage::terms(env).bounty).min(*left);
    if *to == insured.terms.adapter {
        increase(env, &mut books.bounties_earned, bounty);
    } else {
        bounty = send_bounty(env, books, to, bounty);
    }
    decrease(env, left, bounty);
}

/// Pays the bounties that an adapter has kept. Returns what was delivered; the rest stays in the bucket.
pub fn pay_bounties(env: &Env, to: &Address) -> Assets {
    let mut books = storage::books(env);
    let earned = core::mem::take(&mut books.bounties_earned);
    if earned.is_zero() {
        return earned;
    }
    let delivered = send_bounty(env, &mut books, to, earned);
    storage::set_books(env, &books);
    delivered
}

fn send_bounty(env: &Env, books: &mut Books, to: &Address, bounty: Assets) -> Assets {
    if is_sanctioned(env, to) || !try_send(env, to, bounty) {
        return Assets::ZERO;
    }
    decrease(env, &mut books.bounties, bounty);
    decrease(env, &mut books.cash, bounty);
    bounty
}

/// Pays what could not be delivered before, to the same address.
pub fn withdraw_claimable(env: &Env, owner: &Address) -> Assets {
    require_not_sanctioned(env, owner);
    let mut books = storage::books(env);
    let amount = storage::owed(env, owner);
    require(env, !amount.is_zero(), CoverError::NothingToWithdraw);
    decrease(env, &mut books.claimable, amount);
    decrease(env, &mut books.cash, amount);
    storage::set_owed(env, owner, Assets::ZERO);
    storage::set_books(env, &books);
    Delivered {
        to: owner.clone(),
        amount: amount.raw(),
    }
    .publish(env);
    token(env).transfer(&env.current_contract_address(), owner, &amount.raw());
    amount
}

/// Whether `amount` could be sent.
pub fn try_send(env: &Env, to: &Address, amount: Assets) -> bool {
    if amount.is_zero() {
        return true;
    }
    let sent = token(env).try_transfer(&env.current_contract_address(), to, &amount.raw());
    matches!(sent, Ok(Ok(())))
}
