//! Exits of LPs: an irrevocable request, 14 days at risk, then the payment.

use actuary::capacity::{is_at_parity, EXIT_DELAY};
use actuary::nav::{assets_for_down, shares_for_up};
use actuary::{Assets, Shares};
use soroban_sdk::{token::TokenClient, Address, Env, Vec};
use stellar_tokens::fungible::{emit_transfer, Base};
use stellar_tokens::vault::emit_withdraw;

use crate::amount::{decrease, increase};
use crate::books::Pool;
use crate::capacity::Capacity;
use crate::errors::{require, CoverError, OrFail};
use crate::events::{ExitPaid, ExitRequested};
use crate::payment::pay_out;
use crate::types::{bounds::EXITS_PER_OWNER, Exit, Scope};
use crate::{identity, pause, storage};

/// One exit that waits.
#[derive(Clone, Copy, Default)]
struct Slot {
    shares: Shares,
    requested_at: u64,
}

/// The exits of one owner, by slot; one without shares is free.
#[derive(Clone, Copy, Default)]
pub struct Exits([Slot; EXITS_PER_OWNER]);

/// How many numbers [`Exits`] packs.
const EXIT_NUMBERS: usize = EXITS_PER_OWNER * 2;

impl Exits {
    /// The numbers to pack.
    pub fn numbers(&self) -> [i128; EXIT_NUMBERS] {
        let mut numbers = [0; EXIT_NUMBERS];
        let values = self
            .0
            .iter()
            .flat_map(|slot| [slot.shares.raw(), slot.requested_at.into()]);
        numbers
            .iter_mut()
            .zip(values)
            .for_each(|(number, value)| *number = value);
        numbers
    }

    /// The exits from their numbers.
    pub fn from_numbers(numbers: [i128; EXIT_NUMBERS]) -> Self {
        let mut exits = Self::default();
        for (slot, pair) in exits.0.iter_mut().zip(numbers.chunks_exact(2)) {
            if let [shares, requested_at] = *pair {
                let shares = Shares::from_raw(shares);
                *slot = Slot {
                    shares,
                    requested_at: requested_at as u64,
                };
            }
        }
        exits
    }

    /// All slots, as others see them.
    pub fn view(&self, env: &Env) -> Vec<Exit> {
        let exits = self.0.iter().map(|slot| Exit {
            shares: slot.shares.raw(),
            requested_at: slot.requested_at,
        });
        Vec::from_iter(env, exits)
    }

    /// Shares whose delay is over.
    fn matured(&self, now: u64) -> impl Iterator<Item = Shares> + '_ {
        self.0
            .iter()
            .filter(move |slot| slot.is_matured(now))
            .map(|slot| slot.shares)
    }
}

impl Slot {
    fn is_matured(&self, now: u64) -> bool {
        !self.shares.is_zero() && now >= self.requested_at.saturating_add(EXIT_DELAY)
    }

    /// Frees the slot when nothing is left in it.
    fn take(&mut self, env: &Env, shares: Shares) {
        decrease(env, &mut self.shares, shares);
        if self.shares.is_zero() {
            *self = Self::default();
        }
    }
}

/// Moves shares into escrow, irrevocably. Returns the slot.
pub fn request(env: &Env, owner: &Address, shares: i128) -> u32 {
    let shares = Shares::checked_from_raw(shares).or_fail(env);
    require(env, !shares.is_zero(), CoverError::InvalidAmount);
    let (mut books, mut exits) = (storage::books(env), storage::exits(env, owner));
    let free = (0..)
        .zip(&mut exits.0)
        .find(|(_, slot)| slot.shares.is_zero());
    let (number, slot) = free.ok_or(CoverError::TooMany).or_fail(env);
    *slot = Slot {
        shares,
        requested_at: env.ledger().timestamp(),
    };
    increase(env, &mut books.queued, shares);
    Base::update(env, Some(owner), None, shares.raw());
    storage::set_exits(env, owner, &exits);
    storage::set_books(env, &books);
    emit_transfer(
        env,
        owner,
        &env.current_contract_address(),
        None,
        shares.raw(),
    );
    ExitRequested {
        owner: owner.clone(),
        slot: number,
        shares: shares.raw(),
    }
    .publish(env);
    number
}

