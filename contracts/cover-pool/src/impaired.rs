//! When the pool holds less than its books say: claims collect for seven days and are paid by one factor.

use actuary::capacity::pro_rata_down;
use actuary::time::DAY;
use actuary::Assets;
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
        settled: false,
        available: 0,
        total: 0,
        unpaid: 0,
        last_claim: 0,
    });
    if impairment.settled {
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
    require(env, is_over && !impairment.settled, CoverError::NotImpaired);
    let books = &mut pool.books;
    let mut available = books
        .cash
        .sub_or_zero(pool.premiums.unearned.units_up().or_fail(env));
    for owed in [books.claimable, books.bonds, books.bounties] {
        available = available.sub_or_zero(owed);
    }
    // Draws that wait are not lent any more.
    let total = books.pending.checked_sub(books.pending_draws).or_fail(env);
    books.reserve = books.reserve.min(available);
    impairment = Impairment {
        since: impairment.since,
        settled: true,
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
pub fn payable_part(env: &Env, id: u32, amount: Assets) -> Assets {
    let Some(mut impairment) = storage::impairment(env) else {
        return amount;
    };
    require(
        env,
        impairment.settled && id <= impairment.last_claim,
        CoverError::Impaired,
    );
    impairment.unpaid = Assets::from_raw(impairment.unpaid)
        .checked_sub(amount)
        .or_fail(env)
        .raw();
    storage::set_impairment(env, Some(&impairment));
    let (available, total) = (impairment.available, impairment.total);
    pro_rata_down(amount, Assets::from_raw(available), Assets::from_raw(total)).or_fail(env)
}

/// Takes what the court denied of a claim out of those that an impaired pool has to pay.
pub fn forget(env: &Env, id: u32, denied: Assets) {
    if let Some(mut impairment) = storage::impairment(env) {
        if impairment.settled && id <= impairment.last_claim {
            let unpaid = Assets::from_raw(impairment.unpaid).checked_sub(denied);
            impairment.unpaid = unpaid.or_fail(env).raw();
            storage::set_impairment(env, Some(&impairment));
        }
    }
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
