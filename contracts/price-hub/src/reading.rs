//! An asset's and a pair's price now.

use actuary::math::mul_div_up;
use actuary::price::cross_down;
use actuary::time::{DAY, HOUR};
use actuary::window::{lendable, MIN_CELLS};
use actuary::{MathError, Price};
use interfaces::price::{PairReading, Poked, PriceError, Reading, PRICE_ONE};
use soroban_sdk::{Address, Env};

use crate::errors::no_result;
use crate::events::Observed;
use crate::source::Agreed;
use crate::window::{Outcome, Window};
use crate::{source, storage};

/// What is known of an asset at `now`: what its sources agree on, and its window.
pub struct Known {
    /// What its sources agree on.
    pub agreed: Agreed,
    /// Its window, advanced to `now`.
    pub window: Window,
    /// The ledger's time.
    pub now: u64,
}

/// What is known of an asset now.
pub fn known(env: &Env, asset: &Address) -> Result<Known, PriceError> {
    let sources = storage::sources(env, asset);
    if sources.is_empty() {
        return Err(PriceError::UnknownAsset);
    }
    let agreed = source::agreed(env, &sources).ok_or(PriceError::TooFewSources)?;
    Ok(Known {
        agreed,
        window: window_now(env, asset)?,
        now: env.ledger().timestamp(),
    })
}

/// An asset's window, advanced to now.
pub fn window_now(env: &Env, asset: &Address) -> Result<Window, PriceError> {
    let mut window = storage::window(env, asset);
    window
        .advance(env.ledger().timestamp())
        .map_err(no_result)?;
    Ok(window)
}

/// An asset's price with its sides and its state.
pub fn reading(known: &Known) -> Result<Reading, PriceError> {
    let Agreed {
        bottom,
        median,
        top,
        sources,
        timestamp,
    } = known.agreed;
    let short = known.window.short_mean(known.now).map_err(no_result)?;
    let twap = short.and_then(|mean| mean.price_down());
    let twap_up = short.and_then(|mean| mean.price_up());
    let is_jump = known.window.is_jump(median).map_err(no_result)?;
    Ok(Reading {
        median: median.raw(),
        bottom: bottom.raw(),
        top: top.raw(),
        twap: twap.map(Price::raw),
        low: twap.map_or(bottom, |twap| lendable(twap, bottom)).raw(),
        high: twap_up.map_or(top, |twap| twap.max(top)).raw(),
        quarantined: twap.is_none() || is_jump,
        degraded: known.window.hours_priced() < MIN_CELLS,
        sources,
        timestamp,
    })
}

/// A pair's price from both assets' readings.
pub fn pair(collateral: &Reading, debt: &Reading) -> Result<PairReading, PriceError> {
    let [price, low] = [
        (collateral.median, debt.median),
        (collateral.low, debt.high),
    ]
    .map(|(of, unit)| cross_down(Price::from_raw(of), Price::from_raw(unit)));
    let high = cross_up(
        Price::from_raw(collateral.top),
        Price::from_raw(debt.bottom),
    );
    Ok(PairReading {
        price: price.map_err(no_result)?.raw(),
        high: high.map_err(no_result)?.raw(),
        low: low.map_err(no_result)?.raw(),
        quarantined: collateral.quarantined || debt.quarantined,
        degraded: collateral.degraded || debt.degraded,
        sources: collateral.sources.min(debt.sources),
        timestamp: collateral.timestamp.min(debt.timestamp),
    })
}

/// The price of one asset in another, rounded up.
pub fn cross_up(of: Price, in_units_of: Price) -> Result<Price, MathError> {
    mul_div_up(of.raw(), PRICE_ONE, in_units_of.raw()).map(Price::from_raw)
}

/// The time-weighted mean of an asset's last `hours`, rounded down.
pub fn twap(env: &Env, asset: &Address, hours: u32) -> Result<i128, PriceError> {
    let seconds = u64::from(hours) * HOUR;
    if !(HOUR..=DAY).contains(&seconds) {
        return Err(PriceError::InvalidPeriod);
    }
    let window = window_now(env, asset)?;
    let now = env.ledger().timestamp();
    let mean = window.hours.mean_of_last(seconds, now).map_err(no_result)?;
    let is_covered = mean.seconds * 4 >= seconds * 3;
    let price = mean.price_down().filter(|_| is_covered);
    price.map(Price::raw).ok_or(PriceError::WindowThin)
}

/// Observes an asset's price into its window.
pub fn poke(env: &Env, asset: &Address) -> Poked {
    let Some(agreed) = source::agreed(env, &storage::sources(env, asset)) else {
        return Poked::NoPrice;
    };
    let mut window = storage::window(env, asset);
    let now = env.ledger().timestamp();
    let quarantined = match window.observe(now, agreed.median, agreed.timestamp) {
        Ok(Outcome::Believed) => false,
        Ok(Outcome::Quarantined) => true,
        Ok(Outcome::NothingNew) => return Poked::NothingNew,
        Err(_) => return Poked::NoPrice,
    };
    storage::set_window(env, asset, &window);
    let (price, sources) = (agreed.median.raw(), agreed.sources);
    Observed {
        asset: asset.clone(),
        price,
        sources,
        quarantined,
    }
    .publish(env);
    if quarantined {
        Poked::Quarantined
    } else {
        Poked::Observed
    }
}