/// Pays one exit in full at NAV_lo: to its owner, by anyone while NAV_lo is at least 99.5 % of NAV_hi and no appeal is open, with
/// which a policy's owner could lower it for a moment. Returns the assets.
pub fn fulfil(env: &Env, owner: &Address, number: u32, caller: &Address, min_out: i128) -> Assets {
    pause::require_open(env, Scope::Exits);
    let (mut pool, mut exits) = (Pool::load(env), storage::exits(env, owner));
    let slot = exits
        .0
        .get_mut(number as usize)
        .ok_or(CoverError::UnknownExit)
        .or_fail(env);
    let shares = slot.shares;
    require(env, !shares.is_zero(), CoverError::UnknownExit);
    require(env, slot.is_matured(pool.now), CoverError::TooEarly);
    let nav = pool.nav(env);
    let is_fair = pool.books.appealed.is_zero() && is_at_parity(nav).or_fail(env);
    require(env, caller == owner || is_fair, CoverError::OwnerOnly);
    let out = assets_for_down(shares, pool.books.shares, nav.lo).or_fail(env);
    require(env, out.raw() >= min_out, CoverError::TooLittleOut);
    Capacity::load(env, pool.now)
        .check_exit(env, nav.lo, out)
        .or_fail(env);
    slot.take(env, shares);
    burn(env, &mut pool, shares);
    pay_out(env, &mut pool.books, owner, out);
    storage::set_exits(env, owner, &exits);
    pool.store(env);
    ExitPaid {
        owner: owner.clone(),
        slot: number,
        shares: shares.raw(),
    }
    .publish(env);
    emit_withdraw(env, caller, owner, owner, out.raw(), shares.raw());
    out
}

/// Shares of matured requests that can be paid now, request by request.
pub fn redeemable(env: &Env, owner: &Address) -> Shares {
    if pause::check_open(env, Scope::Exits).is_err() {
        return Shares::ZERO;
    }
    let (pool, exits) = (Pool::load(env), storage::exits(env, owner));
    let (nav, capacity) = (pool.nav(env), Capacity::load(env, pool.now));
    let mut payable = Shares::ZERO;
    for shares in exits.matured(pool.now) {
        let together = payable.checked_add(shares).or_fail(env);
        let out = assets_for_down(together, pool.books.shares, nav.lo).or_fail(env);
        if !out.is_zero() && capacity.check_exit(env, nav.lo, out).is_ok() {
            payable = together;
        }
    }
    payable
}

/// Who takes part in a redemption.
pub struct Redemption<'a> {
    pub owner: &'a Address,
    pub receiver: &'a Address,
    pub operator: &'a Address,
}

/// Pays `shares` of the owner's matured requests to a receiver, at NAV_lo rounded down. Returns the assets.
pub fn redeem(env: &Env, redemption: &Redemption, shares: i128) -> Assets {
    let (pool, shares) = (
        Pool::load(env),
        Shares::checked_from_raw(shares).or_fail(env),
    );
    let out = assets_for_down(shares, pool.books.shares, pool.nav(env).lo).or_fail(env);
    pay(env, pool, redemption, shares, out);
    out
}

/// Pays exactly `assets` for as many shares of the owner's matured requests as they take, rounded up. Returns the shares.
pub fn withdraw(env: &Env, redemption: &Redemption, assets: i128) -> Shares {
    let (pool, assets) = (
        Pool::load(env),
        Assets::checked_from_raw(assets).or_fail(env),
    );
    let shares = shares_for_up(assets, pool.books.shares, pool.nav(env).lo).or_fail(env);
    pay(env, pool, redemption, shares, assets);
    shares
}

/// Pays matured requests, oldest slot first.
fn pay(env: &Env, mut pool: Pool, redemption: &Redemption, shares: Shares, out: Assets) {
    pause::require_open(env, Scope::Exits);
    require(
        env,
        !shares.is_zero() && !out.is_zero(),
        CoverError::InvalidAmount,
    );
    let Redemption {
        owner,
        receiver,
        operator,
    } = redemption;
    for account in [owner, receiver] {
        identity::require_not_sanctioned(env, account);
    }
    let mut exits = storage::exits(env, owner);
    Capacity::load(env, pool.now)
        .check_exit(env, pool.nav(env).lo, out)
        .or_fail(env);
    if operator != owner {
        Base::spend_allowance(env, owner, operator, shares.raw());
    }
    let mut left = shares;
    for (number, slot) in (0..)
        .zip(&mut exits.0)
        .filter(|(_, slot)| slot.is_matured(pool.now))
    {
        let taken = left.min(slot.shares);
        if taken.is_zero() {
            break;
        }
        slot.take(env, taken);
        decrease(env, &mut left, taken);
        ExitPaid {
            owner: (*owner).clone(),
            slot: number,
            shares: taken.raw(),
        }
        .publish(env);
    }
    require(env, left.is_zero(), CoverError::TooEarly);
    burn(env, &mut pool, shares);
    decrease(env, &mut pool.books.cash, out);
    storage::set_exits(env, owner, &exits);
    pool.store(env);
    emit_withdraw(env, operator, receiver, owner, out.raw(), shares.raw());
    let token = TokenClient::new(env, &storage::asset(env));
    token.transfer(&env.current_contract_address(), *receiver, &out.raw());
}

/// Takes escrowed shares out of the supply.
fn burn(env: &Env, pool: &mut Pool, shares: Shares) {
    decrease(env, &mut pool.books.shares, shares);
    decrease(env, &mut pool.books.queued, shares);
}
