//! Selling cover, and ending it: quote, open, top up, cancel.

use actuary::premium::{
    check_unearned, earning_rate_down, refund_down, split_protocol_fee, unearned, Premium,
};
use actuary::time::{seconds_between, DAY};
use actuary::{Assets, Rate, ScaledRate};
use interfaces::cover::{Application, Interest, Quote};
use soroban_sdk::{Address, Env};

use crate::amount::{decrease, increase};
use crate::books::Pool;
use crate::errors::{require, CoverError, OrFail};
use crate::events::{Cancelled, Opened, ToppedUp};
use crate::held::{add_to_owner, remove_from_owner};
use crate::insured::Insured;
use crate::payment::{pay_out, take};
use crate::policy::Policy;
use crate::types::Scope;
use crate::underwriting::{
    narrow_rate, offer_more, premium_of, quote_of, require_long_enough, require_own_subject,
    underwrite, Underwritten,
};
use crate::{identity, impaired, pause, storage};

/// From the start of a policy until it may be cancelled.
const CANCEL_DELAY: u64 = 7 * DAY;

/// Prices an application without selling.
pub fn quote(env: &Env, application: &Application) -> Quote {
    pause::require_open(env, Scope::Sales);
    let pool = Pool::load(env);
    let sale = underwrite(env, &pool, application);
    quote_of(&sale, application, pool.now)
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
    add_to_owner(env, &insured.interest, &application.owner, pool.now);
    insured.store(env);
    pool.store_with_premiums(env);
    publish_opened(env, application, &sale);
    quote_of(&sale, application, pool.now)
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
    let is_busy = now < insured.policy.topped_up_from || insured.policy.is_busy();
    require(env, !is_busy, CoverError::PolicyBusy);
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
    publish_topped_up(env, insured.interest, (amount, premium.total), rate, from);
    premium.total
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
    remove_from_owner(env, &insured.interest, &insured.policy.owner);
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

/// Books a premium's fee: the policy's bounties first, then the reserve.
pub fn book_premium(env: &Env, pool: &mut Pool, policy: &mut Policy, premium: &Premium) {
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

fn publish_opened(env: &Env, application: &Application, sale: &Underwritten) {
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

fn publish_topped_up(
    env: &Env,
    Interest(subject, class): Interest,
    (amount, premium): (Assets, Assets),
    rate: Rate,
    from: u64,
) {
    ToppedUp {
        subject,
        class: class as u32,
        amount: amount.raw(),
        premium: premium.raw(),
        rate: narrow_rate(rate),
        from,
    }
    .publish(env);
}
