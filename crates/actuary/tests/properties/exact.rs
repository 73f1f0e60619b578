//! The exact model's integers, and the generators all files share.

use actuary::{Assets, MathError, Rate};
pub use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::ToPrimitive;
use proptest::prelude::*;

pub const UNIT: i128 = 10_000_000;

pub fn big(value: i128) -> BigInt {
    BigInt::from(value)
}

pub fn ten_to(exponent: u32) -> i128 {
    10i128.pow(exponent)
}

pub fn div_down(a: &BigInt, b: &BigInt) -> BigInt {
    a.div_floor(b)
}

pub fn div_up(a: &BigInt, b: &BigInt) -> BigInt {
    a.div_ceil(b)
}

/// What a function that returns `i128` must answer: the exact number, or Overflow if it does not fit.
pub fn fitting(exact: &BigInt) -> Result<i128, MathError> {
    exact.to_i128().ok_or(MathError::Overflow)
}

pub fn assets(raw: i128) -> Assets {
    Assets::from_raw(raw)
}

pub fn rate(raw: i128) -> Rate {
    Rate::from_raw(raw)
}

/// 0 to `most`, every order of magnitude as likely as the next, and often `most` itself.
pub fn up_to(most: i128) -> impl Strategy<Value = i128> {
    let digits = most.ilog10();
    let some = (0..=digits, 0..=i128::MAX).prop_map(move |(digits, any)| {
        let below = 10i128
            .checked_pow(digits + 1)
            .map_or(most, |bound| bound.min(most));
        any % below.max(1)
    });
    prop_oneof![8 => some, 1 => Just(most), 1 => Just(most - 1)]
}

/// 1 to `most`.
pub fn from_one_to(most: i128) -> impl Strategy<Value = i128> {
    up_to(most).prop_map(|value| value.max(1))
}

/// Times from 2023 to 2087.
pub fn time() -> impl Strategy<Value = u64> {
    1_700_000_000u64..3_700_000_000
}

/// Enough cases to meet the corners, in well under a second a property.
pub fn many_cases() -> ProptestConfig {
    ProptestConfig::with_cases(2_000)
}
