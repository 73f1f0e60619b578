//! Random actions on the loan market, and how often each is taken.

use super::step::MarketAction as M;
use crate::{
    draw::Table,
    step::{Action, Part},
};

const fn on(action: M) -> Action {
    Action::Market(action)
}

/// Where the collateral stands to its reference, on both platforms.
pub const fn peg(permille: u32, hours: u32) -> Action {
    on(M::Peg { permille, hours })
}

/// Nearly all there is.
const ALL: Part = Part {
    of: 10_000,
    plus: 0,
};

/// Lenders come and go.
#[rustfmt::skip] // A table.
pub const LENDERS: Table = &[
    (4, |d| on(M::Supply { lender: d.any(), size: d.size() })),
    (4, |d| on(M::Redeem { lender: d.any(), size: d.size() })),
    (1, |d| on(M::SetFee { fee: d.among(&[0, 1_000_000, 2_500_000, 2_500_001]), recipient: d.any() })),
    (1, |d| on(M::Pause { paused: d.chance(10) })),
    (1, |d| on(M::Donate { size: Part { of: d.within(0, 10), plus: 1 } })),
    (3, |d| on(M::Intrude { entry: d.any(), loan: d.any(), size: d.size() })),
];

/// Borrowers, insured or not.
#[rustfmt::skip] // A table.
pub const LOANS: Table = &[
    (5, |d| { let ask = d.chance(80).then(|| d.ask()); on(M::Borrow { borrower: d.any(), collateral: d.most(), debt: d.leverage(), ask, by_sponsor: d.chance(25) }) }),
    (3, |d| on(M::Insure { loan: d.any(), ask: d.ask(), by_sponsor: d.chance(25) })),
    (3, |d| on(M::BorrowMore { loan: d.any(), size: Part { of: d.within(1, 2_000), plus: 0 } })),
    (2, |d| on(M::AddCollateral { loan: d.any(), size: d.size(), by_stranger: d.chance(30) })),
    (3, |d| on(M::TakeOut { loan: d.any(), size: Part { of: d.within(1, 5_000), plus: 0 } })),
    (1, |d| on(M::Close { loan: d.any() })),
    (3, |d| on(M::Repay { loan: d.any(), size: Part { of: d.within(1, 5_000), plus: 0 }, by_stranger: d.chance(30) })),
];

/// Cover from one term to the next.
#[rustfmt::skip] // A table.
pub const COVER: Table = &[
    (6, |d| on(M::Renew { loan: d.any(), limit: d.around_all(), weeks: d.weeks() })),
    (3, |d| on(M::TopUp { loan: d.any(), size: Part { of: d.within(1, 5_000), plus: 0 } })),
    (2, |d| on(M::Cancel { loan: d.any() })),
    (2, |d| on(M::InsureLenders { lender: d.any(), ask: d.ask() })),
];

/// Prices fall, loans are rescued, claims settled, advances paid back or foreclosed.
#[rustfmt::skip] // A table.
pub const SETTLING: Table = &[
    (8, |d| on(M::Sink { loan: d.any(), health: d.within(1_010, 1_120) })),
    (4, |d| on(M::Sink { loan: d.any(), health: d.among(&[780, 830, 850, 900, 960, 990, 1_300, 1_600, 2_000]) })),
    (5, |d| Action::Watch { steps: d.within(2, 5) as u8 }),
    (4, |_| Action::Trigger),
    (8, |d| on(M::Rescue { loans: d.among(&[0x3f, 0x3f, 1, 2, 0xff]) })),
    (6, |d| on(M::Distress { loan: d.any(), health: d.within(1_020, 1_115) })),
    (6, |d| on(M::Grant { loans: d.among(&[0x3f, 0x3f, 1, 0xff]), triggers: d.chance(50) })),
    (6, |d| on(M::Finalize { claim: d.any() })),
    (4, |d| on(M::PayBack { loan: d.any(), size: d.size(), by_stranger: d.chance(30) })),
    (3, |d| on(M::Refinance { loan: d.any() })),
    (4, |d| on(M::StartForeclosure { loan: d.any() })),
    (3, |d| on(M::Cure { loan: d.any() })),
    (4, |d| on(M::Foreclose { loan: d.any() })),
    (2, |d| on(M::CollectForeclosed { who: d.any() })),
    (1, |d| Action::SetTerms { bounty: d.size(), daily_share: d.among(&[0, 10_000, 500_000]) }),
];

