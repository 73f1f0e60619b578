//! Amounts by the week in which they end, so that time costs the same for one policy as for ten thousand.

use crate::time::{seconds_between, week_of, MAX_TIME, WEEK};
use crate::{Assets, MathError, Scaled, ScaledRate};

/// Slots of the premium ring: a term of 13 weeks, renewed up to 14 week boundaries ahead.
pub const EARNING_SLOTS: usize = 14;
/// Slots of the exposure ring: 14 boundaries, a grace week, and the week under way.
pub const EXPOSURE_SLOTS: usize = 16;

/// All unearned premium and how fast it is earned. Copy it and [`accrue`](Self::accrue) the copy for a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PremiumRing {
    /// U, what is not earned at `last`.
    pub unearned: Scaled,
    /// R, the sum of the earning rates of live policies.
    pub earning_rate: ScaledRate,
    /// The part of `earning_rate` that ends at each week boundary; slot `week % 14`.
    pub ending: [ScaledRate; EARNING_SLOTS],
    /// The time everything above is as of.
    pub last: u64,
}

impl PremiumRing {
    /// An empty ring.
    pub const fn new(now: u64) -> Self {
        Self {
            unearned: Scaled::ZERO,
            earning_rate: ScaledRate::ZERO,
            ending: [ScaledRate::ZERO; EARNING_SLOTS],
            last: now,
        }
    }

    /// Earns premium up to `now`. Exact, so the result does not depend on how often it is called; at most 14 steps.
    ///
    /// # Errors
    /// `TimeReversed`, `OutOfBounds` after [`MAX_TIME`], `Underflow` or `Overflow` if the fields do not belong together.
    pub fn accrue(&mut self, now: u64) -> Result<(), MathError> {
        seconds_between(self.last, now)?;
        if now > MAX_TIME {
            return Err(MathError::OutOfBounds);
        }
        let first = week_of(self.last) + 1;
        for week in first..(first + EARNING_SLOTS as u64).min(week_of(now) + 1) {
            self.earn_until(week * WEEK)?;
            let ended = core::mem::take(&mut self.ending[slot::<EARNING_SLOTS>(week)]);
            self.earning_rate = self.earning_rate.checked_sub(ended)?;
        }
        self.earn_until(now)
    }

    /// Adds an earning rate that lasts from `last` until `end`.
    ///
    /// # Errors
    /// `OutOfBounds` unless `end` is one of the 14 coming week boundaries, `Overflow`; then nothing has changed.
    pub fn add(&mut self, earning_rate: ScaledRate, end: u64) -> Result<(), MathError> {
        let (to_earn, slot) = self.entry(earning_rate, end)?;
        let unearned = self.unearned.checked_add(to_earn)?;
        let total = self.earning_rate.checked_add(earning_rate)?;
        self.ending[slot] = self.ending[slot].checked_add(earning_rate)?;
        (self.unearned, self.earning_rate) = (unearned, total);
        Ok(())
    }

    /// Takes out an earning rate that was added until `end`.
    ///
    /// # Errors
    /// `OutOfBounds` unless `end` is one of the 14 coming week boundaries, `Underflow` if it is not in there; then
    /// nothing has changed.
    pub fn remove(&mut self, earning_rate: ScaledRate, end: u64) -> Result<(), MathError> {
        let (to_earn, slot) = self.entry(earning_rate, end)?;
        let unearned = self.unearned.checked_sub(to_earn)?;
        let total = self.earning_rate.checked_sub(earning_rate)?;
        self.ending[slot] = self.ending[slot].checked_sub(earning_rate)?;
        (self.unearned, self.earning_rate) = (unearned, total);
        Ok(())
    }

    /// What `earning_rate` has to earn until `end`, and the slot it ends in.
    fn entry(&self, earning_rate: ScaledRate, end: u64) -> Result<(Scaled, usize), MathError> {
        if !end.is_multiple_of(WEEK) {
            return Err(MathError::OutOfBounds);
        }
        let slot = coming_slot::<EARNING_SLOTS>(week_of(end), week_of(self.last))?;
        Ok((earning_rate.over(seconds_between(self.last, end)?)?, slot))
    }

