//! Why nothing is sold.

use adjuster::underwriting::require_pair_unarmed;
use blend_reader::platform;
use interfaces::adapter::AdapterConfig;
use soroban_sdk::{Address, Env};

use crate::facts::Facts;
use interfaces::adapter::AdapterError;

/// Refuses to sell while a loan's peril is already under way; `position` is none for a loan that does not exist yet.
pub fn require_unarmed(
    env: &Env,
    config: &AdapterConfig,
    facts: &Facts,
    position: Option<&Address>,
) -> Result<(), AdapterError> {
    let market = &facts.market;
    require_pair_unarmed(env, &config.price_hub, &market.collateral, &facts.asset)?;
    facts.require_agreement()?;
    let backstop = (&config.backstop, config.backstop_floor);
    platform::require_sound(env, backstop, &market.platform, facts.platform.status)?;
    if position.is_some_and(|position| platform::is_auctioned(env, &market.platform, position)) {
        return Err(AdapterError::AuctionOpen);
    }
    Ok(())
}
