use soroban_sdk::testutils::Address as _;
use soroban_sdk::Address;
use stellar_governance::governor::{GovernorError, ProposalState};
use stellar_governance::timelock::TimelockError;

use super::{World, ABSTAIN, AGAINST, DELAY, FOR, GRACE, VOTING_DELAY, VOTING_PERIOD};
use crate::RuleError;

const NOT_WON: u32 = GovernorError::ProposalNotSuccessful as u32;
const NOT_READY: u32 = TimelockError::InvalidOperationState as u32;
const UNKNOWN: u32 = GovernorError::ProposalNotFound as u32;
const TOO_LATE: u32 = RuleError::TooLate as u32;
const CANNOT_CANCEL: u32 = RuleError::CannotCancel as u32;

#[test]
fn a_proposal_is_voted_on_waits_and_is_executed() {
    let world = World::new();
    let (calls, id) = world.won(&[7, 8]);
    assert_eq!(world.state(&id), ProposalState::Succeeded, "won");
    assert_eq!(world.queue(&calls), Ok(id.clone()), "queued");
    world.pass(DELAY);
    assert_eq!(world.setting.value(), 0, "before");
    assert_eq!(world.execute(&calls), Ok(id.clone()), "executed");
    assert_eq!(world.setting.value(), 8, "both, in order");
    assert_eq!(world.state(&id), ProposalState::Executed, "over");
}

#[test]
fn nothing_is_executed_early_or_twice() {
    let world = World::new();
    let (calls, _) = world.won(&[7]);
    assert_eq!(world.execute(&calls), Err(NOT_READY), "not queued");
    world.queue(&calls).unwrap();
    assert_eq!(world.queue(&calls), Err(NOT_WON), "queued already");
    world.pass(DELAY - 1);
    assert_eq!(world.execute(&calls), Err(NOT_READY), "a ledger early");
    world.pass(1);
    assert!(world.execute(&calls).is_ok(), "in time");
    assert_eq!(world.execute(&calls), Err(NOT_READY), "twice");
    assert_eq!(world.queue(&calls), Err(NOT_WON), "nor queued again");
}

#[test]
fn what_was_voted_on_cannot_be_altered() {
    let world = World::new();
    let (mut calls, _) = world.queued(&[7]);
    world.pass(DELAY);
    calls.args = world.calls(&[9]).args;
    assert_eq!(world.execute(&calls), Err(UNKNOWN), "another value");
    assert_eq!(world.setting.value(), 0, "nothing happened");
}

#[test]
fn a_vote_or_a_delay_that_is_long_past_is_void() {
    let world = World::new();
    let (calls, _) = world.won(&[7]);
    world.pass(GRACE - 1);
    assert!(world.queue(&calls).is_ok(), "queued in time");
    world.pass(DELAY + GRACE + 1);
    assert_eq!(world.execute(&calls), Err(TOO_LATE), "a ledger late");
    let world = World::new();
    let (calls, _) = world.won(&[7]);
    world.pass(GRACE);
    assert_eq!(world.queue(&calls), Err(TOO_LATE), "queued late");
}

#[test]
fn a_failing_call_undoes_all_and_can_be_tried_again() {
    let world = World::new();
    let mut calls = world.calls(&[7, 8]);
    let stranger = Address::generate(&world.env);
    let foreign = world.env.register(super::Setting, (&stranger,));
    calls.targets.set(1, foreign);
    let id = world.propose(&calls);
    world.pass(VOTING_DELAY + 1);
    world.vote(&id, 0, FOR);
    world.pass(VOTING_PERIOD);
    world.queue(&calls).unwrap();
    world.pass(DELAY);
    let hash = world.hash();
    let executed = world.governor.try_execute(
        &calls.targets,
        &calls.functions,
        &calls.args,
        &hash,
        &stranger,
    );
    assert!(executed.is_err(), "the second is not the governor's");
    assert_eq!(world.setting.value(), 0, "nor was the first made");
    assert_eq!(world.state(&id), ProposalState::Queued, "still queued");
}

#[test]
fn a_majority_of_those_who_vote_and_a_quorum_decide() {
    let decided = |votes: [Option<u32>; 3]| {
        let world = World::new();
        let id = world.propose(&world.calls(&[7]));
        world.pass(VOTING_DELAY + 1);
        for (holder, vote) in votes.into_iter().enumerate() {
            if let Some(vote) = vote {
                world.vote(&id, holder, vote);
            }
        }
        assert_eq!(world.state(&id), ProposalState::Active, "to the end");
        world.pass(VOTING_PERIOD);
        world.state(&id)
    };
    let (won, lost) = (ProposalState::Succeeded, ProposalState::Defeated);
    assert_eq!(decided([None, None, None]), lost, "nobody");
    assert_eq!(decided([None, Some(FOR), None]), lost, "300 of 400");
    let abstained = [None, Some(FOR), Some(ABSTAIN)];
    assert_eq!(decided(abstained), won, "abstaining is taking part");
    let tied = [Some(AGAINST), Some(FOR), Some(FOR)];
    assert_eq!(decided(tied), lost, "500 against 500");
}

#[test]
fn votes_count_as_they_were_at_the_snapshot() {
    let world = World::new();
    let id = world.propose(&world.calls(&[7]));
    world.pass(VOTING_DELAY + 1);
    let [seller, buyer, _] = &world.holders;
    world.plt.mock_all_auths().transfer(seller, buyer, &500);
    world.env.set_auths(&[]);
    assert_eq!(world.vote(&id, 1, FOR), 300, "what was bought since is not");
    assert_eq!(world.vote(&id, 0, AGAINST), 500, "what was sold is");
}

#[test]
fn proposing_needs_votes_and_each_vote_a_signature() {
    let world = World::new();
    let calls = world.calls(&[7]);
    let [_, _, small] = &world.holders;
    let propose = |by: &Address| {
        let governor = world.governor.mock_all_auths();
        let proposed = governor.try_propose(
            &calls.targets,
            &calls.functions,
            &calls.args,
            &world.why(),
            by,
        );
        world.env.set_auths(&[]);
        super::code(proposed)
    };
    let too_few = GovernorError::InsufficientProposerVotes as u32;
    let stranger = Address::generate(&world.env);
    assert_eq!(propose(&stranger), Err(too_few), "none");
    let id = propose(small).unwrap();
    let exists = GovernorError::ProposalAlreadyExists as u32;
    assert_eq!(propose(small), Err(exists), "the same again");
    world.pass(VOTING_DELAY + 1);
    let reason = world.why();
    let unsigned = world.governor.try_cast_vote(&id, &FOR, &reason, small);
    assert!(unsigned.is_err(), "without a signature");
    assert_eq!(world.vote(&id, 2, FOR), 200, "with one");
}

#[test]
fn nobody_cancels_what_was_proposed() {
    let world = World::new();
    let calls = world.calls(&[7]);
    let id = world.propose(&calls);
    let proposer = &world.holders[0];
    assert_eq!(world.cancel(&calls, proposer), Err(CANNOT_CANCEL), "theirs");
    assert_eq!(world.state(&id), ProposalState::Pending, "it stays");
}
