//! The invariants, worked out anew from what the chain shows, after everything that happens.

use std::collections::BTreeMap;

use actuary::nav::{DEAD_SHARES, VIRTUAL_ASSETS, VIRTUAL_SHARES};
use actuary::premium::unearned;
use actuary::time::is_backed;
use actuary::ScaledRate;
use localnet::xdr::ScAddress;
use testkit::bindings::{cover_pool as cover, OnLedger};

use super::flows::Flows;
use super::liquidity::Provider;
use super::stage::Stage;

/// All of them; what one run cannot observe stays unknown.
const IDS: [&str; 16] = [
    "I01", "I02", "I03", "I04", "I05", "I06", "I07", "I08", "I09", "I10", "I11", "I12", "I13",
    "I14", "I15", "I16",
];

/// Share prices as of a moment: capital and shares, low and high.
#[derive(Clone, Copy)]
struct SharePrice {
    low: i128,
    high: i128,
    shares: i128,
    /// What can lower it by itself: everything claimed and drawn so far.
    lowered_by: i128,
}

/// What was found so far.
#[derive(Default)]
pub struct Watch {
    verdicts: BTreeMap<&'static str, bool>,
    last: Option<SharePrice>,
    last_index: i128,
    /// Whom payments may have to wait for.
    payees: Vec<ScAddress>,
}

impl Watch {
    /// Takes note of whether an invariant holds now. Once broken, it stays broken.
    pub fn hold(&mut self, id: &'static str, holds: bool) {
        let verdict = self.verdicts.entry(id).or_insert(true);
        *verdict &= holds;
    }

    /// Every invariant: held, broken, or not observed.
    pub fn verdicts(&self) -> BTreeMap<String, Option<bool>> {
        IDS.iter()
            .map(|id| ((*id).to_owned(), self.verdicts.get(id).copied()))
            .collect()
    }

    /// From now on payments to this account may have to wait.
    pub fn expect_claimable(&mut self, payee: ScAddress) {
        self.payees.push(payee);
    }

    /// Compares the adapter's loss index with our own, and with what it was.
    pub fn saw_index(&mut self, index: i128, own: i128) {
        self.hold("I10", index >= self.last_index && index == own);
        self.last_index = index;
    }

    /// Stakes and asks what it would leave with at once; nothing changes.
    pub fn try_rounding(&mut self, stage: &Stage<'_>) {
        let ledger = &stage.world.ledger;
        let snapshot = ledger.snapshot();
        for amount in [1_i128, 7, 12_345_678_901] {
            let lp = stage.world.keeper.clone();
            stage.world.usdc.mint(ledger, &lp.address(), amount);
            let shares = stage.world.cover.stake(&lp, amount, 1).send(ledger, &lp);
            let back =
                shares.and_then(|shares| stage.world.cover.preview_redeem(shares).view(ledger));
            // Too little for a share is refused, which is no profit either.
            self.hold("I12", back.is_ok_and(|back| back <= amount) || amount == 1);
            ledger.revert(&snapshot);
        }
    }

    /// Checks everything that one look at the chain can tell; `groups` are those that cover is sold in.
    pub fn check(
        &mut self,
        stage: &Stage<'_>,
        books: &cover::Books,
        (policies, groups): (&[cover::Policy], &[u32]),
        providers: &[Provider],
        claims: &[u32],
        flows: &Flows,
    ) {
        let now = stage.now();
        self.check_money(stage, books, claims);
        self.check_premiums(books, policies, now);
        self.check_exposure(stage, books, (policies, groups), now);
        self.check_share_price(books, flows, claims.len());
        self.check_payments(policies);
        self.check_shares(stage, books, providers);
    }

