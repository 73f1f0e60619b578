//! Random actions in court, at votes, of INS and of who has shown who they are, and how often each is taken.

use super::step::GovernanceAction as G;
use crate::{
    draw::Table,
    step::{Action, Part},
};

const fn of(action: G) -> Action {
    Action::Governance(action)
}

/// With it a theme begins whose contracts are the governor's.
pub const HAND_OVER: Action = of(G::HandOver);

const NOTHING: Part = Part { of: 0, plus: 0 };

const ALL: Part = Part {
    of: 10_000,
    plus: 0,
};

/// Claims are disputed, decided, and settled by time.
#[rustfmt::skip] // A table.
pub const COURT: Table = &[
    (8, |d| of(G::Challenge { claim: d.any(), who: d.any() })),
    (8, |d| of(G::Appeal { policy: d.any(), peril: d.any(), loss: d.loss(), ago: d.ago(), who: d.any() })),
    (6, |d| of(G::Resolve { claim: d.any(), size: d.size() })),
    (2, |d| of(G::Resolve { claim: d.any(), size: NOTHING })),
    (3, |d| of(G::Delay { claim: d.any() })),
    (2, |d| of(G::GiveBack { claim: d.any() })),
    (8, |d| of(G::Deadline { claim: d.any(), is_early: d.chance(40), by_court: d.chance(40) })),
    (6, |d| Action::Finalize { claim: d.any() }),
    (3, |d| of(G::Intrude { entry: d.any(), which: d.any(), size: d.size() })),
];

/// Motions are voted on, queued and executed, in time or not, as they were put or not.
#[rustfmt::skip] // A table.
pub const VOTES: Table = &[
    (12, |d| of(G::Carry { motion: d.any() })),
    (5, |d| of(G::Vote { motion: d.any(), voter: d.any(), says: d.among(&[0, 1, 1, 2, 3]) })),
    (3, |d| of(G::Queue { motion: d.any(), is_altered: d.chance(20) })),
    (3, |d| of(G::Execute { motion: d.any(), is_altered: d.chance(20) })),
    (2, |d| of(G::MoveVotes { from: d.any(), to: d.any(), size: d.size() })),
    (2, |d| of(G::Ask { is_on: d.chance(40), free: d.any(), basic: d.any() })),
];

#[rustfmt::skip] // A table.
pub const INS: Table = &[
    (4, |d| of(G::Transfer { policy: d.any(), to: d.any(), size: ALL })),
    (2, |d| of(G::Transfer { policy: d.any(), to: d.any(), size: d.size() })),
    (6, |d| of(G::Assign { policy: d.any(), to: d.any() })),
];

/// The pool asks who people are; claims are made, expire, are revoked; people are sanctioned, and are not any more.
#[rustfmt::skip] // A table.
pub const IDENTITY: Table = &[
    (4, |d| of(G::Ask { is_on: d.chance(80), free: d.any(), basic: d.any() })),
    (8, |d| of(G::Verify { who: d.any(), tier: d.any(), days: d.among(&[1, 7, 30, 365]) })),
    (3, |d| of(G::Revoke { who: d.any(), tier: d.any(), is_all: d.chance(30) })),
    (4, |d| of(G::Screen { who: d.any(), is_listed: d.chance(50) })),
    (3, |d| Action::WithdrawClaimable { who: d.any() }),
];

/// Nothing is sold any more.
#[rustfmt::skip] // A table.
pub const END: Table = &[
    (2, |_| of(G::WindDown)),
    (3, |_| of(G::RunOff)),
    (3, |_| of(G::ReleaseReserve)),
    (2, |d| Action::PayBack { loan: d.any(), size: ALL, by_stranger: true }),
    (1, |d| of(G::Intrude { entry: d.any(), which: d.any(), size: d.size() })),
];
