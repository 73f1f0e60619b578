//! Tries whose answers are wanted, not their effects: what contracts tell those who try their luck.

use actuary::Price;
use localnet::InvokeError;
use testkit::bindings::{
    blend_adapter as adapter, loan_market as market, price_hub as hub, OnLedger,
};

use super::borrower::Size;
use super::platform::{Platform, Settled};
use super::scene::Scene;
use super::stage::{of_hub, Stage};
use super::DemoError;
use crate::scenario::Feed;

/// What a market without enough sources was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub listing: String,
    pub sale: String,
}

/// What contracts answered while the platform's price was manipulated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manipulation {
    pub at: u64,
    pub shown: Price,
    pub market: Price,
    pub sale: String,
    pub deposit: String,
    pub trigger: String,
    pub rescue: String,
}

/// Asks for cover where the hub has fewer than two sources of the collateral, if the scenario has such a market.
pub fn refusal(stage: &Stage<'_>, platform: &dyn Platform) -> Result<Option<Refusal>, DemoError> {
    let Some(terms) = &stage.scenario.refusal else {
        return Ok(None);
    };
    let world = &stage.world;
    let snapshot = world.ledger.snapshot();
    let feeds = terms.hub.iter().copied().filter_map(of_hub);
    let sources: Vec<_> = feeds
        .map(|feed| world.feeds.source(feed, &world.collateral))
        .collect();
    world.hub.list(&world.ledger, &world.collateral, &sources);
    let listing = answer(platform.try_listing(stage));
    let sale = answer(platform.try_quote(stage, Size::of(stage)?));
    world.ledger.revert(&snapshot);
    Ok(Some(Refusal { listing, sale }))
}

/// While Blend's oracle shows another price than the market, tries everything that it might have opened.
pub fn manipulation(
    scene: &Scene<'_>,
    platform: &dyn Platform,
) -> Result<Option<Manipulation>, DemoError> {
    let stage = &scene.stage;
    let shown = stage
        .scenario
        .shown_by(Feed::Blend, stage.now(), stage.market);
    if shown == stage.market {
        return Ok(None);
    }
    let world = &stage.world;
    let (collateral, debt) = (&world.collateral.contract, &world.usdc.contract);
    let trigger = stage.hub().trigger(collateral, debt).view(&world.ledger);
    let borrowers = scene.borrowers.iter();
    let loans: Vec<_> = borrowers.map(|borrower| borrower.loan.clone()).collect();
    Ok(Some(Manipulation {
        at: stage.now(),
        shown,
        market: stage.market,
        sale: answer(platform.try_quote(stage, Size::of(stage)?)),
        deposit: name_of(platform.armed(stage)),
        trigger: answer(trigger.map(drop)),
        rescue: told(platform.try_rescue(stage, &loans)),
    }))
}

/// What came of a try: accepted, or the contract's reason.
pub fn answer(result: Result<(), InvokeError>) -> String {
    match result {
        Ok(()) => "accepted".to_owned(),
        Err(error) => error
            .first_error_code()
            .map_or_else(|| error.to_string(), name_of),
    }
}

fn told(outcomes: Result<Vec<Result<Settled, u32>>, InvokeError>) -> String {
    match outcomes {
        Err(error) => answer(Err(error)),
        Ok(outcomes) => {
            let in_words = |outcome: &Result<Settled, u32>| {
                let refusal = outcome.err();
                refusal.map_or_else(|| "paid".to_owned(), name_of)
            };
            let mut words: Vec<String> = outcomes.iter().map(in_words).collect();
            words.dedup();
            words.join(", ")
        }
    }
}

/// A contract's refusal in words.
fn name_of(code: u32) -> String {
    const SOURCES: u32 = adapter::AdapterError::CollateralLacksSources as u32;
    const DIVERGE: u32 = adapter::AdapterError::PricesDiverge as u32;
    const HEALTHY: u32 = adapter::AdapterError::Healthy as u32;
    const NOT_INSURED: u32 = adapter::AdapterError::NotInsured as u32;
    const TOO_CLOSE: u32 = adapter::AdapterError::LtvTooHigh as u32;
    const TOO_FEW: u32 = hub::PriceError::TooFewSources as u32;
    const TOO_SMALL: u32 = hub::PriceError::BelowThreshold as u32;
    const UNSAFE: u32 = market::MarketError::Unsafe as u32;
    const ILLIQUID: u32 = market::MarketError::Illiquid as u32;
    let reason = match code {
        0 => return "open".to_owned(),
        TOO_FEW => "the hub has fewer than two independent sources that agree",
        SOURCES => "the collateral lacks two independent price sources",
        DIVERGE => "hub and platform show prices more than 3 % apart",
        HEALTHY => "the loan is healthy",
        TOO_CLOSE => "the loan is too close to its liquidation to be insured",
        NOT_INSURED => "the loan is not insured",
        TOO_SMALL => "the hub's price has not fallen enough",
        UNSAFE => "the loan would not be safe at the hub's price",
        ILLIQUID => "there is not so much to lend",
        _ => "refused",
    };
    format!("{reason} (#{code})")
}
