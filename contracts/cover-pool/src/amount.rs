//! Amounts of the books that change in place. Kept out of line: they are what this contract does most.

use actuary::{Assets, MathError, Shares};

use crate::errors::CoverError;

/// An amount that is never below zero.
pub trait Amount: Copy {
    /// The sum.
    fn plus(self, other: Self) -> Result<Self, MathError>;
    /// The difference, refused below zero.
    fn minus(self, other: Self) -> Result<Self, MathError>;
}

impl Amount for Assets {
    fn plus(self, other: Self) -> Result<Self, MathError> {
        self.checked_add(other)
    }

    fn minus(self, other: Self) -> Result<Self, MathError> {
        self.checked_sub(other)
    }
}

impl Amount for Shares {
    fn plus(self, other: Self) -> Result<Self, MathError> {
        self.checked_add(other)
    }

    fn minus(self, other: Self) -> Result<Self, MathError> {
        self.checked_sub(other)
    }
}

/// Adds to an amount.
#[inline(never)]
pub fn increase<T: Amount>(amount: &mut T, by: T) -> Result<(), CoverError> {
    *amount = amount.plus(by)?;
    Ok(())
}

/// Takes from an amount, which must be enough.
#[inline(never)]
pub fn decrease<T: Amount>(amount: &mut T, by: T) -> Result<(), CoverError> {
    *amount = amount.minus(by)?;
    Ok(())
}
