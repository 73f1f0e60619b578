//! Cover of a lender's vault as a whole: the perils are that debt on its platform defaults, and that the platform is short
//! of assets.

use adjuster::policy::{deposit_interest, policy};
use adjuster::underwriting::require_pair_unarmed;
use adjuster::valuation::pair;
use blend_reader::collateral::{accepted_collaterals, require_sources};
use blend_reader::platform;
use blend_reader::prices::{own_prices, require_agreement};
use interfaces::adapter::{AdapterError, CoverRequest};
use interfaces::blend_lenders::{LendersConfig, VaultTerms};
use interfaces::cover::{Application, CoverPoolClient, Loss, Peril, Quote, Settlement};
use soroban_sdk::{Address, Env};

use crate::{deficit, storage};

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
    let policy = policy(env, &config.cover_pool, &deposit_interest(vault))?;
    if limit > policy.limit {
        require_unarmed(env, vault)?;
    }
    storage::extend_vault(env, vault);
    Ok(pool.renew(&deposit_interest(vault), &limit, &weeks, &0, bounty_to))
}

/// Ends the cover.
pub fn cancel(env: &Env, vault: &Address) -> Result<i128, AdapterError> {
    require_unarmed(env, vault)?;
    let config = storage::config(env);
    Ok(CoverPoolClient::new(env, &config.cover_pool).cancel(&deposit_interest(vault)))
}

/// Settles what a vault lost.
pub fn pay(
    env: &Env,
    vault: &Address,
    (peril, amount): (Peril, i128),
    occurred_at: u64,
    bounty_to: &Address,
) -> Result<Settlement, AdapterError> {
    terms(env, vault)?;
    if !matches!(peril, Peril::Default | Peril::Contract) {
        return Err(AdapterError::WrongRoute);
    }
    let config = storage::config(env);
    let loss = Loss {
        peril,
        event: 0,
        amount,
        occurred_at,
        rescue: false,
        sources: 0,
    };
    let settled = adjuster::policy::pay(
        env,
        &config.cover_pool,
        &deposit_interest(vault),
        &loss,
        bounty_to,
    );
    Ok(settled.unwrap_or_else(|refusal| refusal.raise(env)))
}

/// Refuses while a loss on the vault's platform may already be under way: assets that are missing, a thin or indebted
/// backstop, or any collateral that the hub cannot price, sees falling, or prices differently from the platform.
pub fn require_unarmed(env: &Env, vault: &Address) -> Result<(), AdapterError> {
    let VaultTerms {
        platform, asset, ..
    } = terms(env, vault)?;
    let config = storage::config(env);
    require_sources(env, &config.price_hub, &platform)?;
    let platform_config = platform::config(env, &platform);
    let backstop = (&config.backstop, config.backstop_floor);
    platform::require_sound(env, backstop, &platform, platform_config.status)?;
    for collateral in accepted_collaterals(env, &platform) {
        if collateral != asset {
            require_pair_unarmed(env, &config.price_hub, &collateral, &asset)?;
            require_pair_agrees(env, &config, &platform_config.oracle, &collateral, &asset)?;
        }
    }
    deficit::require_none(env, &platform, &asset)
}

/// Refuses when the hub's and the platform's price of a pair are more than 3 % apart.
fn require_pair_agrees(
    env: &Env,
    config: &LendersConfig,
    oracle: &Address,
    collateral: &Address,
    asset: &Address,
) -> Result<(), AdapterError> {
    let own = own_prices(env, oracle, collateral, asset);
    let pair = pair(env, &config.price_hub, collateral, asset)?;
    require_agreement(
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
        interest: deposit_interest(vault),
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
