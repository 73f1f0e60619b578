//! The hub's errors. They live with the interface, since callers tell them apart.

use actuary::MathError;
pub use interfaces::price::PriceError;

/// A formula without an answer. Prices are bounded when they are read, so only a pair's ratio can be too large.
pub const fn no_result(_: MathError) -> PriceError {
    PriceError::Overflow
}
