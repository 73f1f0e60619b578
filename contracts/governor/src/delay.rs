//! When a proposal that was won may be queued and executed, and until when. OpenZeppelin's timelock keeps the ledger of each proposal.

use soroban_sdk::{panic_with_error, vec, BytesN, Env, IntoVal, Symbol};
use stellar_governance::timelock::{self, Operation};

use crate::errors::RuleError;
use crate::rules;

/// Starts the delay of a proposal whose vote was over at `deadline`; refused after the grace.
pub fn start(env: &Env, proposal: &BytesN<32>, deadline: u32) {
    require_in_grace(env, deadline);
    timelock::schedule_operation(env, &operation(env, proposal), rules::get(env).delay);
}

/// Ends it: refuses before the delay is over, after the grace, and a second time.
pub fn end(env: &Env, proposal: &BytesN<32>) {
    let operation = operation(env, proposal);
    let id = timelock::hash_operation(env, &operation);
    let ready = timelock::get_operation_ledger(env, &id);
    timelock::set_execute_operation(env, &operation);
    require_in_grace(env, ready);
}

fn require_in_grace(env: &Env, since: u32) {
    let last = since.saturating_add(rules::get(env).grace);
    if env.ledger().sequence() > last {
        panic_with_error!(env, RuleError::TooLate);
    }
}

/// What the timelock knows a proposal by. It calls nothing itself: the governor does.
fn operation(env: &Env, proposal: &BytesN<32>) -> Operation {
    Operation {
        target: env.current_contract_address(),
        function: Symbol::new(env, "execute"),
        args: vec![env, proposal.into_val(env)],
        predecessor: BytesN::from_array(env, &[0; 32]),
        salt: proposal.clone(),
    }
}
