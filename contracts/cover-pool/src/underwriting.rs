//! Underwriting: which applications and changes of a policy are refused, and what the others cost.

use actuary::premium::Premium;
use actuary::quote::{Quote as Price, QuoteRequest};
use actuary::time::{term_end, DAY};
use actuary::{Assets, Rate};
use interfaces::cover::{Application, Class, Interest, Quote, Route};
use interfaces::position::PositionClient;
use soroban_sdk::{Address, Env};

use crate::books::Pool;
use crate::errors::{require, CoverError, OrFail};
use crate::insured::Insured;
use crate::policy::PerilSet;
use crate::pricing::{offer, Offer, Order};
use crate::storage::{self, Listing};

/// What is left of a term after the waiting period, at least.
const LEAST_COVER: u64 = 7 * DAY;

/// An application that may be sold, priced.
pub struct Underwritten {
    pub perils: PerilSet,
    pub offer: Offer,
    pub price: Price,
    pub listing: Listing,
}

/// Refuses an application that may not be sold, and prices the rest.
pub fn underwrite(env: &Env, pool: &Pool, application: &Application) -> Underwritten {
    let listing = storage::listing(env, application.group);
    let perils = PerilSet::of(&application.perils)
        .ok_or(CoverError::PerilNotCovered)
        .or_fail(env);
    require_insurable(env, &application.interest, listing.terms.class, pool.now);
    let limit = Assets::checked_from_raw(application.limit).or_fail(env);
    let (group, ltv) = (application.group, application.ltv);
    let order = Order {
        group,
        perils,
        ltv,
        limit,
        replaced: Assets::ZERO,
        subject_limit: limit,
    };
    let end = term_end(pool.now, application.weeks)
        .map_err(|_| CoverError::InvalidTerm)
        .or_fail(env);
    let offer = offer(env, pool, &listing, &order);
    require_long_enough(env, pool.now, end, offer.waiting);
    let request = QuoteRequest {
        span: offer.span,
        ltv: Rate::from_raw(ltv.into()),
        weeks: application.weeks,
        minimum: Assets::from_raw(storage::terms(env).min_premium),
        debt: Assets::ZERO,
        borrow_rate: Rate::ZERO,
    };
    let price = Price::of(&offer.tariff, &request, pool.now).or_fail(env);
    Underwritten {
        perils,
        offer,
        price,
        listing,
    }
}

/// Refuses an interest of another class than the group sells, and one that is insured already.
fn require_insurable(env: &Env, interest: &Interest, class: Class, now: u64) {
    require(env, interest.1 == class, CoverError::WrongClass);
    let earlier = storage::policy(env, interest);
    let is_insured = earlier.is_some_and(|policy| policy.is_live(now));
    require(env, !is_insured, CoverError::AlreadyInsured);
}

/// Refuses a loan on a subject that does not name this adapter as its own: else any adapter could insure another one's
/// positions, and keep them from cover that pays. A quote does not ask, since its position may not be deployed yet.
pub fn require_own_subject(env: &Env, application: &Application, adapter: &Address) {
    let Interest(subject, class) = &application.interest;
    if *class != Class::Loan {
        return;
    }
    let is_own = match application.route {
        // Such a loan is an entry in its platform's books, under an address of its own where nothing is deployed.
        Route::Adapter => !subject.exists(),
        Route::Repay | Route::BuyCollateral => {
            let links = PositionClient::new(env, subject).try_links();
            matches!(links, Ok(Ok(links)) if links.adapter == *adapter)
        }
    };
    require(env, is_own, CoverError::ForeignSubject)
}

/// The offer for a change of a policy: the limit to sell, the one it replaces, and the policy's limit afterwards.
pub fn offer_more(
    env: &Env,
    pool: &Pool,
    insured: &Insured,
    ltv: u32,
    (limit, replaced, subject_limit): (Assets, Assets, Assets),
) -> Offer {
    let (group, perils) = (insured.policy.group, insured.policy.perils);
    let listing = storage::listing(env, group);
    offer(
        env,
        pool,
        &listing,
        &Order {
            group,
            perils,
            ltv,
            limit,
            replaced,
            subject_limit,
        },
    )
}

/// Refuses a term of which too little is left after the waiting period.
pub fn require_long_enough(env: &Env, now: u64, end: u64, waiting: u64) {
    let least = now.saturating_add(waiting).saturating_add(LEAST_COVER);
    require(env, end >= least, CoverError::TermTooShort)
}

/// The premium of `limit` for so many seconds at a yearly rate, at least the least premium of a sale.
pub fn premium_of(env: &Env, limit: Assets, rate: Rate, seconds: u64) -> Premium {
    let minimum = Assets::from_raw(storage::terms(env).min_premium);
    Premium::of(limit, rate, seconds, minimum).or_fail(env)
}

/// The quote of an application that may be sold. Kept out of line: `quote` and `open` both end with it.
#[inline(never)]
pub fn quote_of(sale: &Underwritten, application: &Application, now: u64) -> Quote {
    let (price, breakdown) = (&sale.price, &sale.price.breakdown);
    Quote {
        base: narrow_rate(breakdown.base),
        ltv_factor: narrow_rate(breakdown.ltv_factor),
        utilisation_factor: narrow_rate(breakdown.utilisation_factor),
        rate: narrow_rate(breakdown.rate),
        premium: price.premium.total.raw(),
        fee: price.premium.protocol_fee.raw(),
        per_day: price.per_day.raw(),
        per_month: price.per_month.raw(),
        limit: application.limit,
        deductible: sale.listing.terms.deductible,
        waiting: sale.offer.waiting,
        start: now,
        end: price.end,
        room: sale.offer.room.raw(),
    }
}

/// A rate for a view or an event; governed factors and rates are far below the type's end.
pub fn narrow_rate(rate: Rate) -> u32 {
    u32::try_from(rate.raw()).unwrap_or(u32::MAX)
}
