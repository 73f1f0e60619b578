//! Platforms, as the owner lists them.

use actuary::Rate;
use adjuster::peg::Peg;
use adjuster::rescue::RescueTerms;
use adjuster::underwriting::require_two_venues;
use interfaces::adapter::AdapterError;
use interfaces::market_adapter::InsuredMarket;
use interfaces::platform::{InsuredPlatformClient, LoanTerms};
use soroban_sdk::Env;

use crate::events::MarketSet;
use crate::storage::{self, Listed};

/// Lists a platform or changes its terms.
pub fn set_market(env: &Env, market: InsuredMarket) -> Result<(), AdapterError> {
    RescueTerms::from(&market).require_consistent()?;
    let before = storage::listed(env, &market.platform).map(|listed| Peg::from(&listed.0));
    Peg::from(&market).require_listable(before)?;
    let terms = InsuredPlatformClient::new(env, &market.platform).loan_terms();
    require_insurable(env, &terms)?;
    storage::set_listed(env, &Listed(market.clone(), terms));
    MarketSet {
        platform: market.platform.clone(),
        market,
    }
    .publish(env);
    Ok(())
}

/// Refuses a platform that lends another asset than the cover pool's, or one that the hub cannot price.
fn require_insurable(env: &Env, terms: &LoanTerms) -> Result<(), AdapterError> {
    let is_counted = terms.asset == storage::asset(env)
        && terms.liquidation_ltv > 0
        && Rate::from_raw(terms.incentive.into()) >= Rate::FULL;
    if !is_counted {
        return Err(AdapterError::InvalidMarket);
    }
    let price_hub = storage::config(env).price_hub;
    require_two_venues(env, &price_hub, &terms.collateral)?;
    require_two_venues(env, &price_hub, &terms.asset)
}
