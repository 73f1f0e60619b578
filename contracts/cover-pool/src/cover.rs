//! Selling cover, and ending it: quote, open, renew, top up, cancel.

use actuary::premium::{
    check_unearned, earning_rate_down, merged_earning_rate_down, premium_up, refund_down,
    split_protocol_fee, unearned, Premium, MAX_RATE,
};
use actuary::quote::{Quote as Price, QuoteRequest};
use actuary::time::{renewed_end, seconds_between, term_end, DAY};
use actuary::{Assets, Rate, ScaledRate};
use interfaces::cover::{Application, Class, Interest, Quote, Route};
use interfaces::position::PositionClient;
use soroban_sdk::{Address, Env};

use crate::amount::{decrease, increase};
use crate::books::Pool;
use crate::errors::{require, CoverError, OrFail};
use crate::events::{Cancelled, Opened, Renewed, ToppedUp};
use crate::held::{list, unlist};
use crate::insured::Insured;
use crate::payment::{pay_bounty, pay_out, take, take_from_allowance};
use crate::policy::{PerilSet, Policy};
use crate::pricing::{offer, Offer, Order};
use crate::storage::{self, Listing};
use crate::types::Scope;
use crate::{identity, impaired, pause};

/// What is left of a term after the waiting period, at least.
const LEAST_COVER: u64 = 7 * DAY;
/// From the start of a policy until it may be cancelled.
const CANCEL_DELAY: u64 = 7 * DAY;
/// How long before its end a policy may be renewed.
const RENEWAL_WINDOW: u64 = 3 * DAY;

/// An application that may be sold, priced.
struct Underwritten {
    perils: PerilSet,
    offer: Offer,
    price: Price,
    listing: Listing,
}

/// Prices an application without selling.
pub fn quote(env: &Env, application: &Application) -> Quote {
    pause::require_open(env, Scope::Sales);
    let pool = Pool::load(env);
    let sale = underwrite(env, &pool, application);
    shown(&sale, application, pool.now)
}

/// Sells a policy.
pub fn open(env: &Env, application: &Application) -> Quote {
    pause::require_open(env, Scope::Sales);
    let mut pool = Pool::load(env);
    let sale = underwrite(env, &pool, application);
    require_own_subject(env, application, &sale.listing.terms.adapter);
    let limit = Assets::from_raw(application.limit);
    identity::require_cover(env, &application.interest.0, &application.owner, limit);
    let (premium, end) = (sale.price.premium, sale.price.end);
    let earning_rate =
        earning_rate_down(premium.net, seconds_between(pool.now, end).or_fail(env)).or_fail(env);
    let mut insured = Insured {
        interest: application.interest.clone(),
        policy: new_policy(application, &sale, pool.now, earning_rate),
        group: storage::group(env, application.group, pool.now),
        terms: sale.listing.terms.clone(),
    };
    insured.restore_limit(env, limit);
    if let Some(earlier) = storage::policy(env, &application.interest) {
        insured.policy.bounty_left = earlier.bounty_left;
    }
    book_premium(env, &mut pool, &mut insured.policy, &premium);
    pool.premiums.add(earning_rate, end).or_fail(env);
    let most = Assets::checked_from_raw(application.max_premium).or_fail(env);
    require(env, premium.total <= most, CoverError::PremiumTooHigh);
    take(
        env,
        &mut pool.books,
        &application.payer,
        most,
        premium.total,
    );
    list(env, &insured.interest, &application.owner, pool.now);
    insured.store(env);
    pool.store_with_premiums(env);
    opened(env, application, &sale);
    shown(&sale, application, pool.now)
}

