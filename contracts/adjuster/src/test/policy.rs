use actuary::Assets;
use interfaces::adapter::AdapterError;
use interfaces::cover::Route;
use soroban_sdk::testutils::Address as _;
use soroban_sdk::{Address, Env, Vec};

use crate::answers::Policy;

fn policy(env: &Env) -> Policy {
    Policy {
        owner: Address::generate(env),
        end: 0,
        perils: Vec::new(env),
        route: Route::Adapter,
        limit: 100,
        topped_up: 30,
        topped_up_from: 1_000,
        drawn: 0,
        fees_due: 0,
        open_claims: 0,
        event: 7,
        event_loss: 40,
    }
}

#[test]
fn a_top_up_is_usable_after_its_waiting_period() {
    let policy = policy(&Env::default());
    assert_eq!(policy.usable_limit(999), Assets::from_raw(70), "before");
    assert_eq!(policy.usable_limit(1_000), Assets::from_raw(100), "then");
}

#[test]
fn an_advance_owes_principal_and_fees() {
    let mut policy = policy(&Env::default());
    assert_eq!(policy.require_nothing_owed(), Ok(()), "nothing");
    (policy.drawn, policy.fees_due) = (50, 2);
    assert_eq!(policy.owed_up(), Ok(Assets::from_raw(52)), "both");
    let owed = Err(AdapterError::AdvanceOwed);
    assert_eq!(policy.require_nothing_owed(), owed, "owed");
}

#[test]
fn what_was_settled_belongs_to_its_event() {
    let policy = policy(&Env::default());
    assert_eq!(policy.settled_for(7), Assets::from_raw(40), "this one");
    assert_eq!(policy.settled_for(8), Assets::ZERO, "another");
}
