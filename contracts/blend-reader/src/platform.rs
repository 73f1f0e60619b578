//! Asking Blend, its backstop and its oracle.
//!
//! Blend's own views answer for every reserve that it lists, which a listing makes sure of; its oracle may be anything.

use actuary::math::{mul_div_down, mul_div_up};
use actuary::{Assets, MathError};
use interfaces::adapter::AdapterError;
use interfaces::blend::{AUCTION_USER_LIQUIDATION, RATE_SCALE};
use interfaces::price::Asset;
use soroban_sdk::{Address, Env};

use crate::answers::{BackstopData, PlatformClient, PlatformConfig, Positions, Reserve};

/// Statuses up to this one are active.
const LAST_ACTIVE_STATUS: u32 = 1;

/// Blend refuses prices older than this.
const MAX_PRICE_AGE: u64 = 24 * 60 * 60;

/// Blend's threshold of either token of a backstop is 100 000 whole ones; so many of its smallest units are 1e-7 of it.
const THRESHOLD_PART: u64 = 100_000;

/// 100 % of the threshold.
const THRESHOLD: u64 = 10_000_000;

/// A reserve, accrued to now.
pub fn reserve(env: &Env, platform: &Address, asset: &Address) -> Reserve {
    PlatformClient::new(env, platform).get_reserve(asset)
}

/// The platform's configuration.
pub fn config(env: &Env, platform: &Address) -> PlatformConfig {
    PlatformClient::new(env, platform).get_config()
}

/// What an account holds.
pub fn positions(env: &Env, platform: &Address, who: &Address) -> Positions {
    PlatformClient::new(env, platform).get_positions(who)
}

/// Whether an account is being liquidated.
pub fn is_auctioned(env: &Env, platform: &Address, who: &Address) -> bool {
    PlatformClient::new(env, platform)
        .try_get_auction(&AUCTION_USER_LIQUIDATION, who)
        .is_ok()
}

/// The platform's own price of an asset, in its oracle's decimals; none where Blend itself would refuse it.
pub fn price(env: &Env, oracle: &Address, asset: &Address) -> Option<i128> {
    let asset = Asset::Stellar(asset.clone());
    let answer = PlatformClient::new(env, oracle)
        .try_lastprice(&asset)
        .ok()?
        .ok()??;
    let oldest = env.ledger().timestamp().saturating_sub(MAX_PRICE_AGE);
    (answer.price > 0 && answer.timestamp >= oldest).then_some(answer.price)
}

/// What `b_tokens` of a reserve are worth in its asset, rounded down.
pub fn supplied_down(reserve: &Reserve, b_tokens: i128) -> Result<Assets, MathError> {
    mul_div_down(b_tokens, reserve.data.b_rate, RATE_SCALE).map(Assets::from_raw)
}

/// What `d_tokens` of a reserve owe in its asset, rounded up.
pub fn owed_up(reserve: &Reserve, d_tokens: i128) -> Result<Assets, MathError> {
    mul_div_up(d_tokens, reserve.data.d_rate, RATE_SCALE).map(Assets::from_raw)
}

/// Refuses a platform that is not active, or whose backstop carries debt or is thin: its product constant is below `floor`.
pub fn require_sound(
    env: &Env,
    (backstop, floor): (&Address, i128),
    platform: &Address,
    status: u32,
) -> Result<(), AdapterError> {
    if status > LAST_ACTIVE_STATUS {
        return Err(AdapterError::PlatformNotActive);
    }
    if has_debt(env, platform, backstop) {
        return Err(AdapterError::BackstopIndebted);
    }
    let data = PlatformClient::new(env, backstop).pool_data(platform);
    if i128::from(backstop_level_down(&data)) < floor {
        return Err(AdapterError::BackstopThin);
    }
    Ok(())
}

/// Whether an account owes the platform anything.
pub fn has_debt(env: &Env, platform: &Address, who: &Address) -> bool {
    !positions(env, platform, who).liabilities.is_empty()
}

/// A backstop's product constant, the fourth power of its BLND times its USDC, as a part of Blend's threshold, 1e7 =
/// 100 %, rounded down. Source: blend-contracts-v2, `pool/src/pool/status.rs`. Either token counts at most tenfold.
fn backstop_level_down(data: &BackstopData) -> u64 {
    let [blnd, usdc] = [data.blnd, data.usdc].map(|tokens| {
        let tokens = u64::try_from(tokens).unwrap_or(u64::MAX);
        (tokens / THRESHOLD_PART).min(10 * THRESHOLD)
    });
    let squared = blnd * blnd / THRESHOLD;
    squared * squared / THRESHOLD * usdc / THRESHOLD
}
