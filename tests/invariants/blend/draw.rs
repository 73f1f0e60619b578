//! Random actions about cover of what happens on Blend, and how often each is taken.

use super::step::BlendAction as B;
use crate::{
    draw::Table,
    market::draw::peg,
    step::{Action, Part},
};

const fn on(action: B) -> Action {
    Action::Blend(action)
}

/// Liquidations on Blend that cover pays for: on time, early, late; seen, settled.
#[rustfmt::skip] // A table.
pub const LIQUIDATIONS: Table = &[
    (9, |d| on(B::Wreck { loan: d.any(), health: d.within(870, 995), ledgers: d.among(&[150, 195, 201, 201, 220, 250]), percent: d.among(&[50, 100, 100, 100]), settles: d.chance(60) })),
    (2, |d| on(B::Look { loan: d.any() })),
    (5, |d| on(B::SettleLiquidation { loan: d.any() })),
    (1, |d| Action::Fill { loan: d.any(), percent: 100 }),
    (3, |d| peg(d.among(&[1_300, 1_600, 2_000]), 25)),
    (2, |d| Action::Insure { loan: d.any(), ask: d.ask() }),
    (2, |d| Action::Finalize { claim: d.any() }),
    (1, |d| Action::Sweep { loan: d.any() }),
    (1, |d| Action::SetTerms { bounty: d.size(), daily_share: d.among(&[0, 500_000]) }),
];

/// Collateral on Blend that fails, and what is surrendered of it.
#[rustfmt::skip] // A table.
pub const FAILURE: Table = &[
    (8, |d| on(B::Surrender { loan: d.any(), size: Part { of: d.among(&[50, 200, 500, 1_000, 2_500]), plus: 0 } })),
    (2, |d| peg(d.among(&[850, 930, 951, 1_000, 1_600]), 25)),
    (3, |_| Action::Sleep { hours: 49 }),
    (6, |d| Action::Finalize { claim: d.any() }),
    (4, |d| Action::Offer { claim: d.any() }),
    (6, |d| Action::Buy { claim: d.any(), size: d.size() }),
    (2, |d| Action::Wait { seconds: d.among(&[3_600, 30_000, 86_400]) }),
    (2, |d| Action::Sweep { loan: d.any() }),
];

/// Blend is short of cash.
#[rustfmt::skip] // A table.
pub const DEFICITS: Table = &[
    (3, |d| on(B::Rob { size: Part { of: d.among(&[1, 5, 15, 40, 150, 500, 3_000]), plus: 1 } })),
    (2, |d| on(B::GiveBack { size: Part { of: d.among(&[5_000, 10_000, 10_000, 12_000]), plus: 0 } })),
    (8, |d| on(B::ProveDeficit { looks_again: d.chance(70) })),
    (3, |d| Action::Wait { seconds: d.among(&[60, 3_600, 3_601, 7_200, 90_000]) }),
    (6, |_| Action::VaultSettle),
    (2, |d| Action::VaultInsure { ask: d.ask(), by_itself: d.chance(70) }),
    (1, |d| Action::InsureVault { ask: d.ask() }),
    (1, |d| Action::PayVault { loss: d.loss(), ago: d.ago(), missing: d.chance(80) }),
    (2, |d| Action::Finalize { claim: d.any() }),
    (1, |d| Action::Lend { size: d.size() }),
    (1, |d| Action::Unlend { size: d.size() }),
    (2, |_| Action::Sleep { hours: 49 }),
];
