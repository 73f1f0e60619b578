//! Why nothing is sold.

use adjuster::peg::Peg;
use adjuster::underwriting::{require_pair_unarmed, require_two_venues};
use interfaces::adapter::{AdapterConfig, CoverRequest};
use interfaces::blend::BlendPoolClient;
use interfaces::cover::Peril;
use soroban_sdk::{Address, Env, Vec};

use crate::facts::Facts;
use crate::platform;
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
    platform::require_sound(env, config, &market.platform, facts.platform.status)?;
    if position.is_some_and(|position| platform::is_auctioned(env, &market.platform, position)) {
        return Err(AdapterError::AuctionOpen);
    }
    Ok(())
}

/// Refuses a platform that lends against anything without two independent sources of its price. It is asked at every
/// sale, since a platform may list more.
pub fn require_sources(
    env: &Env,
    config: &AdapterConfig,
    platform: &Address,
) -> Result<(), AdapterError> {
    for asset in accepted_collaterals(env, platform) {
        require_two_venues(env, &config.price_hub, &asset)?;
    }
    Ok(())
}

/// What a platform lends against: reserves with a collateral factor that take supply, or still hold some: disabling one
/// stops new supply and leaves loans against the old.
pub fn accepted_collaterals(env: &Env, platform: &Address) -> Vec<Address> {
    let mut accepted = Vec::new(env);
    for asset in BlendPoolClient::new(env, platform).get_reserve_list() {
        let reserve = platform::reserve(env, platform, &asset);
        let is_supplied = reserve.config.enabled || reserve.data.b_supply > 0;
        if is_supplied && reserve.config.c_factor > 0 {
            accepted.push_back(asset);
        }
    }
    accepted
}
