//! Claims that the court decides: challenged by anyone, appealed by a policy's owner, each with a bond; decided by a vote, or by
//! time when there is none.

use actuary::claim::{challenge_bond_up, split_bond, COURT_TIME, GUARDIAN_DELAY};
use actuary::Assets;
use interfaces::cover::{Appeal, Claim, Class, Interest, Loss, Peril, Route};
use soroban_sdk::{Address, Env};

use crate::amount::{decrease, increase};
use crate::books::{Books, Pool};
use crate::claim::{count_loss, load, place};
use crate::errors::{require, CoverError, OrFail};
use crate::events::{Appealed, Challenged, Delayed, Resolved};
use crate::insured::Insured;
use crate::payment::{pay_out, take, token};
use crate::{impaired, storage};

/// Has a claim that waits go to the court. Returns the bond.
pub fn challenge(env: &Env, id: u32, challenger: &Address) -> Assets {
    let (mut claim, mut books) = (load(env, id), storage::books(env));
    require_waiting(env, &claim);
    let is_lent = claim.peril == Peril::Advance;
    require(env, !is_lent, CoverError::NotDisputable);
    let bond = take_bond(env, &mut books, challenger, Assets::from_raw(claim.amount));
    claim.payable_from = env.ledger().timestamp().saturating_add(COURT_TIME);
    (claim.disputed_by, claim.bond) = (Some(challenger.clone()), bond.raw());
    storage::set_claim(env, id, &claim);
    storage::set_books(env, &books);
    Challenged {
        claim: id,
        by: challenger.clone(),
        bond: bond.raw(),
        until: claim.payable_from,
    }
    .publish(env);
    bond
}

/// Files a claim that only the court can grant. Returns it.
pub fn appeal(env: &Env, interest: Interest, appeal: &Appeal, appellant: &Address) -> u32 {
    let (mut pool, mut insured) = (Pool::load(env), Insured::load(env, interest));
    let is_courts = *appellant == storage::roles(env).court;
    let is_theirs = is_courts || *appellant == insured.policy.owner;
    require(env, is_theirs, CoverError::NotTheirs);
    let loss = Loss {
        peril: appeal.peril,
        event: 0,
        amount: appeal.amount,
        occurred_at: appeal.occurred_at,
        rescue: insured.has_route(),
        sources: 0,
    };
    require(
        env,
        !is_platforms(&insured, &loss),
        CoverError::NotAppealable,
    );
    let amount = count_loss(env, &mut insured, &loss, pool.now);
    increase(env, &mut pool.books.appealed, amount);
    increase(env, &mut insured.group.appealed, amount);
    let bond = if is_courts {
        Assets::ZERO
    } else {
        take_bond(env, &mut pool.books, appellant, amount)
    };
    let claim = Claim {
        interest: insured.interest.clone(),
        peril: loss.peril,
        amount: amount.raw(),
        filed_at: pool.now,
        rescue: loss.rescue,
        payable_from: pool.now.saturating_add(COURT_TIME),
        delayed: false,
        disputed_by: Some(appellant.clone()),
        bond: bond.raw(),
        is_appeal: true,
    };
    let until = claim.payable_from;
    let id = place(env, pool, insured, &claim, loss.event);
    Appealed {
        claim: id,
        by: appellant.clone(),
        bond: bond.raw(),
        until,
    }
    .publish(env);
    id
}

/// Whether a loss is one of the lenders of a platform with the route of its adapter: such a platform's books know what it was
/// told of, so a payment that it was not told of could be bought into by who lends to it just before.
fn is_platforms(insured: &Insured, loss: &Loss) -> bool {
    let is_lenders = insured.terms.class == Class::Deposit
        || matches!(loss.peril, Peril::Default | Peril::Contract);
    insured.policy.route == Route::Adapter && is_lenders
}

/// The court's decision, in time: `granted` is payable at once.
pub fn resolve(env: &Env, id: u32, granted: i128) {
    let mut claim = load(env, id);
    let (mut pool, mut insured) = (Pool::load(env), Insured::load(env, claim.interest.clone()));
    let is_in_time = claim.disputed_by.is_some() && pool.now < claim.payable_from;
    require(env, is_in_time, CoverError::NotDisputed);
    let granted = Assets::checked_from_raw(granted).or_fail(env);
    let is_within = granted.raw() <= claim.amount;
    require(env, is_within, CoverError::AboveClaim);
    let is_whole = granted.is_zero() || granted.raw() == claim.amount;
    let is_surrender = claim.peril == Peril::Collateral && !claim.is_appeal;
    require(env, is_whole || !is_surrender, CoverError::AllOrNothing);
    decide(env, &mut pool, &mut insured, (id, &mut claim), granted);
    claim.payable_from = impaired::counted_from(env, pool.now);
    storage::set_claim(env, id, &claim);
    insured.store(env);
    pool.store(env);
}

