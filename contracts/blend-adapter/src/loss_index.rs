//! What lenders of a reserve lost: its b_rate only ever falls when Blend defaults debt that nobody repaid.

use actuary::loss::LossIndex as Index;
use interfaces::adapter::{AdapterConfig, LossIndex, LossStep};
use interfaces::blend::BlendPoolClient;
use soroban_sdk::{Address, Env, Vec};

use crate::events::LossRecorded;
use crate::storage::TrackedReserve;
use crate::{platform, storage};
use adjuster::refusal::no_result;
use interfaces::adapter::AdapterError;

/// Steps that are kept of an index.
const MAX_STEPS: u32 = 16;

/// Starts to watch a reserve, unless it is watched already.
pub fn watch(env: &Env, platform: &Address, asset: &Address) {
    let b_rate = platform::reserve(env, platform, asset).data.b_rate;
    if storage::reserve(env, platform, asset).is_none() {
        let recorded_at = env.ledger().timestamp();
        let index = LossIndex {
            index: 0,
            recorded_at,
            steps: Vec::new(env),
        };
        storage::set_reserve(env, platform, asset, &TrackedReserve(b_rate, index));
    }
}

/// A reserve's loss index as it was last recorded.
pub fn last(env: &Env, platform: &Address, asset: &Address) -> Result<LossIndex, AdapterError> {
    let tracked = storage::reserve(env, platform, asset).ok_or(AdapterError::UnknownReserve)?;
    Ok(tracked.1)
}

/// Looks, lets Blend default the backstop's bad debt if it will, and looks again in the same call: interest that adds up
/// between two looks would hide a part of the fall.
pub fn record(
    env: &Env,
    config: &AdapterConfig,
    platform: &Address,
    asset: &Address,
) -> Result<LossIndex, AdapterError> {
    let before = storage::reserve(env, platform, asset).ok_or(AdapterError::UnknownReserve)?;
    let mut tracked = look(env, platform, asset, before.clone())?;
    if platform::has_debt(env, platform, &config.backstop) {
        let defaulted = BlendPoolClient::new(env, platform).try_bad_debt(&config.backstop);
        if matches!(defaulted, Ok(Ok(()))) {
            tracked = look(env, platform, asset, tracked)?;
        }
    }
    if tracked != before {
        storage::set_reserve(env, platform, asset, &tracked);
    }
    Ok(tracked.1)
}

/// Takes note of the b_rate now.
fn look(
    env: &Env,
    platform: &Address,
    asset: &Address,
    tracked: TrackedReserve,
) -> Result<TrackedReserve, AdapterError> {
    let TrackedReserve(
        last,
        LossIndex {
            index,
            recorded_at,
            mut steps,
        },
    ) = tracked;
    let b_rate = platform::reserve(env, platform, asset).data.b_rate;
    let mut book = Index {
        last,
        lambda: index,
    };
    if book.record(b_rate).map_err(no_result)? > 0 {
        let step = LossStep {
            index: book.lambda,
            began_at: recorded_at,
            seen_at: env.ledger().timestamp(),
        };
        if steps.len() == MAX_STEPS {
            steps.pop_front();
        }
        steps.push_back(step.clone());
        LossRecorded {
            platform: platform.clone(),
            asset: asset.clone(),
            step,
        }
        .publish(env);
    }
    let recorded_at = env.ledger().timestamp();
    Ok(TrackedReserve(
        book.last,
        LossIndex {
            index: book.lambda,
            recorded_at,
            steps,
        },
    ))
}
