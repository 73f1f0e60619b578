//! Tries whose answers are wanted, not their effects: what contracts tell those who try their luck.

use actuary::Price;
use localnet::InvokeError;
use testkit::bindings::{blend_adapter as adapter, price_hub as hub};

use super::borrower::{Borrower, Size};
use super::lender::Lender;
use super::stage::{of_hub, refused, Stage};
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
pub fn refusal(stage: &Stage<'_>) -> Result<Option<Refusal>, DemoError> {
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
    let collateral = world.collateral.contract.clone();
    let market = world
        .adapter
        .market(&world.pool.address, &collateral)
        .view(&world.ledger);
    let market = market.map_err(refused("read the market"))?;
    let listing = match market {
        Some(market) => answer(
            world
                .adapter
                .set_market(&market)
                .send(&world.ledger, &world.owner)
                .map(drop),
        ),
        None => "no market".to_owned(),
    };
    let sale = try_to_buy(stage)?;
    world.ledger.restore(&snapshot);
    Ok(Some(Refusal { listing, sale }))
}

/// While the platform shows another price than the market, tries everything that it might have opened.
pub fn manipulation(
    stage: &Stage<'_>,
    borrowers: &[Borrower],
    lenders: &[Lender],
) -> Result<Option<Manipulation>, DemoError> {
    let shown = stage
        .scenario
        .shown_by(Feed::Blend, stage.now(), stage.market);
    if shown == stage.market {
        return Ok(None);
    }
    let world = &stage.world;
    let (collateral, debt) = (
        world.collateral.contract.clone(),
        world.usdc.contract.clone(),
    );
    let trigger = stage.hub().trigger(collateral, debt).view(&world.ledger);
    let positions = borrowers
        .iter()
        .map(|borrower| borrower.position.0.clone())
        .collect();
    let rescue = world
        .adapter
        .rescue(&positions, &world.keeper)
        .view(&world.ledger);
    let vault = lenders.iter().find_map(|lender| lender.insured.as_ref());
    let deposit = vault.map_or(0, |insured| {
        world
            .lenders
            .armed_vault(&insured.vault.0)
            .view(&world.ledger)
            .unwrap_or(0)
    });
    Ok(Some(Manipulation {
        at: stage.now(),
        shown,
        market: stage.market,
        sale: try_to_buy(stage)?,
        deposit: name_of(deposit),
        trigger: answer(trigger.map(drop)),
        rescue: told(rescue),
    }))
}

/// What a borrower is told who asks for cover now.
fn try_to_buy(stage: &Stage<'_>) -> Result<String, DemoError> {
    let (world, size) = (&stage.world, Size::of(stage)?);
    let loan = adapter::Loan {
        collateral: size.collateral,
        collateral_asset: world.collateral.contract.clone(),
        debt: size.debt,
        platform: world.pool.address.clone(),
    };
    let request = adapter::CoverRequest {
        limit: size.debt / 2,
        max_premium: size.debt,
        max_rate: 0,
        perils: vec![adapter::Peril::Advance],
        route: adapter::Route::Repay,
        weeks: stage.weeks,
    };
    let quote = world.adapter.quote_loan(&world.keeper, &loan, &request);
    Ok(answer(quote.view(&world.ledger).map(drop)))
}

/// What came of a try: accepted, or the contract's reason.
fn answer(result: Result<(), InvokeError>) -> String {
    match result {
        Ok(()) => "accepted".to_owned(),
        Err(error) => error
            .contract_code()
            .map_or_else(|| error.to_string(), name_of),
    }
}

fn told(outcomes: Result<Vec<adapter::Outcome>, InvokeError>) -> String {
    match outcomes {
        Err(error) => answer(Err(error)),
        Ok(outcomes) => {
            let mut words: Vec<String> = outcomes
                .iter()
                .map(|outcome| match outcome {
                    adapter::Outcome::Done(_) => "paid".to_owned(),
                    adapter::Outcome::Skipped(code) => name_of(*code),
                })
                .collect();
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
    const TOO_FEW: u32 = hub::PriceError::TooFewSources as u32;
    const TOO_SMALL: u32 = hub::PriceError::BelowThreshold as u32;
    let reason = match code {
        0 => return "open".to_owned(),
        TOO_FEW => "the hub has fewer than two independent sources that agree",
        SOURCES => "the collateral lacks two independent price sources",
        DIVERGE => "hub and platform show prices more than 3 % apart",
        HEALTHY => "the loan is healthy",
        NOT_INSURED => "the loan is not insured",
        TOO_SMALL => "the hub's price has not fallen enough",
        _ => "refused",
    };
    format!("{reason} (#{code})")
}
