//! The money's ways in and out.

use actuary::claim::reserve_part;
use actuary::Assets;
use soroban_sdk::token::TokenClient;
use soroban_sdk::{Address, Env};

use crate::amount::{decrease, increase};
use crate::books::Books;
use crate::errors::{require, CoverError};
use crate::events::{Delivered, Undelivered};
use crate::storage;

/// The settlement asset's client.
pub fn token(env: &Env) -> Result<TokenClient<'_>, CoverError> {
    Ok(TokenClient::new(env, &storage::asset(env)?))
}

/// Takes `due` from `payer`, who authorised a transfer of `most`: what is too much goes back at once. A signature fixes the
/// amount before the call is made, while what is due changes with every second.
pub fn take(
    env: &Env,
    books: &mut Books,
    payer: &Address,
    most: Assets,
    due: Assets,
) -> Result<(), CoverError> {
    let (token, pool) = (token(env)?, env.current_contract_address());
    // Its own signature is implied where it calls, and what it gives itself would be booked as income.
    require(*payer != pool, CoverError::PaysItself)?;
    let excess = most.checked_sub(due)?;
    if most.is_zero() {
        return Ok(());
    }
    token.transfer(payer, &pool, &most.raw());
    if !excess.is_zero() {
        token.transfer(&pool, payer, &excess.raw());
    }
    increase(&mut books.cash, due)?;
    Ok(())
}

/// Takes `amount` from the allowance that `payer` gave to `spender`; the pool is its own spender at a renewal.
pub fn take_from_allowance(
    env: &Env,
    books: &mut Books,
    spender: &Address,
    payer: &Address,
    amount: Assets,
) -> Result<(), CoverError> {
    token(env)?.transfer_from(
        spender,
        payer,
        &env.current_contract_address(),
        &amount.raw(),
    );
    increase(&mut books.cash, amount)?;
    Ok(())
}

/// Pays out of cash; what cannot be delivered stays there as claimable.
pub fn pay_out(
    env: &Env,
    books: &mut Books,
    to: &Address,
    amount: Assets,
) -> Result<(), CoverError> {
    if try_send(env, to, amount)? {
        decrease(&mut books.cash, amount)?;
        return Ok(());
    }
    increase(&mut books.claimable, amount)?;
    storage::set_owed(env, to, storage::owed(env, to).checked_add(amount)?);
    Undelivered {
        to: to.clone(),
        amount: amount.raw(),
    }
    .publish(env);
    Ok(())
}

/// The part of a settled loss that the reserve bears leaves it; LPs bear the rest.
pub fn charge_reserve(books: &mut Books, loss: Assets) -> Result<(), CoverError> {
    let borne = reserve_part(loss, books.reserve);
    decrease(&mut books.reserve, borne)?;
    Ok(())
}

/// Pays a keeper as much of the bounty as is there. One that cannot be delivered is not paid.
pub fn pay_bounty(env: &Env, books: &mut Books, to: &Address) -> Result<(), CoverError> {
    let bounty = bounty(env, books)?;
    send_bounty(env, books, to, bounty)?;
    Ok(())
}

/// The same, but the adapter's own waits until [`pay_bounties`]: a batch pays its keeper once.
pub fn pay_or_keep_bounty(
    env: &Env,
    books: &mut Books,
    adapter: &Address,
    to: &Address,
) -> Result<(), CoverError> {
    if to != adapter {
        return pay_bounty(env, books, to);
    }
    let bounty = bounty(env, books)?;
    increase(&mut books.bounties_earned, bounty)?;
    Ok(())
}

/// Pays the bounties that an adapter has kept. Returns what was delivered; the rest stays in the bucket.
pub fn pay_bounties(env: &Env, to: &Address) -> Result<Assets, CoverError> {
    let mut books = storage::books(env)?;
    let earned = core::mem::take(&mut books.bounties_earned);
    if earned.is_zero() {
        return Ok(earned);
    }
    let delivered = send_bounty(env, &mut books, to, earned)?;
    storage::set_books(env, &books)?;
    Ok(delivered)
}

/// One bounty, or what is left of the bucket.
fn bounty(env: &Env, books: &Books) -> Result<Assets, CoverError> {
    let left = books.bounties.checked_sub(books.bounties_earned)?;
    Ok(Assets::from_raw(storage::terms(env)?.bounty).min(left))
}

fn send_bounty(
    env: &Env,
    books: &mut Books,
    to: &Address,
    bounty: Assets,
) -> Result<Assets, CoverError> {
    if !try_send(env, to, bounty)? {
        return Ok(Assets::ZERO);
    }
    decrease(&mut books.bounties, bounty)?;
    decrease(&mut books.cash, bounty)?;
    Ok(bounty)
}

/// Pays what could not be delivered before, to the same address.
pub fn withdraw_claimable(env: &Env, owner: &Address) -> Result<Assets, CoverError> {
    let mut books = storage::books(env)?;
    let amount = storage::owed(env, owner);
    require(!amount.is_zero(), CoverError::NothingToWithdraw)?;
    decrease(&mut books.claimable, amount)?;
    decrease(&mut books.cash, amount)?;
    storage::set_owed(env, owner, Assets::ZERO);
    storage::set_books(env, &books)?;
    Delivered {
        to: owner.clone(),
        amount: amount.raw(),
    }
    .publish(env);
    token(env)?.transfer(&env.current_contract_address(), owner, &amount.raw());
    Ok(amount)
}

/// Whether `amount` could be sent.
fn try_send(env: &Env, to: &Address, amount: Assets) -> Result<bool, CoverError> {
    if amount.is_zero() {
        return Ok(true);
    }
    let sent = token(env)?.try_transfer(&env.current_contract_address(), to, &amount.raw());
    Ok(matches!(sent, Ok(Ok(()))))
}
