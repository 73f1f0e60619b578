//! Proposals and disputes as rows under headings, for text and report alike.

use super::PLACES;
use crate::decimal::format_for_reading;
use crate::output::{date, Amount, Dispute, Moment, Proposal, Run};

/// What is shown of a proposal.
const PROPOSAL: [&str; 8] = [
    "Proposals",
    "of",
    "for",
    "against",
    "abstain",
    "queued",
    "executed",
    "outcome",
];

/// What is shown of a dispute.
const DISPUTE: [&str; 10] = [
    "Disputes",
    "claim",
    "asked",
    "decided by",
    "paid",
    "bond",
    "came back",
    "to the owner",
    "to the LPs",
    "to the reserve",
];

/// The tables that there are rows for, each with its headings first; the first heading is the title.
pub fn tables(run: &Run) -> impl Iterator<Item = Vec<Vec<String>>> {
    let headings = |headings: &[&str]| headings.iter().map(|one| (*one).to_owned()).collect();
    let mut proposals = vec![headings(&PROPOSAL)];
    proposals.extend(run.governance.iter().map(|one| proposal(run, one)));
    let mut disputes = vec![headings(&DISPUTE)];
    disputes.extend(run.disputes.iter().map(|one| dispute(run, one)));
    let tables = [proposals, disputes].into_iter();
    tables.filter(|rows| rows.len() > 1)
}

fn proposal(run: &Run, one: &Proposal) -> Vec<String> {
    let votes = &one.votes;
    let cast = |amount: Amount| format_for_reading(amount.0, run.decimals_of(&votes.asset), 0);
    let when =
        |moment: Option<Moment>| moment.map_or_else(|| "-".to_owned(), |moment| date(moment.time));
    vec![
        one.title.clone(),
        one.governor.name().to_owned(),
        cast(votes.in_favour),
        cast(votes.against),
        cast(votes.abstain),
        when(one.queued),
        when(one.executed),
        one.outcome.name().to_owned(),
    ]
}

fn dispute(run: &Run, one: &Dispute) -> Vec<String> {
    let amount = |amount: Amount| format_for_reading(amount.0, run.decimals_of(&one.asset), PLACES);
    vec![
        format!("{} of {}", one.kind.name(), one.insured),
        one.claim.to_string(),
        amount(one.asked),
        one.decided_by.name().to_owned(),
        amount(one.paid),
        amount(one.bond),
        amount(one.bond_returned),
        amount(one.bond_to_owner),
        amount(one.bond_to_lps),
        amount(one.bond_to_reserve),
    ]
}
