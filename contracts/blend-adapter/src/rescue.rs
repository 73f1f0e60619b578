//! Advances and grants: what they come to is decided here, whether they are paid by the cover pool.

use actuary::advance::{yearly_rate_up, DrawPlan, DrawRequest, DrawTerms, Rescue, MIN_DRAW};
use actuary::loss::{grant_cap_up, grant_loss_down, GrantTerms};
use actuary::time::DAY;
use actuary::{Assets, Rate};
use interfaces::adapter::{AdapterConfig, Market, Outcome};
use interfaces::cover::{CoverPoolClient, Interest, Loss, Peril, Route, Settlement};
use soroban_sdk::{Address, Env, Vec};

use crate::answers::{Event, HubClient, Policy, PoolClient};
use crate::borrow_rate::borrow_rate_up;
use crate::errors::{answered_or_code, draw_refused, no_result, AdapterError, Refusal};
use crate::facts::{Case, Facts, FactsReader, Holdings};
use crate::{loan, storage};

/// How long an event is open: the day in which it may deepen, and a day to pay for it.
const EVENT_OPEN: u64 = 2 * DAY;

/// What a batch settles.
#[derive(Clone, Copy)]
pub enum Batch {
    /// An advance for each position that needs one and may have one.
    Advances,
    /// The grant of each position for the event that is open on its pair.
    Grants,
}

/// Settles the items one by one; one that is refused does not touch the others. The cover pool keeps their bounties, to
/// pay those of a group together.
pub fn settle(
    env: &Env,
    batch: Batch,
    positions: &Vec<Address>,
    bounty_to: &Address,
) -> Vec<Outcome> {
    let config = storage::config(env);
    let adapter = env.current_contract_address();
    let mut reader = FactsReader::default();
    let mut outcomes = Vec::new(env);
    for position in positions {
        let group = reader.group();
        let settled = settle_one(env, &config, &mut reader, batch, &position, &adapter);
        outcomes.push_back(match settled {
            Ok(settlement) => Outcome::Done(settlement),
            Err(refusal) => Outcome::Skipped(refusal.0),
        });
        if reader.group() != group {
            pay_bounties(env, &config, group, bounty_to);
        }
    }
    pay_bounties(env, &config, reader.group(), bounty_to);
    outcomes
}

/// Has the cover pool pay the bounties of a row of positions of one group; rescues do not depend on it.
fn pay_bounties(env: &Env, config: &AdapterConfig, group: Option<u32>, bounty_to: &Address) {
    if let Some(group) = group {
        let _ = CoverPoolClient::new(env, &config.cover_pool).try_pay_bounties(&group, bounty_to);
    }
}

