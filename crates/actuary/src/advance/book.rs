//! What an advance costs, and how it is paid back.

use crate::math::{mul, mul_div_up};
use crate::time::{seconds_between, YEAR};
use crate::{Assets, MathError, Rate, Scaled, ScaledRate, FULL_RATE, S};

/// The flat fee of a draw: 0.5 %.
pub const FLAT_FEE: Rate = Rate::from_raw(50_000);
/// The least yearly rate of a draw: 4 %.
pub const MIN_RATE: Rate = Rate::from_raw(400_000);
/// The highest yearly rate of a draw: 50 %, the r_max of the premiums.
pub const MAX_FEE_RATE: Rate = Rate::from_raw(5_000_000);
/// The rate of a draw as a multiple of the platform's borrow rate: 1.25.
pub const RATE_MULTIPLE: Rate = Rate::from_raw(12_500_000);

/// What one policy owes, and with the same fields what all owe: the sums stay equal to the last scaled unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdvanceBook {
    /// D, the principal.
    pub drawn: Assets,
    /// F, the fees owed at `last`.
    pub fees_owed: Scaled,
    /// The fees that `drawn` costs each second.
    pub fee_rate: ScaledRate,
    /// The time everything above is as of.
    pub last: u64,
}

/// What a draw adds to what is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draw {
    /// The principal.
    pub principal: Assets,
    /// The flat fee, whole units.
    pub flat_fee: Scaled,
    /// The fees it costs each second.
    pub fee_rate: ScaledRate,
}

/// What a pay-back or a foreclosure takes from what is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// What was paid of fees, whole units.
    pub fees: Assets,
    /// What was paid of the principal.
    pub principal: Assets,
    /// What leaves the principal: paid or written off.
    pub drawn_gone: Assets,
    /// What leaves the fees owed: paid or written off.
    pub fees_gone: Scaled,
    /// What leaves the fees of each second.
    pub fee_rate_gone: ScaledRate,
}

impl Settlement {
    /// What was paid in all; all of it is cash.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn paid(&self) -> Result<Assets, MathError> {
        self.fees.checked_add(self.principal)
    }
}

impl Draw {
    /// A draw of `principal` at a yearly rate: a flat fee and a rate per second, both rounded up.
    ///
    /// # Errors
    /// `Negative`, `Overflow`.
    pub fn new(principal: Assets, flat_fee: Rate, yearly: Rate) -> Result<Self, MathError> {
        let fee_rate = mul_div_up(
            principal.raw(),
            mul(yearly.raw(), S)?,
            i128::from(YEAR) * FULL_RATE,
        )?;
        Ok(Self {
            principal,
            flat_fee: principal.share_up(flat_fee)?.scaled()?,
            fee_rate: ScaledRate::from_raw(fee_rate),
        })
    }
}

impl AdvanceBook {
    /// A book in which nothing is owed.
    pub const fn new(now: u64) -> Self {
        Self {
            drawn: Assets::ZERO,
            fees_owed: Scaled::ZERO,
            fee_rate: ScaledRate::ZERO,
            last: now,
        }
    }

    /// Lets fees add up to `now`, exact. While `drawn * yearly rate * years` is at most 10^26 nothing overflows.
    ///
    /// # Errors
    /// `TimeReversed`, `Overflow`; then nothing has changed.
    pub fn accrue(&mut self, now: u64) -> Result<(), MathError> {
        let fees = self.fee_rate.over(seconds_between(self.last, now)?)?;
        self.fees_owed = self.fees_owed.checked_add(fees)?;
        self.last = now;
        Ok(())
    }

    /// Fees in whole units, rounded up.
    ///
    /// # Errors
    /// `Negative`.
    pub fn fees_due_up(&self) -> Result<Assets, MathError> {
        self.fees_owed.units_up()
    }

    /// Principal and fees in whole units, rounded up.
    ///
    /// # Errors
    /// `Negative`, `Overflow`.
    pub fn owed_up(&self) -> Result<Assets, MathError> {
        self.drawn.checked_add(self.fees_due_up()?)
    }