    fn check_money(&mut self, stage: &Stage<'_>, books: &cover::Books, claims: &[u32]) {
        let world = &stage.world;
        let balance = world.usdc.balance(&world.ledger, &world.cover.0);
        self.hold("I01", balance >= books.cash);
        let open = claims
            .iter()
            .filter_map(|claim| world.cover.claim(*claim).view(&world.ledger).ok().flatten());
        let (pending, bonds) = open.fold((0, 0), |(pending, bonds), claim| {
            (pending + claim.amount, bonds + claim.bond)
        });
        let owed = |payee: &ScAddress| world.cover.claimable_of(payee).view(&world.ledger);
        let owed = self.payees.iter().map(|payee| owed(payee).unwrap_or(0));
        let claimable: i128 = owed.sum();
        self.hold(
            "I06",
            books.pending == pending && books.claimable == claimable && books.bonds == bonds,
        );
    }

    fn check_premiums(&mut self, books: &cover::Books, live: &[cover::Policy], now: u64) {
        let left = |policy: &cover::Policy| {
            let rate = ScaledRate::from_raw(policy.earning_rate);
            unearned(rate, policy.end, now).unwrap_or_default().raw()
        };
        self.hold("I02", books.unearned == live.iter().map(left).sum::<i128>());
        let earning = live.iter().filter(|policy| policy.end > now);
        let rate: i128 = earning.map(|policy| policy.earning_rate).sum();
        self.hold("I03", books.earning_rate == rate);
    }

    fn check_exposure(
        &mut self,
        stage: &Stage<'_>,
        books: &cover::Books,
        (live, groups): (&[cover::Policy], &[u32]),
        now: u64,
    ) {
        let group = |group: &u32| {
            let state = stage
                .world
                .cover
                .group_state(*group)
                .view(&stage.world.ledger);
            state.map_or(0, |state| state.exposure)
        };
        let backed = live.iter().filter(|policy| is_backed(policy.end, now));
        let limits: i128 = backed.map(|policy| policy.limit).sum();
        let exposure = books.exposure;
        self.hold(
            "I04",
            exposure == groups.iter().map(group).sum::<i128>() && exposure >= limits,
        );
        self.hold("I05", exposure <= books.nav_lo && books.nav_lo >= 0);
    }

    /// A share is only ever worth less after something was claimed or drawn.
    fn check_share_price(&mut self, books: &cover::Books, flows: &Flows, claims: usize) {
        let now = SharePrice {
            low: books.nav_lo,
            high: books.nav_hi,
            shares: books.shares,
            lowered_by: flows.paid + flows.drawn + i128::try_from(claims).unwrap_or(0),
        };
        if let Some(last) = self.last.filter(|last| last.lowered_by == now.lowered_by) {
            // Compared across, exactly, as shares are priced.
            let has_fallen = |before: i128, after: i128| {
                (after + VIRTUAL_ASSETS) * (last.shares + VIRTUAL_SHARES)
                    < (before + VIRTUAL_ASSETS) * (now.shares + VIRTUAL_SHARES)
            };
            self.hold(
                "I08",
                !has_fallen(last.low, now.low) && !has_fallen(last.high, now.high),
            );
        }
        self.last = Some(now);
    }

    fn check_payments(&mut self, live: &[cover::Policy]) {
        for policy in live {
            let original = policy.original_limit;
            self.hold("I09", policy.paid <= original);
            self.hold("I16", policy.limit + policy.drawn <= original);
        }
    }

    fn check_shares(&mut self, stage: &Stage<'_>, books: &cover::Books, providers: &[Provider]) {
        let queued: i128 = providers
            .iter()
            .map(|provider| provider.queued(stage))
            .sum();
        let held: i128 = providers
            .iter()
            .map(|provider| provider.shares(stage))
            .sum();
        let cover = &stage.world.cover;
        let escrow = cover
            .balance(&cover.0)
            .view(&stage.world.ledger)
            .unwrap_or(0);
        let dead = DEAD_SHARES.raw();
        let holds =
            books.queued == queued && escrow == queued + dead && books.shares == held + escrow;
        self.hold("I14", holds);
    }
}
