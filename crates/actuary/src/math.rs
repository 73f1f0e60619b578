//! Integer arithmetic with the rounding in the name; products are 256 bits wide. What is used everywhere is kept out of
//! line, since contracts pay for every byte of code.

use crate::MathError;

/// `a * b / divisor`, rounded down. The product may need 256 bits, the result must fit.
///
/// # Errors
/// `Negative` for a negative argument, `DivisionByZero`, `Overflow`.
pub fn mul_div_down(a: i128, b: i128, divisor: i128) -> Result<i128, MathError> {
    let (quotient, _) = mul_div(a, b, divisor)?;
    signed(quotient)
}

/// `a * b / divisor`, rounded up. The product may need 256 bits, the result must fit.
///
/// # Errors
/// `Negative` for a negative argument, `DivisionByZero`, `Overflow`.
pub fn mul_div_up(a: i128, b: i128, divisor: i128) -> Result<i128, MathError> {
    let (quotient, remainder) = mul_div(a, b, divisor)?;
    signed(quotient)?
        .checked_add(i128::from(remainder != 0))
        .ok_or(MathError::Overflow)
}

/// `a / divisor`, rounded down.
///
/// # Errors
/// `Negative`, `DivisionByZero`.
pub fn div_down(a: i128, divisor: i128) -> Result<i128, MathError> {
    mul_div_down(a, 1, divisor)
}

/// `a / divisor`, rounded up.
///
/// # Errors
/// `Negative`, `DivisionByZero`.
pub fn div_up(a: i128, divisor: i128) -> Result<i128, MathError> {
    mul_div_up(a, 1, divisor)
}

/// `a * b`.
///
/// # Errors
/// `Overflow`.
#[inline(never)]
pub fn mul(a: i128, b: i128) -> Result<i128, MathError> {
    a.checked_mul(b).ok_or(MathError::Overflow)
}

/// `a + b`.
///
/// # Errors
/// `Overflow`.
pub fn add(a: i128, b: i128) -> Result<i128, MathError> {
    a.checked_add(b).ok_or(MathError::Overflow)
}

/// `a - b`, which must not be negative.
///
/// # Errors
/// `Underflow`.
#[inline(never)]
pub fn sub(a: i128, b: i128) -> Result<i128, MathError> {
    match a.checked_sub(b) {
        Some(difference) if difference >= 0 => Ok(difference),
        _ => Err(MathError::Underflow),
    }
}

/// Quotient and remainder of `a * b / divisor`.
///
/// # Errors
/// `Negative` for a negative argument, `DivisionByZero`, `Overflow`.
pub(crate) fn mul_div(a: i128, b: i128, divisor: i128) -> Result<(u128, u128), MathError> {
    let (a, b, divisor) = (unsigned(a)?, unsigned(b)?, unsigned(divisor)?);
    if divisor == 0 {
        return Err(MathError::DivisionByZero);
    }
    match a.checked_mul(b) {
        Some(product) => {
            let quotient = product / divisor;
            Ok((quotient, product - quotient * divisor))
        }
        None => wide_div(wide_mul(a, b), divisor),
    }
}

/// The 256 bits of `a * b` as (high, low). Both are below 2^127, so no sum of the halves below overflows.
fn wide_mul(a: u128, b: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let ((a1, a0), (b1, b0)) = ((a >> 64, a & LOW), (b >> 64, b & LOW));
    let low = a0 * b0;
    let middle = a1 * b0 + (low >> 64);
    let (sum, carried) = middle.overflowing_add(a0 * b1);
    let high = a1 * b1 + (sum >> 64) + (u128::from(carried) << 64);
    (high, (sum << 64) | (low & LOW))
}

/// Long division by a divisor below 2^127, bit by bit: small code, and only for products beyond 128 bits.
fn wide_div((high, low): (u128, u128), divisor: u128) -> Result<(u128, u128), MathError> {
    if high >= divisor {
        return Err(MathError::Overflow);
    }
    let (mut remainder, mut quotient) = (high, low);
    for _ in 0..u128::BITS {
        remainder = (remainder << 1) | (quotient >> 127);
        quotient <<= 1;
        if remainder >= divisor {
            remainder -= divisor;
            quotient |= 1;
        }
    }
    Ok((quotient, remainder))
}

fn unsigned(value: i128) -> Result<u128, MathError> {
    u128::try_from(value).map_err(|_| MathError::Negative)
}

fn signed(value: u128) -> Result<i128, MathError> {
    i128::try_from(value).map_err(|_| MathError::Overflow)
}
