//! What can happen in court, at a vote, to INS and to who has shown who they are, as data.

use serde::{Deserialize, Serialize};

use crate::step::Part;

/// One thing that happens there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GovernanceAction {
    // ---- disputes
    Challenge {
        claim: u8,
        who: u8,
    },
    /// By a policy's owner, the court, or a stranger.
    Appeal {
        policy: u8,
        peril: u8,
        loss: Part,
        ago: u32,
        who: u8,
    },
    Resolve {
        claim: u8,
        size: Part,
    },
    Delay {
        claim: u8,
    },
    /// To the moment from which a claim is payable, or a second before; then the court tries to decide, or it is settled.
    Deadline {
        claim: u8,
        is_early: bool,
        by_court: bool,
    },
    // ---- votes
    /// The contracts become the governor's; from then on their owner acts by vote, and so does the court.
    HandOver,
    Vote {
        motion: u8,
        voter: u8,
        says: u8,
    },
    Queue {
        motion: u8,
        is_altered: bool,
    },
    Execute {
        motion: u8,
        is_altered: bool,
    },
    /// The next step of a motion that can be won, once it may be made.
    Carry {
        motion: u8,
    },
    MoveVotes {
        from: u8,
        to: u8,
        size: Part,
    },
    // ---- INS
    Transfer {
        policy: u8,
        to: u8,
        size: Part,
    },
    Assign {
        policy: u8,
        to: u8,
    },
    // ---- who they are
    /// The pool asks, or not, who they are, of whom has more cover than these limits.
    Ask {
        is_on: bool,
        free: u8,
        basic: u8,
    },
    Verify {
        who: u8,
        tier: u8,
        days: u32,
    },
    Revoke {
        who: u8,
        tier: u8,
        is_all: bool,
    },
    Screen {
        who: u8,
        is_listed: bool,
    },
    // ---- the end
    /// What was surrendered for a claim that was denied.
    GiveBack {
        claim: u8,
    },
    WindDown,
    /// To the moment at which the last limit is free, where claims that wait are settled.
    RunOff,
    ReleaseReserve,
    /// What is for the court, the guardian, owners and adapters alone: by the attacker.
    Intrude {
        entry: u8,
        which: u8,
        size: Part,
    },
}
