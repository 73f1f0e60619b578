//! What Blend charges a borrower now, or would at its target utilisation. Source: blend-contracts-v2, `pool/src/pool/interest.rs` and `reserve.rs`.
//!
//! The rate is a line through three points, at no use, at the target utilisation and at 95 %, and a steep one beyond; a
//! modifier that moves with time multiplies all but the steep part. Every step rounds up, as Blend's does.

use actuary::math::{add, mul_div_up};
use actuary::{MathError, Rate, FULL_RATE};
use blend_reader::answers::Reserve;
use blend_reader::platform::{owed_up, supplied_down};

/// The utilisation from which the rate climbs steeply: 95 %.
const STEEP: u32 = 9_500_000;

/// 100 %.
const FULL: u32 = 10_000_000;

/// The yearly rate that a borrower of this reserve pays, 1e7 = 100 %, rounded up; what they would pay at the target
/// utilisation when that is more. So nobody lends to it for a moment to fix a low rate.
pub fn borrow_rate_up(reserve: &Reserve) -> Result<Rate, MathError> {
    let config = &reserve.config;
    let (base, target) = (config.r_base, config.util);
    let used = utilisation_up(reserve)?.max(target);
    // Also where the target is the point of 95 % itself.
    let (start, end, flat, slope) = if used == target {
        (0, target, base, config.r_one)
    } else if used <= STEEP {
        (target, STEEP, base + config.r_one, config.r_two)
    } else {
        (
            STEEP,
            FULL,
            base + config.r_one + config.r_two,
            config.r_three,
        )
    };
    let climbed = part_up(slope, used - start, end - start)?;
    let (modified, unmodified) = if used <= STEEP {
        (i128::from(flat) + climbed, 0)
    } else {
        (flat.into(), climbed)
    };
    let modified = mul_div_up(modified, reserve.data.ir_mod, FULL_RATE)?;
    add(modified, unmodified).map(Rate::from_raw)
}

/// `rate * share / whole`, the share first as a rate of its own, both rounded up.
fn part_up(rate: u32, share: u32, whole: u32) -> Result<i128, MathError> {
    mul_div_up(
        mul_div_up(share.into(), FULL_RATE, whole.into())?,
        rate.into(),
        FULL_RATE,
    )
}

/// The part of the reserve that is lent out, 1e7 = 100 %, rounded up, at most 100 %.
fn utilisation_up(reserve: &Reserve) -> Result<u32, MathError> {
    let lent = owed_up(reserve, reserve.data.d_supply)?;
    let supplied = supplied_down(reserve, reserve.data.b_supply)?;
    if lent.is_zero() {
        return Ok(0);
    }
    if lent >= supplied {
        return Ok(FULL);
    }
    let used = mul_div_up(lent.raw(), FULL_RATE, supplied.raw())?;
    u32::try_from(used).map_err(|_| MathError::Overflow)
}
