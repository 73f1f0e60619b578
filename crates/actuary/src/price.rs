//! Prices of several sources: normalised, fresh, and only what they agree on.

use crate::math::{div_down, mul, mul_div_down, mul_div_up};
use crate::quantity::quantity;
use crate::{Assets, MathError, Rate, FULL_RATE};

/// Decimals of every [`Price`].
pub const PRICE_DECIMALS: u32 = 14;
/// The most sources of one asset.
pub const MAX_SOURCES: usize = 8;
/// How far from the median a source may be: 5 %.
pub const OUTLIER: Rate = Rate::from_raw(500_000);
/// How far apart two sources may be that stand alone: 2 %.
pub const TWO_SOURCES: Rate = Rate::from_raw(200_000);
/// A change between two pokes beyond this is quarantined: 25 %.
pub const JUMP: Rate = Rate::from_raw(2_500_000);
/// Hub and market oracle further apart than this arm a group: 3 %.
pub const DIVERGENCE: Rate = Rate::from_raw(300_000);
/// The age at which Reflector's price is stale.
pub const REFLECTOR_MAX_AGE: u64 = 600;

quantity! {
    /// A price, 14 decimals.
    Price
}

/// An answer of `decimals` decimals as a price, rounded down.
///
/// # Errors
/// `Negative` for zero or less, `OutOfBounds` for more than 38 decimals or a price that is nothing at 14, `Overflow`.
pub fn normalise_down(answer: i128, decimals: u32) -> Result<Price, MathError> {
    if answer <= 0 {
        return Err(MathError::Negative);
    }
    let price = match PRICE_DECIMALS.checked_sub(decimals) {
        Some(missing) => mul(answer, power_of_ten(missing)?)?,
        None => div_down(answer, power_of_ten(decimals - PRICE_DECIMALS)?)?,
    };
    if price == 0 {
        return Err(MathError::OutOfBounds);
    }
    Ok(Price::from_raw(price))
}

/// How old an answer of a source with this heartbeat may be: a quarter more.
pub const fn max_age(heartbeat: u64) -> u64 {
    heartbeat.saturating_add(heartbeat / 4)
}

/// Whether an answer is neither stale nor from the future.
pub const fn is_fresh(timestamp: u64, now: u64, max_age: u64) -> bool {
    timestamp <= now && now - timestamp <= max_age
}

/// What sources agree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// The lower of two prices that stand alone; else the median.
    pub low: Price,
    /// The higher of two prices that stand alone; else the median.
    pub high: Price,
    /// How many sources agree.
    pub sources: u32,
}

impl Agreement {
    /// What fresh, normalised answers agree on; it sorts them. Three or more: the median of those at most 5 % from the
    /// median, if two are left; two that stand alone: both, if within 2 %. Of two that are left, or of the two in the
    /// middle of an even number, a payout takes the side that pays less: `high` for a collateral, `low` for a debt.
    /// None if they do not agree.
    ///
    /// # Errors
    /// `OutOfBounds` for more than [`MAX_SOURCES`], `Negative` for a price of zero or less.
    pub fn of(answers: &mut [Price]) -> Result<Option<Self>, MathError> {
        if answers.len() > MAX_SOURCES {
            return Err(MathError::OutOfBounds);
        }
        sort(answers);
        if answers.first().is_some_and(|lowest| *lowest <= Price::ZERO) {
            return Err(MathError::Negative);
        }
        let Some(all) = middle(answers) else {
            return Ok(None);
        };
        if answers.len() < 3 {
            let agrees = all.sources == 2 && !differ_by_more_than(all.low, all.high, TWO_SOURCES)?;
            return Ok(agrees.then_some(all));
        }
        let median = Price::from_raw(all.low.raw() + (all.high.raw() - all.low.raw()) / 2);
        let tolerance = mul_div_down(median.raw(), OUTLIER.raw(), FULL_RATE)?;
        let is_near = |answer: &Price| (answer.raw() - median.raw()).abs() <= tolerance;
        let first = answers.iter().position(is_near).unwrap_or(0);
        let near = answers.iter().filter(|answer| is_near(answer)).count();
        let left = answers.get(first..first + near).and_then(middle);
        Ok(left.filter(|agreed| agreed.sources >= 2))
    }
}