    fn earn_until(&mut self, time: u64) -> Result<(), MathError> {
        let earned = self.earning_rate.over(seconds_between(self.last, time)?)?;
        self.unearned = self.unearned.checked_sub(earned)?;
        self.last = time;
        Ok(())
    }
}

/// The limits a group has to back, by the week at whose start they leave. Copy it and [`roll`](Self::roll) the copy
/// for a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExposureRing {
    /// E_g, the sum of remaining limits, up to a grace week after the end of their cover.
    pub exposure: Assets,
    /// The part of `exposure` that leaves at the start of each week; slot `week % 16`.
    pub leaving: [Assets; EXPOSURE_SLOTS],
    /// The week everything above is as of.
    pub week: u64,
}

impl ExposureRing {
    /// An empty ring.
    pub const fn new(now: u64) -> Self {
        Self {
            exposure: Assets::ZERO,
            leaving: [Assets::ZERO; EXPOSURE_SLOTS],
            week: week_of(now),
        }
    }

    /// Lets the limits leave whose week has begun; at most 16 steps.
    ///
    /// # Errors
    /// `TimeReversed` for an earlier week, `OutOfBounds` after [`MAX_TIME`], `Underflow` if the fields do not belong
    /// together.
    pub fn roll(&mut self, now: u64) -> Result<(), MathError> {
        let this_week = week_of(now);
        seconds_between(self.week, this_week)?;
        if now > MAX_TIME {
            return Err(MathError::OutOfBounds);
        }
        for week in self.week + 1..=this_week.min(self.week + EXPOSURE_SLOTS as u64) {
            let left = core::mem::take(&mut self.leaving[slot::<EXPOSURE_SLOTS>(week)]);
            self.exposure = self.exposure.checked_sub(left)?;
        }
        self.week = this_week;
        Ok(())
    }

    /// What of the exposure is of policies that have not ended: all but those in their grace week.
    pub fn in_force(&self) -> Assets {
        let in_grace = self.leaving[slot::<EXPOSURE_SLOTS>(self.week + 1)];
        self.exposure.sub_or_zero(in_grace)
    }

    /// Adds a limit, or the part of one that is restored.
    ///
    /// # Errors
    /// `OutOfBounds` unless `leaving_week` is one of the 16 coming weeks, `Overflow`; then nothing has changed.
    pub fn add(&mut self, limit: Assets, leaving_week: u64) -> Result<(), MathError> {
        let slot = coming_slot::<EXPOSURE_SLOTS>(leaving_week, self.week)?;
        let exposure = self.exposure.checked_add(limit)?;
        self.leaving[slot] = self.leaving[slot].checked_add(limit)?;
        self.exposure = exposure;
        Ok(())
    }

    /// Takes out a limit, or the part of one that a claim uses.
    ///
    /// # Errors
    /// `OutOfBounds` unless `leaving_week` is one of the 16 coming weeks, `Underflow` if it is not in there; then
    /// nothing has changed.
    pub fn remove(&mut self, limit: Assets, leaving_week: u64) -> Result<(), MathError> {
        let slot = coming_slot::<EXPOSURE_SLOTS>(leaving_week, self.week)?;
        let exposure = self.exposure.checked_sub(limit)?;
        self.leaving[slot] = self.leaving[slot].checked_sub(limit)?;
        self.exposure = exposure;
        Ok(())
    }
}

/// The slot of a week in a ring of `N`: used again once that week has begun.
const fn slot<const N: usize>(week: u64) -> usize {
    (week % N as u64) as usize
}

/// The slot of a week that is one of the `N` after `this_week`.
fn coming_slot<const N: usize>(week: u64, this_week: u64) -> Result<usize, MathError> {
    if week <= this_week || week - this_week > N as u64 {
        return Err(MathError::OutOfBounds);
    }
    Ok(slot::<N>(week))
}
