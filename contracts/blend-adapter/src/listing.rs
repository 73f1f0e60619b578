//! Markets and vaults, as the owner lists them.

use adjuster::peg::Peg;
use adjuster::rescue::RescueTerms;
use interfaces::adapter::{Market, VaultTerms};
use interfaces::blend::BlendPoolClient;
use soroban_sdk::{Address, Env};

use crate::events::{MarketSet, VaultAdded};
use crate::{loss_index, storage, underwriting};
use interfaces::adapter::AdapterError;

/// Lists a market or changes its terms.
pub fn set_market(env: &Env, market: Market) -> Result<(), AdapterError> {
    RescueTerms::from(&market).require_consistent()?;
    let before = storage::market_of(env, &market.platform, &market.collateral)
        .and_then(|id| storage::market(env, id));
    Peg::from(&market).require_listable(before.as_ref().map(Peg::from))?;
    require_listed(env, &market.platform, &market.collateral)?;
    require_listed(env, &market.platform, &storage::asset(env))?;
    underwriting::require_sources(env, &storage::config(env), &market.platform)?;
    let id = storage::set_market(env, &market);
    storage::extend_instance(env);
    MarketSet { id, market }.publish(env);
    Ok(())
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
