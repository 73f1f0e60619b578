//! Insuring a loan, and what its owner may take out while it is insured.

use actuary::time::is_backed;
use adjuster::answers::PoolClient;
use adjuster::event;
use adjuster::policy::loan_interest;
use adjuster::underwriting::{insurable_ltv_up, ltv_up, require_limit_within_debt};
use interfaces::adapter::{AdapterError, CoverRequest};
use interfaces::cover::{Application, CoverPoolClient, Interest, Quote};
use interfaces::platform::LoanFacts;
use soroban_sdk::{Address, Env};

use crate::facts::Case;
use crate::storage::{self, Registration};
use crate::underwriting::{require_payable, require_sellable};

/// The price of cover for a loan that does not exist yet.
pub fn quote(
    env: &Env,
    platform: &Address,
    loan: LoanFacts,
    request: CoverRequest,
) -> Result<Quote, AdapterError> {
    let case = Case::told(env, platform, loan)?;
    let ltv = underwrite(env, &case, &request)?;
    // No loan has the platform's own address, so this interest has no policy yet.
    let group = case.facts.market.loans;
    let interest = loan_interest(platform);
    let application = application(interest, &case.loan.owner, group, request, ltv);
    Ok(CoverPoolClient::new(env, &case.config.cover_pool).quote(&application))
}

/// Insures a loan that its platform tells the facts of.
pub fn insure(
    env: &Env,
    platform: &Address,
    loan: &Address,
    facts: LoanFacts,
    payer: &Address,
    request: CoverRequest,
) -> Result<Quote, AdapterError> {
    require_own(env, platform, loan)?;
    let case = Case::told(env, platform, facts)?;
    let ltv = underwrite(env, &case, &request)?;
    let price = case.facts.valuation.pair.price;
    let counted = case.holdings.collateral.raw();
    let registration = Registration(platform.clone(), ltv, price, counted);
    storage::set_registration(env, loan, &registration);
    let group = case.facts.market.loans;
    let application = application(loan_interest(loan), payer, group, request, ltv);
    Ok(CoverPoolClient::new(env, &case.config.cover_pool).open(&application))
}

/// Refuses what an owner has just taken out: while an advance is owed or a claim is open; and with debt on an insured loan,
/// during an event or beyond the rated LTV. What it allows is the owner's last action from now on, and what was taken out of the
/// collateral is insured no more, also when it comes back.
pub fn require_exit_allowed(
    env: &Env,
    platform: &Address,
    loan: &Address,
    facts: LoanFacts,
) -> Result<(), AdapterError> {
    require_own(env, platform, loan)?;
    let cover_pool = storage::config(env).cover_pool;
    let Some(registration) = storage::registration(env, loan) else {
        return Ok(());
    };
    let Some(policy) = PoolClient::new(env, &cover_pool).policy(&loan_interest(loan)) else {
        return Ok(());
    };
    policy.require_nothing_owed()?;
    // Who pays for somebody's cover can appeal for it: what owes nothing is its owner's all the same.
    if policy.open_claims > 0 && facts.debt > 0 {
        return Err(AdapterError::ClaimOpen);
    }
    if !is_backed(policy.end, env.ledger().timestamp()) {
        return Ok(());
    }
    let Registration(_, rated, price, counted) = registration;
    let acted = |price| {
        let counted = counted.min(facts.collateral);
        let acted = Registration(platform.clone(), rated, price, counted);
        storage::set_registration(env, loan, &acted);
    };
    if facts.debt == 0 {
        acted(price);
        return Ok(());
    }
    let case = Case::told(env, platform, facts.clone())?;
    if is_event_under_way(env, &case) {
        return Err(AdapterError::EventUnderWay);
    }
    let valuation = &case.facts.valuation;
    if ltv_up(valuation.health_down(case.holdings)?)? > rated {
        return Err(AdapterError::AboveRatedLtv);
    }
    acted(valuation.pair.price);
    Ok(())
}

/// Whether the pair of a loan is falling, or grants may be due on it.
pub fn is_event_under_way(env: &Env, case: &Case) -> bool {
    let (collateral, asset) = (&case.facts.terms.collateral, &case.facts.terms.asset);
    event::is_event_under_way(env, &case.config.price_hub, collateral, asset)
}

/// Refuses a platform that is not listed, and a loan of another one.
pub fn require_own(env: &Env, platform: &Address, loan: &Address) -> Result<(), AdapterError> {
    crate::facts::listed(env, platform)?;
    let of_another = |registration: Registration| registration.0 != *platform;
    if storage::registration(env, loan).is_some_and(of_another) {
        return Err(AdapterError::NotInsuredHere);
    }
    Ok(())
}

/// What must hold for a sale, and the l = 1 / health factor it is rated at.
fn underwrite(env: &Env, case: &Case, request: &CoverRequest) -> Result<u32, AdapterError> {
    require_payable(case, request)?;
    require_sellable(env, &case.config, &case.facts)?;
    require_limit_within_debt(&request.perils, request.limit, case.holdings.debt)?;
    insurable_ltv_up(case.facts.valuation.health_down(case.holdings)?)
}

/// Whoever pays holds the policy.
pub fn application(
    interest: Interest,
    payer: &Address,
    group: u32,
    request: CoverRequest,
    ltv: u32,
) -> Application {
    Application {
        interest,
        owner: payer.clone(),
        payer: payer.clone(),
        group,
        perils: request.perils,
        route: request.route,
        limit: request.limit,
        weeks: request.weeks,
        ltv,
        max_premium: request.max_premium,
        max_rate: request.max_rate,
    }
}
