//! What cover owes for a liquidation. The platform is on the stack: it tells the facts, and is sent the money.

use actuary::loss::default_loss_down;
use actuary::{Assets, Rate};
use adjuster::answers::{Policy, PoolClient};
use adjuster::liquidation::{granted, Liquidated};
use adjuster::policy::{loan_interest, pay};
use adjuster::refusal::{no_result, Refusal};
use adjuster::valuation::pair;
use interfaces::adapter::AdapterError;
use interfaces::cover::{Loss, Peril, Settlement};
use interfaces::market_adapter::MarketAdapterConfig;
use interfaces::platform::{Compensation, Liquidation, LoanTerms};
use soroban_sdk::{Address, Env};

use crate::facts::{listed, scale};
use crate::loan::require_own;
use crate::payment;
use crate::storage::{self, Listed, Registration};

/// The price of a pair when a liquidation happened, and how many sources agreed on it.
struct Priced {
    price: i128,
    sources: u32,
}

/// Settles a liquidation once. What cover does not owe, and never will, comes to nothing; whatever else goes wrong is a
/// refusal, so that the platform tries again later.
pub fn settle(
    env: &Env,
    platform: &Address,
    loan: &Address,
    liquidation: &Liquidation,
    bounty_to: &Address,
) -> Result<Compensation, Refusal> {
    require_own(env, platform, loan)?;
    let Listed(_, terms) = listed(env, platform)?;
    let config = storage::config(env);
    let interest = loan_interest(loan);
    let policy = PoolClient::new(env, &config.cover_pool).policy(&interest);
    let (Some(registration), Some(policy)) = (storage::registration(env, loan), policy) else {
        return Ok(Compensation::default());
    };
    let peril = peril_of(liquidation);
    if !policy.perils.contains(peril) {
        return Ok(Compensation::default());
    }
    if storage::is_settled(env, platform, loan, liquidation) {
        return Err(AdapterError::AlreadySettled.into());
    }
    let priced = priced(env, &config, &terms, liquidation)?;
    let amount = match peril {
        Peril::Default => default_loss(&terms, liquidation, priced.price)?,
        _ => penalty(
            env,
            &config,
            &terms,
            liquidation,
            &priced,
            (&registration, &policy),
        )?,
    };
    if amount.is_zero() {
        return Ok(Compensation::default());
    }
    let loss = Loss {
        peril,
        event: 0,
        amount: amount.raw(),
        occurred_at: liquidation.time,
        rescue: true,
        sources: priced.sources,
    };
    let settled = match pay(env, &config.cover_pool, &interest, &loss, bounty_to) {
        Err(refusal) if refusal.is_final_for(&policy) => return Ok(Compensation::default()),
        settled => settled?,
    };
    storage::set_settled(env, platform, loan, liquidation);
    Ok(compensation(env, platform, peril, &settled))
}

/// Debt that nobody repaid is the lenders' loss; otherwise the penalty is the borrower's.
fn peril_of(liquidation: &Liquidation) -> Peril {
    if liquidation.bad_debt > 0 {
        Peril::Default
    } else {
        Peril::Liquidation
    }
}

/// Sends what was paid to the platform, and says whom it is for. A borrower's claim that waits is not the platform's to book.
fn compensation(env: &Env, platform: &Address, peril: Peril, settled: &Settlement) -> Compensation {
    let mut compensation = Compensation::default();
    match (settled, peril) {
        (Settlement::Paid(amount), _) => {
            payment::send(env, platform, *amount);
            match peril {
                Peril::Default => compensation.lenders = *amount,
                _ => compensation.borrower = *amount,
            }
        }
        (Settlement::Filed(_, amount), Peril::Default) => compensation.filed = *amount,
        (Settlement::Filed(..), _) => {}
    }
    compensation
}

/// The hub's price now for a liquidation of this moment; for an earlier one the price it was made at.
fn priced(
    env: &Env,
    config: &MarketAdapterConfig,
    terms: &LoanTerms,
    liquidation: &Liquidation,
) -> Result<Priced, AdapterError> {
    if liquidation.time != env.ledger().timestamp() {
        return Ok(Priced {
            price: liquidation.price,
            sources: 0,
        });
    }
    let pair = pair(env, &config.price_hub, &terms.collateral, &terms.asset)?;
    Ok(Priced {
        price: pair.price,
        sources: pair.sources,
    })
}

fn default_loss(
    terms: &LoanTerms,
    liquidation: &Liquidation,
    price: i128,
) -> Result<Assets, AdapterError> {
    let value = scale(terms).value_up(price, amount(liquidation.collateral)?)?;
    let incentive = Rate::from_raw(terms.incentive.into());
    default_loss_down(
        amount(liquidation.bad_debt)?,
        amount(liquidation.debt)?,
        value,
        incentive,
    )
    .map_err(no_result)
}

/// The penalty that a borrower lost, less what was granted for the same fall; nothing when the price did not fall since
/// their last action.
fn penalty(
    env: &Env,
    config: &MarketAdapterConfig,
    terms: &LoanTerms,
    liquidation: &Liquidation,
    priced: &Priced,
    (registration, policy): (&Registration, &Policy),
) -> Result<Assets, AdapterError> {
    let liquidated = Liquidated {
        price_before: registration.2,
        price: priced.price,
        seized: scale(terms).value_down(priced.price, amount(liquidation.seized)?)?,
        repaid: amount(liquidation.repaid)?,
        incentive: Rate::from_raw(terms.incentive.into()),
    };
    if !liquidated.has_dropped()? {
        return Ok(Assets::ZERO);
    }
    let (hub, pair) = (&config.price_hub, (&terms.collateral, &terms.asset));
    liquidated.penalty_down(granted(env, hub, pair, policy, liquidation.time))
}

fn amount(raw: i128) -> Result<Assets, AdapterError> {
    Assets::checked_from_raw(raw).map_err(no_result)
}
