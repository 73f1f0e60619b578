//! What cover owes for a liquidation. Blend tells nobody when it liquidates: the position sees afterwards what was taken.

use actuary::loss::blend_incentive_down;
use actuary::Assets;
use adjuster::answers::Policy;
use adjuster::liquidation::{granted, Liquidated};
use adjuster::policy::{loan_interest, pay};
use adjuster::refusal::{no_result, Refusal};
use adjuster::Holdings;
use interfaces::adapter::AdapterError;
use interfaces::cover::{Loss, Peril, Settlement};
use interfaces::position::{PositionClient, Taken};
use soroban_sdk::{Address, Env};

use crate::events::LiquidationSettled;
use crate::facts::{Case, Facts};
use crate::{loan, platform};

/// Settles what a position has seen liquidations take. What cover does not owe, and never will, comes to nothing; whatever
/// else goes wrong is a refusal, and can be tried again.
pub fn settle(env: &Env, position: &Address, bounty_to: &Address) -> Result<Settlement, Refusal> {
    let case = Case::read(env, position)?;
    let policy = loan::policy(env, &case.config, position)?;
    let client = PositionClient::new(env, position);
    let taken = client.look().ok_or(AdapterError::NotWatched)?.taken;
    if taken == Taken::default() {
        return Err(AdapterError::NothingLost.into());
    }
    // An auction that is half filled may still end in bad debt.
    if platform::is_auctioned(env, &case.facts.market.platform, position) {
        return Err(AdapterError::AuctionOpen.into());
    }
    let amount = loss_down(env, &case, &policy, &taken)?.unwrap_or(Assets::ZERO);
    let settled = if amount.is_zero() {
        Settlement::Paid(0)
    } else {
        let loss = Loss {
            peril: Peril::Liquidation,
            event: 0,
            amount: amount.raw(),
            occurred_at: taken.began_at,
            // A loan that owes less cannot take it: it is sent to the position, for its owner.
            rescue: amount <= case.holdings.debt,
            sources: case.facts.valuation.pair.sources,
        };
        let interest = loan_interest(position);
        match pay(env, &case.config.cover_pool, &interest, &loss, bounty_to) {
            Err(refusal) if refusal.is_final() => Settlement::Paid(0),
            settled => settled?,
        }
    };
    client.forget();
    LiquidationSettled {
        position: position.clone(),
        collateral: taken.collateral,
        debt: taken.debt,
        loss: amount.raw(),
        settlement: settled.clone(),
    }
    .publish(env);
    Ok(settled)
}

/// The penalty, rounded down; none where it never will be owed: the price did not fall since the owner's last action, or the
/// liquidation was seen after the end and may have come after it. Collateral that is worth no more than the debt it went for now
/// may have been worth more when it was taken, so that is not the last word.
fn loss_down(
    env: &Env,
    case: &Case,
    policy: &Policy,
    taken: &Taken,
) -> Result<Option<Assets>, AdapterError> {
    let Case { config, facts, .. } = case;
    let Holdings { collateral, debt } = facts.worth(taken.collateral, taken.debt)?;
    let valuation = &facts.valuation;
    let liquidated = Liquidated {
        price_before: taken.price,
        price: valuation.pair.price,
        seized: valuation.scale.value_down(valuation.pair.low, collateral)?,
        repaid: debt,
        incentive: incentive_down(facts)?,
    };
    if taken.seen_at > policy.end || !liquidated.has_dropped()? {
        return Ok(None);
    }
    let (hub, pair) = (&config.price_hub, (&facts.market.collateral, &facts.asset));
    let granted = granted(env, hub, pair, policy, taken.began_at);
    let penalty = liquidated.penalty_down(granted)?;
    if penalty.is_zero() {
        return Err(AdapterError::NothingLost);
    }
    Ok(Some(penalty))
}

fn incentive_down(facts: &Facts) -> Result<actuary::Rate, AdapterError> {
    let valuation = &facts.valuation;
    blend_incentive_down(valuation.collateral_factor, valuation.liability_factor).map_err(no_result)
}
