//! Cover of a platform's lenders as a whole: the peril is that the platform is short of assets. Whether it is follows from its
//! own books and its balance, looked at twice.

use actuary::loss::PlatformBooks;
use actuary::time::HOUR;
use actuary::Assets;
use adjuster::policy::{deposit_interest, pay};
use adjuster::refusal::{no_result, Refusal};
use interfaces::adapter::{AdapterError, CoverRequest};
use interfaces::cover::{CoverPoolClient, Loss, Peril, Quote, Route, Settlement};
use interfaces::platform::{Beneficiary, InsuredPlatformClient};
use soroban_sdk::{Address, Env};

use crate::events::{DeficitSeen, DeficitSettled};
use crate::facts::listed;
use crate::loan::application;
use crate::storage::Sight;
use crate::underwriting::SIGHT_GOOD_FOR;
use crate::{payment, storage};

/// Insures the lenders of a platform, against what it comes to be short of from now on.
pub fn insure(
    env: &Env,
    platform: &Address,
    payer: &Address,
    request: CoverRequest,
) -> Result<Quote, AdapterError> {
    let group = listed(env, platform)?.0.lenders;
    let is_payable = request.route == Route::Adapter
        && request.perils.iter().all(|peril| peril == Peril::Contract);
    if !is_payable {
        return Err(AdapterError::WrongRoute);
    }
    require_sellable(env, platform)?;
    let missing = books(env, platform, 0)?.missing().map_err(no_result)?;
    storage::set_deficit_settled(env, platform, missing.raw());
    storage::extend_market(env, platform);
    let application = application(deposit_interest(platform), payer, group, request, 0);
    let cover_pool = storage::config(env).cover_pool;
    Ok(CoverPoolClient::new(env, &cover_pool).open(&application))
}

/// Refuses while a platform is short of assets, or while cover of its loans is not sold.
pub fn require_sellable(env: &Env, platform: &Address) -> Result<(), AdapterError> {
    crate::cover::require_loans_sellable(env, platform)?;
    require_sound(env, platform)
}

/// Refuses while a platform is short of assets.
pub fn require_sound(env: &Env, platform: &Address) -> Result<(), AdapterError> {
    if deficit(env, platform)?.is_zero() {
        Ok(())
    } else {
        Err(AdapterError::PlatformNotActive)
    }
}

/// Looks whether a platform is short of assets, and settles what was seen before. Returns what was paid at once.
pub fn prove_deficit(env: &Env, platform: &Address, bounty_to: &Address) -> Result<i128, Refusal> {
    listed(env, platform)?;
    let (missing, now) = (deficit(env, platform)?, env.ledger().timestamp());
    let seen =
        storage::sight(env, platform).filter(|sight| now <= sight.1.saturating_add(SIGHT_GOOD_FOR));
    match seen {
        None if missing.is_zero() => Err(AdapterError::NoDeficit.into()),
        // It is gone, so what comes later is another one.
        Some(_) if missing.is_zero() => {
            storage::remove_sight(env, platform);
            Ok(0)
        }
        Some(sight) if now < sight.1.saturating_add(HOUR) => Err(AdapterError::NoDeficit.into()),
        Some(sight) => settle(env, platform, &sight, missing, bounty_to),
        None => {
            storage::set_sight(env, platform, &Sight(missing.raw(), now));
            DeficitSeen {
                platform: platform.clone(),
                missing: missing.raw(),
            }
            .publish(env);
            Ok(0)
        }
    }
}

/// Settles the part of a deficit that was there both times. What cover does not owe for it then, it never will: nobody may buy
/// cover, or wait until its waiting period is over, for a loss that has been seen.
fn settle(
    env: &Env,
    platform: &Address,
    seen: &Sight,
    missing: Assets,
    bounty_to: &Address,
) -> Result<i128, Refusal> {
    let amount = missing.min(Assets::from_raw(seen.0));
    let loss = Loss {
        peril: Peril::Contract,
        event: 0,
        amount: amount.raw(),
        occurred_at: seen.1,
        rescue: true,
        sources: 0,
    };
    let cover_pool = storage::config(env).cover_pool;
    let interest = deposit_interest(platform);
    let paid = match pay(env, &cover_pool, &interest, &loss, bounty_to) {
        Ok(Settlement::Paid(paid)) => paid,
        Ok(Settlement::Filed(..)) => 0,
        Err(refusal) if refusal.is_final() => 0,
        Err(refusal) => return Err(refusal),
    };
    let settled = Assets::from_raw(storage::deficit_settled(env, platform)).checked_add(amount);
    storage::set_deficit_settled(env, platform, settled.map_err(no_result)?.raw());
    storage::remove_sight(env, platform);
    payment::compensate(env, platform, &Beneficiary::Lenders, paid);
    DeficitSettled {
        platform: platform.clone(),
        loss: amount.raw(),
        paid,
    }
    .publish(env);
    Ok(paid)
}

/// What a platform is short of and was not settled before; zero unless above 0.1 % of the supply.
fn deficit(env: &Env, platform: &Address) -> Result<Assets, AdapterError> {
    let settled = storage::deficit_settled(env, platform);
    books(env, platform, settled)?.deficit().map_err(no_result)
}

/// A platform's books, in which what was written off is still owed to lenders and what was settled is made good. What it was
/// given beyond its books makes nothing good.
fn books(env: &Env, platform: &Address, settled: i128) -> Result<PlatformBooks, AdapterError> {
    let solvency = InsuredPlatformClient::new(env, platform).solvency();
    let held = payment::token(env).balance(platform).min(solvency.cash);
    let amount = |raw| Assets::checked_from_raw(raw).map_err(no_result);
    let sum = |a, b| amount(a)?.checked_add(amount(b)?).map_err(no_result);
    Ok(PlatformBooks {
        supply: amount(solvency.supply)?,
        credits: sum(solvency.credits, solvency.written_off)?,
        liabilities: sum(solvency.liabilities, settled)?,
        balance: amount(held)?,
    })
}
