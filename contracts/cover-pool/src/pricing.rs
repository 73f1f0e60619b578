//! Whether an order may be sold, and at which rate.

use actuary::rate::{Knot, LtvTable, Span, Tariff, UtilisationCurve, KNOTS};
use actuary::{Assets, Rate};
use interfaces::cover::GroupTerms;
use soroban_sdk::Env;

use crate::books::Pool;
use crate::capacity::{subject_cap_down, Capacity};
use crate::errors::{require, CoverError, OrFail};
use crate::policy::PerilSet;
use crate::storage::{self, Listing};

/// A limit to be sold.
pub struct Order {
    pub group: u32,
    pub perils: PerilSet,
    /// l = 1 / health factor.
    pub ltv: u32,
    /// What is added to the exposure, after `replaced` has left it.
    pub limit: Assets,
    /// A limit of the same policy that this one takes the place of.
    pub replaced: Assets,
    /// What the subject's limit is in all after the sale.
    pub subject_limit: Assets,
}

/// What an order that may be sold is priced by.
pub struct Offer {
    pub tariff: Tariff,
    pub span: Span,
    /// Longest waiting period of the perils.
    pub waiting: u64,
    /// The largest limit that could be sold.
    pub room: Assets,
}

/// Refuses what may not be sold; says how the rest is priced.
pub fn offer(env: &Env, pool: &Pool, listing: &Listing, order: &Order) -> Offer {
    let (base, waiting) = base_and_waiting(env, pool.now, listing, order);
    let capacity = Capacity::load(env, pool.now);
    let room = room_for_subject(env, pool, &capacity, &listing.terms, order);
    require(
        env,
        !order.limit.is_zero() && order.limit <= room,
        CoverError::NoRoom,
    );
    let span = Span {
        exposure: capacity
            .exposure(env)
            .checked_sub(order.replaced)
            .or_fail(env),
        limit: order.limit,
        capital: pool.staying(env),
    };
    Offer {
        tariff: tariff(env, &listing.terms, base),
        span,
        waiting,
        room,
    }
}

impl Offer {
    /// The yearly rate at l = `ltv`, rounded up.
    pub fn rate_up(&self, env: &Env, ltv: u32) -> Rate {
        self.tariff
            .rate_up(Rate::from_raw(ltv.into()), self.span)
            .or_fail(env)
            .rate
    }
}

/// The largest limit that an order could have: room in the pool, in the group's caps, and below the subject's cap.
fn room_for_subject(
    env: &Env,
    pool: &Pool,
    capacity: &Capacity,
    terms: &GroupTerms,
    order: &Order,
) -> Assets {
    let held = order.subject_limit.checked_sub(order.limit).or_fail(env);
    let subject = subject_cap_down(env, terms, pool.nav(env).lo).sub_or_zero(held);
    capacity
        .room(env, pool, order.group, order.replaced)
        .min(subject)
}

/// The sum of the perils' base rates and the longest waiting period. Every peril must be sold in the group, at this l, and
/// its base rate confirmed lately.
fn base_and_waiting(env: &Env, now: u64, listing: &Listing, order: &Order) -> (Rate, u64) {
    let max_age = storage::terms(env).base_max_age;
    let (mut base, mut waiting, mut wanted) = (Rate::ZERO, 0, 0);
    for (peril, dates) in listing.terms.perils.iter().zip(&listing.dates) {
        if order.perils.has(peril.peril) {
            require(env, order.ltv <= peril.max_ltv, CoverError::LtvTooHigh);
            require(
                env,
                now <= dates.confirmed.saturating_add(max_age),
                CoverError::BaseStale,
            );
            base = base
                .checked_add(Rate::from_raw(peril.base.into()))
                .or_fail(env);
            waiting = waiting.max(peril.waiting);
            wanted |= PerilSet::bit(peril.peril);
        }
    }
    require(
        env,
        wanted == order.perils.bits(),
        CoverError::PerilNotCovered,
    );
    (base, waiting)
}

/// A group's tariff with a base rate.
fn tariff(env: &Env, terms: &GroupTerms, base: Rate) -> Tariff {
    Tariff {
        base,
        ltv_table: ltv_table(env, terms),
        utilisation_curve: UtilisationCurve::STARTING,
        min_rate: Rate::from_raw(terms.rate_min.into()),
        max_rate: Rate::from_raw(terms.rate_max.into()),
    }
}

/// A group's LTV table; refused unless it has five knots in order.
pub fn ltv_table(env: &Env, terms: &GroupTerms) -> LtvTable {
    require(
        env,
        terms.knots.len() as usize == KNOTS,
        CoverError::InvalidTerms,
    );
    let mut knots = [Knot {
        ltv: Rate::ZERO,
        factor: Rate::ZERO,
    }; KNOTS];
    for (knot, given) in knots.iter_mut().zip(&terms.knots) {
        *knot = Knot {
            ltv: Rate::from_raw(given.ltv.into()),
            factor: Rate::from_raw(given.factor.into()),
        };
    }
    LtvTable::new(knots)
        .map_err(|_| CoverError::InvalidTerms)
        .or_fail(env)
}
