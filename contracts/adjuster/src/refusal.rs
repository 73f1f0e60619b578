//! An adapter's errors, and those of the contracts it calls.

use actuary::advance::DrawRefusal;
use actuary::MathError;
use interfaces::adapter::AdapterError;
use interfaces::cover::CoverError;
use interfaces::price::Armed;
use soroban_sdk::xdr::ScErrorType;
use soroban_sdk::{Env, Error, InvokeError};

use crate::answers::Policy;

/// A formula without an answer.
pub const fn no_result(_: MathError) -> AdapterError {
    AdapterError::NoResult
}

/// Why no draw may be made.
pub const fn draw_refused(refusal: DrawRefusal) -> AdapterError {
    match refusal {
        DrawRefusal::Healthy => AdapterError::Healthy,
        DrawRefusal::TooSmall => AdapterError::DrawTooSmall,
        DrawRefusal::EquityExhausted => AdapterError::EquityExhausted,
        DrawRefusal::StillUnhealthy => AdapterError::StillUnhealthy,
        DrawRefusal::Math(_) => AdapterError::NoResult,
    }
}

/// Why the hub has armed a pair.
pub const fn armed_by_hub(armed: Armed) -> AdapterError {
    match armed {
        Armed::TooFewSources => AdapterError::PriceUnavailable,
        Armed::WindowThin => AdapterError::PriceDegraded,
        Armed::Quarantined => AdapterError::PriceQuarantined,
        Armed::Falling => AdapterError::PriceFalling,
    }
}

/// The code of a refusal, 0 when there is none.
pub fn code(result: Result<(), AdapterError>) -> u32 {
    result.err().map_or(0, |error| error as u32)
}

/// Why something was refused: our code, or that of the contract that refused; 0 for an error of the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal(pub u32);

impl From<AdapterError> for Refusal {
    fn from(error: AdapterError) -> Self {
        Self(error as u32)
    }
}

impl Refusal {
    /// Whether the cover pool owes nothing for a loss and never will: there is no policy, or none that covers it. Anything
    /// else that it refuses may be paid later.
    pub fn is_final(self) -> bool {
        [
            CoverError::UnknownPolicy,
            CoverError::PerilNotCovered,
            CoverError::OutsideCover,
            CoverError::Expired,
            CoverError::NothingCovered,
        ]
        .into_iter()
        .any(|error| error as u32 == self.0)
    }

    /// The same for a loss of this policy: a limit that is lent out or reserved may come back, so that nothing is covered for now
    /// only.
    pub fn is_final_for(self, policy: &Policy) -> bool {
        let may_come_back = policy.drawn > 0 || policy.open_claims > 0;
        self.is_final() && !(may_come_back && self.0 == CoverError::NothingCovered as u32)
    }

    /// Ends the call with this code, so that the caller sees who refused and why.
    pub fn raise(self, env: &Env) -> ! {
        env.panic_with_error(Error::from_contract_error(self.0))
    }
}

/// What a `try_` call answered, or the code of the contract that refused.
pub fn answered_or_code<T, C>(
    reply: Result<Result<T, C>, Result<Error, InvokeError>>,
) -> Result<T, Refusal> {
    match reply {
        Ok(answer) => answer.map_err(|_| Refusal(0)),
        Err(Ok(error)) if error.is_type(ScErrorType::Contract) => Err(Refusal(error.get_code())),
        Err(Ok(_)) => Err(Refusal(0)),
        Err(Err(InvokeError::Contract(code))) => Err(Refusal(code)),
        Err(Err(InvokeError::Abort)) => Err(Refusal(0)),
    }
}