    /// Books a draw; the book must be accrued to now.
    ///
    /// # Errors
    /// `Overflow`; then nothing has changed.
    pub fn add(&mut self, draw: &Draw) -> Result<(), MathError> {
        *self = Self {
            drawn: self.drawn.checked_add(draw.principal)?,
            fees_owed: self.fees_owed.checked_add(draw.flat_fee)?,
            fee_rate: self.fee_rate.checked_add(draw.fee_rate)?,
            last: self.last,
        };
        Ok(())
    }

    /// Books a pay-back or a foreclosure, in the policy's book and in that of all; both must be accrued to now.
    ///
    /// # Errors
    /// `Underflow` if it is not owed here; then nothing has changed.
    pub fn subtract(&mut self, settlement: &Settlement) -> Result<(), MathError> {
        *self = Self {
            drawn: self.drawn.checked_sub(settlement.drawn_gone)?,
            fees_owed: self.fees_owed.checked_sub(settlement.fees_gone)?,
            fee_rate: self.fee_rate.checked_sub(settlement.fee_rate_gone)?,
            last: self.last,
        };
        Ok(())
    }

    /// What paying `amount` back takes off, at most what is owed: fees first, then principal with its share of the fee
    /// rate, of which the rest is rounded up. The book must be accrued to now.
    ///
    /// # Errors
    /// `OutOfBounds` when nothing is owed or paid, `Negative`, `Overflow`.
    pub fn pay_back(&self, amount: Assets) -> Result<Settlement, MathError> {
        if self.drawn <= Assets::ZERO || amount <= Assets::ZERO {
            return Err(MathError::OutOfBounds);
        }
        let amount = amount.min(self.owed_up()?);
        let fees = amount.min(self.fees_due_up()?);
        let principal = amount.checked_sub(fees)?;
        let left = self.drawn.checked_sub(principal)?;
        let fee_rate = mul_div_up(self.fee_rate.raw(), left.raw(), self.drawn.raw())?;
        Ok(Settlement {
            fees,
            principal,
            drawn_gone: principal,
            fees_gone: whole_or_all(fees, self.fees_owed)?,
            fee_rate_gone: self.fee_rate.checked_sub(ScaledRate::from_raw(fee_rate))?,
        })
    }

    /// What a foreclosure that recovers `recovered` takes off: all of it. At most what is owed is paid, fees first, the
    /// rest is written off. The book must be accrued to now.
    ///
    /// # Errors
    /// `OutOfBounds` when nothing is owed, `Negative`, `Overflow`.
    pub fn foreclose(&self, recovered: Assets) -> Result<Settlement, MathError> {
        if self.drawn <= Assets::ZERO {
            return Err(MathError::OutOfBounds);
        }
        let paid = Assets::checked_from_raw(recovered.raw())?.min(self.owed_up()?);
        let fees = paid.min(self.fees_due_up()?);
        Ok(Settlement {
            fees,
            principal: paid.checked_sub(fees)?,
            drawn_gone: self.drawn,
            fees_gone: self.fees_owed,
            fee_rate_gone: self.fee_rate,
        })
    }
}

/// Whole units of fees as scaled ones, or all of them when the units were rounded up.
fn whole_or_all(fees: Assets, owed: Scaled) -> Result<Scaled, MathError> {
    Ok(match fees.scaled() {
        Ok(scaled) => scaled.min(owed),
        Err(MathError::Overflow) => owed,
        Err(error) => return Err(error),
    })
}

/// The yearly rate of a draw: `min(50 %, max(least, 1.25 * the platform's borrow rate))`, rounded up.
///
/// # Errors
/// `Negative`, `Overflow`.
pub fn yearly_rate_up(borrow_rate: Rate, least: Rate) -> Result<Rate, MathError> {
    let rate = mul_div_up(borrow_rate.raw(), RATE_MULTIPLE.raw(), FULL_RATE)?;
    Ok(Rate::from_raw(rate).max(least).min(MAX_FEE_RATE))
}
