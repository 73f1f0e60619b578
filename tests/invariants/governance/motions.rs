//! What was put to the vote, and how far it is by the rules: what may be done with it next is foretold.

use std::collections::BTreeMap;

use testkit::{
    bindings::governor::Rules,
    governance::{Proposal, SUPPLY},
};

use crate::{follow::Told, shadow::FULL};

/// Who holds PLT.
pub const HOLDERS: usize = 3;

/// How far a motion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nobody may vote yet.
    Pending,
    /// It is voted on.
    Active,
    /// It was not won, or not queued in time.
    Lost,
    /// It was won, and may be queued.
    Won,
    /// It waits for its delay.
    Waiting,
    /// It may be executed.
    Ready,
    /// It was executed, or was not in time.
    Over,
}

/// A proposal.
#[derive(Clone, Debug)]
pub struct Motion {
    pub proposal: Proposal,
    pub id: [u8; 32],
    /// At the court's governor, or at that of terms.
    pub is_courts: bool,
    /// The last ledger before the vote; the last one of it.
    pub snapshot: u32,
    pub deadline: u32,
    /// Against, for, abstained.
    pub votes: [i128; 3],
    pub voted: [bool; HOLDERS],
    /// From which ledger on it may be executed.
    pub ready: Option<u32>,
    pub is_executed: bool,
    /// Whether its call may move money.
    pub may_move: bool,
    pub told: Told,
}

/// All of them, and who holds what.
#[derive(Clone, Debug)]
pub struct Motions {
    /// Whether the contracts are the governor's, and the court is its own.
    pub is_governed: bool,
    pub all: Vec<Motion>,
    /// By the ledger from which on it was so.
    held: BTreeMap<u32, [i128; HOLDERS]>,
}

impl Default for Motions {
    fn default() -> Self {
        let percent = |part: i128| SUPPLY / 100 * part;
        Self {
            is_governed: false,
            all: Vec::new(),
            held: BTreeMap::from([(0, [40, 35, 25].map(percent))]),
        }
    }
}

impl Motions {
    /// Who held what at the end of a ledger.
    pub fn held_at(&self, ledger: u32) -> [i128; HOLDERS] {
        let known = self.held.range(..=ledger).next_back();
        known.map_or([0; HOLDERS], |(_, held)| *held)
    }

    /// Takes note of what one holder gave to another.
    pub fn moved(&mut self, (from, to): (usize, usize), amount: i128, ledger: u32) {
        let mut held = self.held_at(ledger);
        held[from] -= amount;
        held[to] += amount;
        self.held.insert(ledger, held);
    }
}

impl Motion {
    /// How far it is at a ledger.
    pub fn progress(&self, rules: &Rules, ledger: u32) -> Progress {
        let in_grace = |since: u32| ledger <= since + rules.grace;
        if ledger <= self.snapshot {
            return Progress::Pending;
        }
        if ledger <= self.deadline {
            return Progress::Active;
        }
        match self.ready {
            Some(ready) if self.is_executed || !in_grace(ready) => Progress::Over,
            Some(ready) if ledger < ready => Progress::Waiting,
            Some(_) => Progress::Ready,
            None if self.is_won(rules) && in_grace(self.deadline) => Progress::Won,
            None => Progress::Lost,
        }
    }

    /// Whether enough voted for it, and took part.
    fn is_won(&self, rules: &Rules) -> bool {
        let [against, in_favour, abstained] = self.votes;
        let took_part = in_favour + abstained;
        in_favour > against && took_part * FULL >= SUPPLY * i128::from(rules.quorum)
    }
}
