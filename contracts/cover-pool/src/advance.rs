//! Advances: cover that is lent to a position near liquidation, and paid back.

use actuary::advance::{Draw, Settlement as Repayment};
use actuary::premium::MAX_RATE;
use actuary::{Assets, Rate};
use interfaces::cover::{Claim, Peril, Settlement};
use soroban_sdk::{Address, Env};

use crate::amount::{decrease, increase};
use crate::books::Pool;
use crate::claim::{close, file, must_wait, require_payable};
use crate::errors::{require, CoverError, OrFail};
use crate::events::{Drawn, Finalized, Foreclosed, PaidBack};
use crate::impaired::require_sound;
use crate::insured::Insured;
use crate::payment::{pay_bounty, take};
use crate::rescue::rescue;
use crate::types::Scope;
use crate::{pause, storage};

/// The keeper of a draw, and the yearly fee rate of it.
pub struct Lending<'a> {
    pub rate: u32,
    pub bounty_to: &'a Address,
}

/// Lends at most the limit; LPs bear it alone.
pub fn draw(
    env: &Env,
    mut insured: Insured,
    amount: i128,
    sources: u32,
    lending: &Lending,
) -> Settlement {
    pause::require_open(env, Scope::Claims);
    require_sound(env);
    let mut pool = Pool::load(env);
    let waiting = insured.peril_terms(env, Peril::Advance).waiting;
    let begins = insured.policy.start.saturating_add(waiting);
    require(
        env,
        (begins..insured.policy.end).contains(&pool.now),
        CoverError::OutsideCover,
    );
    let amount = Assets::checked_from_raw(amount)
        .or_fail(env)
        .min(insured.policy.usable_limit(pool.now));
    require(env, !amount.is_zero(), CoverError::NothingCovered);
    if must_wait(env, &pool, &insured, (Peril::Advance, sources), amount) {
        // One that waits is enough: the same need, filed again, would use up the limit.
        require(env, insured.policy.open_claims == 0, CoverError::PolicyBusy);
        return file(env, pool, insured, (Peril::Advance, true), amount);
    }
    let drawn = rescue(env, &mut pool.books, &insured, amount);
    insured.cut_limit(env, drawn);
    lend(env, &mut pool, &mut insured, drawn, lending);
    insured.store(env);
    pool.store(env);
    Settlement::Paid(drawn.raw())
}

/// Makes the draw that a claim stands for: at most the claim. What is not drawn returns to the limit inside the grace week.
pub fn finalize_draw(
    env: &Env,
    (id, claim): (u32, Claim),
    mut insured: Insured,
    amount: i128,
    lending: &Lending,
) -> Assets {
    pause::require_open(env, Scope::Claims);
    require(env, claim.peril == Peril::Advance, CoverError::UnknownClaim);
    let mut pool = Pool::load(env);
    require_payable(env, &pool, &claim);
    close(env, &mut pool, &mut insured, id, &claim);
    let claimed = Assets::from_raw(claim.amount);
    let amount = Assets::checked_from_raw(amount).or_fail(env).min(claimed);
    let mut drawn = Assets::ZERO;
    if may_lend(env, &insured, pool.now) && !amount.is_zero() {
        drawn = rescue(env, &mut pool.books, &insured, amount);
        lend(env, &mut pool, &mut insured, drawn, lending);
    }
    if insured.policy.is_backed(pool.now) && !insured.policy.is_foreclosed() {
        insured.restore_limit(env, claimed.checked_sub(drawn).or_fail(env));
    }
    insured.earn_out(env, &mut pool);
    insured.store(env);
    pool.store(env);
    Finalized {
        claim: id,
        amount: drawn.raw(),
    }
    .publish(env);
    drawn
}

