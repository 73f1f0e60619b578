//! Claims whose window has passed.

use adjuster::answers::PoolClient;
use adjuster::surrender::{give_back, offer};
use interfaces::adapter::AdapterError;
use interfaces::cover::{CoverPoolClient, Peril};
use soroban_sdk::{Address, Env};

use crate::{rescue, storage};

/// Has the cover pool pay a claim; an advance is measured again. What was surrendered for it is offered for sale, or given back if
/// it was denied.
pub fn finalize(env: &Env, id: u32, bounty_to: &Address) -> Result<i128, AdapterError> {
    let config = storage::config(env);
    let claim = PoolClient::new(env, &config.cover_pool)
        .claim(&id)
        .ok_or(AdapterError::NoSuchClaim)?;
    if claim.peril == Peril::Advance {
        return rescue::finalize_advance(env, id, &claim, bounty_to);
    }
    give_back(env, config.salvage.as_ref(), id, &claim);
    let paid = CoverPoolClient::new(env, &config.cover_pool).finalize(&id, bounty_to);
    offer(env, config.salvage.as_ref(), id, &claim);
    Ok(paid)
}
