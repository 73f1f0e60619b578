//! The vault's errors, and how those of others are passed on. They live with the interface, since callers tell them
//! apart.

pub use interfaces::vault::VaultError;
use soroban_sdk::xdr::ScErrorType;
use soroban_sdk::{panic_with_error, Env, Error, InvokeError};

/// Refuses with `error` unless the condition holds.
pub fn require(condition: bool, error: VaultError) -> Result<(), VaultError> {
    if condition {
        Ok(())
    } else {
        Err(error)
    }
}

/// The value, or the end of the call with its error: for SEP-41 and SEP-56, whose signatures know no errors.
pub fn or_fail<T>(env: &Env, result: Result<T, VaultError>) -> T {
    result.unwrap_or_else(|error| panic_with_error!(env, error))
}

/// What a `try_` call answered, or the end of the call with its refusal.
pub fn answered<T, C, E: Into<Error>>(
    env: &Env,
    reply: Result<Result<T, C>, Result<E, InvokeError>>,
    unavailable: VaultError,
) -> T {
    answer_or_refusal(reply, unavailable).unwrap_or_else(|refusal| panic_with_error!(env, refusal))
}

/// What a `try_` call answered, or the code of the contract that refused, so that the caller sees why; `unavailable` where
/// there is none.
pub fn answer_or_refusal<T, C, E: Into<Error>>(
    reply: Result<Result<T, C>, Result<E, InvokeError>>,
    unavailable: VaultError,
) -> Result<T, Error> {
    Err(match reply {
        Ok(Ok(answer)) => return Ok(answer),
        Ok(Err(_)) | Err(Err(InvokeError::Abort)) => unavailable.into(),
        Err(Err(InvokeError::Contract(code))) => Error::from_contract_error(code),
        Err(Ok(error)) => {
            let error: Error = error.into();
            if error.is_type(ScErrorType::Contract) {
                error
            } else {
                unavailable.into()
            }
        }
    })
}
