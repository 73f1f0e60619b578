//! What token holders decided, what the court decided, and what contracts refused on the way.

use serde::Serialize;

use super::Amount;

/// A proposal and what became of it, as its governor's events tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// Its id, in hexadecimal.
    pub id: String,
    /// Whose: of the governor of terms, or of the court's.
    pub governor: Body,
    /// What it says of itself.
    pub title: String,
    /// What it calls, in this order.
    pub calls: Vec<Call>,
    /// Who proposed it.
    pub proposer: String,
    /// When.
    pub proposed: Moment,
    /// Votes count as they were then; voting begins in the next ledger.
    pub snapshot: Moment,
    /// The last ledger of the vote.
    pub vote_end: Moment,
    /// The votes that were cast.
    pub votes: Votes,
    /// When it was queued; null if it was not.
    pub queued: Option<Moment>,
    /// The first ledger in which it may be executed; null if it was not queued.
    pub ready: Option<Moment>,
    /// When it was executed; null if it was not.
    pub executed: Option<Moment>,
    /// What became of it.
    pub outcome: Outcome,
}

/// Which governor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Body {
    /// That of the terms, which owns the contracts.
    Terms,
    /// The court's, which decides disputes.
    Court,
}

impl Body {
    /// Its name, as in the JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Terms => "terms",
            Self::Court => "court",
        }
    }
}

/// A call that a proposal makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Call {
    /// The contract's crate; null if it is none of ours.
    pub contract: Option<String>,
    /// The contract's address.
    pub target: String,
    /// What is called.
    pub function: String,
}

/// A moment of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// Unix seconds.
    pub time: u64,
    /// The ledger's sequence number.
    pub ledger: u32,
}

/// The votes on a proposal, in the smallest unit of the governance token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Votes {
    /// The token.
    pub asset: String,
    /// Yes.
    #[serde(rename = "for")]
    pub in_favour: Amount,
    /// No.
    pub against: Amount,
    /// Neither.
    pub abstain: Amount,
    /// What must have voted for it or abstained; null before the vote began.
    pub quorum: Option<Amount>,
    /// Each vote, in the order they were cast.
    pub voters: Vec<Voter>,
}

/// A vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Voter {
    /// Whose.
    pub name: String,
    /// What it says.
    pub vote: Choice,
    /// What it weighs.
    pub weight: Amount,
}

/// What a vote says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    /// No.
    Against,
    /// Yes.
    For,
    /// Neither.
    Abstain,
}

/// What became of a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The vote is not over.
    Open,
    /// It was voted down, or too few voted.
    Defeated,
    /// It was won, and nobody queued it.
    Won,
    /// It waits to be executed.
    Queued,
    /// Its calls were made.
    Executed,
}

impl Outcome {
    /// Its name, as in the JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Defeated => "defeated",
            Self::Won => "won",
            Self::Queued => "queued",
            Self::Executed => "executed",
        }
    }
}

/// A claim that went to the court, and where its bond went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dispute {
    /// The claim's number in the cover pool.
    pub claim: u32,
    /// A challenge of what an adapter filed, or an owner's appeal.
    pub kind: DisputeKind,
    /// Who challenged it, or appealed.
    pub by: String,
    /// Whose cover it is.
    pub insured: String,
    /// The asset of the amounts.
    pub asset: String,
    /// What the claim asked.
    pub asked: Amount,
    /// What was granted.
    pub granted: Amount,
    /// Who decided.
    pub decided_by: Decider,
    /// What was paid.
    pub paid: Amount,
    /// The bond.
    pub bond: Amount,
    /// What of it came back to who gave it.
    pub bond_returned: Amount,
    /// What of it went to the policy's owner.
    pub bond_to_owner: Amount,
    /// What of it the liquidity providers have.
    pub bond_to_lps: Amount,
    /// What of it the reserve has.
    pub bond_to_reserve: Amount,
}

/// What kind of dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DisputeKind {
    /// Somebody doubts a claim that an adapter filed.
    Challenge,
    /// A policy's owner asks for what no contract proves.
    Appeal,
}

impl DisputeKind {
    /// Its name, as in the JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Challenge => "challenge",
            Self::Appeal => "appeal",
        }
    }
}

/// Who decided a dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Decider {
    /// A vote.
    Court,
    /// Nobody in time: what is proven by state is paid, what rests on a vote is not.
    Time,
}

impl Decider {
    /// Its name, as in the JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Court => "court",
            Self::Time => "time",
        }
    }
}

/// Something that was tried and refused, as the story needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// When, unix seconds.
    pub time: u64,
    /// Who tried.
    pub who: String,
    /// What.
    pub tried: String,
    /// The error's code; null if a signature was missing.
    pub code: Option<u32>,
    /// The error's name.
    pub error: String,
}

/// What a story of votes, disputes and identities adds to a result; nothing where prices are the story.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Governed {
    /// The proposals, in the order they were made.
    pub governance: Vec<Proposal>,
    /// The disputes, by their claims' numbers.
    pub disputes: Vec<Dispute>,
    /// The refusals, oldest first.
    pub refusals: Vec<Refused>,
}