/// Liquidations, in part and in full, on time and too late.
#[rustfmt::skip] // A table.
pub const LIQUIDATIONS: Table = &[
    (3, |d| on(M::Sink { loan: d.any(), health: d.within(850, 1_000) })),
    (2, |d| Action::Watch { steps: d.within(2, 5) as u8 }),
    (8, |d| on(M::Liquidate { loan: d.any(), seize: d.most(), max_repay: ALL, settles_cover: d.chance(70) })),
    (2, |d| on(M::Liquidate { loan: d.any(), seize: ALL, max_repay: d.size(), settles_cover: d.chance(70) })),
    (5, |d| on(M::Ruin { loan: d.any(), health: d.among(&[500, 650, 750, 800, 830]), settles_cover: d.chance(60) })),
    (6, |d| on(M::SettleCover { loan: d.any() })),
    (2, |d| on(M::Lie { collateral: d.most(), debt: d.most(), repaid: d.most() })),
    (3, |d| on(M::Finalize { claim: d.any() })),
    (2, |d| on(M::Collect { who: d.any() })),
    (2, |d| on(M::Authorise { borrower: d.any(), authorised: d.chance(60) })),
    (4, |d| on(M::Peg { permille: d.among(&[1_300, 1_600, 2_000]), hours: 25 })),
    (1, |d| Action::SetTerms { bounty: d.size(), daily_share: d.among(&[0, 500_000]) }),
];

/// Collateral that fails, and what is surrendered of it.
#[rustfmt::skip] // A table.
pub const FAILURE: Table = &[
    (4, |d| on(M::Peg { permille: d.among(&[700, 850, 930, 950, 951, 975]), hours: d.among(&[7, 25, 25]) })),
    (2, |d| on(M::Peg { permille: d.among(&[1_000, 1_300, 1_600]), hours: 25 })),
    (9, |d| on(M::Surrender { loan: d.any(), size: Part { of: d.among(&[100, 500, 1_000, 3_000, 10_000]), plus: 0 } })),
    (3, |_| Action::Sleep { hours: 49 }),
    (6, |d| on(M::Finalize { claim: d.any() })),
    (2, |d| on(M::Authorise { borrower: d.any(), authorised: d.chance(50) })),
    (2, |d| on(M::Collect { who: d.any() })),
    (3, |d| Action::Offer { claim: d.any() }),
    (8, |d| Action::Buy { claim: d.any(), size: d.size() }),
    (2, |d| Action::Wait { seconds: d.among(&[3_600, 30_000, 86_400]) }),
    (3, |d| on(M::Repay { loan: d.any(), size: d.among(&[ALL, Part { of: 5_000, plus: 0 }]), by_stranger: d.chance(60) })),
];

/// The market is short of cash.
#[rustfmt::skip] // A table.
pub const DEFICITS: Table = &[
    (3, |d| on(M::Clawback { size: Part { of: d.among(&[1, 10, 200, 300, 1_000, 5_000, 10_000]), plus: 1 } })),
    (6, |d| on(M::ProveDeficit { looks_again: d.chance(60) })),
    (4, |d| Action::Wait { seconds: d.among(&[60, 3_600, 3_601, 7_200, 90_000]) }),
    (2, |_| on(M::WriteOff)),
    (3, |d| on(M::InsureLenders { lender: d.any(), ask: d.ask() })),
    (3, |d| on(M::Finalize { claim: d.any() })),
    (2, |_| Action::Sleep { hours: 49 }),
    (2, |d| on(M::Supply { lender: d.any(), size: d.size() })),
    (2, |d| on(M::Redeem { lender: d.any(), size: d.size() })),
];
