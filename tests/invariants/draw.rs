//! Random sequences. The weights keep enough alive for the rare things to happen.

use rand::{seq::SliceRandom, Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{
    blend::draw as blend,
    governance::draw as governance,
    market::draw as market,
    step::{Action, Ask, Part, Step},
};

/// Steps of one sequence.
pub const STEPS: usize = 120;
/// One in so many steps is tried without signatures first.
const FORGED: u32 = 6;

type Make = fn(&mut Draw) -> Action;
/// How often each action is taken.
pub type Table = &'static [(u32, Make)];

/// A source of steps, and how often each table is taken.
pub struct Draw(ChaCha8Rng, &'static [(u32, Table)]);

/// The sequence with this number of a run.
pub fn sequence(seed: u64, number: u64) -> Vec<Step> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(number);
    let theme = THEMES[(number % THEMES.len() as u64) as usize];
    let mut draw = Draw(random, theme);
    let is_governed = theme
        .iter()
        .any(|(_, table)| std::ptr::eq(*table, governance::VOTES));
    let hand_over = is_governed.then_some(Step {
        is_forged_first: false,
        action: governance::HAND_OVER,
    });
    hand_over
        .into_iter()
        .chain((0..STEPS).map(|_| draw.step()))
        .collect()
}

/// What sequences are about, one after the other.
#[rustfmt::skip] // A table.
const THEMES: [&[(u32, Table)]; 15] = [
    // A bit of everything.
    &[(6, TIME), (4, PRICES), (5, SHARES), (6, LOANS), (6, SETTLING), (6, DIRECT), (3, BLEND), (3, VAULT), (2, blend::LIQUIDATIONS), (2, blend::FAILURE), (1, blend::DEFICITS), (3, ROLES), (2, market::LENDERS), (3, market::LOANS), (2, market::SETTLING), (2, market::LIQUIDATIONS), (2, market::COVER), (3, governance::COURT), (1, governance::INS), (1, governance::IDENTITY)],
    // Prices fall, loans are rescued, advances paid back or foreclosed.
    &[(4, NEAR), (1, TIME), (10, CRASH), (2, SHARES), (3, LOANS), (18, SETTLING), (3, DIRECT), (1, BLEND), (1, ROLES)],
    // Claims of all kinds, and LPs who leave.
    &[(3, NEAR), (7, TIME), (8, SHARES), (2, SETTLING), (20, DIRECT), (1, ROLES)],
    // Loans from one term to the next.
    &[(1, NEAR), (8, TIME), (3, CRASH), (1, SHARES), (8, LOANS), (6, RENEWALS), (3, SETTLING), (1, ROLES)],
    // Lenders lose.
    &[(6, TIME), (4, DEFAULT), (10, BLEND), (8, VAULT), (2, LOANS), (3, SETTLING)],
    // Tokens are taken from the pool itself.
    &[(8, TIME), (4, CRASH), (4, SHARES), (3, LOANS), (6, SETTLING), (10, DIRECT), (3, IMPAIRMENT)],
    // Loans of the market from one term to the next: prices fall, loans are rescued, advances paid back or foreclosed.
    &[(3, NEAR), (5, TIME), (6, market::LOANS), (4, market::COVER), (14, market::SETTLING), (2, market::LENDERS), (1, ROLES)],
    // Loans of the market end badly.
    &[(2, NEAR), (3, TIME), (5, market::LOANS), (3, market::LENDERS), (12, market::LIQUIDATIONS), (4, market::SETTLING), (1, SHARES)],
    // Collateral fails, and the market itself does.
    &[(3, TIME), (5, market::LOANS), (2, market::LENDERS), (8, market::FAILURE), (6, market::DEFICITS), (1, IMPAIRMENT)],
    // Loans on Blend are liquidated, and their collateral fails.
    &[(1, NEAR), (2, TIME), (3, LOANS), (8, blend::LIQUIDATIONS), (7, blend::FAILURE), (1, SHARES), (1, ROLES)],
    // Blend is robbed.
    &[(2, TIME), (9, blend::DEFICITS), (3, VAULT), (1, BLEND), (1, DEFAULT), (1, SHARES)],
    // Claims are disputed and go to court.
    &[(2, NEAR), (2, TIME), (3, SHARES), (10, DIRECT), (18, governance::COURT), (2, governance::INS), (1, blend::FAILURE), (1, market::LIQUIDATIONS), (1, market::FAILURE), (1, ROLES)],
    // The contracts are the governor's, and the court is its own.
    &[(2, TIME), (2, SHARES), (8, DIRECT), (8, governance::COURT), (12, governance::VOTES), (3, ROLES), (2, LOANS), (1, VAULT), (1, IMPAIRMENT)],
    // Cover changes hands, and people show who they are.
    &[(2, TIME), (4, SHARES), (3, LOANS), (1, RENEWALS), (8, DIRECT), (6, governance::INS), (8, governance::IDENTITY), (3, governance::COURT), (2, market::LOANS), (1, market::COVER)],
    // The pool is wound down.
    &[(3, NEAR), (3, TIME), (4, SHARES), (7, DIRECT), (3, governance::COURT), (2, governance::INS), (4, governance::END), (2, SETTLING)],
];

#[rustfmt::skip] // A table.
const TIME: Table = &[
    (4, |d| Action::Wait { seconds: d.among(&[1, 5, 60, 3_600, 86_400, 3 * 86_400, 8 * 86_400]) }),
    (1, |d| Action::Wait { seconds: d.among(&[1_000, 30 * 86_400, 60 * 86_400]) }),
    (10, |d| Action::Watch { steps: d.within(1, 4) as u8 }),
    (4, |d| Action::Sleep { hours: d.among(&[25, 25, 25, 49, 200, 24 * 15, 24 * 60]) }),
    (14, |d| Action::Until { nth: d.among(&[0, 0, 1, 2, 5]), early: d.among(&[0, 0, 0, 0, 1]), warm: d.chance(40) }),
];

/// Nobody's window gets old.
#[rustfmt::skip] // A table.
const NEAR: Table = &[
    (6, |d| Action::Watch { steps: d.within(1, 4) as u8 }),
    (2, |d| Action::Wait { seconds: d.among(&[1, 5, 60, 300, 1_500]) }),
    (1, |_| Action::Sleep { hours: 25 }),
];

#[rustfmt::skip] // A table.
const RENEWALS: Table = &[
    (4, |d| Action::Renew { loan: d.any(), limit: d.around_all(), weeks: d.weeks() }),
    (2, |d| Action::DirectRenew { subject: d.any(), limit: d.around_all(), weeks: d.weeks() }),
    (2, |d| Action::VaultRenew { limit: d.around_all(), weeks: d.weeks() }),
    (1, |d| Action::RenewVault { limit: d.around_all(), weeks: d.weeks() }),
    (1, |d| Action::Cancel { loan: d.any() }),
    (1, |d| Action::DirectCancel { subject: d.any() }),
    (1, |_| Action::VaultCancel),
];

#[rustfmt::skip] // A table.
const PRICES: Table = &[
    (7, |d| Action::Price { asset: 1, permille: d.fall_or_rise() }),
    (2, |d| Action::Price { asset: d.any(), permille: d.within(980, 1_021) }),
    (2, |d| Action::Diverge { feed: d.any(), permille: d.among(&[900, 960, 985, 1_000, 1_015, 1_040, 2_000]) }),
    (1, |d| Action::Silence { asset: d.any(), feed: d.any() }),
    (3, |_| Action::Poke),
    (3, |_| Action::Trigger),
    (1, |d| Action::SetThreshold { threshold: d.among(&[0, 1_000_000, 1_500_000, 1_500_000]) }),
];

#[rustfmt::skip] // A table.
const CRASH: Table = &[
    (6, |d| Action::Sink { loan: d.any(), health: d.within(1_000, 1_140) }),
    (2, |d| Action::Sink { loan: d.any(), health: d.among(&[600, 850, 950, 1_300, 2_000]) }),
    (3, |d| Action::Price { asset: 1, permille: d.fall_or_rise() }),
    (2, |d| Action::Price { asset: d.any(), permille: d.within(970, 1_031) }),
    (1, |d| Action::Diverge { feed: d.any(), permille: d.among(&[900, 960, 985, 1_000, 1_015, 1_040]) }),
    (8, |d| Action::Watch { steps: d.within(2, 5) as u8 }),
    (6, |_| Action::Trigger),
    (1, |d| Action::Silence { asset: 1, feed: d.any() }),
    (1, |d| Action::SetTerms { bounty: d.size(), daily_share: d.among(&[0, 20_000]) }),
];

#[rustfmt::skip] // A table.
const SHARES: Table = &[
    (5, |d| Action::Stake { lp: d.any(), size: d.size() }),
    (2, |d| Action::Deposit { lp: d.any(), size: d.size() }),
    (2, |d| Action::Mint { lp: d.any(), size: d.size() }),
    (5, |d| Action::Request { lp: d.any(), size: d.size() }),
    (3, |_| Action::Request { lp: 0, size: Part { of: 10_000, plus: 0 } }),
    (8, |d| Action::Fulfil { lp: d.any(), slot: d.among(&[0, 0, 0, 1, 2, 8]), by_stranger: d.chance(30) }),
    (3, |d| Action::Redeem { lp: d.any(), size: d.size() }),
    (3, |d| Action::WithdrawShares { lp: d.any(), size: d.size() }),
    (1, |d| Action::Transfer { from: d.any(), to: d.any(), size: d.size() }),
    (1, |d| Action::Approve { from: d.any(), to: d.any(), size: d.size() }),
    (1, |d| Action::TransferFrom { from: d.any(), to: d.any(), size: d.size() }),
    (1, |d| Action::Donate { size: Part { of: d.within(0, 100), plus: 1 } }),
    (1, |_| Action::CheckBacking),
];

#[rustfmt::skip] // A table.
const LOANS: Table = &[
    (4, |d| { let ask = d.chance(80).then(|| d.ask()); Action::OpenLoan { borrower: d.any(), collateral: d.most(), debt: d.leverage(), ask } }),
    (4, |d| Action::Insure { loan: d.any(), ask: d.ask() }),
    (6, |d| Action::Renew { loan: d.any(), limit: d.around_all(), weeks: d.weeks() }),
    (3, |d| Action::TopUp { loan: d.any(), size: Part { of: d.within(1, 3_000), plus: 0 } }),
    (2, |d| Action::Cancel { loan: d.any() }),
    (2, |d| Action::Supply { loan: d.any(), size: d.size() }),
    (3, |d| Action::Borrow { loan: d.any(), size: Part { of: d.within(1, 2_000), plus: 0 } }),
    (3, |d| Action::TakeOut { loan: d.any(), size: Part { of: d.within(1, 6_000), plus: 0 } }),
    (1, |d| Action::Close { loan: d.any() }),
    (2, |d| Action::Repay { loan: d.any(), size: Part { of: d.within(1, 5_000), plus: 0 }, by_stranger: d.chance(30) }),
    (1, |d| Action::Sweep { loan: d.any() }),
    (1, |d| Action::ClaimEmissions { loan: d.any() }),
];

#[rustfmt::skip] // A table.
const SETTLING: Table = &[
    (12, |d| Action::Rescue { loans: d.among(&[0x3f, 0x3f, 1, 2, 0xff]) }),
    (6, |d| Action::Grant { loans: d.among(&[0x3f, 0x3f, 2, 0xff]) }),
    (3, |d| Action::FinalizeAdvance { claim: d.any() }),
    (3, |d| Action::Finalize { claim: d.any() }),
    (6, |d| Action::PayBack { loan: d.any(), size: d.size(), by_stranger: d.chance(30) }),
    (2, |d| Action::Refinance { loan: d.any() }),
    (4, |d| Action::StartForeclosure { loan: d.any() }),
    (3, |d| Action::Cure { loan: d.any() }),
    (5, |d| Action::Foreclose { loan: d.any(), assigned: d.chance(50) }),
    (2, |d| Action::Collect { who: d.any() }),
];

#[rustfmt::skip] // A table.
const DIRECT: Table = &[
    (3, |d| Action::InsureVault { ask: d.ask() }),
    (2, |d| Action::RenewVault { limit: d.around_all(), weeks: d.weeks() }),
    (1, |_| Action::CancelVault),
    (4, |d| Action::PayVault { loss: d.loss(), ago: d.ago(), missing: d.chance(30) }),
    (6, |d| Action::DirectOpen { subject: d.any(), ask: d.ask(), perils: d.among(&[0x37, 0x37, 0x37, 0x37, 0x35, 0x01, 0x30, 0x3f, 0]) }),
    (4, |d| Action::DirectRenew { subject: d.any(), limit: d.around_all(), weeks: d.weeks() }),
    (3, |d| Action::DirectTopUp { subject: d.any(), size: d.size() }),
    (2, |d| Action::DirectCancel { subject: d.any() }),
    (9, |d| Action::DirectPay { subject: d.any(), peril: d.any(), loss: d.loss(), event: d.among(&[0, 0, 1, 1, 2]), ago: d.ago(), rescues: d.chance(20) }),
    (6, |d| Action::DirectDraw { subject: d.any(), size: d.size(), sources: d.any() }),
    (3, |d| Action::DirectFinalizeDraw { claim: d.any(), size: d.size() }),
    (5, |d| Action::Finalize { claim: d.any() }),
    (2, |d| Action::PayBack { loan: d.any(), size: d.size(), by_stranger: true }),
    (1, |d| Action::DirectForeclose { subject: d.any(), recovered: d.size() }),
    (3, |d| Action::WithdrawClaimable { who: d.any() }),
    (2, |d| Action::Trust { subject: d.any() }),
    (2, |d| Action::SetTerms { bounty: d.size(), daily_share: d.among(&[0, 10_000]) }),
];

#[rustfmt::skip] // A table.
const BLEND: Table = &[
    (3, |d| Action::Sink { loan: d.any(), health: d.within(700, 1_000) }),
    (6, |d| Action::Liquidate { loan: d.any(), percent: d.among(&[20, 30, 50, 80, 100, 100]) }),
    (6, |d| Action::Fill { loan: d.any(), percent: d.among(&[50, 100, 100]) }),
    (3, |d| Action::Wait { seconds: d.among(&[600, 1_200, 1_500, 1_900]) }),
    (2, |d| Action::BadDebt { loan: d.any() }),
    (1, |d| Action::Lend { size: d.size() }),
    (1, |d| Action::Unlend { size: d.size() }),
    (2, |_| Action::Record),
];

/// Deep falls, and a backstop that leaves.
#[rustfmt::skip] // A table.
const DEFAULT: Table = &[
    (2, |_| Action::QueueBackstop),
    (3, |_| Action::WithdrawBackstop),
    (3, |_| Action::ThinBackstop),
    (6, |d| Action::Ruin { loan: d.any() }),
    (2, |d| Action::Wait { seconds: d.among(&[1_500, 22 * 86_400]) }),
    (2, |d| Action::Sink { loan: d.any(), health: d.within(300, 700) }),
    (2, |d| Action::BadDebt { loan: d.any() }),
    (2, |_| Action::Record),
];

#[rustfmt::skip] // A table.
const VAULT: Table = &[
    (4, |d| Action::VaultDeposit { lp: d.any(), size: d.size() }),
    (1, |d| Action::VaultMint { lp: d.any(), size: d.size() }),
    (2, |d| Action::VaultWithdraw { lp: d.any(), size: d.size() }),
    (2, |d| Action::VaultRedeem { lp: d.any(), size: d.size() }),
    (3, |d| Action::VaultInvest { size: d.size() }),
    (1, |d| Action::VaultDivest { size: d.size() }),
    (2, |d| Action::VaultInsure { ask: d.ask(), by_itself: d.chance(70) }),
    (2, |d| Action::VaultRenew { limit: d.around_all(), weeks: d.weeks() }),
    (1, |_| Action::VaultCancel),
    (4, |_| Action::VaultSettle),
];

#[rustfmt::skip] // A table.
const ROLES: Table = &[
    (2, |d| Action::SetBase { group: d.any(), peril: d.any(), permille: d.among(&[700, 800, 1_000, 1_000, 1_250, 1_300]) }),
    (1, |d| Action::SetCap { group: d.any(), cap: d.among(&[500_000, 3_000_000, 4_000_000, 10_000_000]) }),
    (1, |d| Action::SetCaps { rate: d.among(&[1_000_000, 7_000_000, 10_000_000]) }),
    (1, |d| Action::SetTerms { bounty: d.size(), daily_share: d.among(&[0, 100_000, 500_000, 500_000]) }),
    (1, |d| Action::Pause { scope: d.any() }),
    (4, |d| Action::Unpause { scope: d.any() }),
    (8, |d| Action::Intrude { entry: d.any(), loan: d.any(), size: d.size() }),
];

/// What makes the pool impaired, and sound again.
#[rustfmt::skip] // A table.
const IMPAIRMENT: Table = &[
    (1, |d| Action::Clawback { size: Part { of: d.among(&[1, 1_000, 4_000, 8_000]), plus: 1 } }),
    (4, |_| Action::SettleImpairment),
    (2, |d| Action::Recapitalise { size: d.most() }),
    (3, |_| Action::Resume),
];

impl Draw {
    fn step(&mut self) -> Step {
        let is_forged_first = self.0.gen_ratio(1, FORGED);
        let (_, table) = self
            .1
            .choose_weighted(&mut self.0, |(weight, _)| *weight)
            .expect("weights");
        let (_, make) = table
            .choose_weighted(&mut self.0, |(weight, _)| *weight)
            .expect("weights");
        Step {
            is_forged_first,
            action: make(self),
        }
    }

    pub fn any(&mut self) -> u8 {
        self.0.gen()
    }

    pub fn within(&mut self, least: u32, above: u32) -> u32 {
        self.0.gen_range(least..above)
    }

    pub fn among<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.0.gen_range(0..choices.len())]
    }

    pub fn chance(&mut self, percent: u32) -> bool {
        self.0.gen_ratio(percent, 100)
    }

    /// Nothing, a little, a part, all, a unit more.
    pub fn size(&mut self) -> Part {
        let of = self.within(0, 10_000);
        let (small, all) = (
            Part {
                of: 0,
                plus: of as i32,
            },
            Part {
                of: 10_000,
                plus: 0,
            },
        );
        self.among(&[
            small,
            all,
            all,
            Part { of, plus: 0 },
            Part { of, plus: 1 },
            Part {
                of: 10_000,
                plus: 1,
            },
        ])
    }

    pub fn most(&mut self) -> Part {
        Part {
            of: self.within(1_000, 10_001),
            plus: 0,
        }
    }

    /// What is there, less or a little more.
    pub fn around_all(&mut self) -> Part {
        let of = self.within(1, 10_000);
        self.among(&[
            Part {
                of: 10_000,
                plus: 0,
            },
            Part {
                of: 10_000,
                plus: 0,
            },
            Part { of, plus: 0 },
            Part {
                of: 12_000,
                plus: 1,
            },
        ])
    }

    /// Debt as a part of the collateral's value.
    pub fn leverage(&mut self) -> Part {
        Part {
            of: self.within(1_000, 6_500),
            plus: 0,
        }
    }

    /// A loss as a part of the limit.
    pub fn loss(&mut self) -> Part {
        let of = self.among(&[10, 500, 500, 3_000, 3_000, 9_000, 15_000]);
        Part {
            of,
            plus: self.within(0, 2_000_000) as i32,
        }
    }

    pub fn ago(&mut self) -> u32 {
        self.among(&[0, 0, 0, 60, 3_600, 86_400, 10 * 86_400])
    }

    pub fn weeks(&mut self) -> u32 {
        self.among(&[0, 1, 2, 3, 4, 4, 8, 13, 13, 13, 14])
    }

    pub fn ask(&mut self) -> Ask {
        let (any, part) = (
            self.size(),
            Part {
                of: self.within(500, 10_000),
                plus: 0,
            },
        );
        Ask {
            perils: self.any(),
            buys: self.chance(15),
            limit: self.among(&[any, part, part]),
            weeks: self.weeks(),
            renews: self.chance(80),
        }
    }

    /// Most often a fall that hurts, or a way back.
    fn fall_or_rise(&mut self) -> u32 {
        self.among(&[
            550, 700, 780, 820, 850, 900, 950, 1_050, 1_150, 1_300, 1_600,
        ])
    }
}
