//! When an advance is foreclosed, and what that leaves to whom.

use crate::math::mul_div_down;
use crate::time::{seconds_between, DAY, HOUR};
use crate::{Assets, MathError, Rate};

/// Where foreclosure may begin: debt and advance above this part of the collateral at P_hi, 95 %.
pub const FORECLOSURE_LEVEL: Rate = Rate::from_raw(9_500_000);
/// How long after the end of its cover an advance may stay unpaid.
pub const FORECLOSURE_DELAY: u64 = 7 * DAY;
/// The largest discount of a foreclosure: 10 %.
pub const MAX_DISCOUNT: Rate = Rate::from_raw(1_000_000);
/// How long after its start nothing is sold yet.
pub const SALE_DELAY: u64 = HOUR / 4;
/// How long the discount takes to grow from nothing.
pub const DISCOUNT_TIME: u64 = 6 * HOUR;

/// Whether a position may be foreclosed: `debt + owed > 95 %` of the collateral at P_hi = max(median, TWAP), or 7 days
/// passed since the end. A collateral rounded down forecloses earlier by less than a unit.
///
/// # Errors
/// `Negative`, `Overflow`.
pub fn is_foreclosable(
    debt: Assets,
    owed: Assets,
    collateral_at_high: Assets,
    end: u64,
    now: u64,
) -> Result<bool, MathError> {
    if now >= end.saturating_add(FORECLOSURE_DELAY) {
        return Ok(true);
    }
    Ok(debt.checked_add(owed)? > collateral_at_high.share_down(FORECLOSURE_LEVEL)?)
}

/// The discount of a foreclosure that started at `start`: from 0 to 10 % over 6 hours, rounded down.
///
/// # Errors
/// `TimeReversed`.
pub fn discount_down(start: u64, now: u64) -> Result<Rate, MathError> {
    let elapsed = seconds_between(start, now)?.min(DISCOUNT_TIME);
    mul_div_down(
        MAX_DISCOUNT.raw(),
        i128::from(elapsed),
        i128::from(DISCOUNT_TIME),
    )
    .map(Rate::from_raw)
}

/// Who gets what of a foreclosure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foreclosure {
    /// What the payer pays beyond the debt: `max(0, V * (1 - discount) - debt)`, rounded up.
    pub price: Assets,
    /// What the pool gets of it: `min(owed, price)`.
    pub to_pool: Assets,
    /// What the owner gets: the rest.
    pub to_owner: Assets,
    /// What the pool writes off: the rest of what was owed.
    pub written_off: Assets,
}

impl Foreclosure {
    /// The split of a position with collateral worth `value`.
    ///
    /// # Errors
    /// `Underflow` for a discount above 100 %, `Negative`, `Overflow`.
    pub fn split(
        value: Assets,
        debt: Assets,
        owed: Assets,
        discount: Rate,
    ) -> Result<Self, MathError> {
        let price = value.share_up(discount.complement()?)?.sub_or_zero(debt);
        let to_pool = owed.min(price);
        Ok(Self {
            price,
            to_pool,
            to_owner: price.checked_sub(to_pool)?,
            written_off: owed.checked_sub(to_pool)?,
        })
    }
}
