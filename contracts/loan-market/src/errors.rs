//! The market's errors, and how those of others are passed on. Whatever is refused ends the call where it is found: for
//! callers that is the same as an error returned, and nothing has to carry it.

pub use interfaces::market::MarketError;
use soroban_sdk::xdr::ScErrorType;
use soroban_sdk::{panic_with_error, Env, Error, InvokeError};

/// A result whose error ends the call.
pub trait OrFail<T> {
    /// The value, or the end of the call with its error.
    fn or_fail(self, env: &Env) -> T;
}

impl<T, E: Into<MarketError>> OrFail<T> for Result<T, E> {
    fn or_fail(self, env: &Env) -> T {
        match self {
            Ok(value) => value,
            Err(error) => fail(env, error.into()),
        }
    }
}

/// Refuses with `error` unless the condition holds.
pub fn require(env: &Env, condition: bool, error: MarketError) {
    if !condition {
        fail(env, error);
    }
}

/// Ends the call.
#[inline(never)]
pub fn fail(env: &Env, error: MarketError) -> ! {
    panic_with_error!(env, error)
}

/// Ends the call with the code of the contract that refused, so that the caller sees why.
#[inline(never)]
pub fn fail_with_code(env: &Env, code: u32) -> ! {
    env.panic_with_error(Error::from_contract_error(code))
}

/// What the insurer answered, or the code it refused with; `InsurerUnavailable` where there is none.
pub fn answered<T, C>(reply: Result<Result<T, C>, Result<Error, InvokeError>>) -> Result<T, u32> {
    let unavailable = MarketError::InsurerUnavailable as u32;
    match reply {
        Ok(answer) => answer.map_err(|_| unavailable),
        Err(Ok(error)) if error.is_type(ScErrorType::Contract) => Err(error.get_code()),
        Err(Err(InvokeError::Contract(code))) => Err(code),
        Err(_) => Err(unavailable),
    }
}