fn settle_one(
    env: &Env,
    config: &AdapterConfig,
    reader: &mut FactsReader,
    batch: Batch,
    position: &Address,
    bounty_to: &Address,
) -> Result<Settlement, Refusal> {
    let registration = storage::registration(env, position).ok_or(AdapterError::NotAPosition)?;
    let policy = loan::policy(env, config, position)?;
    let facts = reader.of(env, config, registration.0)?;
    let holdings = facts.holdings(env, position)?;
    let interest = loan::interest(position);
    match batch {
        Batch::Advances => draw(env, config, facts, holdings, &policy, &interest, bounty_to),
        Batch::Grants => give(env, config, facts, holdings, &policy, &interest, bounty_to),
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
    let limit = usable_limit(policy, env.ledger().timestamp());
    let amount = plan(facts, holdings, policy, limit)?.amount.raw();
    let rate = fee_rate_up(facts)?;
    let pool = PoolClient::new(env, &config.cover_pool);
    answered_or_code(pool.try_draw(interest, &amount, &rate, &facts.pair.sources, bounty_to))
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
    let event = open_event(env, config, &facts.market.collateral, &facts.asset)
        .ok_or(AdapterError::NoEvent)?;
    let insured = holdings.collateral.min(Assets::from_raw(rated));
    let loss = Loss {
        peril: Peril::Grant,
        event: event.id.into(),
        amount: event_loss_down(facts, insured, holdings, policy, &event)?.raw(),
        occurred_at: event.started,
        rescue: true,
        sources: facts.pair.sources,
    };
    pay(env, config, interest, &loss, bounty_to)
}

/// Has the cover pool settle a loss.
pub fn pay(
    env: &Env,
    config: &AdapterConfig,
    interest: &Interest,
    loss: &Loss,
    bounty_to: &Address,
) -> Result<Settlement, Refusal> {
    let pool = PoolClient::new(env, &config.cover_pool);
    answered_or_code(pool.try_pay(interest, loss, bounty_to))
}

/// Settles an advance that had to wait as a claim: measured again, at most the claim.
pub fn finalize_advance(env: &Env, claim: u32, bounty_to: &Address) -> Result<i128, AdapterError> {
    let config = storage::config(env);
    let pool = CoverPoolClient::new(env, &config.cover_pool);
    let filed = PoolClient::new(env, &config.cover_pool)
        .claim(&claim)
        .ok_or(AdapterError::NoSuchClaim)?;
    let position = &filed.interest.0;
    let Case {
        config,
        facts,
        holdings,
    } = &Case::read(env, position)?;
    let policy = loan::policy(env, config, position);
    let planned =
        policy.and_then(|policy| plan(facts, *holdings, &policy, Assets::from_raw(filed.amount)));
    let amount = match planned {
        Ok(plan) => plan.amount.raw(),
        // What no draw can save, or nobody insures any more, must not hold the pool's capital either.
        Err(
            AdapterError::NotInsured
            | AdapterError::Healthy
            | AdapterError::DrawTooSmall
            | AdapterError::EquityExhausted
            | AdapterError::StillUnhealthy,
        ) => 0,
        Err(refusal) => return Err(refusal),
    };
    let rate = fee_rate_up(facts)?;
    Ok(pool.finalize_draw(&claim, &amount, &rate, bounty_to))
}

/// The draw that brings a position back to its market's target, at most `limit`.
fn plan(
    facts: &Facts,
    holdings: Holdings,
    policy: &Policy,
    limit: Assets,
) -> Result<DrawPlan, AdapterError> {
    let rescue = match policy.route {
        Route::Repay => Rescue::Repay,
        Route::BuyCollateral => Rescue::BuyCollateral,
        Route::Adapter => return Err(AdapterError::WrongRoute),
    };
    let request = DrawRequest {
        on_platform: facts.loan_on_platform(holdings)?,
        at_hub: facts.loan_at(facts.pair.high, holdings)?,
        collateral_at_low: facts.value_down(facts.pair.low, holdings.collateral)?,
        owed: loan::owed_up(policy).map_err(no_result)?,
        // What cannot buy collateral repays debt, so it is never more than the debt.
        limit: limit.min(holdings.debt),
        rescue,
    };
    request.plan(&draw_terms(facts)).map_err(draw_refused)
}

fn draw_terms(facts: &Facts) -> DrawTerms {
    let terms = DrawTerms {
        trigger: Rate::from_raw(facts.market.advance_trigger.into()),
        target: Rate::from_raw(facts.market.target.into()),
        ..DrawTerms::STARTING
    };
    if facts.pair.quarantined {
        terms.quarantined()
    } else {
        terms
    }
}

/// The yearly fee rate of a draw now, above what the platform charges unless that passes 50 %, rounded up.
fn fee_rate_up(facts: &Facts) -> Result<u32, AdapterError> {
    let borrow_rate = borrow_rate_up(&facts.debt).map_err(no_result)?;
    let least = Rate::from_raw(facts.market.rho_min.into());
    let rate = yearly_rate_up(borrow_rate, least).map_err(no_result)?;
    u32::try_from(rate.raw()).map_err(|_| AdapterError::NoResult)
}

/// What is left of a limit, without a top-up that still waits.
fn usable_limit(policy: &Policy, now: u64) -> Assets {
    let waiting = if now < policy.topped_up_from {
        policy.topped_up
    } else {
        0
    };
    Assets::from_raw(policy.limit).sub_or_zero(Assets::from_raw(waiting))
}

/// The gross loss of an event so far: what the fall took from the value of the insured collateral, and on top of what was settled for
/// this event no more than brings the health factor back to the target, and no less than the least draw. The target counts
/// at the hub's price alone, so that the platform's oracle never adds to a payment; and with what an advance is owed, so
/// that the order of the two does not decide what is given.
fn event_loss_down(
    facts: &Facts,
    insured: Assets,
    holdings: Holdings,
    policy: &Policy,
    event: &Event,
) -> Result<Assets, AdapterError> {
    let settled = if policy.event == u64::from(event.id) {
        policy.event_loss
    } else {
        0
    };
    let settled = Assets::from_raw(settled);
    let value_before = facts.value_down(event.reference, insured)?;
    let terms = grant_terms(&facts.market);
    let increment = grant_loss_down(value_before, Rate::from_raw(event.rate), terms, settled);
    let owed = loan::owed_up(policy).map_err(no_result)?;
    let debt = holdings.debt.checked_add(owed).map_err(no_result)?;
    let loan = facts.loan_at(facts.pair.high, Holdings { debt, ..holdings })?;
    let needed = grant_cap_up(&loan, Rate::from_raw(facts.market.target.into()));
    // What waits as a claim has not reached the loan, so the same need is not filed twice.
    let waiting = if policy.open_claims > 0 {
        settled
    } else {
        Assets::ZERO
    };
    let needed = needed.map_err(no_result)?.sub_or_zero(waiting);
    let needed = needed.min(holdings.debt);
    let increment = increment.map_err(no_result)?.min(needed);
    // Co-insurance leaves a part of the need open: what is paid on top must be worth its bounty.
    let least = match settled.is_zero() {
        true => Assets::from_raw(1),
        false => holdings.debt.share_up(MIN_DRAW).map_err(no_result)?,
    };
    if increment < least {
        return Err(AdapterError::NothingLost);
    }
    settled.checked_add(increment).map_err(no_result)
}

fn grant_terms(market: &Market) -> GrantTerms {
    GrantTerms {
        trigger: Rate::from_raw(market.grant_trigger.into()),
        deductible: Rate::from_raw(market.grant_deductible.into()),
        most: Rate::from_raw(market.grant_max.into()),
    }
}

/// Whether grants may be due on a pair.
pub fn is_event_open(
    env: &Env,
    config: &AdapterConfig,
    collateral: &Address,
    debt: &Address,
) -> bool {
    open_event(env, config, collateral, debt).is_some()
}

/// The event that is open on a pair, as it was triggered on the hub.
fn open_event(
    env: &Env,
    config: &AdapterConfig,
    collateral: &Address,
    debt: &Address,
) -> Option<Event> {
    let hub = HubClient::new(env, &config.price_hub);
    let event = hub.event(collateral, debt)?;
    let now = env.ledger().timestamp();
    (now < event.at.saturating_add(EVENT_OPEN)).then_some(event)
}
