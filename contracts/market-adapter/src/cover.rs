//! Renewing, topping up, cancelling and assigning what was sold, to the owner of a loan or to a platform's lenders.

use actuary::Assets;
use adjuster::answers::Policy;
use adjuster::foreclosure::good_start;
use adjuster::peg::Peg;
use adjuster::policy::{deposit_interest, loan_interest, policy};
use adjuster::refusal::no_result;
use adjuster::underwriting::{insurable_ltv_up, require_limit_within_debt};
use interfaces::adapter::AdapterError;
use interfaces::cover::{CoverPoolClient, Interest, Peril};
use interfaces::platform::InsuredPlatformClient;
use soroban_sdk::{Address, Env};

use crate::facts::Case;
use crate::loan::is_event_under_way;
use crate::storage::{self, Registration};
use crate::underwriting::{require_sellable, require_unarmed};
use crate::{facts, lenders};

/// What is insured. One at a time is read, so the size of a case does not matter.
#[allow(clippy::large_enum_variant)]
enum Subject {
    /// A loan.
    Loan(Case),
    /// The lenders of a platform.
    Lenders(Address),
}

/// A policy that was sold here, and what it insures.
struct Sold<'a> {
    env: &'a Env,
    subject: Subject,
    interest: Interest,
    policy: Policy,
    pool: CoverPoolClient<'a>,
}

impl<'a> Sold<'a> {
    fn read(env: &'a Env, subject: &Address) -> Result<Self, AdapterError> {
        let cover_pool = storage::config(env).cover_pool;
        let (subject, interest) = match storage::listed(env, subject) {
            Some(_) => (Subject::Lenders(subject.clone()), deposit_interest(subject)),
            None => (
                Subject::Loan(Case::read(env, subject)?),
                loan_interest(subject),
            ),
        };
        Ok(Self {
            policy: policy(env, &cover_pool, &interest)?,
            pool: CoverPoolClient::new(env, &cover_pool),
            env,
            subject,
            interest,
        })
    }

    /// What may be sold more.
    fn require_sellable(&self) -> Result<(), AdapterError> {
        match &self.subject {
            Subject::Loan(case) => require_sellable(self.env, &case.config, &case.facts),
            Subject::Lenders(platform) => lenders::require_sellable(self.env, platform),
        }
    }

    /// Whether nothing is under way that the cover is for.
    fn require_unarmed(&self) -> Result<(), AdapterError> {
        match &self.subject {
            Subject::Loan(case) => require_unarmed(self.env, &case.config, &case.facts),
            Subject::Lenders(platform) => lenders::require_sound(self.env, platform),
        }
    }

    /// l = 1 / health factor of a loan, refused above what can be insured; lenders have none.
    fn insurable_ltv_up(&self) -> Result<u32, AdapterError> {
        match &self.subject {
            Subject::Loan(case) => {
                insurable_ltv_up(case.facts.valuation.health_down(case.holdings)?)
            }
            Subject::Lenders(_) => Ok(0),
        }
    }

    /// A loan's debt; lenders' cover knows no such bound.
    fn debt(&self) -> Assets {
        match &self.subject {
            Subject::Loan(case) => case.holdings.debt,
            Subject::Lenders(_) => Assets::MAX,
        }
    }

    /// Rates a loan anew, at its old LTV unless there is a new one; that bounds what its owner may take out. More collateral than
    /// before is insured only with a new one, and neither during an event nor below the reference price. Returns the LTV;
    /// lenders have none.
    fn rate_again(&self, ltv: Option<u32>) -> Result<u32, AdapterError> {
        let case = match &self.subject {
            Subject::Loan(case) => case,
            Subject::Lenders(platform) => {
                storage::extend_market(self.env, platform);
                return Ok(0);
            }
        };
        let loan = &self.interest.0;
        let Registration(platform, rated, price, counted) =
            storage::registration(self.env, loan).ok_or(AdapterError::NotInsuredHere)?;
        let (peg, low) = (Peg::from(&case.facts.market), case.facts.valuation.pair.low);
        let has_failed = peg.require_kept(low).is_err();
        let held = case.holdings.collateral.raw();
        let counted = if ltv.is_none() || has_failed || is_event_under_way(self.env, case) {
            counted.min(held)
        } else {
            held
        };
        let ltv = ltv.unwrap_or(rated);
        let registration = Registration(platform, ltv, price, counted);
        storage::set_registration(self.env, loan, &registration);
        Ok(ltv)
    }
}

