//! What others read, as of now: everything accrues virtually.

use actuary::nav::Nav;
use actuary::Assets;
use interfaces::cover::{Books, Interest, Policy};
use soroban_sdk::{Address, Env, Vec};

use crate::books::Pool;
use crate::capacity::{subject_cap_down, Capacity};
use crate::held;
use crate::storage;
use crate::types::BackedGroup;

/// The books. An impaired pool whose books hold less than they owe shows a NAV of zero.
pub fn books(env: &Env) -> Books {
    let pool = Pool::load(env);
    let nothing = Nav {
        lo: Assets::ZERO,
        hi: Assets::ZERO,
    };
    let nav = match storage::impairment(env) {
        Some(_) => pool.try_nav().unwrap_or(nothing),
        None => pool.nav(env),
    };
    let Pool {
        books,
        premiums,
        now,
    } = pool;
    let capacity = Capacity::load(env, now);
    Books {
        cash: books.cash.raw(),
        unearned: premiums.unearned.raw(),
        earning_rate: premiums.earning_rate.raw(),
        pending: books.pending.raw(),
        appealed: books.appealed.raw(),
        claimable: books.claimable.raw(),
        bonds: books.bonds.raw(),
        bounties: books.bounties.raw(),
        reserve: books.reserve.raw(),
        drawn: books.advances.drawn.raw(),
        fees_owed: books.advances.fees_owed.raw(),
        fee_rate: books.advances.fee_rate.raw(),
        shares: books.shares.raw(),
        queued: books.queued.raw(),
        exposure: capacity.exposure(env).raw(),
        in_force: capacity.in_force.raw(),
        nav_lo: nav.lo.raw(),
        nav_hi: nav.hi.raw(),
    }
}

/// A policy.
pub fn policy(env: &Env, interest: &Interest) -> Option<Policy> {
    let now = env.ledger().timestamp();
    storage::policy(env, interest).map(|policy| policy.view(env, now))
}

/// The live policies of an owner, each with its interest.
pub fn policies_of(env: &Env, owner: &Address) -> Vec<(Interest, Policy)> {
    let now = env.ledger().timestamp();
    let live = held::live(env, storage::held(env, owner), owner, now);
    let shown = live.map(|(interest, policy)| (interest, policy.view(env, now)));
    Vec::from_iter(env, shown)
}

/// The largest limit that could be sold to one subject of a group.
pub fn room(env: &Env, group: u32) -> Assets {
    let pool = Pool::load(env);
    let subject = subject_cap_down(env, &storage::listing(env, group).terms, pool.nav(env).lo);
    Capacity::load(env, pool.now)
        .room(env, &pool, group, Assets::ZERO)
        .min(subject)
}

/// Use of a group.
pub fn group_state(env: &Env, group: u32) -> BackedGroup {
    let cap = storage::listing(env, group).terms.cap;
    let book = storage::group(env, group, env.ledger().timestamp());
    BackedGroup {
        exposure: book.ring.exposure.raw(),
        drawn: book.drawn.raw(),
        cap,
        paid_at_once: book.paid_at_once.sum(env).raw(),
    }
}
