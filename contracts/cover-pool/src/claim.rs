//! Losses: measured against the policy, paid at once or filed, and finalised after the window.

use actuary::claim::CHALLENGE_WINDOW;
use actuary::loss::payout_down;
use actuary::{Assets, Rate};
use interfaces::cover::{Claim, Loss, Peril, Route, Settlement};
use soroban_sdk::{Address, Env};

use crate::advance::{finalize_draw, may_lend, Lending};
use crate::amount::{decrease, increase};
use crate::books::Pool;
use crate::dispute::{decide_by_time, share_lost_bond};
use crate::errors::{require, CoverError, OrFail};
use crate::events::{Filed, Finalized, Paid};
use crate::impaired::payable_part;
use crate::insured::Insured;
use crate::payment::{charge_reserve, pay_bounty, pay_out};
use crate::rescue::{rescue, rescue_or_send};
use crate::types::Scope;
use crate::{pause, storage};

/// With as many agreeing price sources a rescue waits only once its group has had its whole cap in 24 h.
const ENOUGH_SOURCES: u32 = 3;

/// Settles a loss: pays it at once where the rules allow, else files a claim.
pub fn pay(env: &Env, mut insured: Insured, loss: &Loss, bounty_to: &Address) -> Settlement {
    pause::require_open(env, Scope::Claims);
    let mut pool = Pool::load(env);
    let payout = count_loss(env, &mut insured, loss, pool.now);
    let is_rescue = loss.rescue && insured.has_route();
    if must_wait(env, &pool, &insured, (loss.peril, loss.sources), payout) {
        return file(env, pool, insured, (loss.peril, is_rescue), payout);
    }
    let books = &mut pool.books;
    let paid = if is_rescue {
        rescue(env, books, &insured, payout)
    } else {
        pay_out(env, books, &insured.interest.0, payout);
        payout
    };
    charge_reserve(env, books, paid);
    pay_bounty(env, books, &mut insured, bounty_to);
    insured.cut_limit(env, paid);
    insured.group.paid_at_once.add(env, paid);
    increase(env, &mut insured.policy.paid, paid);
    insured.earn_out(env, &mut pool);
    insured.store(env);
    pool.store(env);
    Paid {
        subject: insured.interest.0,
        class: insured.interest.1 as u32,
        peril: loss.peril as u32,
        event: loss.event,
        amount: paid.raw(),
    }
    .publish(env);
    Settlement::Paid(paid.raw())
}

/// A claim that waits.
pub fn load(env: &Env, id: u32) -> Claim {
    storage::claim(env, id)
        .ok_or(CoverError::UnknownClaim)
        .or_fail(env)
}

/// Whether its adapter has to be there: to hand on the money that it gets, or to give back what was surrendered for a claim that was
/// denied.
pub fn needs_adapter(claim: &Claim, insured: &Insured) -> bool {
    let policy = &insured.policy;
    let is_loss = claim.rescue && claim.peril != Peril::Advance;
    let is_handed_on = is_loss && policy.route == Route::Adapter && !policy.is_foreclosed();
    is_handed_on || (claim.peril == Peril::Collateral && claim.amount == 0)
}

/// Pays a claim whose time has come, disputed ones by what time decides; from an impaired pool only its part. After a foreclosure the subject is somebody
/// else's, and the policy's owner is paid. An advance's claim is only closed, once nothing can be lent. Returns the amount.
pub fn finalize(
    env: &Env,
    (id, mut claim): (u32, Claim),
    mut insured: Insured,
    bounty_to: &Address,
) -> Assets {
    pause::require_open(env, Scope::Claims);
    let mut pool = Pool::load(env);
    if claim.peril == Peril::Advance {
        let may_lend = may_lend(env, &insured, pool.now);
        require(env, !may_lend, CoverError::AdapterOnly);
        let lending = Lending { rate: 0, bounty_to };
        return finalize_draw(env, (id, claim), insured, 0, &lending);
    }
    require_payable(env, &pool, &claim);
    if claim.disputed_by.is_some() {
        decide_by_time(env, &mut pool, &mut insured, id, &mut claim);
    }
    close(env, &mut pool, &mut insured, id, &claim);
    let paid = if claim.amount == 0 {
        Assets::ZERO
    } else {
        settle(env, &mut pool, &mut insured, (id, &claim), bounty_to)
    };
    share_lost_bond(env, &mut pool.books, &insured.policy.owner, &mut claim);
    insured.earn_out(env, &mut pool);
    insured.store(env);
    pool.store(env);
    Finalized {
        claim: id,
        amount: paid.raw(),
    }
    .publish(env);
    paid
}

/// Pays a claim that was taken out of those that wait, to whom it is for. Returns the amount.
fn settle(
    env: &Env,
    pool: &mut Pool,
    insured: &mut Insured,
    (id, claim): (u32, &Claim),
    bounty_to: &Address,
) -> Assets {
    let paid = payable_part(env, id, claim);
    if insured.policy.is_foreclosed() {
        pay_out(env, &mut pool.books, &insured.policy.owner, paid);
    } else if claim.rescue {
        rescue_or_send(env, &mut pool.books, insured, paid);
    } else {
        pay_out(env, &mut pool.books, &insured.interest.0, paid);
    }
    charge_reserve(env, &mut pool.books, paid);
    pay_bounty(env, &mut pool.books, insured, bounty_to);
    increase(env, &mut insured.policy.paid, paid);
    paid
}

