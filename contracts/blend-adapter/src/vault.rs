//! Cover of a lender's vault as a whole: the peril is that debt on its platform defaults.

use interfaces::adapter::{AdapterConfig, CoverRequest, VaultTerms};
use interfaces::cover::{
    Application, Class, CoverPoolClient, Interest, Loss, Peril, Quote, Settlement,
};
use soroban_sdk::{Address, Env};

use crate::answers::{HubClient, PoolClient};
use crate::errors::AdapterError;
use crate::{facts, platform, rescue, storage, underwriting};

/// The insurable interest of a vault.
fn interest(vault: &Address) -> Interest {
    Interest(vault.clone(), Class::Deposit)
}

/// Where a registered vault lends and is insured.
fn terms(env: &Env, vault: &Address) -> Result<VaultTerms, AdapterError> {
    storage::vault(env, vault).ok_or(AdapterError::UnknownVault)
}

/// Insures a vault.
pub fn insure(
    env: &Env,
    vault: &Address,
    payer: &Address,
    request: CoverRequest,
) -> Result<Quote, AdapterError> {
    let config = storage::config(env);
    require_unarmed(env, vault)?;
    let application = application(env, vault, payer, request)?;
    storage::extend_vault(env, vault);
    Ok(CoverPoolClient::new(env, &config.cover_pool).open(&application))
}

/// Adds the next term. At the limit that is left it needs no calm market; more than that does.
pub fn renew(
    env: &Env,
    vault: &Address,
    limit: i128,
    weeks: u32,
    bounty_to: &Address,
) -> Result<i128, AdapterError> {
    terms(env, vault)?;
    let config = storage::config(env);
    let pool = CoverPoolClient::new(env, &config.cover_pool);
    let policy = PoolClient::new(env, &config.cover_pool)
        .policy(&interest(vault))
        .ok_or(AdapterError::NotInsured)?;
    if limit > policy.limit {
        require_unarmed(env, vault)?;
    }
    storage::extend_vault(env, vault);
    Ok(pool.renew(&interest(vault), &limit, &weeks, &0, bounty_to))
}

/// Ends the cover.
pub fn cancel(env: &Env, vault: &Address) -> Result<i128, AdapterError> {
    require_unarmed(env, vault)?;
    let config = storage::config(env);
    Ok(CoverPoolClient::new(env, &config.cover_pool).cancel(&interest(vault)))
}

/// Settles what a vault lost.
pub fn pay(
    env: &Env,
    vault: &Address,
    amount: i128,
    occurred_at: u64,
    bounty_to: &Address,
) -> Result<Settlement, AdapterError> {
    terms(env, vault)?;
    let config = storage::config(env);
    let loss = Loss {
        peril: Peril::Default,
        event: 0,
        amount,
        occurred_at,
        rescue: false,
        sources: 0,
    };
    let settled = rescue::pay(env, &config, &interest(vault), &loss, bounty_to);
    Ok(settled.unwrap_or_else(|refusal| refusal.raise(env)))
}

/// Refuses while a default on the vault's platform may already be under way: a thin or indebted backstop, or any
/// collateral that the hub cannot price, sees falling, or prices differently from the platform.
pub fn require_unarmed(env: &Env, vault: &Address) -> Result<(), AdapterError> {
    let VaultTerms {
        platform, asset, ..
    } = terms(env, vault)?;
    let config = storage::config(env);
    underwriting::require_sources(env, &config, &platform)?;
    let platform_config = platform::config(env, &platform);
    platform::require_sound(env, &config, &platform, platform_config.status)?;
    for collateral in underwriting::accepted_collaterals(env, &platform) {
        if collateral != asset {
            underwriting::require_pair_unarmed(env, &config, &collateral, &asset)?;
            require_agreement(env, &config, &platform_config.oracle, &collateral, &asset)?;
        }
    }
    Ok(())
}

/// Refuses when the hub's and the platform's price of a pair are more than 3 % apart.
fn require_agreement(
    env: &Env,
    config: &AdapterConfig,
    oracle: &Address,
    collateral: &Address,
    asset: &Address,
) -> Result<(), AdapterError> {
    let own = facts::own_prices(env, oracle, collateral, asset);
    let hub = HubClient::new(env, &config.price_hub);
    let Ok(Ok(pair)) = hub.try_pair(collateral, asset) else {
        return Err(AdapterError::PriceUnavailable);
    };
    facts::require_agreement(
        own.ok_or(AdapterError::PlatformPriceUnavailable)?,
        pair.price,
    )
}

fn application(
    env: &Env,
    vault: &Address,
    payer: &Address,
    request: CoverRequest,
) -> Result<Application, AdapterError> {
    Ok(Application {
        interest: interest(vault),
        owner: vault.clone(),
        payer: payer.clone(),
        group: terms(env, vault)?.group,
        perils: request.perils,
        route: request.route,
        limit: request.limit,
        weeks: request.weeks,
        ltv: 0,
        max_premium: request.max_premium,
        max_rate: request.max_rate,
    })
}