/// Merges the next term into the current one, paid from the payer's allowance. Returns the premium.
pub fn renew(
    env: &Env,
    mut insured: Insured,
    limit: i128,
    weeks: u32,
    ltv: u32,
    bounty_to: &Address,
) -> Assets {
    pause::require_open(env, Scope::Sales);
    let mut pool = Pool::load(env);
    let (now, old_end) = (pool.now, insured.policy.end);
    let limit = Assets::checked_from_raw(limit).or_fail(env);
    require(env, !insured.policy.is_busy(), CoverError::PolicyBusy);
    let is_in_window = now.saturating_add(RENEWAL_WINDOW) >= old_end && now < old_end;
    require(env, is_in_window, CoverError::NotInRenewalWindow);
    let end = renewed_end(old_end, weeks, now)
        .map_err(|_| CoverError::InvalidTerm)
        .or_fail(env);
    require(
        env,
        limit <= insured.policy.original_limit,
        CoverError::AboveSold,
    );
    let replaced = insured.policy.limit;
    let offer = offer_more(env, &pool, &insured, ltv, (limit, replaced, limit));
    let rate = offer.rate_up(env, ltv);
    let seconds = seconds_between(old_end, end).or_fail(env);
    let premium = premium_of(env, limit, rate, seconds);
    let max_rate = Rate::from_raw(insured.policy.max_rate.into()).min(MAX_RATE);
    let most = premium_up(limit, max_rate, seconds, Assets::ZERO).or_fail(env);
    // The least premium of a sale is above the rate for a small limit, and is bounded as well.
    let is_allowed = rate <= max_rate && premium.total <= most;
    require(env, is_allowed, CoverError::RateTooHigh);
    book_premium(env, &mut pool, &mut insured.policy, &premium);
    let left = unearned(insured.policy.earning_rate, old_end, now).or_fail(env);
    let earning_rate =
        merged_earning_rate_down(left, premium.net, seconds_between(now, end).or_fail(env))
            .or_fail(env);
    pool.premiums
        .remove(insured.policy.earning_rate, old_end)
        .or_fail(env);
    pool.premiums.add(earning_rate, end).or_fail(env);
    insured.cut_limit(env, replaced);
    (insured.policy.end, insured.policy.earning_rate) = (end, earning_rate);
    insured.restore_limit(env, limit);
    insured.policy.original_limit = limit;
    let raise = limit.sub_or_zero(replaced);
    if !raise.is_zero() {
        identity::require_cover(env, &insured.interest.0, &insured.policy.owner, raise);
        let from = now.saturating_add(offer.waiting);
        insured.policy.wait_for(env, raise, now, from);
    }
    let (payer, spender) = (insured.policy.payer(), env.current_contract_address());
    take_from_allowance(env, &mut pool.books, &spender, payer, premium.total);
    pay_bounty(env, &mut pool.books, &mut insured, bounty_to);
    insured.store(env);
    pool.store_with_premiums(env);
    let Interest(subject, class) = insured.interest;
    let (limit, premium, rate) = (limit.raw(), premium.total, narrow_rate(rate));
    Renewed {
        subject,
        class: class as u32,
        limit,
        premium: premium.raw(),
        rate,
        end,
    }
    .publish(env);
    premium
}

/// Sells more limit for the rest of the term. Returns the premium.
pub fn top_up(
    env: &Env,
    mut insured: Insured,
    payer: &Address,
    amount: i128,
    ltv: u32,
    max_premium: i128,
) -> Assets {
    pause::require_open(env, Scope::Sales);
    let mut pool = Pool::load(env);
    let (now, end) = (pool.now, insured.policy.end);
    let amount = Assets::checked_from_raw(amount).or_fail(env);
    let is_pending = now < insured.policy.topped_up_from;
    require(
        env,
        !is_pending && !insured.policy.is_busy(),
        CoverError::PolicyBusy,
    );
    let is_foreclosed = insured.policy.is_foreclosed();
    require(env, !is_foreclosed, CoverError::NothingCovered);
    identity::require_cover(env, &insured.interest.0, &insured.policy.owner, amount);
    let total = insured.policy.limit.checked_add(amount).or_fail(env);
    let offer = offer_more(env, &pool, &insured, ltv, (amount, Assets::ZERO, total));
    require_long_enough(env, now, end, offer.waiting);
    let rate = offer.rate_up(env, ltv);
    let seconds = seconds_between(now, end).or_fail(env);
    let premium = premium_of(env, amount, rate, seconds);
    book_premium(env, &mut pool, &mut insured.policy, &premium);
    let earning_rate = earning_rate_down(premium.net, seconds).or_fail(env);
    pool.premiums.add(earning_rate, end).or_fail(env);
    insured.restore_limit(env, amount);
    let policy = &mut insured.policy;
    policy.earning_rate = policy.earning_rate.checked_add(earning_rate).or_fail(env);
    increase(env, &mut policy.original_limit, amount);
    let from = now.saturating_add(offer.waiting);
    policy.wait_for(env, amount, now, from);
    let most = Assets::checked_from_raw(max_premium).or_fail(env);
    require(env, premium.total <= most, CoverError::PremiumTooHigh);
    take(env, &mut pool.books, payer, most, premium.total);
    insured.store(env);
    pool.store_with_premiums(env);
    let Interest(subject, class) = insured.interest;
    let (amount, premium, rate) = (amount.raw(), premium.total, narrow_rate(rate));
    ToppedUp {
        subject,
        class: class as u32,
        amount,
        premium: premium.raw(),
        rate,
        from,
    }
    .publish(env);
    premium
}

