use interfaces::adapter::AdapterError;
use interfaces::cover::{CoverError, Route};
use soroban_sdk::testutils::Address as _;
use soroban_sdk::{Address, ConversionError, Env, Error, InvokeError, Vec};

use crate::answers::Policy;
use crate::refusal::{answered_or_code, code, Refusal};

#[test]
fn what_cover_never_owes_is_told_from_what_it_does_not_pay_now() {
    let is_final = |error: CoverError| Refusal(error as u32).is_final();
    for error in [
        CoverError::UnknownPolicy,
        CoverError::PerilNotCovered,
        CoverError::OutsideCover,
        CoverError::Expired,
        CoverError::NothingCovered,
    ] {
        assert!(is_final(error), "{error:?}");
    }
    for error in [
        CoverError::Paused,
        CoverError::Impaired,
        CoverError::NoResult,
        CoverError::RescueFailed,
        CoverError::Corrupt,
    ] {
        assert!(!is_final(error), "{error:?}");
    }
    assert!(!Refusal(0).is_final(), "an error of the host");
}

#[test]
fn a_limit_that_may_come_back_is_not_the_last_word() {
    let env = Env::default();
    let policy = Policy {
        owner: Address::generate(&env),
        end: 0,
        perils: Vec::new(&env),
        route: Route::Adapter,
        limit: 0,
        topped_up: 0,
        topped_up_from: 0,
        drawn: 0,
        fees_due: 0,
        open_claims: 0,
        event: 0,
        event_loss: 0,
    };
    let nothing = Refusal(CoverError::NothingCovered as u32);
    assert!(nothing.is_final_for(&policy), "used up");
    let (drawn, mut waiting) = (policy.clone(), policy.clone());
    let drawn = Policy { drawn: 1, ..drawn };
    assert!(!nothing.is_final_for(&drawn), "lent out");
    waiting.open_claims = 1;
    assert!(!nothing.is_final_for(&waiting), "reserved");
    let late = Refusal(CoverError::Expired as u32);
    assert!(late.is_final_for(&waiting), "nor ever");
}

#[test]
fn a_refusal_carries_the_code_of_who_refused() {
    type Reply = Result<Result<u32, ConversionError>, Result<Error, InvokeError>>;
    let answer = |reply: Reply| answered_or_code(reply);
    assert_eq!(answer(Ok(Ok(7))), Ok(7), "an answer");
    let contract = Error::from_contract_error(7_050);
    assert_eq!(answer(Err(Ok(contract))), Err(Refusal(7_050)), "a contract");
    let code_alone = InvokeError::Contract(7_004);
    assert_eq!(
        answer(Err(Err(code_alone))),
        Err(Refusal(7_004)),
        "its code"
    );
    assert_eq!(
        answer(Err(Err(InvokeError::Abort))),
        Err(Refusal(0)),
        "host"
    );
    assert_eq!(
        answer(Ok(Err(ConversionError))),
        Err(Refusal(0)),
        "nonsense"
    );
}

#[test]
fn the_code_of_nothing_is_zero() {
    assert_eq!(code(Ok(())), 0, "allowed");
    assert_eq!(code(Err(AdapterError::BelowPeg)), 7_245, "refused");
}
