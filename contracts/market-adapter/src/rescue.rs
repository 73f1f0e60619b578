//! Advances and grants: what they come to is decided here, whether they are paid by the cover pool; what it pays is handed to
//! the platform.

use actuary::advance::Rescue;
use actuary::{Assets, Rate};
use adjuster::answers::{Policy, PoolClient};
use adjuster::batch::Batch;
use adjuster::event::open_event;
use adjuster::policy::{loan_interest, pay, policy};
use adjuster::refusal::{answered_or_code, Refusal};
use adjuster::Holdings;
use interfaces::adapter::AdapterError;
use interfaces::cover::{Interest, Settlement};
use interfaces::market_adapter::MarketAdapterConfig;
use interfaces::platform::{InsuredPlatformClient, LoanFacts};
use soroban_sdk::{Address, Env};

use crate::facts::{holdings, platform_of, Facts, FactsReader};
use crate::{payment, storage};

/// What a batch settles.
#[derive(Clone, Copy)]
pub enum Layer {
    /// An advance for each loan that needs one and may have one.
    Advances,
    /// The grant of each loan for the event that is open on its pair.
    Grants,
}

/// A row of loans.
pub struct Row<'a> {
    env: &'a Env,
    config: MarketAdapterConfig,
    layer: Layer,
    reader: FactsReader,
}

impl<'a> Row<'a> {
    /// A row of which nothing is read yet.
    pub fn new(env: &'a Env, config: MarketAdapterConfig, layer: Layer) -> Self {
        Self {
            env,
            config,
            layer,
            reader: FactsReader::default(),
        }
    }
}

impl Batch for Row<'_> {
    fn settle(&mut self, loan: &Address, bounty_to: &Address) -> Result<Settlement, Refusal> {
        let (env, config) = (self.env, &self.config);
        let platform = platform_of(env, loan)?;
        let interest = loan_interest(loan);
        let policy = policy(env, &config.cover_pool, &interest)?;
        let facts = self.reader.of(env, config, &platform)?;
        let client = InsuredPlatformClient::new(env, &platform);
        let owed = answered_or_code(client.try_loan(loan))?;
        let holdings = holdings(&owed)?;
        match self.layer {
            Layer::Advances => {
                let limit = policy.usable_limit(env.ledger().timestamp());
                let amount = plan(facts, holdings, &policy, limit)?.raw();
                let drawn = draw(env, config, facts, &owed, &interest, amount, bounty_to)?;
                Ok(hand_on(env, facts, loan, holdings, drawn))
            }
            Layer::Grants => give(env, config, facts, holdings, &policy, loan, bounty_to),
        }
    }

    fn group(&self) -> Option<u32> {
        self.reader.group()
    }
}

fn draw(
    env: &Env,
    config: &MarketAdapterConfig,
    facts: &Facts,
    loan: &LoanFacts,
    interest: &Interest,
    amount: i128,
    bounty_to: &Address,
) -> Result<Settlement, Refusal> {
    let rate = fee_rate_up(facts, loan)?;
    let pool = PoolClient::new(env, &config.cover_pool);
    let sources = facts.valuation.pair.sources;
    answered_or_code(pool.try_draw(interest, &amount, &rate, &sources, bounty_to))
}

/// The draw that brings a loan back to its market's target, at most `limit`.
pub fn plan(
    facts: &Facts,
    holdings: Holdings,
    policy: &Policy,
    limit: Assets,
) -> Result<Assets, AdapterError> {
    let valuation = &facts.valuation;
    let on_platform = valuation.loan_at(valuation.pair.price, holdings)?;
    let money = (limit, Rescue::Repay);
    facts
        .rescue()
        .plan(valuation, on_platform, holdings, policy, money)
}

/// The yearly fee rate of a draw now, above what the platform charges, rounded up.
pub fn fee_rate_up(facts: &Facts, loan: &LoanFacts) -> Result<u32, AdapterError> {
    facts
        .rescue()
        .fee_rate_up(Rate::from_raw(loan.borrow_rate.into()))
}

/// Has the cover pool settle what the event that is open on its pair cost a loan, and hands it on.
pub fn give(
    env: &Env,
    config: &MarketAdapterConfig,
    facts: &Facts,
    holdings: Holdings,
    policy: &Policy,
    loan: &Address,
    bounty_to: &Address,
) -> Result<Settlement, Refusal> {
    let registration = storage::registration(env, loan).ok_or(AdapterError::NotInsuredHere)?;
    let (collateral, asset) = (&facts.terms.collateral, &facts.terms.asset);
    let now = env.ledger().timestamp();
    let event = open_event(env, &config.price_hub, collateral, asset, now);
    let event = event.ok_or(AdapterError::NoEvent)?;
    let insured = Assets::from_raw(registration.3);
    let loss = facts
        .rescue()
        .grant_loss(&facts.valuation, holdings, insured, policy, &event)?;
    let given = pay(
        env,
        &config.cover_pool,
        &loan_interest(loan),
        &loss,
        bounty_to,
    )?;
    Ok(hand_on(env, facts, loan, holdings, given))
}

/// Repays the loan with what was paid at once.
fn hand_on(
    env: &Env,
    facts: &Facts,
    loan: &Address,
    holdings: Holdings,
    settled: Settlement,
) -> Settlement {
    if let Settlement::Paid(amount) = settled {
        payment::repay(env, &facts.market.platform, loan, holdings.debt, amount);
    }
    settled
}
