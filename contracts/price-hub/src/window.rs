//! One asset's last hours: what was observed, what is believed, and its means.
//!
//! A price that is believed holds until the next one, an hour at most; hours nobody observed stay empty. A jump is not
//! believed before three observations in a row stand behind it: until then the price before it goes on holding.

use actuary::price::{differ_by_more_than, is_jump, JUMP};
use actuary::time::HOUR;
use actuary::window::{
    Mean, Observation, CELLS, MIN_OBSERVATIONS, OBSERVATION_GAP, SHORT_SPAN, WINDOW_HOURS,
};
use actuary::{MathError, Price};

use crate::cells::Cells;

/// Hours that are closed; the open one makes 26. A reference reads the last 24 of them.
pub const CLOSED_HOURS: usize = CELLS - 1;

/// Seconds of the cells that the 15-minute mean is made of.
pub const FIVE_MINUTES: u64 = 300;

/// Those of them that are closed: with the open one they reach back 15 to 20 minutes.
pub const CLOSED_FIVE_MINUTES: usize = (SHORT_SPAN / FIVE_MINUTES) as usize;

/// Seconds within which the 15-minute mean needs its observations: one of those in force during the 15 minutes may have
/// begun before them, so pokes every five minutes may come late.
const OBSERVED_WITHIN: u64 = SHORT_SPAN + FIVE_MINUTES;

/// Seconds a price holds when nobody observes another.
const HOLD: u64 = HOUR;

/// What an observation did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is the price believed from now on.
    Believed,
    /// It is a jump that must be confirmed.
    Quarantined,
    /// It was none: no new round, or too soon.
    NothingNew,
}

/// One asset's window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Hourly means.
    pub hours: Cells<CLOSED_HOURS, HOUR>,
    /// Five-minute means.
    pub five_minutes: Cells<CLOSED_FIVE_MINUTES, FIVE_MINUTES>,
    /// The last observations, newest first, believed or not. A price of zero where there was none.
    pub observed: [Observation; MIN_OBSERVATIONS],
    /// The price believed, and when it was last observed.
    pub believed: Observation,
    /// Time of the newest round observed.
    pub round: u64,
}

impl Window {
    /// A window in which nothing was observed.
    pub fn new() -> Self {
        let nothing = Observation {
            price: Price::ZERO,
            time: 0,
        };
        Self {
            hours: Cells::new(),
            five_minutes: Cells::new(),
            observed: [nothing; MIN_OBSERVATIONS],
            believed: nothing,
            round: 0,
        }
    }

    /// Observes `price` at `now`, where `round` is the time of the newest round among its sources.
    pub fn observe(&mut self, now: u64, price: Price, round: u64) -> Result<Outcome, MathError> {
        let [newest, second, _] = self.observed;
        if round <= self.round || now < newest.time + OBSERVATION_GAP {
            return Ok(Outcome::NothingNew);
        }
        let observation = Observation { price, time: now };
        self.advance(now)?;
        self.observed = [observation, newest, second];
        self.round = round;
        if self.is_jump(price)? && !self.is_jump_confirmed()? {
            return Ok(Outcome::Quarantined);
        }
        self.believed = observation;
        Ok(Outcome::Believed)
    }

    /// Brings the means up to `now`: the price believed held since the last observation, or until its hour was over.
    pub fn advance(&mut self, now: u64) -> Result<(), MathError> {
        let [newest, ..] = self.observed;
        let Observation { price, time } = self.believed;
        if !price.is_zero() {
            let held_until = now.min(time + HOLD);
            self.hours.record(newest.time, held_until, price)?;
            self.five_minutes.record(newest.time, held_until, price)?;
        }
        self.hours.advance(now);
        self.five_minutes.advance(now);
        Ok(())
    }

    /// Whether `price` is more than 25 % away from the one believed. The first price is no jump.
    pub fn is_jump(&self, price: Price) -> Result<bool, MathError> {
        Ok(!self.believed.price.is_zero() && is_jump(self.believed.price, price)?)
    }

    /// Whether the observations kept, the newest of which is a jump, lie within 25 % of each other. The price believed is
    /// then not among them: a jump lies further from it.
    fn is_jump_confirmed(&self) -> Result<bool, MathError> {
        let [third, second, first] = self.observed.map(|observation| observation.price);
        let (low, high) = (first.min(second).min(third), first.max(second).max(third));
        Ok(!differ_by_more_than(low, high, JUMP)?)
    }

    /// The time-weighted mean of the last 15 minutes, of a window advanced to `now`. `None` unless the last 20 minutes
    /// hold three observations.
    pub fn short_mean(&self, now: u64) -> Result<Option<Mean>, MathError> {
        let [.., first] = self.observed;
        if first.price.is_zero() || now - first.time > OBSERVED_WITHIN {
            return Ok(None);
        }
        self.five_minutes
            .mean_of_last(SHORT_SPAN, now)
            .map(|mean| (mean.seconds > 0).then_some(mean))
    }

    /// The 24 whole hours before the open one, newest first, each with its mean if it has a price.
    pub fn reference_hours(&self) -> impl Iterator<Item = (u64, Option<Price>)> + '_ {
        let open = self.hours.open;
        let hours = open.saturating_sub(WINDOW_HOURS as u64)..open;
        hours.rev().map(|hour| (hour, self.hours.mean_of(hour)))
    }

    /// How many of the 24 whole hours before the open one have a price.
    pub fn hours_priced(&self) -> usize {
        self.reference_hours()
            .filter(|(_, mean)| mean.is_some())
            .count()
    }
}
