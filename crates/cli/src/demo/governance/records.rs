//! Proposals as the governors' own events tell them.

use localnet::xdr::{ScAddress, ScVal};
use localnet::{Event, FromScVal, Symbol};
use testkit::bindings::{governor::ProposalState, OnLedger};

use super::{after, names, Assembly};
use crate::demo::stage::refused;
use crate::demo::DemoError;
use crate::output::{Amount, Body, Call, Choice, Moment, Outcome, Proposal, Voter, Votes};

/// The governance token's code.
const PLT: &str = "PLT";

localnet::contract_struct! {
    /// What the event of a new proposal carries beside its topics.
    struct Created {
        description: String,
        functions: Vec<Symbol>,
        targets: Vec<ScAddress>,
        vote_end: u32,
        vote_snapshot: u32,
    }
}

localnet::contract_struct! {
    /// What the event of a vote carries beside its topics.
    struct Cast {
        vote_type: u32,
        weight: u128,
    }
}

localnet::contract_struct! {
    /// What the event of a proposal that was queued carries beside its topics.
    struct Queued {
        eta: u32,
    }
}

/// Every proposal, in the order they were made.
pub fn proposals(assembly: &Assembly<'_>) -> Result<Vec<Proposal>, DemoError> {
    let ledger = &assembly.stage().world.ledger;
    let crates = names::crates(ledger);
    let bodies = [Body::Terms, Body::Court].map(|body| (assembly.governor(body).0, body));
    let (mut ids, mut proposals) = (Vec::new(), Vec::<Proposal>::new());
    for record in ledger.events_since(0) {
        let at = Moment {
            time: record.time,
            ledger: record.sequence,
        };
        for event in &record.events {
            let Some((_, body)) = bodies.iter().find(|(other, _)| *other == event.contract) else {
                continue;
            };
            if event.is_named("proposal_created") {
                let id: [u8; 32] = topic(event, 1)?;
                let proposer = assembly.name_of(&topic(event, 2)?);
                proposals.push(created(event, (&id, *body), proposer, at, &crates)?);
                ids.push((id, *body));
                continue;
            }
            let place = if event.is_named("vote_cast") { 2 } else { 1 };
            let Ok(id) = topic::<[u8; 32]>(event, place) else {
                continue;
            };
            let Some(index) = ids.iter().position(|other| *other == (id, *body)) else {
                continue;
            };
            if let Some(proposal) = proposals.get_mut(index) {
                note(assembly, proposal, event, at)?;
            }
        }
    }
    for ((id, body), proposal) in ids.iter().zip(&mut proposals) {
        conclude(assembly, proposal, &(*id, *body))?;
    }
    Ok(proposals)
}

/// Asks the governor what became of a proposal, and what it needed.
fn conclude(
    assembly: &Assembly<'_>,
    proposal: &mut Proposal,
    (id, body): &([u8; 32], Body),
) -> Result<(), DemoError> {
    let (governor, ledger) = (assembly.governor(*body), &assembly.stage().world.ledger);
    let state = governor.proposal_state(id).view(ledger);
    proposal.outcome = outcome(state.map_err(refused("read a proposal's state"))?);
    let quorum = governor.quorum(proposal.snapshot.ledger).view(ledger);
    let quorum = quorum.map_err(refused("read a quorum"))?;
    proposal.votes.quorum = i128::try_from(quorum).ok().map(Amount);
    Ok(())
}

fn created(
    event: &Event,
    (id, governor): (&[u8; 32], Body),
    proposer: String,
    at: Moment,
    crates: &[(ScAddress, &'static str)],
) -> Result<Proposal, DemoError> {
    let Created {
        description,
        functions,
        targets,
        vote_end,
        vote_snapshot,
    } = read(&event.data)?;
    let call = |(target, function): (ScAddress, Symbol)| {
        let mut known = crates.iter();
        let contract = known.find(|(address, _)| *address == target);
        Call {
            contract: contract.map(|(_, name)| (*name).to_owned()),
            target: target.to_string(),
            function: function.0,
        }
    };
    Ok(Proposal {
        id: hex::encode(id),
        governor,
        title: description,
        calls: targets.into_iter().zip(functions).map(call).collect(),
        proposer,
        proposed: at,
        snapshot: after(at, vote_snapshot),
        vote_end: after(at, vote_end),
        votes: no_votes(),
        queued: None,
        ready: None,
        executed: None,
        outcome: Outcome::Open,
    })
}

fn no_votes() -> Votes {
    Votes {
        asset: PLT.to_owned(),
        in_favour: Amount(0),
        against: Amount(0),
        abstain: Amount(0),
        quorum: None,
        voters: Vec::new(),
    }
}

/// Takes note of what happened to a proposal.
fn note(
    assembly: &Assembly<'_>,
    proposal: &mut Proposal,
    event: &Event,
    at: Moment,
) -> Result<(), DemoError> {
    if event.is_named("vote_cast") {
        let Cast { vote_type, weight } = read(&event.data)?;
        let weight = Amount(i128::try_from(weight).unwrap_or(i128::MAX));
        let votes = &mut proposal.votes;
        let (vote, sum) = match vote_type {
            0 => (Choice::Against, &mut votes.against),
            1 => (Choice::For, &mut votes.in_favour),
            _ => (Choice::Abstain, &mut votes.abstain),
        };
        sum.0 += weight.0;
        let name = assembly.name_of(&topic(event, 1)?);
        votes.voters.push(Voter { name, vote, weight });
    } else if event.is_named("proposal_queued") {
        let Queued { eta } = read(&event.data)?;
        (proposal.queued, proposal.ready) = (Some(at), Some(after(at, eta)));
    } else if event.is_named("proposal_executed") {
        proposal.executed = Some(at);
    }
    Ok(())
}

const fn outcome(state: ProposalState) -> Outcome {
    match state {
        ProposalState::Pending | ProposalState::Active => Outcome::Open,
        ProposalState::Defeated | ProposalState::Canceled | ProposalState::Expired => {
            Outcome::Defeated
        }
        ProposalState::Succeeded => Outcome::Won,
        ProposalState::Queued => Outcome::Queued,
        ProposalState::Executed => Outcome::Executed,
    }
}

fn topic<T: FromScVal>(event: &Event, index: usize) -> Result<T, DemoError> {
    event
        .topics
        .get(index)
        .map_or_else(|| Err(unreadable()), read)
}

fn read<T: FromScVal>(value: &ScVal) -> Result<T, DemoError> {
    T::from_scval(value).map_err(|_| unreadable())
}

fn unreadable() -> DemoError {
    DemoError::NotSo {
        what: "a governor's events are as OpenZeppelin declares them".to_owned(),
    }
}
