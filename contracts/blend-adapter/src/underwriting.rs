//! Why nothing is sold.

use adjuster::peg::Peg;
use adjuster::underwriting::require_pair_unarmed;
use blend_reader::platform;
use interfaces::adapter::{AdapterConfig, CoverRequest};
use interfaces::cover::Peril;
use soroban_sdk::{Address, Env};

use crate::facts::Facts;
use interfaces::adapter::AdapterError;

/// Refuses perils that a loan on Blend is not paid for: those of lenders, and failed collateral where none is taken.
pub fn require_payable(
    config: &AdapterConfig,
    facts: &Facts,
    request: &CoverRequest,
) -> Result<(), AdapterError> {
    let takes_collateral = facts.market.peg > 0 && config.salvage.is_some();
    let is_paid = |peril| match peril {
        Peril::Advance | Peril::Grant | Peril::Liquidation => true,
        Peril::Collateral => takes_collateral,
        Peril::Default | Peril::Contract => false,
    };
    if request.perils.iter().all(is_paid) {
        Ok(())
    } else {
        Err(AdapterError::WrongRoute)
    }
}

/// Refuses to sell while a loan's peril is already under way; `position` is none for a loan that does not exist yet.
pub fn require_unarmed(
    env: &Env,
    config: &AdapterConfig,
    facts: &Facts,
    position: Option<&Address>,
) -> Result<(), AdapterError> {
    let market = &facts.market;
    require_pair_unarmed(env, &config.price_hub, &market.collateral, &facts.asset)?;
    Peg::from(market).require_kept(facts.valuation.pair.low)?;
    facts.require_agreement()?;
    let backstop = (&config.backstop, config.backstop_floor);
    platform::require_sound(env, backstop, &market.platform, facts.platform.status)?;
    if position.is_some_and(|position| platform::is_auctioned(env, &market.platform, position)) {
        return Err(AdapterError::AuctionOpen);
    }
    Ok(())
}
