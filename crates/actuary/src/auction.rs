//! The sale of surrendered collateral: a Dutch auction, in which the price of a lot falls to nothing.

use crate::math::mul_div_up;
use crate::time::{seconds_between, HOUR};
use crate::{Assets, MathError};

/// How long the price of a lot takes to fall to nothing.
pub const SALE_TIME: u64 = 72 * HOUR;

/// What a whole lot costs that is offered since `start`: its value at the start, falling in a straight line to nothing over
/// 72 hours, rounded up.
///
/// # Errors
/// `TimeReversed`, `Negative`, `Overflow`.
pub fn lot_price_up(value: Assets, start: u64, now: u64) -> Result<Assets, MathError> {
    let left = SALE_TIME.saturating_sub(seconds_between(start, now)?);
    mul_div_up(value.raw(), i128::from(left), i128::from(SALE_TIME)).map(Assets::from_raw)
}

/// What `amount` of a lot of `whole` costs, its share of the lot's price, rounded up: parts never cost less than the whole.
///
/// # Errors
/// `OutOfBounds` for more than the whole, `DivisionByZero` for a lot of nothing, `Negative`, `Overflow`.
pub fn part_price_up(lot_price: Assets, amount: i128, whole: i128) -> Result<Assets, MathError> {
    if amount > whole {
        return Err(MathError::OutOfBounds);
    }
    mul_div_up(lot_price.raw(), amount, whole).map(Assets::from_raw)
}