/// Moves `amount` from the limit to the claims that wait, so that expiry cannot release it.
pub fn file(
    env: &Env,
    pool: Pool,
    insured: Insured,
    (peril, rescue): (Peril, bool),
    amount: Assets,
) -> Settlement {
    let claim = Claim {
        interest: insured.interest.clone(),
        peril,
        amount: amount.raw(),
        filed_at: pool.now,
        rescue,
        payable_from: pool.now.saturating_add(CHALLENGE_WINDOW),
        delayed: false,
        disputed_by: None,
        bond: 0,
        is_appeal: false,
    };
    let event = insured.policy.event;
    let id = place(env, pool, insured, &claim, event);
    Settlement::Filed(id, amount.raw())
}

/// Places a new claim for a loss of an event among those that wait. Returns its number.
pub fn place(env: &Env, mut pool: Pool, mut insured: Insured, claim: &Claim, event: u64) -> u32 {
    let amount = Assets::from_raw(claim.amount);
    let id = pool.books.last_claim.saturating_add(1);
    insured.cut_limit(env, amount);
    insured.policy.open_claims = insured.policy.open_claims.saturating_add(1);
    pool.books.last_claim = id;
    increase(env, &mut pool.books.pending, amount);
    if claim.peril == Peril::Advance {
        increase(env, &mut pool.books.pending_draws, amount);
    }
    storage::set_claim(env, id, claim);
    insured.store(env);
    pool.store(env);
    Filed {
        subject: insured.interest.0,
        claim: id,
        class: insured.interest.1 as u32,
        peril: claim.peril as u32,
        event,
        amount: claim.amount,
    }
    .publish(env);
    id
}

/// Refuses a claim before its time.
pub fn require_payable(env: &Env, pool: &Pool, claim: &Claim) {
    let is_payable = pool.now >= claim.payable_from;
    require(env, is_payable, CoverError::NotPayable);
}

/// Takes a payable claim out of the claims that wait.
pub fn close(env: &Env, pool: &mut Pool, insured: &mut Insured, id: u32, claim: &Claim) {
    storage::remove_claim(env, id);
    let amount = Assets::from_raw(claim.amount);
    decrease(env, &mut pool.books.pending, amount);
    if claim.peril == Peril::Advance {
        decrease(env, &mut pool.books.pending_draws, amount);
    }
    insured.policy.open_claims = insured.policy.open_claims.saturating_sub(1);
}

/// Whether a claim has to wait for its window.
pub fn must_wait(
    env: &Env,
    pool: &Pool,
    insured: &Insured,
    (peril, sources): (Peril, u32),
    amount: Assets,
) -> bool {
    if storage::impairment(env).is_some() {
        return true;
    }
    let (terms, nav_lo) = (storage::terms(env), pool.nav(env).lo);
    let part = |rate: u32| nav_lo.share_down(Rate::from_raw(rate.into()));
    let paid = insured.group.paid_at_once.sum(env);
    let in_a_day = paid.checked_add(amount).or_fail(env);
    let passes_the_day = in_a_day > part(terms.daily_share).or_fail(env);
    match peril {
        Peril::Advance | Peril::Grant if sources < ENOUGH_SOURCES => passes_the_day,
        // To its cap in one crash: of NAV_lo as it was before these payments.
        Peril::Advance | Peril::Grant => {
            let before = nav_lo.checked_add(paid).or_fail(env);
            let cap = before.share_down(Rate::from_raw(insured.terms.cap.into()));
            in_a_day > cap.or_fail(env)
        }
        Peril::Collateral => true,
        Peril::Default | Peril::Liquidation | Peril::Contract => {
            let at_once = part(terms.instant_share)
                .or_fail(env)
                .min(Assets::from_raw(terms.instant_max));
            amount > at_once || passes_the_day
        }
    }
}

/// What the policy pays for a loss, after what its event was settled for before. Counts the loss.
pub fn count_loss(env: &Env, insured: &mut Insured, loss: &Loss, now: u64) -> Assets {
    require(
        env,
        loss.peril != Peril::Advance,
        CoverError::PerilNotCovered,
    );
    let peril = insured.peril_terms(env, loss.peril);
    let policy = &mut insured.policy;
    require(env, policy.is_backed(now), CoverError::Expired);
    let begins = policy.start.saturating_add(peril.waiting);
    let is_covered = (begins..=policy.end.min(now)).contains(&loss.occurred_at);
    require(env, is_covered, CoverError::OutsideCover);
    let gross = Assets::checked_from_raw(loss.amount).or_fail(env);
    let before = match loss.event {
        0 => Assets::ZERO,
        event => {
            require(env, event >= policy.event, CoverError::EventPassed);
            let continues = event == policy.event;
            let before = if continues {
                policy.event_loss
            } else {
                Assets::ZERO
            };
            (policy.event, policy.event_loss) = (event, gross.max(before));
            before
        }
    };
    let deductible = Assets::from_raw(insured.terms.deductible);
    let insured_part = |loss| {
        payout_down(
            loss,
            deductible,
            Rate::from_raw(peril.co_insurance.into()),
            Assets::MAX,
        )
    };
    let increment = insured_part(gross)
        .or_fail(env)
        .sub_or_zero(insured_part(before).or_fail(env));
    let payout = increment.min(policy.usable_limit(loss.occurred_at));
    require(env, !payout.is_zero(), CoverError::NothingCovered);
    payout
}
