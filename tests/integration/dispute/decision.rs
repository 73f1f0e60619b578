//! What the court decides, and only that, happens in time.

use testkit::governance::Vote;

use super::*;

/// OpenZeppelin's governor and timelock.
const NOT_FOUND: u32 = 4_200;
const NOT_WON: u32 = 4_206;
const NOT_READY: u32 = 4_002;

#[test]
fn a_decision_that_is_executed_too_late_is_refused() {
    let (court, amount, bond) = Court::challenged();
    let before = court.held();
    court.world.ledger.advance(8 * DAY);
    let proposal = court.proposal(1, 0);
    court.votes.win(&court.world, &proposal);
    court.votes.wait(&court.world);
    let late = court.votes.execute(&court.world, &proposal);
    refused(late, CoverError::NotDisputed as u32, "after 14 days");
    court.holds(&before, "nothing is decided");
    assert_eq!(court.finalize(1), Ok(amount), "time has decided");
    court.holds(&before.paid(amount).bond_of_challenger_lost(bond), "paid");
}

#[test]
fn another_amount_is_another_proposal() {
    let (court, amount, _) = Court::challenged();
    let before = court.held();
    court.votes.win(&court.world, &court.proposal(1, 0));
    court.votes.wait(&court.world);
    let altered = Proposal {
        description: court.proposal(1, 0).description,
        ..court.proposal(1, amount)
    };
    let executed = court.votes.execute(&court.world, &altered);
    refused(executed, NOT_FOUND, "altered");
    court.holds(&before, "nothing is decided");
}

#[test]
fn more_than_the_claim_undoes_the_whole_proposal() {
    let (court, amount, _) = Court::challenged();
    let second = court.appeal(10_000 * UNIT).unwrap();
    let before = court.held();
    let cover = &court.world.cover;
    let proposal = court.proposal(second, 0).with(cover.resolve(1, amount + 1));
    court.votes.win(&court.world, &proposal);
    court.votes.wait(&court.world);
    let executed = court.votes.execute(&court.world, &proposal);
    refused(executed, CoverError::AboveClaim as u32, "above the claim");
    court.holds(&before, "nothing is decided");
    let is_open = |claim| court.claim(claim).unwrap().disputed_by.is_some();
    assert!(is_open(1) && is_open(second), "both are disputed still");
}

#[test]
fn a_claim_is_decided_once() {
    let (court, amount, _) = Court::challenged();
    court.decide(1, amount);
    let decided = court.held();
    let second = court.proposal(1, 0);
    court.votes.win(&court.world, &second);
    court.votes.wait(&court.world);
    let again = court.votes.execute(&court.world, &second);
    refused(again, CoverError::NotDisputed as u32, "decided");
    court.holds(&decided, "as it was decided");
}

#[test]
fn nobody_else_decides() {
    let (court, amount, _) = Court::challenged();
    let world = &court.world;
    let [holder, ..] = &court.votes.holders;
    let everybody = [
        &world.owner,
        &court.owner,
        &court.challenger,
        &court.votes.guardian,
        &court.votes.risk,
        holder,
    ];
    for somebody in everybody {
        closed(&world.ledger, somebody, world.cover.resolve(1, amount));
    }
}

#[test]
fn a_majority_decides_after_its_two_days() {
    let (court, amount, bond) = Court::challenged();
    let (world, votes) = (&court.world, &court.votes);
    let before = court.held();
    let proposal = court.proposal(1, 0);
    let [large, middle, small] = &votes.holders;
    let id = votes.propose(world, &proposal, small).unwrap();
    votes.begin(world);
    for (voter, vote) in [
        (small, Vote::For),
        (middle, Vote::Against),
        (large, Vote::For),
    ] {
        votes.vote(world, &id, voter, vote).unwrap();
    }
    votes.pass(world, votes.rules(world).voting_period);
    votes.queue(world, &proposal).unwrap();
    votes.pass(world, votes.rules(world).delay - 1);
    let early = votes.execute(world, &proposal);
    refused(early, NOT_READY, "a ledger too early");
    court.holds(&before, "not yet");
    votes.pass(world, 1);
    votes.execute(world, &proposal).unwrap();
    court.holds(&before.denied(amount).bond_returned(bond), "65 % for");
}

#[test]
fn a_vote_that_is_lost_decides_nothing() {
    let (court, amount, bond) = Court::challenged();
    let (world, votes) = (&court.world, &court.votes);
    let before = court.held();
    let proposal = court.proposal(1, 0);
    let [large, middle, small] = &votes.holders;
    let id = votes.propose(world, &proposal, large).unwrap();
    votes.begin(world);
    for (voter, vote) in [
        (large, Vote::For),
        (middle, Vote::Against),
        (small, Vote::Against),
    ] {
        votes.vote(world, &id, voter, vote).unwrap();
    }
    votes.pass(world, votes.rules(world).voting_period);
    refused(votes.queue(world, &proposal), NOT_WON, "40 % for");
    world.ledger.advance(COURT_TIME);
    assert_eq!(court.finalize(1), Ok(amount), "time decides");
    court.holds(&before.paid(amount).bond_of_challenger_lost(bond), "paid");
}
