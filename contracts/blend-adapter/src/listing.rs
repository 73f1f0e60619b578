//! Markets and vaults, as the owner lists them.

use actuary::advance::MAX_FEE_RATE;
use interfaces::adapter::{Market, VaultTerms};
use interfaces::blend::BlendPoolClient;
use soroban_sdk::{Address, Env};

use crate::errors::AdapterError;
use crate::events::{MarketSet, VaultAdded};
use crate::{loss_index, storage, underwriting};

/// A health factor of 1, and 100 %.
const ONE: u32 = 10_000_000;

/// Lists a market or changes its terms.
pub fn set_market(env: &Env, market: Market) -> Result<(), AdapterError> {
    require_consistent(&market)?;
    require_listed(env, &market.platform, &market.collateral)?;
    require_listed(env, &market.platform, &storage::asset(env))?;
    underwriting::require_sources(env, &storage::config(env), &market.platform)?;
    let id = storage::set_market(env, &market);
    storage::extend_instance(env);
    MarketSet { id, market }.publish(env);
    Ok(())
}

/// Refuses terms that contradict each other: a target not above the trigger or the liquidation, a grant that pays for
/// less than its deductible or for more than there is, a least fee rate above the highest.
fn require_consistent(market: &Market) -> Result<(), AdapterError> {
    let lifts = ONE < market.advance_trigger && market.advance_trigger < market.target;
    let bears = market.grant_deductible <= market.grant_trigger;
    let pays = market.grant_deductible < market.grant_max && market.grant_max <= ONE;
    let lends = i128::from(market.rho_min) <= MAX_FEE_RATE.raw();
    if lifts && bears && pays && lends {
        Ok(())
    } else {
        Err(AdapterError::InvalidMarket)
    }
}

/// Refuses an asset of which the platform has no reserve.
fn require_listed(env: &Env, platform: &Address, asset: &Address) -> Result<(), AdapterError> {
    if BlendPoolClient::new(env, platform)
        .get_reserve_list()
        .contains(asset)
    {
        Ok(())
    } else {
        Err(AdapterError::InvalidMarket)
    }
}

/// Registers a vault, and watches its reserve from now on.
pub fn add_vault(env: &Env, vault: Address, terms: VaultTerms) -> Result<(), AdapterError> {
    if terms.asset != storage::asset(env) {
        return Err(AdapterError::InvalidMarket);
    }
    underwriting::require_sources(env, &storage::config(env), &terms.platform)?;
    require_listed(env, &terms.platform, &terms.asset)?;
    loss_index::watch(env, &terms.platform, &terms.asset);
    storage::set_vault(env, &vault, &terms);
    storage::extend_instance(env);
    VaultAdded { vault, terms }.publish(env);
    Ok(())
}
