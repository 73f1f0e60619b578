//! Amounts of the books that change in place. Kept out of line: they are what this contract does most.

use actuary::{Assets, MathError, Shares};
use soroban_sdk::Env;

use crate::errors::OrFail;

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
pub fn increase<T: Amount>(env: &Env, amount: &mut T, by: T) {
    *amount = amount.plus(by).or_fail(env);
}

/// Takes from an amount, which must be enough.
#[inline(never)]
pub fn decrease<T: Amount>(env: &Env, amount: &mut T, by: T) {
    *amount = amount.minus(by).or_fail(env);
}
