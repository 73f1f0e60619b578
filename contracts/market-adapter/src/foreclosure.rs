//! The end of an advance that is not paid back: refinancing, or someone takes the collateral over at a discount that grows.

use actuary::advance::Foreclosure;
use actuary::{Assets, Rate};
use adjuster::foreclosure::{good_start, Debtor};
use adjuster::payment::authorise_transfer;
use adjuster::policy::{loan_interest, policy};
use interfaces::adapter::AdapterError;
use interfaces::cover::CoverPoolClient;
use interfaces::platform::InsuredPlatformClient;
use soroban_sdk::{Address, Env};

use crate::events::{Foreclosed, ForeclosureCured, ForeclosureStarted};
use crate::facts::Case;
use crate::{payment, storage};

fn debtor<'a>(env: &Env, case: &'a Case, loan: &Address) -> Result<Debtor<'a>, AdapterError> {
    let policy = policy(env, &case.config.cover_pool, &loan_interest(loan))?;
    Debtor::new(&case.facts.valuation, case.holdings, &policy)
}

/// Whether the cover has ended and the loan would stay at its target with what it owes on top.
fn can_refinance(env: &Env, case: &Case, debtor: &Debtor) -> Result<bool, AdapterError> {
    let Some(refinanced) = debtor.refinanced(env)? else {
        return Ok(false);
    };
    let health = case.facts.valuation.health_down(refinanced)?;
    Ok(health >= Rate::from_raw(case.facts.market.target.into()))
}

/// Borrows on the platform what a healthy loan owes after the end of its cover, and pays it back.
pub fn refinance(env: &Env, loan: &Address) -> Result<i128, AdapterError> {
    let case = Case::read(env, loan)?;
    let debtor = debtor(env, &case, loan)?;
    if !can_refinance(env, &case, &debtor)? {
        return Err(AdapterError::CannotRefinance);
    }
    platform(env, &case).refinance(loan, &debtor.owed.raw());
    Ok(pay_back(env, &case, loan, debtor.owed))
}

fn platform<'a>(env: &Env, case: &Case) -> InsuredPlatformClient<'a> {
    InsuredPlatformClient::new(env, &case.facts.market.platform)
}

fn pay_back(env: &Env, case: &Case, loan: &Address, amount: Assets) -> i128 {
    let pool = CoverPoolClient::new(env, &case.config.cover_pool);
    authorise_transfer(env, &case.facts.terms.asset, &pool.address, amount.raw());
    let payer = env.current_contract_address();
    pool.pay_back(&loan_interest(loan), &payer, &amount.raw())
}

/// Starts a foreclosure; returns when it started, which is earlier when one is under way. After the end, a loan that can
/// refinance on its platform does that first, and 0 is returned.
pub fn start(env: &Env, loan: &Address) -> Result<u64, AdapterError> {
    let case = Case::read(env, loan)?;
    let debtor = debtor(env, &case, loan)?;
    debtor.require_foreclosable(env)?;
    if can_refinance(env, &case, &debtor).unwrap_or(false) {
        let refinanced = platform(env, &case).try_refinance(loan, &debtor.owed.raw());
        if matches!(refinanced, Ok(Ok(()))) {
            pay_back(env, &case, loan, debtor.owed);
            return Ok(0);
        }
    }
    if let Some(started) = good_start(env, storage::started(env, loan)) {
        return Ok(started);
    }
    let now = env.ledger().timestamp();
    storage::set_started(env, loan, now);
    ForeclosureStarted {
        loan: loan.clone(),
        owed: debtor.owed.raw(),
    }
    .publish(env);
    Ok(now)
}

/// Clears the start of a foreclosure whose reason is gone.
pub fn cure(env: &Env, loan: &Address) -> Result<(), AdapterError> {
    storage::started(env, loan).ok_or(AdapterError::NotStarted)?;
    let case = Case::read(env, loan)?;
    match debtor(env, &case, loan) {
        Ok(debtor) if debtor.is_foreclosable(env)? => return Err(AdapterError::NotCured),
        Ok(_) | Err(AdapterError::NothingOwed) => {}
        Err(error) => return Err(error),
    }
    storage::remove_started(env, loan);
    ForeclosureCured { loan: loan.clone() }.publish(env);
    Ok(())
}

/// Hands the collateral to `payer`, who repays the debt with at most `pay_max`; and pays, out of at most `bid`, first the
/// cover pool and then the owner. Returns the price.
pub fn foreclose(
    env: &Env,
    loan: &Address,
    payer: &Address,
    pay_max: i128,
    bid: i128,
) -> Result<i128, AdapterError> {
    let case = Case::read(env, loan)?;
    let debtor = debtor(env, &case, loan)?;
    debtor.require_foreclosable(env)?;
    let started = good_start(env, storage::started(env, loan)).ok_or(AdapterError::NotStarted)?;
    let split = debtor.split(env, started, bid)?;
    storage::remove_started(env, loan);
    platform(env, &case).foreclose(loan, payer, &pay_max);
    let left = platform(env, &case).loan(loan);
    if left.collateral != 0 || left.debt != 0 {
        return Err(AdapterError::NotClosed);
    }
    distribute(env, &case, loan, payer, bid, &split);
    Foreclosed {
        loan: loan.clone(),
        payer: payer.clone(),
        price: split.price.raw(),
        to_pool: split.to_pool.raw(),
        to_owner: split.to_owner.raw(),
        written_off: split.written_off.raw(),
    }
    .publish(env);
    Ok(split.price.raw())
}

/// Takes the whole bid, which the payer signed, shares out the price and sends the rest back.
fn distribute(
    env: &Env,
    case: &Case,
    loan: &Address,
    payer: &Address,
    bid: i128,
    split: &Foreclosure,
) {
    let (token, adapter) = (payment::token(env), env.current_contract_address());
    if bid > 0 {
        token.transfer(payer, &adapter, &bid);
    }
    let pool = CoverPoolClient::new(env, &case.config.cover_pool);
    let recovered = split.to_pool.raw();
    authorise_transfer(env, &token.address, &pool.address, recovered);
    pool.foreclose(&loan_interest(loan), &adapter, &recovered);
    payment::deliver(env, &case.loan.owner, split.to_owner.raw());
    let rest = bid.saturating_sub(split.price.raw());
    if rest > 0 {
        token.transfer(&adapter, payer, &rest);
    }
}

/// Pays an owner what could not be delivered before.
pub fn collect(env: &Env, owner: &Address) -> Result<i128, AdapterError> {
    let amount = storage::uncollected(env, owner);
    if amount == 0 {
        return Err(AdapterError::NothingToCollect);
    }
    storage::set_uncollected(env, owner, 0);
    payment::token(env).transfer(&env.current_contract_address(), owner, &amount);
    Ok(amount)
}
