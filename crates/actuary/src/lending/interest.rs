//! What borrowing costs: a rate by utilisation, compounded, booked in whole units without losing the fraction.

use crate::math::{add, mul, mul_div, mul_div_down, mul_div_up, sub};
use crate::premium::MAX_RATE;
use crate::time::YEAR;
use crate::{Assets, MathError, Rate, FULL_RATE};

/// The scale of a growth: 10^18 is 100 %.
pub const WAD: i128 = 1_000_000_000_000_000_000;
/// The most of the interest that a market may keep for itself: 25 %, as on Morpho Blue.
pub const MAX_FEE: Rate = Rate::from_raw(2_500_000);

/// What borrowers pay per year by utilisation: a line from `base` to `base + slope` at `target`, and a steeper one to
/// `base + slope + steep` at 100 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateModel {
    /// Rate at no use.
    pub base: Rate,
    /// What it gains up to the target.
    pub slope: Rate,
    /// What it gains beyond.
    pub steep: Rate,
    /// The utilisation where the steep part begins; at 100 % there is none.
    pub target: Rate,
}

impl RateModel {
    /// Whether the target lies above 0 and not above 100 %, and the highest rate not above [`MAX_RATE`].
    ///
    /// # Errors
    /// `OutOfBounds` if not; `Negative`, `Overflow`.
    pub fn check(&self) -> Result<(), MathError> {
        for part in [self.base, self.slope, self.steep] {
            Rate::checked_from_raw(part.raw())?;
        }
        let most = self.base.checked_add(self.slope)?.checked_add(self.steep)?;
        if self.target <= Rate::ZERO || self.target > Rate::FULL || most > MAX_RATE {
            return Err(MathError::OutOfBounds);
        }
        Ok(())
    }

    /// The yearly rate at a utilisation, rounded up; above 100 % it is that of 100 %.
    ///
    /// # Errors
    /// `DivisionByZero` for a target of zero, `Negative`, `Overflow`.
    pub fn rate_up(&self, utilisation: Rate) -> Result<Rate, MathError> {
        let utilisation = utilisation.min(Rate::FULL);
        let below = utilisation.min(self.target).raw();
        let gained = mul_div_up(self.slope.raw(), below, self.target.raw())?;
        let rate = self.base.checked_add(Rate::from_raw(gained))?;
        let beyond = utilisation.sub_or_zero(self.target).raw();
        if beyond == 0 {
            return Ok(rate);
        }
        let steep = mul_div_up(self.steep.raw(), beyond, sub(FULL_RATE, self.target.raw())?)?;
        rate.checked_add(Rate::from_raw(steep))
    }
}

/// The part of the supply that is lent out, rounded up; at most 100 %, and nothing when nothing is lent.
///
/// # Errors
/// `Negative`.
pub fn lent_part_up(debt: Assets, supply: Assets) -> Result<Rate, MathError> {
    if debt.is_zero() {
        return Ok(Rate::ZERO);
    }
    if debt >= supply {
        return Ok(Rate::FULL);
    }
    mul_div_up(debt.raw(), FULL_RATE, supply.raw()).map(Rate::from_raw)
}

/// What lenders earn per year: `borrow_rate * debt / supply * (1 - fee)`, rounded down.
///
/// # Errors
/// `Underflow` for a fee above 100 %, `Negative`, `Overflow`.
pub fn supply_rate_down(
    borrow_rate: Rate,
    debt: Assets,
    supply: Assets,
    fee: Rate,
) -> Result<Rate, MathError> {
    if debt.is_zero() || supply.is_zero() {
        return Ok(Rate::ZERO);
    }
    let earned = mul_div_down(borrow_rate.raw(), debt.raw(), supply.raw())?;
    mul_div_down(earned, fee.complement()?.raw(), FULL_RATE).map(Rate::from_raw)
}

/// How much a debt grows in `seconds` at a yearly rate, compounded: `e^x - 1` to the third order,
/// `x + x^2 / 2 + x^3 / 6` with `x = rate * seconds / year`, in [`WAD`]. Each of the three terms is rounded up, so it is
/// never below the polynomial and at most 3 + 2x + x^2 above it, in units of 10^-18.
///
/// As Morpho Blue's `wTaylorCompounded`, which rounds down and takes a rate per second.
///
/// # Errors
/// `Negative`, `Overflow`.
pub fn growth_up(rate: Rate, seconds: u64) -> Result<i128, MathError> {
    let product = mul(rate.raw(), i128::from(seconds))?;
    let first = mul_div_up(product, WAD, mul(FULL_RATE, i128::from(YEAR))?)?;
    let second = mul_div_up(first, first, 2 * WAD)?;
    let third = mul_div_up(second, first, 3 * WAD)?;
    add(add(first, second)?, third)
}

/// Interest in whole units, and what it was rounded up by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interest {
    /// What is added to the debt.
    pub amount: Assets,
    /// What of it was too much, in units of 10^-18 units; below [`WAD`]. The next interest is less by this.
    pub ahead: i128,
}

/// The interest on a debt: `ceil(debt * growth - ahead)`. What the rounding takes too much is carried on, so that the sum
/// of all interest is rounded up once, however often anyone makes it accrue.
///
/// # Errors
/// `OutOfBounds` for an `ahead` of a unit or more, `Negative`, `Overflow`.
pub fn interest_up(debt: Assets, growth: i128, ahead: i128) -> Result<Interest, MathError> {
    if !(0..WAD).contains(&ahead) {
        return Err(MathError::OutOfBounds);
    }
    let (whole, fraction) = mul_div(debt.raw(), growth, WAD)?;
    let whole = i128::try_from(whole).map_err(|_| MathError::Overflow)?;
    // Below WAD, the divisor.
    let fraction = fraction as i128;
    if fraction > ahead {
        return Ok(Interest {
            amount: Assets::from_raw(add(whole, 1)?),
            ahead: WAD - (fraction - ahead),
        });
    }
    Ok(Interest {
        amount: Assets::from_raw(whole),
        ahead: ahead - fraction,
    })
}