/// The middle one or two of sorted answers.
fn middle(answers: &[Price]) -> Option<Agreement> {
    let count = answers.len();
    Some(Agreement {
        low: *answers.get(count.checked_sub(1)? / 2)?,
        high: *answers.get(count / 2)?,
        sources: count as u32,
    })
}

/// Insertion sort: a few prices, and little code.
fn sort(prices: &mut [Price]) {
    for end in 1..prices.len() {
        for at in (0..end).rev() {
            if prices[at] > prices[at + 1] {
                prices.swap(at, at + 1);
            }
        }
    }
}

/// Whether two prices differ by more than this part of the lower one.
///
/// # Errors
/// `Negative`, `Overflow`.
pub fn differ_by_more_than(a: Price, b: Price, part: Rate) -> Result<bool, MathError> {
    let (low, high) = (a.min(b), a.max(b));
    let tolerance = mul_div_down(low.raw(), part.raw(), FULL_RATE)?;
    Ok(high.checked_sub(low)?.raw() > tolerance)
}

/// Whether the change from the last price is so large that it is quarantined: more than 25 % of the last one.
///
/// # Errors
/// `Negative`, `Overflow`.
pub fn is_jump(last: Price, now: Price) -> Result<bool, MathError> {
    let tolerance = mul_div_down(last.raw(), JUMP.raw(), FULL_RATE)?;
    Ok(last.max(now).checked_sub(last.min(now))?.raw() > tolerance)
}

/// The price of one asset in another, rounded down: `of / in_units_of`.
///
/// # Errors
/// `DivisionByZero`, `Negative`, `Overflow`.
pub fn cross_down(of: Price, in_units_of: Price) -> Result<Price, MathError> {
    mul_div_down(of.raw(), power_of_ten(PRICE_DECIMALS)?, in_units_of.raw()).map(Price::from_raw)
}

/// An asset's price and how many decimals its amounts have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Priced {
    /// The price of one whole unit.
    pub price: Price,
    /// Decimals of amounts.
    pub decimals: u32,
}

impl Priced {
    /// The value of `amount` of this asset in units of `other`, rounded down.
    ///
    /// # Errors
    /// `DivisionByZero`, `OutOfBounds` for more than 18 decimals, `Negative`, `Overflow`.
    pub fn value_down(&self, amount: Assets, other: &Self) -> Result<Assets, MathError> {
        let (numerator, denominator) = self.ratio(other)?;
        mul_div_down(amount.raw(), numerator, denominator).map(Assets::from_raw)
    }

    /// The value of `amount` of this asset in units of `other`, rounded up.
    ///
    /// # Errors
    /// `DivisionByZero`, `OutOfBounds` for more than 18 decimals, `Negative`, `Overflow`.
    pub fn value_up(&self, amount: Assets, other: &Self) -> Result<Assets, MathError> {
        let (numerator, denominator) = self.ratio(other)?;
        mul_div_up(amount.raw(), numerator, denominator).map(Assets::from_raw)
    }

    /// Units of `other` per unit of this, as a fraction.
    fn ratio(&self, other: &Self) -> Result<(i128, i128), MathError> {
        if self.decimals > 18 || other.decimals > 18 {
            return Err(MathError::OutOfBounds);
        }
        let shared = self.decimals.min(other.decimals);
        let numerator = mul(self.price.raw(), power_of_ten(other.decimals - shared)?)?;
        Ok((
            numerator,
            mul(other.price.raw(), power_of_ten(self.decimals - shared)?)?,
        ))
    }
}

fn power_of_ten(exponent: u32) -> Result<i128, MathError> {
    10i128.checked_pow(exponent).ok_or(MathError::OutOfBounds)
}
