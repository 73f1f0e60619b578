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
use interfaces::cover::{CoverPoolClient, Route, Settlement};
use soroban_sdk::{Address, Env};

use crate::borrow_rate::borrow_rate_up;
use crate::facts::{Case, Facts, FactsReader};
use crate::storage::Registration;
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
        let Registration(market, _, insured) = facts::registration(env, position)?;
        let policy = &loan::policy(env, config, position)?;
        let facts = self.reader.of(env, config, market)?;
        let patient = Patient {
            env,
            config,
            facts,
            holdings: facts.holdings(env, position)?,
            insured,
            policy,
            position,
        };
        match self.layer {
            Layer::Advances => patient.draw(bounty_to),
            Layer::Grants => patient.give(bounty_to),
        }
    }

    fn group(&self) -> Option<u32> {
        self.reader.group()
    }
}

/// A position that may need a rescue, with everything about it.
pub struct Patient<'a> {
    /// The environment.
    pub env: &'a Env,
    /// What the adapter is built on.
    pub config: &'a AdapterConfig,
    /// Its market as of now.
    pub facts: &'a Facts,
    /// What it holds.
    pub holdings: Holdings,
    /// Its collateral that is insured, in its smallest unit.
    pub insured: i128,
    /// Its policy.
    pub policy: &'a Policy,
    /// Where it is.
    pub position: &'a Address,
}

impl Patient<'_> {
    fn draw(&self, bounty_to: &Address) -> Result<Settlement, Refusal> {
        let (env, facts, policy) = (self.env, self.facts, self.policy);
        let limit = policy.usable_limit(env.ledger().timestamp());
        let amount = plan(facts, self.holdings, policy, limit)?.raw();
        let rate = fee_rate_up(facts)?;
        let pool = PoolClient::new(env, &self.config.cover_pool);
        let (interest, sources) = (loan_interest(self.position), facts.valuation.pair.sources);
        answered_or_code(pool.try_draw(&interest, &amount, &rate, &sources, bounty_to))
    }

    /// Has the cover pool settle what the event that is open on its pair cost the position.
    pub fn give(&self, bounty_to: &Address) -> Result<Settlement, Refusal> {
        let (env, config, facts) = (self.env, self.config, self.facts);
        let (collateral, now) = (&facts.market.collateral, env.ledger().timestamp());
        let event = open_event(env, &config.price_hub, collateral, &facts.asset, now)
            .ok_or(AdapterError::NoEvent)?;
        let (insured, policy) = (Assets::from_raw(self.insured), self.policy);
        let loss =
            facts
                .rescue()
                .grant_loss(&facts.valuation, self.holdings, insured, policy, &event)?;
        let interest = loan_interest(self.position);
        pay(env, &config.cover_pool, &interest, &loss, bounty_to)
    }
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
        ..
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
