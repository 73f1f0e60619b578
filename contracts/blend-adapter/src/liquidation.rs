//! What cover owes for a liquidation. Blend tells nobody when it liquidates: the position sees afterwards what was taken.

use actuary::loss::blend_incentive_down;
use actuary::time::DAY;
use actuary::{Assets, Rate};
use adjuster::answers::Policy;
use adjuster::liquidation::{granted, Liquidated};
use adjuster::policy::{loan_interest, pay};
use adjuster::refusal::{no_result, Refusal};
use adjuster::Holdings;
use blend_reader::platform;
use interfaces::adapter::AdapterError;
use interfaces::cover::{Loss, Peril, Settlement};
use interfaces::position::{PositionClient, Taken};
use soroban_sdk::{Address, Env};

use crate::answers::AccountClient;
use crate::events::LiquidationSettled;
use crate::facts::{Case, Facts};
use crate::loan;

/// Settles what a position has seen liquidations take.
pub fn settle(env: &Env, position: &Address, bounty_to: &Address) -> Result<Settlement, Refusal> {
    let case = Case::read(env, position)?;
    let policy = loan::policy(env, &case.config, position)?;
    settle_seen(env, position, (&case, &policy), bounty_to)
}

/// The same for a position whose case and policy are known. What cover does not owe, and never will, comes to nothing; whatever
/// else goes wrong is a refusal that leaves everything as it is, and can be tried again.
pub fn settle_seen(
    env: &Env,
    position: &Address,
    (case, policy): (&Case, &Policy),
    bounty_to: &Address,
) -> Result<Settlement, Refusal> {
    let watch = AccountClient::new(env, position).look();
    let taken = watch.ok_or(AdapterError::NotWatched)?.taken;
    if taken.seen_at == 0 {
        return Err(AdapterError::NothingLost.into());
    }
    // An auction that is half filled may still end in bad debt.
    if platform::is_auctioned(env, &case.facts.market.platform, position) {
        return Err(AdapterError::AuctionOpen.into());
    }
    let amount = loss_down(env, case, policy, &taken)?;
    let mut settled = Settlement::Paid(0);
    if !amount.is_zero() {
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
            Err(refusal) if refusal.is_final_for(policy) => {}
            answer => settled = answer?,
        }
    }
    PositionClient::new(env, position).forget();
    LiquidationSettled {
        position: position.clone(),
        collateral: taken.collateral,
        debt: taken.debt,
        loss: amount.raw(),
        paid: match settled {
            Settlement::Paid(paid) => paid,
            Settlement::Filed(..) => 0,
        },
    }
    .publish(env);
    Ok(settled)
}

/// The penalty, rounded down; nothing where nothing will ever be owed: the liquidation was seen after the end, and may have
/// come after it. What comes to nothing at the price of now, since it did not fall or fell too far, may not have when the
/// collateral was taken: for a day that is not the last word.
fn loss_down(
    env: &Env,
    case: &Case,
    policy: &Policy,
    taken: &Taken,
) -> Result<Assets, AdapterError> {
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
    if taken.seen_at > policy.end {
        return Ok(Assets::ZERO);
    }
    let mut penalty = Assets::ZERO;
    if liquidated.has_dropped()? {
        let (hub, pair) = (&config.price_hub, (&facts.market.collateral, &facts.asset));
        let granted = granted(env, hub, pair, policy, taken.began_at);
        penalty = liquidated.penalty_down(granted)?;
    }
    let is_fresh = env.ledger().timestamp() <= taken.seen_at.saturating_add(DAY);
    if penalty.is_zero() && is_fresh {
        return Err(AdapterError::NothingLost);
    }
    Ok(penalty)
}

/// Blend's own incentive in a market.
fn incentive_down(facts: &Facts) -> Result<Rate, AdapterError> {
    let valuation = &facts.valuation;
    blend_incentive_down(valuation.collateral_factor, valuation.liability_factor).map_err(no_result)
}
