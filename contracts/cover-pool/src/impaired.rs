//! When the pool holds less than its books say: claims collect for seven days and are paid by one factor.

use actuary::capacity::pro_rata_down;
use actuary::time::DAY;
use actuary::Assets;
use interfaces::cover::Claim;
use soroban_sdk::{Address, Env};

use crate::books::Pool;
use crate::capacity::Capacity;
use crate::errors::{require, CoverError, OrFail};
use crate::events::{BecameImpaired, ImpairmentSettled, Recapitalised, Resumed};
use crate::payment::{take, token};
use crate::storage;
use crate::types::Impairment;

/// How long claims collect.
const COLLECTION: u64 = 7 * DAY;

/// Refuses while the pool is impaired.
pub fn require_sound(env: &Env) {
    check_sound(env).or_fail(env);
}

/// Says whether the pool is impaired.
pub fn check_sound(env: &Env) -> Result<(), CoverError> {
    match storage::impairment(env) {
        Some(_) => Err(CoverError::Impaired),
        None => Ok(()),
    }
}

/// Compares the token balance with the books. If it is below them, the books are written down to it and the pool is
/// impaired. Returns what is missing.
pub fn check_backing(env: &Env) -> Assets {
    let mut books = storage::books(env);
    let held = Assets::from_raw(token(env).balance(&env.current_contract_address()));
    let missing = books.cash.sub_or_zero(held);
    if missing.is_zero() {
        return missing;
    }
    books.cash = held;
    let mut impairment = storage::impairment(env).unwrap_or_else(|| Impairment {
        since: env.ledger().timestamp(),
        settled_at: 0,
        available: 0,
        total: 0,
        unpaid: 0,
        last_claim: 0,
    });
    if impairment.settled_at > 0 {
        settle_again(env, &mut impairment, missing);
        books.reserve = books.reserve.min(Assets::from_raw(impairment.available));
    }
    storage::set_impairment(env, Some(&impairment));
    storage::set_books(env, &books);
    BecameImpaired {
        missing: missing.raw(),
    }
    .publish(env);
    missing
}

/// Lowers a factor that was fixed by what is missing now: what is left for the claims that are unpaid, over them alone.
fn settle_again(env: &Env, impairment: &mut Impairment, missing: Assets) {
    let (total, unpaid) = (impairment.total, impairment.unpaid);
    let (total, unpaid) = (Assets::from_raw(total), Assets::from_raw(unpaid));
    let available = Assets::from_raw(impairment.available);
    let finalised = total.checked_sub(unpaid).or_fail(env);
    let paid = pro_rata_down(finalised, available, total).or_fail(env);
    impairment.available = available.sub_or_zero(paid).sub_or_zero(missing).raw();
    impairment.total = impairment.unpaid;
}

/// Fixes the factor by which the claims that collected are paid: what is there, after unearned premium and what is owed to
/// others, over all open claims. The reserve is there for claims.
pub fn settle(env: &Env) {
    let mut impairment = storage::impairment(env)
        .ok_or(CoverError::NotImpaired)
        .or_fail(env);
    let mut pool = Pool::load(env);
    let is_over = pool.now >= impairment.since.saturating_add(COLLECTION);
    require(
        env,
        is_over && impairment.settled_at == 0,
        CoverError::NotImpaired,
    );
    let books = &mut pool.books;
    let mut available = books
        .cash
        .sub_or_zero(pool.premiums.unearned.units_up().or_fail(env));
    for owed in [books.claimable, books.bonds, books.bounties] {
        available = available.sub_or_zero(owed);
    }
    // Draws that wait are not lent any more, and what nobody has decided dilutes no claim.
    let mut total = books.pending;
    for waiting in [books.pending_draws, books.appealed] {
        total = total.checked_sub(waiting).or_fail(env);
    }
    books.reserve = books.reserve.min(available);
    impairment = Impairment {
        since: impairment.since,
        settled_at: pool.now,
        available: available.raw(),
        total: total.raw(),
        unpaid: total.raw(),
        last_claim: books.last_claim,
    };
    storage::set_impairment(env, Some(&impairment));
    pool.store(env);
    ImpairmentSettled {
        available: available.raw(),
        total: total.raw(),
    }
    .publish(env);
}

/// What of a claim is paid: all of it by a sound pool; by an impaired one its part, and only of claims that collected.
pub fn payable_part(env: &Env, id: u32, claim: &Claim) -> Assets {
    let amount = Assets::from_raw(claim.amount);
    let Some(mut impairment) = storage::impairment(env) else {
        return amount;
    };
    let is_counted = has_collected(&impairment, id, claim);
    require(env, is_counted, CoverError::Impaired);
    let unpaid = Assets::from_raw(impairment.unpaid).checked_sub(amount);
    impairment.unpaid = unpaid.or_fail(env).raw();
    storage::set_impairment(env, Some(&impairment));
    let (available, total) = (impairment.available, impairment.total);
    pro_rata_down(amount, Assets::from_raw(available), Assets::from_raw(total)).or_fail(env)
}

/// Takes what the court denied of a claim out of those that an impaired pool has to pay; what is left is for the others.
pub fn forget(env: &Env, id: u32, claim: &Claim, denied: Assets) {
    if let Some(mut impairment) = storage::impairment(env) {
        if !claim.is_appeal && has_collected(&impairment, id, claim) {
            settle_again(env, &mut impairment, Assets::ZERO);
            let unpaid = Assets::from_raw(impairment.unpaid).checked_sub(denied);
            impairment.unpaid = unpaid.or_fail(env).raw();
            impairment.total = impairment.unpaid;
            storage::set_impairment(env, Some(&impairment));
        }
    }
}

/// From when on a claim that is decided now is payable: after the factor, if that was fixed in this very second, since it was not
/// counted then.
pub fn counted_from(env: &Env, now: u64) -> u64 {
    match storage::impairment(env) {
        Some(impairment) if impairment.settled_at == now => now.saturating_add(1),
        _ => now,
    }
}

/// Whether the factor was fixed for this claim among others: it waited then, and was no appeal that nobody had decided.
fn has_collected(impairment: &Impairment, id: u32, claim: &Claim) -> bool {
    let was_granted = !claim.is_appeal || claim.payable_from <= impairment.settled_at;
    impairment.settled_at > 0 && id <= impairment.last_claim && was_granted
}

/// Takes in what is given to the pool, or what salvage brought; no shares are minted for it.
pub fn recapitalise(env: &Env, from: &Address, amount: Assets) {
    require(env, !amount.is_zero(), CoverError::InvalidAmount);
    let mut books = storage::books(env);
    take(env, &mut books, from, amount, amount);
    storage::set_books(env, &books);
    Recapitalised {
        from: from.clone(),
        amount: amount.raw(),
    }
    .publish(env);
}

/// Makes the pool sound again, once it holds what its books say, the claims that collected are paid, and every limit in
/// force is backed.
pub fn resume(env: &Env) {
    let impairment = storage::impairment(env)
        .ok_or(CoverError::NotImpaired)
        .or_fail(env);
    require(env, impairment.unpaid == 0, CoverError::NotImpaired);
    let pool = Pool::load(env);
    let held = token(env).balance(&env.current_contract_address());
    require(env, held >= pool.books.cash.raw(), CoverError::Impaired);
    let exposure = Capacity::load(env, pool.now).exposure(env);
    require(env, exposure <= pool.nav(env).lo, CoverError::CapitalInUse);
    storage::set_impairment(env, None);
    Resumed {}.publish(env);
}