/// What time decides once the court had its own: what an adapter filed is proven by state and granted, an appeal denied.
pub fn decide_by_time(
    env: &Env,
    pool: &mut Pool,
    insured: &mut Insured,
    id: u32,
    claim: &mut Claim,
) {
    let granted = match claim.is_appeal {
        true => Assets::ZERO,
        false => Assets::from_raw(claim.amount),
    };
    decide(env, pool, insured, (id, claim), granted);
}

/// Puts off a claim that waits, once.
pub fn delay(env: &Env, id: u32) {
    let mut claim = load(env, id);
    require_waiting(env, &claim);
    require(env, !claim.delayed, CoverError::NotDisputable);
    claim.delayed = true;
    claim.payable_from = claim.payable_from.saturating_add(GUARDIAN_DELAY);
    storage::set_claim(env, id, &claim);
    Delayed {
        claim: id,
        until: claim.payable_from,
    }
    .publish(env);
}

/// Refuses a claim that is disputed or may be paid already.
fn require_waiting(env: &Env, claim: &Claim) {
    let is_waiting = claim.disputed_by.is_none() && env.ledger().timestamp() < claim.payable_from;
    require(env, is_waiting, CoverError::NotDisputable);
}

/// Cuts a disputed claim to what is granted; the rest goes back to the limit, as long as that is backed. Who was right has the bond
/// back; one that is lost is shared when the claim is finalised.
fn decide(
    env: &Env,
    pool: &mut Pool,
    insured: &mut Insured,
    (id, claim): (u32, &mut Claim),
    granted: Assets,
) {
    let Some(by) = claim.disputed_by.take() else {
        return;
    };
    let asked = Assets::from_raw(claim.amount);
    let denied = asked.sub_or_zero(granted);
    claim.amount = granted.raw();
    if claim.is_appeal {
        decrease(env, &mut pool.books.appealed, asked);
        decrease(env, &mut insured.group.appealed, asked);
    }
    decrease(env, &mut pool.books.pending, denied);
    impaired::forget(env, id, claim, denied);
    if insured.policy.is_backed(pool.now) && !insured.policy.is_foreclosed() {
        insured.restore_limit(env, denied);
    }
    let is_right = match claim.is_appeal {
        true => !granted.is_zero(),
        false => !denied.is_zero(),
    };
    if is_right {
        let bond = release_bond(env, &mut pool.books, claim);
        pay_out(env, &mut pool.books, &by, bond);
    }
    Resolved {
        claim: id,
        amount: granted.raw(),
    }
    .publish(env);
}

/// Gives half of the bond that was lost over a claim to the other side, a challenged claim's owner or else the LPs, and the rest to
/// the reserve. After the claim was paid: the bond bears none of it.
pub fn share_lost_bond(env: &Env, books: &mut Books, owner: &Address, claim: &mut Claim) {
    let (winners, reserved) = split_bond(release_bond(env, books, claim));
    increase(env, &mut books.reserve, reserved);
    // A vault that holds its own policy could not book its half.
    let has_winner = !claim.is_appeal && *owner != claim.interest.0;
    if has_winner && !winners.is_zero() {
        pay_out(env, books, owner, winners);
    }
}

fn release_bond(env: &Env, books: &mut Books, claim: &mut Claim) -> Assets {
    let bond = Assets::from_raw(core::mem::take(&mut claim.bond));
    decrease(env, &mut books.bonds, bond);
    bond
}

/// Takes the bond for a claim of `amount`.
fn take_bond(env: &Env, books: &mut Books, by: &Address, amount: Assets) -> Assets {
    let unit = 10_i128.checked_pow(token(env).decimals());
    let unit = Assets::from_raw(unit.ok_or(CoverError::NoResult).or_fail(env));
    let bond = challenge_bond_up(amount, unit).or_fail(env);
    take(env, books, by, bond, bond);
    increase(env, &mut books.bonds, bond);
    bond
}
