//! Markets, as the owner lists them.

use adjuster::peg::Peg;
use adjuster::rescue::RescueTerms;
use blend_reader::collateral::{require_listed, require_sources};
use entries::extend_instance;
use interfaces::adapter::Market;
use soroban_sdk::Env;

use crate::events::MarketSet;
use crate::storage;
use interfaces::adapter::AdapterError;

/// Lists a market or changes its terms.
pub fn set_market(env: &Env, market: Market) -> Result<(), AdapterError> {
    RescueTerms::from(&market).require_consistent()?;
    let before = storage::market_of(env, &market.platform, &market.collateral)
        .and_then(|id| storage::market(env, id));
    Peg::from(&market).require_listable(before.as_ref().map(Peg::from))?;
    require_listed(env, &market.platform, &market.collateral)?;
    require_listed(env, &market.platform, &storage::asset(env))?;
    require_sources(env, &storage::config(env).price_hub, &market.platform)?;
    let id = storage::set_market(env, &market);
    extend_instance(env);
    MarketSet { id, market }.publish(env);
    Ok(())
}
