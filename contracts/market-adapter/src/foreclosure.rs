//! The end of an advance that is not paid back: refinancing, or someone takes the collateral over at a discount that grows.

use actuary::Assets;
use adjuster::answers::Policy;
use adjuster::foreclosure::{self, good_start, ripe_start, Debtor, Owing};
use adjuster::policy::{loan_interest, policy};
use interfaces::adapter::AdapterError;
use interfaces::platform::InsuredPlatformClient;
use soroban_sdk::{Address, Env};

use crate::events::{Foreclosed, ForeclosureCured, ForeclosureStarted};
use crate::facts::Case;
use crate::rescue;

/// A loan that owes the cover pool, in the light of its platform.
struct Account<'a> {
    env: &'a Env,
    loan: &'a Address,
    case: Case,
    policy: Policy,
    debtor: Debtor,
}

impl<'a> Account<'a> {
    fn read(env: &'a Env, loan: &'a Address) -> Result<Self, AdapterError> {
        let case = Case::read(env, loan)?;
        let policy = policy(env, &case.config.cover_pool, &loan_interest(loan))?;
        Ok(Self {
            debtor: Debtor::new(case.holdings, &policy)?,
            env,
            loan,
            case,
            policy,
        })
    }

    fn platform(&self) -> InsuredPlatformClient<'a> {
        InsuredPlatformClient::new(self.env, &self.case.facts.market.platform)
    }

    fn owing(&self) -> Owing<'_> {
        Owing {
            env: self.env,
            cover_pool: &self.case.config.cover_pool,
            loan: self.loan,
            asset: &self.case.facts.terms.asset,
        }
    }

    /// What the collateral is sold for, before the discount, if it may be sold.
    fn sale_value(&self) -> Result<Assets, AdapterError> {
        let Case { config, facts, .. } = &self.case;
        let assets = (&facts.terms.collateral, &facts.terms.asset);
        self.debtor
            .sale_value(self.env, &config.price_hub, assets, &facts.valuation)
    }

    /// Whether the cover has ended and the loan would stay at its target with what it owes on top.
    fn can_refinance(&self) -> Result<bool, AdapterError> {
        let Some(refinanced) = self.debtor.refinanced(self.env)? else {
            return Ok(false);
        };
        let facts = &self.case.facts;
        let health = facts.valuation.health_down(refinanced)?;
        Ok(facts.rescue().is_at_target(health))
    }

    /// Refinances if that is possible; whether it was.
    fn refinances(&self) -> bool {
        if !self.can_refinance().unwrap_or(false) {
            return false;
        }
        let owed = self.debtor.owed.raw();
        let borrowed = matches!(self.platform().try_refinance(self.loan, &owed), Ok(Ok(())));
        if borrowed {
            self.owing().pay_back(self.debtor.owed);
        }
        borrowed
    }

    /// Has the grant settled that an open event makes due, before the collateral is another's; whether one was. One that is
    /// refused does not stop a foreclosure.
    fn settles_grant(&self, bounty_to: &Address) -> bool {
        let Case {
            config,
            facts,
            holdings,
            ..
        } = &self.case;
        rescue::give(
            self.env,
            config,
            facts,
            *holdings,
            &self.policy,
            self.loan,
            bounty_to,
        )
        .is_ok()
    }
}

/// Borrows on the platform what a healthy loan owes after the end of its cover, and pays it back.
pub fn refinance(env: &Env, loan: &Address) -> Result<i128, AdapterError> {
    let account = Account::read(env, loan)?;
    if account.refinances() {
        Ok(account.debtor.owed.raw())
    } else {
        Err(AdapterError::CannotRefinance)
    }
}

/// Starts a foreclosure; returns when it started, which is earlier when one is under way. After the end, a loan that can
/// refinance on its platform does that first, and 0 is returned.
pub fn start(env: &Env, loan: &Address) -> Result<u64, AdapterError> {
    let account = Account::read(env, loan)?;
    account.sale_value()?;
    if account.refinances() {
        return Ok(0);
    }
    if let Some(started) = good_start(env, loan) {
        return Ok(started);
    }
    let now = foreclosure::start(env, loan);
    ForeclosureStarted {
        loan: loan.clone(),
        owed: account.debtor.owed.raw(),
    }
    .publish(env);
    Ok(now)
}

/// Clears the start of a foreclosure whose reason is gone.
pub fn cure(env: &Env, loan: &Address) -> Result<(), AdapterError> {
    foreclosure::cure(env, loan, || Account::read(env, loan)?.sale_value())?;
    ForeclosureCured { loan: loan.clone() }.publish(env);
    Ok(())
}

/// Hands the collateral to `payer`, who repays the debt with at most `pay_max`; and pays, out of at most `bid`, first the
/// cover pool and then the owner. Returns the price. A loan that can refinance by now does that instead.
pub fn foreclose(
    env: &Env,
    loan: &Address,
    payer: &Address,
    pay_max: i128,
    bid: i128,
) -> Result<i128, AdapterError> {
    let mut account = Account::read(env, loan)?;
    if account.settles_grant(payer) {
        account = Account::read(env, loan)?;
    }
    let value = account.sale_value()?;
    let started = ripe_start(env, loan)?;
    if account.refinances() {
        foreclosure::clear(env, loan);
        return Ok(0);
    }
    let split = account.debtor.split(env, value, started, bid)?;
    foreclosure::clear(env, loan);
    account.platform().foreclose(loan, payer, &pay_max);
    let left = account.platform().loan(loan);
    if left.collateral != 0 || left.debt != 0 {
        return Err(AdapterError::NotClosed);
    }
    let owner = &account.case.loan.owner;
    account.owing().share_out(payer, owner, bid, &split);
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
