//! Arithmetic of any width. A result that does not fit into 128 bits is a mistake of the test, and panics.

use num_bigint::BigInt;
use num_integer::Integer;

/// The product of integers, however wide.
pub fn product(factors: &[i128]) -> BigInt {
    factors.iter().map(|&factor| BigInt::from(factor)).product()
}

/// `dividend / divisor`, rounded towards minus infinity.
pub fn div_down(dividend: impl Into<BigInt>, divisor: i128) -> i128 {
    narrow(&dividend.into().div_floor(&BigInt::from(divisor)))
}

/// `dividend / divisor`, rounded towards plus infinity.
pub fn div_up(dividend: impl Into<BigInt>, divisor: i128) -> i128 {
    narrow(&Integer::div_ceil(&dividend.into(), &BigInt::from(divisor)))
}

fn narrow(value: &BigInt) -> i128 {
    match i128::try_from(value) {
        Ok(narrow) => narrow,
        Err(_) => panic!("{value} does not fit into 128 bits"),
    }
}