/// Pays an advance back: fees first, then principal, which restores the limit before the end. Returns the amount taken.
pub fn pay_back(env: &Env, mut insured: Insured, payer: &Address, amount: i128) -> Assets {
    let mut pool = Pool::load(env);
    let most = Assets::checked_from_raw(amount).or_fail(env);
    require(env, !most.is_zero(), CoverError::InvalidAmount);
    require_owing(env, &insured);
    let repayment = insured.policy.advance.pay_back(most).or_fail(env);
    let paid = settle(env, &mut pool, &mut insured, &repayment);
    if pool.now < insured.policy.end {
        insured.restore_limit(env, repayment.principal);
    }
    take(env, &mut pool.books, payer, most, paid);
    insured.store(env);
    pool.store(env);
    PaidBack {
        subject: insured.interest.0,
        fees: repayment.fees.raw(),
        principal: repayment.principal.raw(),
    }
    .publish(env);
    paid
}

/// Closes an advance: takes what was recovered, at most what is owed, and writes the rest off. It ends the policy for its
/// owner: the limit that is left is cut, since the subject may now be somebody else's. Returns the amount taken.
pub fn foreclose(env: &Env, mut insured: Insured, payer: &Address, recovered: i128) -> Assets {
    let mut pool = Pool::load(env);
    require_owing(env, &insured);
    let repayment = insured
        .policy
        .advance
        .foreclose(Assets::checked_from_raw(recovered).or_fail(env))
        .or_fail(env);
    let paid = settle(env, &mut pool, &mut insured, &repayment);
    if insured.policy.is_backed(pool.now) {
        insured.cut_limit(env, insured.policy.limit);
    }
    (insured.policy.limit, insured.policy.original_limit) = (Assets::ZERO, Assets::ZERO);
    insured.earn_out(env, &mut pool);
    take(env, &mut pool.books, payer, paid, paid);
    insured.store(env);
    pool.store(env);
    Foreclosed {
        subject: insured.interest.0,
        paid: paid.raw(),
        written_off: repayment
            .drawn_gone
            .checked_sub(repayment.principal)
            .or_fail(env)
            .raw(),
    }
    .publish(env);
    paid
}

/// Whether a claim for a draw may still become one. After the grace week, after a foreclosure and from an impaired pool
/// nothing is lent; but the claim must not hold capital for ever, so that anyone may close it then.
pub fn may_lend(env: &Env, insured: &Insured, now: u64) -> bool {
    let policy = &insured.policy;
    policy.is_backed(now) && !policy.is_foreclosed() && storage::impairment(env).is_none()
}

/// Books a draw in the policy, in its group and in all advances; pays its keeper.
fn lend(env: &Env, pool: &mut Pool, insured: &mut Insured, amount: Assets, lending: &Lending) {
    let flat_fee = Rate::from_raw(storage::terms(env).advance_fee.into());
    let rate = Rate::from_raw(lending.rate.into());
    require(env, rate <= MAX_RATE, CoverError::RateTooHigh);
    let draw = Draw::new(amount, flat_fee, rate).or_fail(env);
    insured.policy.advance.add(&draw).or_fail(env);
    pool.books.advances.add(&draw).or_fail(env);
    increase(env, &mut insured.group.drawn, amount);
    insured.group.paid_at_once.add(env, amount);
    pay_bounty(env, &mut pool.books, insured, lending.bounty_to);
    let subject = insured.interest.0.clone();
    Drawn {
        subject,
        amount: amount.raw(),
        rate: lending.rate,
    }
    .publish(env);
}

/// Takes what was paid back or written off out of the policy, its group and all advances. Returns what was paid.
fn settle(env: &Env, pool: &mut Pool, insured: &mut Insured, repayment: &Repayment) -> Assets {
    insured.policy.advance.subtract(repayment).or_fail(env);
    pool.books.advances.subtract(repayment).or_fail(env);
    decrease(env, &mut insured.group.drawn, repayment.drawn_gone);
    repayment.paid().or_fail(env)
}

fn require_owing(env: &Env, insured: &Insured) {
    require(
        env,
        !insured.policy.advance.drawn.is_zero(),
        CoverError::NothingOwed,
    )
}
