//! Entry points. Who holds enough votes proposes, who holds any votes, anyone queues and executes.

use entries::extend_instance;
use soroban_sdk::{
    contract, contractimpl, panic_with_error, Address, BytesN, Env, String, Symbol, Val, Vec,
};
use stellar_governance::governor::{self, Governor, ProposalState};

use crate::errors::RuleError;
use crate::rules::Rules;
use crate::{delay, rules};

/// A governor by the votes of a token.
#[contract]
pub struct TokenGovernor;

#[contractimpl]
impl TokenGovernor {
    /// Name and rules, both for life.
    pub fn __constructor(env: Env, name: String, rules: Rules) {
        rules::set(&env, name, &rules);
    }

    /// How it decides. Anyone.
    pub fn rules(env: Env) -> Rules {
        rules::get(&env)
    }
}

#[contractimpl(contracttrait)]
impl Governor for TokenGovernor {
    fn quorum(e: &Env, ledger: u32) -> u128 {
        rules::quorum(e, ledger)
    }

    fn proposals_need_queuing(_e: &Env) -> bool {
        true
    }

    /// Puts calls to the vote. Who had the rules' threshold of votes a ledger before.
    fn propose(
        e: &Env,
        targets: Vec<Address>,
        functions: Vec<Symbol>,
        args: Vec<Vec<Val>>,
        description: String,
        proposer: Address,
    ) -> BytesN<32> {
        proposer.require_auth();
        extend_instance(e);
        governor::propose(e, targets, functions, args, description, &proposer)
    }

    /// Starts the delay of a proposal that was won. Anyone. `eta` and `operator` do not matter: the delay is the rules'.
    fn queue(
        e: &Env,
        targets: Vec<Address>,
        functions: Vec<Symbol>,
        args: Vec<Vec<Val>>,
        description_hash: BytesN<32>,
        _eta: u32,
        _operator: Address,
    ) -> BytesN<32> {
        let id = governor::hash_proposal(e, &targets, &functions, &args, &description_hash);
        let quorum = Self::quorum(e, governor::get_proposal_snapshot(e, &id));
        let ready = e.ledger().sequence().saturating_add(rules::get(e).delay);
        governor::queue(
            e,
            targets,
            functions,
            args,
            &description_hash,
            ready,
            quorum,
        );
        delay::start(e, &id, governor::get_proposal_deadline(e, &id));
        extend_instance(e);
        id
    }

    /// Makes the calls of a proposal, all or none, once its delay is over. Anyone; `executor` does not matter.
    fn execute(
        e: &Env,
        targets: Vec<Address>,
        functions: Vec<Symbol>,
        args: Vec<Vec<Val>>,
        description_hash: BytesN<32>,
        _executor: Address,
    ) -> BytesN<32> {
        let id = governor::hash_proposal(e, &targets, &functions, &args, &description_hash);
        let quorum = Self::quorum(e, governor::get_proposal_snapshot(e, &id));
        delay::end(e, &id);
        extend_instance(e);
        governor::execute(e, targets, functions, args, &description_hash, true, quorum)
    }

    /// Refuses: a proposal is voted down. Who could withdraw one could propose what others are about to, and take it back.
    fn cancel(
        e: &Env,
        _targets: Vec<Address>,
        _functions: Vec<Symbol>,
        _args: Vec<Vec<Val>>,
        _description_hash: BytesN<32>,
        _operator: Address,
    ) -> BytesN<32> {
        panic_with_error!(e, RuleError::CannotCancel)
    }
}
