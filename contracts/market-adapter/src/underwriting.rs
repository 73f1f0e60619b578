//! Why nothing is sold.

use adjuster::peg::Peg;
use adjuster::underwriting::{require_pair_unarmed, require_two_venues};
use interfaces::adapter::{AdapterError, CoverRequest};
use interfaces::cover::{Peril, Route};
use interfaces::market_adapter::MarketAdapterConfig;
use soroban_sdk::Env;

use crate::facts::{Case, Facts};
use crate::storage;

/// How long a deficit that was seen once keeps sales closed; then it has to be seen anew.
pub use actuary::time::DAY as SIGHT_GOOD_FOR;

/// Refuses a request that a platform of this kind cannot be paid by: another route, a peril of lenders as a whole, or failed
/// collateral where none is taken.
pub fn require_payable(case: &Case, request: &CoverRequest) -> Result<(), AdapterError> {
    let takes_collateral = case.facts.market.peg > 0 && case.config.salvage.is_some();
    let is_paid = |peril| match peril {
        Peril::Advance | Peril::Grant | Peril::Default | Peril::Liquidation => true,
        Peril::Collateral => takes_collateral,
        Peril::Contract => false,
    };
    if request.route == Route::Adapter && request.perils.iter().all(is_paid) {
        Ok(())
    } else {
        Err(AdapterError::WrongRoute)
    }
}

/// Refuses while a platform is armed, or the hub could not tell what its assets are worth.
pub fn require_sellable(
    env: &Env,
    config: &MarketAdapterConfig,
    facts: &Facts,
) -> Result<(), AdapterError> {
    require_sources(env, config, facts)?;
    require_unarmed(env, config, facts)
}

/// Refuses a platform with an asset that the hub asks fewer than two venues for.
fn require_sources(
    env: &Env,
    config: &MarketAdapterConfig,
    facts: &Facts,
) -> Result<(), AdapterError> {
    require_two_venues(env, &config.price_hub, &facts.terms.collateral)?;
    require_two_venues(env, &config.price_hub, &facts.terms.asset)
}

/// Refuses while a peril of a platform's loans is already under way: the hub has armed its pair, the collateral has left its
/// reference, or the platform was seen short of assets within a day.
pub fn require_unarmed(
    env: &Env,
    config: &MarketAdapterConfig,
    facts: &Facts,
) -> Result<(), AdapterError> {
    let (terms, pair) = (&facts.terms, &facts.valuation.pair);
    require_pair_unarmed(env, &config.price_hub, &terms.collateral, &terms.asset)?;
    Peg::from(&facts.market).require_kept(pair.low)?;
    let is_short = storage::sight(env, &facts.market.platform)
        .is_some_and(|sight| env.ledger().timestamp() <= sight.1.saturating_add(SIGHT_GOOD_FOR));
    if is_short {
        return Err(AdapterError::PlatformNotActive);
    }
    Ok(())
}
