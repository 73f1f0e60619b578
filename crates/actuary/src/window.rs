//! Prices over time: hourly means, a fall over 24 hours, short averages.

use crate::math::{add, div_down, div_up, mul, mul_div_down};
use crate::time::{seconds_between, HOUR};
use crate::{MathError, Price, Rate, FULL_RATE};

/// Hourly means that are kept.
pub const CELLS: usize = 26;
/// Hours a fall is measured over.
pub const WINDOW_HOURS: usize = 24;
/// How many of them must be known.
pub const MIN_CELLS: usize = 18;
/// The span of the short average: 15 minutes.
pub const SHORT_SPAN: u64 = 900;
/// The span of the average a depeg is measured by: 6 hours.
pub const DEPEG_SPAN: u64 = 6 * HOUR;
/// Observations that the short average needs at least.
pub const MIN_OBSERVATIONS: usize = 3;
/// The least time between two observations of a source.
pub const OBSERVATION_GAP: u64 = 60;
/// Observations that must agree to lift a quarantine.
pub const QUARANTINE_OBSERVATIONS: u32 = 3;

/// A price and when it was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observation {
    /// The price.
    pub price: Price,
    /// When it was seen.
    pub time: u64,
}

/// A time-weighted mean that is still growing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mean {
    /// The sum of price times seconds.
    pub weighted: i128,
    /// The seconds.
    pub seconds: u64,
}

impl Mean {
    /// Lets `price` count for `seconds` more.
    ///
    /// # Errors
    /// `Overflow`; then nothing has changed.
    pub fn add(&mut self, price: Price, seconds: u64) -> Result<(), MathError> {
        self.weighted = add(self.weighted, mul(price.raw(), i128::from(seconds))?)?;
        self.seconds = self.seconds.saturating_add(seconds);
        Ok(())
    }

    /// The mean, rounded down; none before any time has passed.
    pub fn price_down(&self) -> Option<Price> {
        div_down(self.weighted, i128::from(self.seconds))
            .ok()
            .map(Price::from_raw)
    }

    /// The mean, rounded up; none before any time has passed.
    pub fn price_up(&self) -> Option<Price> {
        div_up(self.weighted, i128::from(self.seconds))
            .ok()
            .map(Price::from_raw)
    }
}

/// The time-weighted mean of the last `span` seconds: each price holds until the next, the last one until now. None
/// with fewer than `least` observations inside the span. The observations are in order of time.
///
/// # Errors
/// `TimeReversed` if they are not in order or from the future, `Overflow`.
pub fn mean_of(
    observations: &[Observation],
    span: u64,
    least: usize,
    now: u64,
) -> Result<Option<Mean>, MathError> {
    let from = now.saturating_sub(span);
    let ends = observations
        .iter()
        .skip(1)
        .map(|next| next.time)
        .chain([now]);
    let mut mean = Mean::default();
    let mut inside = 0;
    for (observation, end) in observations.iter().zip(ends) {
        seconds_between(observation.time, end)?;
        inside += usize::from(observation.time >= from);
        mean.add(
            observation.price,
            end.saturating_sub(observation.time.max(from)),
        )?;
    }
    Ok((inside >= least && mean.seconds > 0).then_some(mean))
}

/// `ref`: the second highest of the hourly means, so that one odd hour sets no reference. None with fewer than 18 known.
/// `cells` are the means of the last 24 hours.
pub fn reference(cells: impl IntoIterator<Item = Option<Price>>) -> Option<Price> {
    let (mut highest, mut second, mut known) = (Price::ZERO, Price::ZERO, 0);
    for price in cells.into_iter().take(WINDOW_HOURS).flatten() {
        known += 1;
        second = second.max(price.min(highest));
        highest = highest.max(price);
    }
    (known >= MIN_CELLS).then_some(second)
}

/// `cur`: the higher of the short average and the price now, so that a moment's dip pays nothing.
pub fn current(short_average_up: Price, now: Price) -> Price {
    short_average_up.max(now)
}

/// `P_lo`: the lower of the short average and the price now, to lend against.
pub fn lendable(short_average_down: Price, now: Price) -> Price {
    short_average_down.min(now)
}

/// `d = floor(1e7 * (ref - cur) / ref)`, rounded down; zero when the price rose.
///
/// # Errors
/// `DivisionByZero` for a reference of zero, `Negative`.
pub fn fall_down(reference: Price, current: Price) -> Result<Rate, MathError> {
    let lost = reference.sub_or_zero(current);
    mul_div_down(lost.raw(), FULL_RATE, reference.raw()).map(Rate::from_raw)
}