/// Adds the next term. At the limit that is left it needs no calm market; more than that does. Anyone may keep cover up, its
/// owner alone may change it.
pub fn renew(
    env: &Env,
    subject: &Address,
    limit: i128,
    weeks: u32,
    bounty_to: &Address,
) -> Result<i128, AdapterError> {
    let sold = Sold::read(env, subject)?;
    sold.policy.require_nothing_owed()?;
    if sold.debt().is_zero() {
        return Err(AdapterError::NothingOwed);
    }
    if limit != sold.policy.limit {
        sold.policy.owner.require_auth();
    }
    if limit > sold.policy.limit {
        sold.require_sellable()?;
    }
    let limit = if sold.policy.perils.contains(Peril::Advance) {
        limit.min(sold.debt().raw())
    } else {
        limit
    };
    let ltv = sold.insurable_ltv_up()?;
    sold.rate_again(Some(ltv))?;
    Ok(sold
        .pool
        .renew(&sold.interest, &limit, &weeks, &ltv, bounty_to))
}

/// Sells more limit for the rest of the term, at the worse of what a loan is rated at now and was rated at before: what its owner
/// may take out stays bounded by the latter, so a moment's better rating would be cheap cover of the old risk.
pub fn top_up(
    env: &Env,
    subject: &Address,
    amount: i128,
    max_premium: i128,
) -> Result<i128, AdapterError> {
    let sold = Sold::read(env, subject)?;
    sold.policy.owner.require_auth();
    sold.require_sellable()?;
    let limit = Assets::checked_from_raw(amount)
        .and_then(|amount| Assets::from_raw(sold.policy.limit).checked_add(amount))
        .map_err(no_result)?;
    require_limit_within_debt(&sold.policy.perils, limit.raw(), sold.debt())?;
    let rated = sold.rate_again(None)?;
    let ltv = sold.insurable_ltv_up()?.max(rated);
    Ok(sold.pool.top_up(
        &sold.interest,
        &sold.policy.owner,
        &amount,
        &ltv,
        &max_premium,
    ))
}

/// Ends the cover.
pub fn cancel(env: &Env, subject: &Address) -> Result<i128, AdapterError> {
    let sold = Sold::read(env, subject)?;
    sold.policy.owner.require_auth();
    sold.require_unarmed()?;
    Ok(sold.pool.cancel(&sold.interest))
}

/// Makes `to` the owner of a policy and of the loan it insures; of lenders' cover only the policy moves. What is refused to who
/// cancels is refused here too, and so is what is open: nobody takes over a loan whose peril is under way.
pub fn assign(env: &Env, interest: &Interest, to: &Address) -> Result<(), AdapterError> {
    let sold = Sold::read(env, &interest.0)?;
    sold.policy.owner.require_auth();
    sold.require_unarmed()?;
    if let Subject::Loan(case) = &sold.subject {
        hand_on(env, &interest.0, case, &sold.policy.owner, to)?;
    }
    sold.pool.assign(&sold.interest, to);
    Ok(())
}

/// Has the platform make `to` the owner of a loan of `from`.
fn hand_on(
    env: &Env,
    loan: &Address,
    case: &Case,
    from: &Address,
    to: &Address,
) -> Result<(), AdapterError> {
    if is_event_under_way(env, case) {
        return Err(AdapterError::EventUnderWay);
    }
    if good_start(env, loan).is_some() {
        return Err(AdapterError::ForeclosureUnderWay);
    }
    if case.loan.owner != *from {
        return Err(AdapterError::OwnersDiffer);
    }
    let platform = InsuredPlatformClient::new(env, &case.facts.market.platform);
    platform.assign(loan, to);
    if platform.loan(loan).owner != *to {
        return Err(AdapterError::OwnersDiffer);
    }
    Ok(())
}

/// Why cover of a platform's loans is not sold now.
pub fn require_loans_sellable(env: &Env, platform: &Address) -> Result<(), AdapterError> {
    let config = storage::config(env);
    let facts = facts::Facts::read(env, &config, platform)?;
    require_sellable(env, &config, &facts)
}
