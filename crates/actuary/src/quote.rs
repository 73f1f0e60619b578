//! Everything a user is shown before they agree.

use crate::math::{mul, mul_div_up};
use crate::premium::Premium;
use crate::rate::{Breakdown, Span, Tariff};
use crate::time::{seconds_between, term_end, DAY, MONTH, YEAR};
use crate::{Assets, MathError, Rate, FULL_RATE};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuoteRequest {
    /// The order and the pool it meets.
    pub span: Span,
    /// l = 1 / health factor.
    pub ltv: Rate,
    /// The term in weeks.
    pub weeks: u32,
    /// P_min.
    pub minimum: Assets,
    /// The debt of the loan; zero if there is none.
    pub debt: Assets,
    /// The platform's yearly borrow rate.
    pub borrow_rate: Rate,
}

/// The price of cover, in every way it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The rate and where it comes from.
    pub breakdown: Breakdown,
    /// When the cover ends.
    pub end: u64,
    /// The premium and its parts.
    pub premium: Premium,
    /// The premium per day of the term, rounded up.
    pub per_day: Assets,
    /// The premium per twelfth of a year, rounded up.
    pub per_month: Assets,
    /// The premium as a part of the loan's interest over the term, rounded up; none without interest.
    pub share_of_interest: Option<Rate>,
}

impl Quote {
    /// The quote for a term that starts now.
    ///
    /// # Errors
    /// Those of [`Tariff::rate_up`], [`term_end`] and [`Premium::of`].
    pub fn of(tariff: &Tariff, request: &QuoteRequest, now: u64) -> Result<Self, MathError> {
        let breakdown = tariff.rate_up(request.ltv, request.span)?;
        let end = term_end(now, request.weeks)?;
        let seconds = seconds_between(now, end)?;
        let premium = Premium::of(request.span.limit, breakdown.rate, seconds, request.minimum)?;
        Ok(Self {
            breakdown,
            end,
            premium,
            per_day: per_up(premium.total, seconds, DAY)?,
            per_month: per_up(premium.total, seconds, MONTH)?,
            share_of_interest: share_of_interest_up(
                premium.total,
                request.debt,
                request.borrow_rate,
                seconds,
            )?,
        })
    }
}

/// A premium for `seconds`, per `period` seconds, rounded up.
///
/// # Errors
/// `DivisionByZero` for no time, `Negative`, `Overflow`.
pub fn per_up(premium: Assets, seconds: u64, period: u64) -> Result<Assets, MathError> {
    mul_div_up(premium.raw(), i128::from(period), i128::from(seconds)).map(Assets::from_raw)
}

/// A premium for `seconds` as a part of the interest of the same time, rounded up; none without interest.
///
/// # Errors
/// `Negative`, `Overflow`.
pub fn share_of_interest_up(
    premium: Assets,
    debt: Assets,
    borrow_rate: Rate,
    seconds: u64,
) -> Result<Option<Rate>, MathError> {
    let rate_for_term = mul(borrow_rate.raw(), i128::from(seconds))?;
    let interest = mul_div_up(debt.raw(), rate_for_term, i128::from(YEAR) * FULL_RATE)?;
    if interest == 0 {
        return Ok(None);
    }
    mul_div_up(premium.raw(), FULL_RATE, interest).map(|share| Some(Rate::from_raw(share)))
}
