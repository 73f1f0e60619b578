//! Vaults, as the owner lists them.

use blend_reader::collateral::{require_listed, require_sources};
use entries::extend_instance;
use interfaces::adapter::AdapterError;
use interfaces::blend_lenders::VaultTerms;
use soroban_sdk::{Address, Env};

use crate::events::VaultAdded;
use crate::{loss_index, storage};

/// Registers a vault, and watches its reserve from now on.
pub fn add_vault(env: &Env, vault: Address, terms: VaultTerms) -> Result<(), AdapterError> {
    if terms.asset != storage::asset(env) {
        return Err(AdapterError::InvalidMarket);
    }
    require_sources(env, &storage::config(env).price_hub, &terms.platform)?;
    require_listed(env, &terms.platform, &terms.asset)?;
    loss_index::watch(env, &terms.platform, &terms.asset);
    storage::set_vault(env, &vault, &terms);
    extend_instance(env);
    VaultAdded { vault, terms }.publish(env);
    Ok(())
}
