//! Advances and grants: what they come to is decided here, whether they are paid by the cover pool.

use actuary::advance::Rescue;
use actuary::Assets;
use adjuster::answers::{Claim, Policy, PoolClient};
use adjuster::batch::Batch;
use adjuster::event::open_event;
use adjuster::policy::{loan_interest, pay};
use adjuster::refusal::{answered_or_code, no_result, Refusal};
use adjuster::rescue::measured_again;
use adjuster::Holdings;
use interfaces::adapter::{AdapterConfig, AdapterError};
use interfaces::cover::{CoverPoolClient, Interest, Route, Settlement};
use soroban_sdk::{Address, Env};

use crate::borrow_rate::borrow_rate_up;
use crate::facts::{Case, Facts, FactsReader};
use crate::storage::{self, Registration};
use crate::{facts, loan};

/// What a batch settles.
#[derive(Clone, Copy)]
pub enum Layer {
    /// An advance for each position that needs one and may have one.
    Advances,
    /// The grant of each position for the event that is open on its pair.
    Grants,
}

/// A row of positions.
pub struct Row<'a> {
    env: &'a Env,
    config: AdapterConfig,
    layer: Layer,
    reader: FactsReader,
}

impl<'a> Row<'a> {
    /// A row of which nothing is read yet.
    pub fn new(env: &'a Env, config: AdapterConfig, layer: Layer) -> Self {
        Self {
            env,
            config,
            layer,
            reader: FactsReader::default(),
        }
    }
}

impl Batch for Row<'_> {
    fn settle(&mut self, position: &Address, bounty_to: &Address) -> Result<Settlement, Refusal> {
        let (env, config) = (self.env, &self.config);
        let Registration(market, ..) = facts::registration(env, position)?;
        let policy = loan::policy(env, config, position)?;
        let facts = self.reader.of(env, config, market)?;
        let holdings = facts.holdings(env, position)?;
        let interest = loan_interest(position);
        match self.layer {
            Layer::Advances => draw(env, config, facts, holdings, &policy, &interest, bounty_to),
            Layer::Grants => give(env, config, facts, holdings, &policy, &interest, bounty_to),
        }
    }

    fn group(&self) -> Option<u32> {
        self.reader.group()
    }
}

fn draw(
    env: &Env,
    config: &AdapterConfig,
    facts: &Facts,
    holdings: Holdings,
    policy: &Policy,
    interest: &Interest,
    bounty_to: &Address,
) -> Result<Settlement, Refusal> {
    let limit = policy.usable_limit(env.ledger().timestamp());
    let amount = plan(facts, holdings, policy, limit)?.raw();
    let rate = fee_rate_up(facts)?;
    let pool = PoolClient::new(env, &config.cover_pool);
    let sources = facts.valuation.pair.sources;
    answered_or_code(pool.try_draw(interest, &amount, &rate, &sources, bounty_to))
}

/// Has the cover pool settle what the event that is open on its pair cost a position.
pub fn give(
    env: &Env,
    config: &AdapterConfig,
    facts: &Facts,
    holdings: Holdings,
    policy: &Policy,
    interest: &Interest,
    bounty_to: &Address,
) -> Result<Settlement, Refusal> {
    let rated = storage::registration(env, &interest.0).map_or(0, |registration| registration.2);
    let (collateral, now) = (&facts.market.collateral, env.ledger().timestamp());
    let event = open_event(env, &config.price_hub, collateral, &facts.asset, now)
        .ok_or(AdapterError::NoEvent)?;
    let insured = Assets::from_raw(rated);
    let loss = facts
        .rescue()
        .grant_loss(&facts.valuation, holdings, insured, policy, &event)?;
    pay(env, &config.cover_pool, interest, &loss, bounty_to)
}

/// Settles an advance that had to wait as a claim: measured again, at most the claim.
pub fn finalize_advance(
    env: &Env,
    id: u32,
    claim: &Claim,
    bounty_to: &Address,
) -> Result<i128, AdapterError> {
    let position = &claim.interest.0;
    let Case {
        config,
        facts,
        holdings,
    } = &Case::read(env, position)?;
    let policy = loan::policy(env, config, position);
    let planned =
        policy.and_then(|policy| plan(facts, *holdings, &policy, Assets::from_raw(claim.amount)));
    let amount = measured_again(planned)?;
    let rate = fee_rate_up(facts)?;
    let pool = CoverPoolClient::new(env, &config.cover_pool);
    Ok(pool.finalize_draw(&id, &amount, &rate, bounty_to))
}

/// The draw that brings a position back to its market's target, at most `limit`.
fn plan(
    facts: &Facts,
    holdings: Holdings,
    policy: &Policy,
    limit: Assets,
) -> Result<Assets, AdapterError> {
    let rescue = match policy.route {
        // The pool sells the route of the adapter on no position, since one is deployed there.
        Route::Repay | Route::Adapter => Rescue::Repay,
        Route::BuyCollateral => Rescue::BuyCollateral,
    };
    let on_platform = facts.loan_on_platform(holdings)?;
    facts.rescue().plan(
        &facts.valuation,
        on_platform,
        holdings,
        policy,
        (limit, rescue),
    )
}

/// The yearly fee rate of a draw now, above what the platform charges unless that passes 50 %, rounded up.
fn fee_rate_up(facts: &Facts) -> Result<u32, AdapterError> {
    facts
        .rescue()
        .fee_rate_up(borrow_rate_up(&facts.debt).map_err(no_result)?)
}
