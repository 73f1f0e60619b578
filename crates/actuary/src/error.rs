//! Why a formula has no answer.

use core::fmt;

/// Why a formula has no answer; the inputs are at fault, never the rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MathError {
    /// The result does not fit its type.
    Overflow,
    /// More was taken away than was there.
    Underflow,
    /// A share of nothing was asked for.
    DivisionByZero,
    /// An amount, rate or price below zero.
    Negative,
    /// An argument outside the range its function states.
    OutOfBounds,
    /// A time before the one already accounted for.
    TimeReversed,
    /// A table whose entries are not in order.
    InvalidTable,
}

impl fmt::Display for MathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Overflow => "the result is too large",
            Self::Underflow => "more was taken away than was there",
            Self::DivisionByZero => "a share of nothing",
            Self::Negative => "an amount, rate or price below zero",
            Self::OutOfBounds => "an argument is out of range",
            Self::TimeReversed => "a time before the one already accounted for",
            Self::InvalidTable => "the entries of a table are not in order",
        })
    }
}

impl core::error::Error for MathError {}
