//! The pool's errors. Whatever is refused ends the call where it is found: for callers that is the same as an error
//! returned, and nothing has to carry it.

pub use interfaces::cover::CoverError;
use soroban_sdk::{panic_with_error, Env};

/// A result whose error ends the call.
pub trait OrFail<T> {
    /// The value, or the end of the call with its error.
    fn or_fail(self, env: &Env) -> T;
}

impl<T, E: Into<CoverError>> OrFail<T> for Result<T, E> {
    fn or_fail(self, env: &Env) -> T {
        match self {
            Ok(value) => value,
            Err(error) => fail(env, error.into()),
        }
    }
}

/// Refuses with `error` unless the condition holds.
pub fn require(env: &Env, condition: bool, error: CoverError) {
    if !condition {
        fail(env, error);
    }
}

/// Ends the call.
#[inline(never)]
pub fn fail(env: &Env, error: CoverError) -> ! {
    panic_with_error!(env, error)
}
