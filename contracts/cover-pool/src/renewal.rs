//! Renewing a policy: the next term is merged into the current one.

use actuary::premium::{merged_earning_rate_down, premium_up, unearned, Premium, MAX_RATE};
use actuary::time::{renewed_end, seconds_between, DAY};
use actuary::{Assets, Rate};
use interfaces::cover::Interest;
use soroban_sdk::{Address, Env};

use crate::books::Pool;
use crate::cover::book_premium;
use crate::errors::{require, CoverError, OrFail};
use crate::events::Renewed;
use crate::insured::Insured;
use crate::payment::{pay_bounty, take_from_allowance};
use crate::policy::Policy;
use crate::types::Scope;
use crate::underwriting::{narrow_rate, offer_more, premium_of};
use crate::{identity, pause};

/// How long before its end a policy may be renewed.
const RENEWAL_WINDOW: u64 = 3 * DAY;

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
    let now = pool.now;
    let limit = Assets::checked_from_raw(limit).or_fail(env);
    let end = next_end(env, &insured.policy, limit, weeks, now);
    let replaced = insured.policy.limit;
    let offer = offer_more(env, &pool, &insured, ltv, (limit, replaced, limit));
    let rate = offer.rate_up(env, ltv);
    let premium = agreed_premium(env, &insured.policy, limit, rate, end);
    book_premium(env, &mut pool, &mut insured.policy, &premium);
    insured.cut_limit(env, replaced);
    merge_terms(env, &mut pool, &mut insured.policy, &premium, end);
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
    publish_renewed(env, insured, premium.total, rate);
    premium.total
}

/// The end of the next term. Refuses a policy that is busy or not in its renewal window, and a limit above what was sold.
fn next_end(env: &Env, policy: &Policy, limit: Assets, weeks: u32, now: u64) -> u64 {
    require(env, !policy.is_busy(), CoverError::PolicyBusy);
    let is_in_window = now.saturating_add(RENEWAL_WINDOW) >= policy.end && now < policy.end;
    require(env, is_in_window, CoverError::NotInRenewalWindow);
    let end = renewed_end(policy.end, weeks, now)
        .map_err(|_| CoverError::InvalidTerm)
        .or_fail(env);
    require(env, limit <= policy.original_limit, CoverError::AboveSold);
    end
}

/// The premium of the next term, which ends at `end`. Refuses one above what the payer's yearly rate comes to.
fn agreed_premium(env: &Env, policy: &Policy, limit: Assets, rate: Rate, end: u64) -> Premium {
    let seconds = seconds_between(policy.end, end).or_fail(env);
    let premium = premium_of(env, limit, rate, seconds);
    let max_rate = Rate::from_raw(policy.max_rate.into()).min(MAX_RATE);
    let most = premium_up(limit, max_rate, seconds, Assets::ZERO).or_fail(env);
    // The least premium of a sale is above the rate for a small limit, and is bounded as well.
    let is_allowed = rate <= max_rate && premium.total <= most;
    require(env, is_allowed, CoverError::RateTooHigh);
    premium
}

/// Makes `end` the policy's: what is unearned of the current term is earned with the next one's premium, evenly until then.
fn merge_terms(env: &Env, pool: &mut Pool, policy: &mut Policy, premium: &Premium, end: u64) {
    let (now, old_end) = (pool.now, policy.end);
    let left = unearned(policy.earning_rate, old_end, now).or_fail(env);
    let seconds = seconds_between(now, end).or_fail(env);
    let earning_rate = merged_earning_rate_down(left, premium.net, seconds).or_fail(env);
    pool.premiums
        .remove(policy.earning_rate, old_end)
        .or_fail(env);
    pool.premiums.add(earning_rate, end).or_fail(env);
    (policy.end, policy.earning_rate) = (end, earning_rate);
}

fn publish_renewed(env: &Env, insured: Insured, premium: Assets, rate: Rate) {
    let Insured {
        interest: Interest(subject, class),
        policy,
        ..
    } = insured;
    Renewed {
        subject,
        class: class as u32,
        limit: policy.limit.raw(),
        premium: premium.raw(),
        rate: narrow_rate(rate),
        end: policy.end,
    }
    .publish(env);
}
