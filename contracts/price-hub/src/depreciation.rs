//! How far a collateral has fallen against a debt, the events that come of it, and when a pair is armed.

use actuary::price::cross_down;
use actuary::time::{DAY, HOUR};
use actuary::window::{current, fall_down, Mean, MIN_CELLS};
use actuary::{Price, Rate};
use interfaces::price::{Armed, Depreciation, DepreciationEvent, PriceError};
use soroban_sdk::{Address, Env};

use crate::errors::no_result;
use crate::events::Triggered;
use crate::reading::{cross_up, known, reading, Known};
use crate::storage;
use crate::types::{MAX_THRESHOLD, MIN_THRESHOLD};

/// The fall of `collateral` against `debt`, measured from hours that began after `after`.
pub fn depreciation(
    collateral: &Known,
    debt: &Known,
    after: u64,
) -> Result<Depreciation, PriceError> {
    let (reference, started) = reference_down(collateral, debt, after)?;
    let current = current_up(collateral, debt)?;
    let rate = fall_down(reference, current).map_err(no_result)?.raw();
    Ok(Depreciation {
        reference: reference.raw(),
        current: current.raw(),
        rate,
        started,
    })
}

/// The second highest hourly mean of the pair, and the end of the last hour that reached it.
///
/// 18 of 24 hours need a price, whether or not they count for this reference: an event does not make the window thin.
fn reference_down(
    collateral: &Known,
    debt: &Known,
    after: u64,
) -> Result<(Price, u64), PriceError> {
    let mut priced = 0;
    let (mut highest, mut second) = ((Price::ZERO, 0), (Price::ZERO, 0));
    for (hour, mean) in collateral.window.reference_hours() {
        let (Some(of), Some(unit)) = (mean, debt.window.hours.mean_of(hour)) else {
            continue;
        };
        priced += 1;
        if hour * HOUR > after {
            let mean = (cross_down(of, unit).map_err(no_result)?, (hour + 1) * HOUR);
            second = second.max(mean.min(highest));
            highest = highest.max(mean);
        }
    }
    if priced < MIN_CELLS || second.0.is_zero() {
        return Err(PriceError::WindowThin);
    }
    Ok((second.0, second.1.max(highest.1)))
}

/// The higher of the pair's 15-minute mean and its price now, rounded up: the fall is what both of them show.
fn current_up(collateral: &Known, debt: &Known) -> Result<Price, PriceError> {
    let (of, unit) = (short_mean(collateral)?, short_mean(debt)?);
    let mean = of
        .price_up()
        .zip(unit.price_down())
        .ok_or(PriceError::NoTwap)?;
    let mean = cross_up(mean.0, mean.1).map_err(no_result)?;
    let now = cross_up(collateral.agreed.top, debt.agreed.bottom).map_err(no_result)?;
    Ok(current(mean, now))
}

fn short_mean(known: &Known) -> Result<Mean, PriceError> {
    known
        .window
        .short_mean(known.now)
        .map_err(no_result)?
        .ok_or(PriceError::NoTwap)
}

/// Records the event under way on a pair: the last one deeper while it may deepen, else a new one.
pub fn trigger(
    env: &Env,
    collateral: &Address,
    debt: &Address,
) -> Result<DepreciationEvent, PriceError> {
    let (known_collateral, known_debt) = (known(env, collateral)?, known(env, debt)?);
    let event = match storage::event(env, collateral, debt) {
        Some(event) if known_debt.now < event.at + DAY => {
            deeper(event, &known_collateral, &known_debt)?
        }
        last => {
            let after = last.as_ref().map_or(0, |last| last.deepened);
            let fall = depreciation(&known_collateral, &known_debt, after)?;
            if fall.rate < storage::threshold(env, collateral, debt) {
                return Err(PriceError::BelowThreshold);
            }
            next(last, fall, known_debt.now)
        }
    };
    storage::set_event(env, collateral, debt, &event);
    let (collateral, debt) = (collateral.clone(), debt.clone());
    Triggered {
        collateral,
        debt,
        event: event.clone(),
    }
    .publish(env);
    Ok(event)
}

/// The event after `last`.
fn next(last: Option<DepreciationEvent>, fall: Depreciation, now: u64) -> DepreciationEvent {
    let Depreciation {
        reference,
        current,
        rate,
        started,
    } = fall;
    let id = last.map_or(0, |last| last.id) + 1;
    DepreciationEvent {
        id,
        started,
        reference,
        current,
        rate,
        at: now,
        deepened: now,
    }
}

/// `event` as deep as it is now, measured from its own reference.
fn deeper(
    event: DepreciationEvent,
    collateral: &Known,
    debt: &Known,
) -> Result<DepreciationEvent, PriceError> {
    let current = current_up(collateral, debt)?;
    let rate = fall_down(Price::from_raw(event.reference), current)
        .map_err(no_result)?
        .raw();
    if rate <= event.rate {
        return Err(PriceError::NotDeeper);
    }
    Ok(DepreciationEvent {
        current: current.raw(),
        rate,
        deepened: collateral.now,
        ..event
    })
}

/// Why cover on a pair is not sold now.
pub fn armed(env: &Env, collateral: &Address, debt: &Address) -> Option<Armed> {
    let (Ok(known_collateral), Ok(known_debt)) = (known(env, collateral), known(env, debt)) else {
        return Some(Armed::TooFewSources);
    };
    for known in [&known_collateral, &known_debt] {
        match reading(known) {
            Ok(reading) if reading.degraded => return Some(Armed::WindowThin),
            Ok(reading) if reading.quarantined => return Some(Armed::Quarantined),
            Ok(_) => {}
            Err(_) => return Some(Armed::WindowThin),
        }
    }
    match depreciation(&known_collateral, &known_debt, 0) {
        Ok(fall) if fall.rate * 2 < storage::threshold(env, collateral, debt) => None,
        Ok(_) => Some(Armed::Falling),
        Err(_) => Some(Armed::WindowThin),
    }
}

/// Refuses a threshold that would make events of noise, or none at all.
pub fn validate_threshold(threshold: i128) -> Result<(), PriceError> {
    if !(MIN_THRESHOLD..=MAX_THRESHOLD).contains(&Rate::from_raw(threshold)) {
        return Err(PriceError::InvalidThreshold);
    }
    Ok(())
}
