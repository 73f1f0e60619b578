//! What lenders of a reserve lost. Its b_rate only ever falls when Blend defaults debt that nobody repaid; what is missing
//! beside its books is counted in `deficit`, on the same index.

use actuary::deficit::{CountedDeficit, LentReserve};
use actuary::loss::{LossIndex as Falls, PlatformBooks};
use actuary::Assets;
use adjuster::refusal::no_result;
use blend_reader::answers::Reserve;
use blend_reader::platform::{self, owed_up, supplied_down};
use interfaces::adapter::AdapterError;
use interfaces::blend::BlendPoolClient;
use interfaces::blend_lenders::{LossIndex, LossStep};
use soroban_sdk::token::TokenClient;
use soroban_sdk::{Address, Env, Vec};

use crate::events::LossRecorded;
use crate::storage::{self, TrackedReserve};

/// Steps that are kept of an index.
const MAX_STEPS: u32 = 16;

/// Starts to watch a reserve, unless it is watched already.
pub fn watch(env: &Env, platform: &Address, asset: &Address) {
    let b_rate = platform::reserve(env, platform, asset).data.b_rate;
    if storage::reserve(env, platform, asset).is_none() {
        let index = LossIndex {
            index: 0,
            deficits: 0,
            missing: 0,
            recorded_at: env.ledger().timestamp(),
            steps: Vec::new(env),
        };
        storage::set_reserve(env, platform, asset, &TrackedReserve(b_rate, index, 0));
    }
}

/// What is kept of a reserve, as it was last recorded.
pub fn last(
    env: &Env,
    platform: &Address,
    asset: &Address,
) -> Result<TrackedReserve, AdapterError> {
    storage::reserve(env, platform, asset).ok_or(AdapterError::UnknownReserve)
}

/// Looks, lets Blend default the backstop's bad debt if it will, and looks again in the same call: interest that adds up
/// between two looks would hide a part of the fall.
pub fn record(
    env: &Env,
    platform: &Address,
    asset: &Address,
) -> Result<TrackedReserve, AdapterError> {
    let backstop = storage::config(env).backstop;
    let before = last(env, platform, asset)?;
    let mut tracked = look(env, platform, asset, before.clone())?;
    if platform::has_debt(env, platform, &backstop) {
        let defaulted = BlendPoolClient::new(env, platform).try_bad_debt(&backstop);
        if matches!(defaulted, Ok(Ok(()))) {
            tracked = look(env, platform, asset, tracked)?;
        }
    }
    if tracked != before {
        storage::set_reserve(env, platform, asset, &tracked);
    }
    Ok(tracked)
}

/// Takes note of the b_rate now.
fn look(
    env: &Env,
    platform: &Address,
    asset: &Address,
    tracked: TrackedReserve,
) -> Result<TrackedReserve, AdapterError> {
    let TrackedReserve(last, mut index, counted) = tracked;
    let (mut falls, mut counted) = (Falls::new(last), CountedDeficit(counted));
    let (reserve, now) = (
        platform::reserve(env, platform, asset),
        env.ledger().timestamp(),
    );
    let mut lost = falls.record(reserve.data.b_rate).map_err(no_result)?;
    if counted != CountedDeficit::default() {
        let reserve = lent(env, platform, asset, &reserve)?;
        lost = counted.set_off_down(lost, &reserve).map_err(no_result)?;
        index.missing = counted.missing_down(&reserve).map_err(no_result)?;
    }
    let began_at = index.recorded_at;
    index.recorded_at = now;
    if lost > 0 {
        add_step(env, (platform, asset), &mut index, (lost, 0), began_at)?;
    }
    Ok(TrackedReserve(falls.last, index, counted.0))
}

/// Adds what a bToken lost, by a fall or a deficit, and tells it.
pub fn add_step(
    env: &Env,
    (platform, asset): (&Address, &Address),
    index: &mut LossIndex,
    (fall, deficit): (i128, i128),
    began_at: u64,
) -> Result<(), AdapterError> {
    let add = |sum, part| actuary::math::add(sum, part).map_err(no_result);
    index.deficits = add(index.deficits, deficit)?;
    index.index = add(index.index, add(fall, deficit)?)?;
    let step = LossStep {
        index: index.index,
        deficits: index.deficits,
        began_at,
        seen_at: env.ledger().timestamp(),
    };
    if index.steps.len() == MAX_STEPS {
        index.steps.pop_front();
    }
    index.steps.push_back(step.clone());
    let (platform, asset) = (platform.clone(), asset.clone());
    LossRecorded {
        platform,
        asset,
        step,
    }
    .publish(env);
    Ok(())
}

/// A reserve, and what Blend holds for it.
pub fn lent(
    env: &Env,
    platform: &Address,
    asset: &Address,
    reserve: &Reserve,
) -> Result<LentReserve, AdapterError> {
    let data = &reserve.data;
    let amount = |raw| Assets::checked_from_raw(raw).map_err(no_result);
    let books = PlatformBooks {
        supply: supplied_down(reserve, data.b_supply).map_err(no_result)?,
        credits: amount(data.backstop_credit)?,
        liabilities: owed_up(reserve, data.d_supply).map_err(no_result)?,
        balance: amount(TokenClient::new(env, asset).balance(platform))?,
    };
    Ok(LentReserve {
        books,
        b_tokens: data.b_supply,
        b_rate: data.b_rate,
    })
}
