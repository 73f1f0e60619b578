//! What cover costs, what of it the pool earns each second, and what comes back when it is cancelled.

use crate::math::{add, div_down, mul, mul_div_down, mul_div_up};
use crate::time::YEAR;
use crate::{Assets, MathError, Rate, Scaled, ScaledRate, FULL_RATE, S};

/// The part of a premium that goes to bounties and the reserve: 10 %.
pub const PROTOCOL_FEE: Rate = Rate::from_raw(1_000_000);
/// The part of the unearned premium that a cancellation pays back: 90 %.
pub const REFUND_RATE: Rate = Rate::from_raw(9_000_000);
/// The most that all unearned premium may come to, which keeps its scaled value inside `i128`: 10^26.
pub const MAX_UNEARNED: Assets = Assets::from_raw(100_000_000_000_000_000_000_000_000);
/// The largest limit that is counted with: 10^27.
pub const MAX_LIMIT: Assets = Assets::from_raw(1_000_000_000_000_000_000_000_000_000);
/// The highest yearly rate that is counted with: 1000 %.
pub const MAX_RATE: Rate = Rate::from_raw(100_000_000);

/// The parts of one premium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Premium {
    /// P, what the payer pays.
    pub total: Assets,
    /// f, what bounties and reserve get of it.
    pub protocol_fee: Assets,
    /// P - f, what the pool earns over the term.
    pub net: Assets,
}

impl Premium {
    /// The premium of `seconds` of cover: see [`premium_up`] and [`protocol_fee_up`].
    ///
    /// # Errors
    /// Those of [`premium_up`].
    pub fn of(limit: Assets, rate: Rate, seconds: u64, minimum: Assets) -> Result<Self, MathError> {
        let total = premium_up(limit, rate, seconds, minimum)?;
        let protocol_fee = protocol_fee_up(total)?;
        Ok(Self {
            total,
            protocol_fee,
            net: total.checked_sub(protocol_fee)?,
        })
    }
}

/// `P = max(minimum, ceil(limit * rate * seconds / year))`, rounded up.
///
/// # Errors
/// `OutOfBounds` beyond [`MAX_LIMIT`] or [`MAX_RATE`], `Negative`, `Overflow`.
pub fn premium_up(
    limit: Assets,
    rate: Rate,
    seconds: u64,
    minimum: Assets,
) -> Result<Assets, MathError> {
    if limit > MAX_LIMIT || rate > MAX_RATE {
        return Err(MathError::OutOfBounds);
    }
    let rate_for_term = mul(rate.raw(), i128::from(seconds))?;
    let premium = mul_div_up(limit.raw(), rate_for_term, i128::from(YEAR) * FULL_RATE)?;
    Ok(Assets::from_raw(premium).max(minimum))
}

/// `f = ceil(10 % * P)`, rounded up.
///
/// # Errors
/// `Negative`.
pub fn protocol_fee_up(premium: Assets) -> Result<Assets, MathError> {
    premium.share_up(PROTOCOL_FEE)
}

/// `q = floor((P - f) * S / seconds)`, rounded down: the dust of a term is the LPs' at once.
///
/// # Errors
/// `DivisionByZero` for no time, `Negative`, `Overflow`.
pub fn earning_rate_down(net: Assets, seconds: u64) -> Result<ScaledRate, MathError> {
    mul_div_down(net.raw(), S, i128::from(seconds)).map(ScaledRate::from_raw)
}

/// The earning rate of a renewed policy, rounded down: what is unearned and the net premium of the next term, spread
/// over the `seconds` from now to the new end.
///
/// # Errors
/// `DivisionByZero` for no time, `Negative`, `Overflow`.
pub fn merged_earning_rate_down(
    unearned: Scaled,
    net: Assets,
    seconds: u64,
) -> Result<ScaledRate, MathError> {
    let to_earn = add(unearned.raw(), net.scaled()?.raw())?;
    div_down(to_earn, i128::from(seconds)).map(ScaledRate::from_raw)
}

/// What a policy still has to earn: `q * max(0, end - now)`, exact.
///
/// # Errors
/// `Overflow`.
pub fn unearned(earning_rate: ScaledRate, end: u64, now: u64) -> Result<Scaled, MathError> {
    earning_rate.over(end.saturating_sub(now))
}

/// What a cancellation pays back: 90 % of the whole units of the unearned premium, both rounded down.
///
/// # Errors
/// `Negative`.
pub fn refund_down(unearned: Scaled) -> Result<Assets, MathError> {
    unearned.units_down()?.share_down(REFUND_RATE)
}

/// Refuses a premium that would raise all unearned premium above [`MAX_UNEARNED`].
///
/// # Errors
/// `OutOfBounds` above it, `Negative` for a negative premium.
pub fn check_unearned(unearned: Scaled, premium: Assets) -> Result<(), MathError> {
    let (most, premium) = (
        MAX_UNEARNED.scaled()?,
        Assets::checked_from_raw(premium.raw())?,
    );
    match premium
        .scaled()
        .and_then(|added| unearned.checked_add(added))
    {
        Ok(total) if total <= most => Ok(()),
        _ => Err(MathError::OutOfBounds),
    }
}

/// A protocol fee split into what prepays the policy's bounty and what goes to the reserve; the bounty comes first.
pub fn split_protocol_fee(fee: Assets, bounty: Assets) -> (Assets, Assets) {
    let prepaid = bounty.min(fee);
    (prepaid, fee.sub_or_zero(prepaid))
}