/// Ends a policy and refunds 90 % of its unearned premium. Returns the refund.
pub fn cancel(env: &Env, mut insured: Insured) -> Assets {
    impaired::require_sound(env);
    let mut pool = Pool::load(env);
    let (start, end) = (insured.policy.start, insured.policy.end);
    require(env, !insured.policy.is_busy(), CoverError::PolicyBusy);
    let is_in_time = pool.now >= start.saturating_add(CANCEL_DELAY) && pool.now < end;
    require(env, is_in_time, CoverError::NotCancellable);
    let earning_rate = insured.policy.earning_rate;
    let refund = refund_down(unearned(earning_rate, end, pool.now).or_fail(env)).or_fail(env);
    pool.premiums.remove(earning_rate, end).or_fail(env);
    insured.cut_limit(env, insured.policy.limit);
    decrease(env, &mut pool.books.bounties, insured.policy.bounty_left);
    increase(env, &mut pool.books.reserve, insured.policy.bounty_left);
    pay_out(env, &mut pool.books, &insured.policy.owner, refund);
    unlist(env, &insured.interest, &insured.policy.owner);
    storage::remove_policy(env, &insured.interest);
    storage::set_group(env, insured.policy.group, &insured.group);
    pool.store_with_premiums(env);
    let Interest(subject, class) = insured.interest;
    Cancelled {
        subject,
        class: class as u32,
        refund: refund.raw(),
    }
    .publish(env);
    refund
}

/// Refuses an application that may not be sold, and prices the rest.
fn underwrite(env: &Env, pool: &Pool, application: &Application) -> Underwritten {
    let listing = storage::listing(env, application.group);
    let perils = PerilSet::of(&application.perils)
        .ok_or(CoverError::PerilNotCovered)
        .or_fail(env);
    require(
        env,
        application.interest.1 == listing.terms.class,
        CoverError::WrongClass,
    );
    let earlier = storage::policy(env, &application.interest);
    let is_insured = earlier.is_some_and(|policy| policy.is_live(pool.now));
    require(env, !is_insured, CoverError::AlreadyInsured);
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

/// Refuses a loan on a subject that does not name this adapter as its own: else any adapter could insure another one's
/// positions, and keep them from cover that pays. A quote does not ask, since its position may not be deployed yet.
fn require_own_subject(env: &Env, application: &Application, adapter: &Address) {
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
fn offer_more(
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

fn require_long_enough(env: &Env, now: u64, end: u64, waiting: u64) {
    let least = now.saturating_add(waiting).saturating_add(LEAST_COVER);
    require(env, end >= least, CoverError::TermTooShort)
}

fn premium_of(env: &Env, limit: Assets, rate: Rate, seconds: u64) -> Premium {
    let minimum = Assets::from_raw(storage::terms(env).min_premium);
    Premium::of(limit, rate, seconds, minimum).or_fail(env)
}

/// Books a premium's fee: the policy's bounties first, then the reserve.
fn book_premium(env: &Env, pool: &mut Pool, policy: &mut Policy, premium: &Premium) {
    check_unearned(pool.premiums.unearned, premium.total)
        .map_err(|_| CoverError::TooMuchUnearned)
        .or_fail(env);
    let prepaid = Assets::from_raw(storage::terms(env).bounty_prepaid);
    let (bounty, rest) = split_protocol_fee(premium.protocol_fee, prepaid);
    increase(env, &mut policy.bounty_left, bounty);
    increase(env, &mut pool.books.bounties, bounty);
    increase(env, &mut pool.books.reserve, rest);
}

fn new_policy(
    application: &Application,
    sale: &Underwritten,
    now: u64,
    earning_rate: ScaledRate,
) -> Policy {
    let payer = &application.payer;
    Policy {
        owner: application.owner.clone(),
        payer: (*payer != application.owner).then(|| payer.clone()),
        group: application.group,
        perils: sale.perils,
        route: application.route,
        start: now,
        end: sale.price.end,
        earning_rate,
        limit: Assets::ZERO,
        original_limit: Assets::from_raw(application.limit),
        max_rate: application.max_rate,
        paid: Assets::ZERO,
        event: 0,
        event_loss: Assets::ZERO,
        topped_up: Assets::ZERO,
        topped_up_from: 0,
        open_claims: 0,
        topped_up_earlier: Assets::ZERO,
        earlier_from: 0,
        bounty_left: Assets::ZERO,
        advance: actuary::advance::AdvanceBook::new(now),
    }
}

fn opened(env: &Env, application: &Application, sale: &Underwritten) {
    let Interest(subject, class) = application.interest.clone();
    Opened {
        subject,
        owner: application.owner.clone(),
        class: class as u32,
        group: application.group,
        perils: sale.perils.bits(),
        route: application.route as u32,
        limit: application.limit,
        premium: sale.price.premium.total.raw(),
        rate: narrow_rate(sale.price.breakdown.rate),
        end: sale.price.end,
        max_rate: application.max_rate,
        payer: application.payer.clone(),
    }
    .publish(env);
}

/// The quote as it is shown. Kept out of line: `quote` and `open` both end with it.
#[inline(never)]
fn shown(sale: &Underwritten, application: &Application, now: u64) -> Quote {
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

/// A rate for a view; governed factors and rates are far below the type's end.
fn narrow_rate(rate: Rate) -> u32 {
    u32::try_from(rate.raw()).unwrap_or(u32::MAX)
}
