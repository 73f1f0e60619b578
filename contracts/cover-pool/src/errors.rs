//! The pool's errors, and how an entry point that returns no `Result` fails with one.

pub use interfaces::cover::CoverError;
use soroban_sdk::{panic_with_error, Env};

/// The value, or the end of the call with its error: for SEP-41 and SEP-56, whose signatures know no errors.
pub fn or_fail<T>(env: &Env, result: Result<T, CoverError>) -> T {
    result.unwrap_or_else(|error| panic_with_error!(env, error))
}

/// Refuses with `error` unless the condition holds.
pub fn require(condition: bool, error: CoverError) -> Result<(), CoverError> {
    if condition {
        Ok(())
    } else {
        Err(error)
    }
}
