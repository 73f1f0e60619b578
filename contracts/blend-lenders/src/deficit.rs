//! Whether a reserve is short of assets: what its lenders and its backstop own, less what borrowers owe and what is there.
//! Blend's rounding always leaves it a little more than that, and a gift counts for it. So something is missing only when
//! something was taken.
//!
//! It cannot be faked within a call: Blend writes its books last, but while it is on the stack it cannot be asked.

use actuary::deficit::{CountedDeficit, LentReserve};
use actuary::time::{DAY, HOUR};
use actuary::Assets;
use adjuster::refusal::no_result;
use blend_reader::platform;
use interfaces::adapter::AdapterError;
use interfaces::blend_lenders::LossIndex;
use soroban_sdk::{Address, Env};

use crate::events::DeficitSeen;
use crate::loss_index::{add_step, lent, record};
use crate::storage::{self, Sight, TrackedReserve};

/// How long the first sight of a deficit is good for a second one.
const SIGHT_GOOD_FOR: u64 = DAY;

/// Looks whether a reserve is short of assets, and counts what was seen before and is missing still. The sight stays good
/// for its day: who lends a large sum for a moment, so that a look counts little, only has the next one count the rest.
pub fn prove(env: &Env, platform: &Address, asset: &Address) -> Result<LossIndex, AdapterError> {
    let tracked = record(env, platform, asset)?;
    let reserve = now(env, platform, asset)?;
    let missing = reserve.books.missing().map_err(no_result)?;
    let is_uncounted = |missing| -> Result<bool, AdapterError> {
        let counted = CountedDeficit(tracked.2);
        let uncounted = counted.uncounted(missing, &reserve).map_err(no_result)?;
        Ok(!uncounted.is_zero())
    };
    match good_sight(env, platform, asset) {
        // It is there again, so what comes later is another one.
        Some(_) if missing.is_zero() => {
            storage::remove_sight(env, platform, asset);
            Ok(tracked.1)
        }
        None if is_uncounted(missing)? => {
            see(env, platform, asset, missing);
            Ok(tracked.1)
        }
        Some(Sight(seen, at)) if env.ledger().timestamp() >= at.saturating_add(HOUR) => {
            let missing = missing.min(Assets::from_raw(seen));
            if !is_uncounted(missing)? {
                return Err(AdapterError::NoDeficit);
            }
            count(env, (platform, asset), tracked, &reserve, (missing, at))
        }
        _ => Err(AdapterError::NoDeficit),
    }
}

/// Refuses while anything is missing, or was seen to be within the last day. Since nothing is missing when cover is sold, it
/// is not owed for what was.
pub fn require_none(env: &Env, platform: &Address, asset: &Address) -> Result<(), AdapterError> {
    let missing = now(env, platform, asset)?
        .books
        .missing()
        .map_err(no_result)?;
    if missing.is_zero() && good_sight(env, platform, asset).is_none() {
        Ok(())
    } else {
        Err(AdapterError::PlatformNotActive)
    }
}

fn now(env: &Env, platform: &Address, asset: &Address) -> Result<LentReserve, AdapterError> {
    let reserve = platform::reserve(env, platform, asset);
    lent(env, platform, asset, &reserve)
}

fn good_sight(env: &Env, platform: &Address, asset: &Address) -> Option<Sight> {
    let now = env.ledger().timestamp();
    storage::sight(env, platform, asset)
        .filter(|sight| now <= sight.1.saturating_add(SIGHT_GOOD_FOR))
}

fn see(env: &Env, platform: &Address, asset: &Address, missing: Assets) {
    let missing = missing.raw();
    let sight = Sight(missing, env.ledger().timestamp());
    storage::set_sight(env, platform, asset, &sight);
    let (platform, asset) = (platform.clone(), asset.clone());
    DeficitSeen {
        platform,
        asset,
        missing,
    }
    .publish(env);
}

/// Counts what was missing both times, as a loss of the time when it was seen first.
fn count(
    env: &Env,
    (platform, asset): (&Address, &Address),
    tracked: TrackedReserve,
    reserve: &LentReserve,
    (missing, seen_at): (Assets, u64),
) -> Result<LossIndex, AdapterError> {
    let TrackedReserve(last, mut index, counted) = tracked;
    let mut counted = CountedDeficit(counted);
    let lost = counted.count_down(missing, reserve).map_err(no_result)?;
    if lost == 0 {
        return Err(AdapterError::NoDeficit);
    }
    index.missing = counted.missing_down(reserve).map_err(no_result)?;
    add_step(env, (platform, asset), &mut index, (0, lost), seen_at)?;
    let tracked = TrackedReserve(last, index.clone(), counted.0);
    storage::set_reserve(env, platform, asset, &tracked);
    Ok(index)
}
