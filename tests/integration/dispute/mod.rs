//! The court: challenges, appeals and their ends, by real votes of PLT holders. A file per matter.

mod admitted;
mod appeal;
mod challenge;
mod decision;
mod surrendered;

use actuary::{
    claim::{challenge_bond_up, split_bond},
    Assets,
};
use localnet::{InvokeError, Keypair};
use testkit::{
    asset::UNIT,
    bindings::{
        blend_adapter::{CoverRequest, Peril},
        cover_pool as cover, position, Call,
    },
    feeds::Feed,
    governance::{Governance, Proposal},
    scene,
    world::{starting_terms, Setup, World},
};

use crate::stage::*;

/// A loan ten times the usual one, so that a bond is more than the least.
const TIMES: i128 = 10;
/// How long the court has.
const COURT_TIME: u64 = 14 * DAY;
/// A keeper's bounty.
const BOUNTY: i128 = UNIT / 2;
const SCALE: i128 = 1_000_000_000_000;

/// A world of this set-up whose pool has the court's governor as its court.
fn judged(setup: &Setup) -> (World, Governance) {
    let world = staked(setup, CAPITAL);
    let votes = Governance::found_court(&world);
    (world, votes)
}

/// What decides a claim.
fn proposal(world: &World, claim: u32, granted: i128) -> Proposal {
    let resolve = world.cover.resolve(claim, granted);
    Proposal::new(&format!("Of claim {claim} we grant {granted}.")).with(resolve)
}

/// A pool whose court are the PLT holders, and a loan that it insures.
struct Court {
    world: World,
    /// At the court's governor.
    votes: Governance,
    owner: Keypair,
    position: position::Client,
    challenger: Keypair,
}

impl Court {
    /// Grants of its loan always wait, since two sources of a price are not enough to pay any at once.
    fn new() -> Self {
        let setup = Setup {
            has_clawback: true,
            collateral_feeds: Feed::ALL[..2].to_vec(),
            ..Setup::default()
        };
        let (world, votes) = judged(&setup);
        let terms = cover::Terms {
            daily_share: 0,
            ..starting_terms()
        };
        let terms = world.cover.set_terms(&terms);
        terms.send(&world.ledger, &world.owner).unwrap();
        let owner = scene::applicant(&world, "borrower", TIMES * PURSE);
        let asset = &world.collateral;
        asset.mint(&world.ledger, &owner.address(), TIMES * COLLATERAL);
        let insure = CoverRequest {
            limit: TIMES * LIMIT,
            max_premium: TIMES * 300 * UNIT,
            ..request(Peril::Grant)
        };
        let opened = world.open_loan(&owner, TIMES * COLLATERAL, TIMES * DEBT, Some(insure));
        let position = opened.unwrap().0;
        let challenger = world.funded("challenger", TIMES * PURSE);
        world.sleep(26 * HOUR);
        Self {
            votes,
            owner,
            position,
            challenger,
            world,
        }
    }

    /// With a grant that waits as the first claim. Returns its amount.
    fn filed() -> (Self, i128) {
        let court = Self::new();
        price(&court.world, 1_000);
        court.world.watch(HOUR);
        court.world.trigger();
        let (claim, amount) = filed(&grant(&court.world, &court.position));
        assert_eq!(claim, 1, "the first");
        court.is_sound("filed");
        (court, amount)
    }

    /// With that grant challenged. Returns its amount and the bond.
    fn challenged() -> (Self, i128, i128) {
        let (court, amount) = Self::filed();
        let (before, purse) = (court.held(), court.purse(&court.challenger));
        let bond = court.challenge(1).unwrap();
        assert_eq!(bond, bond_of(amount), "what actuary says");
        assert!(bond > 100 * UNIT, "more than the least: {bond}");
        let after = Held {
            cash: before.cash + bond,
            bonds: before.bonds + bond,
            ..before
        };
        court.holds(&after, "challenged");
        let paid = purse - court.purse(&court.challenger);
        assert_eq!(paid, bond, "the challenger's");
        (court, amount, bond)
    }

    fn challenge(&self, claim: u32) -> Result<i128, InvokeError> {
        let challenge = self.world.cover.challenge(claim, &self.challenger);
        challenge.send(&self.world.ledger, &self.challenger)
    }

    /// The owner asks the court for a loss of `amount` that began now.
    fn appeal(&self, amount: i128) -> Result<u32, InvokeError> {
        let appeal = self.appeal_by(&self.owner, amount, self.world.ledger.now());
        appeal.send(&self.world.ledger, &self.owner)
    }

    fn appeal_by(&self, by: &Keypair, amount: i128, occurred_at: u64) -> Call<u32> {
        let appeal = cover::Appeal {
            amount,
            occurred_at,
            peril: cover::Peril::Grant,
        };
        let interest = interest(&self.position);
        self.world.cover.appeal(&interest, &appeal, by)
    }

    fn proposal(&self, claim: u32, granted: i128) -> Proposal {
        proposal(&self.world, claim, granted)
    }

    /// Decides by a vote, its delay and its execution.
    fn decide(&self, claim: u32, granted: i128) {
        let proposal = self.proposal(claim, granted);
        self.votes.decide(&self.world, &proposal);
    }

    fn finalize(&self, claim: u32) -> Result<i128, InvokeError> {
        let (world, keeper) = (&self.world, &self.world.keeper);
        let finalize = world.cover.finalize(claim, keeper);
        finalize.send(&world.ledger, keeper)
    }

    fn claim(&self, claim: u32) -> Option<cover::Claim> {
        self.world
            .cover
            .claim(claim)
            .view(&self.world.ledger)
            .unwrap()
    }

    fn limit(&self) -> i128 {
        policy(&self.world, &self.position).limit
    }

    /// What the loan owes, in dTokens.
    fn debt(&self) -> i128 {
        let (ledger, position) = (&self.world.ledger, &self.position.0);
        self.world.pool.positions(ledger, position).liabilities[&0]
    }

    fn purse(&self, holder: &Keypair) -> i128 {
        usdc(&self.world, holder)
    }

    fn held(&self) -> Held {
        Held::of(&books(&self.world))
    }

    /// Asserts what the books hold, and that everything else follows from it.
    #[track_caller]
    fn holds(&self, expected: &Held, label: &str) {
        assert_eq!(self.held(), *expected, "{label}");
        self.is_sound(label);
    }

    /// Asserts that exposure and NAV follow from the only policy and the buckets: I02, I04, I05.
    #[track_caller]
    fn is_sound(&self, label: &str) {
        let (books, policy) = (books(&self.world), policy(&self.world, &self.position));
        let now = self.world.ledger.now();
        let left = policy.end.saturating_sub(now);
        let unearned = policy.earning_rate * i128::from(left);
        assert_eq!(books.unearned, unearned, "{label}: I02");
        let is_backed = now < policy.end + WEEK;
        let exposure = if is_backed { policy.limit } else { 0 };
        assert_eq!(books.exposure, exposure, "{label}: I04");
        let unearned = (unearned + SCALE - 1) / SCALE;
        let apart = [books.pending, books.claimable, books.bonds, books.bounties];
        let apart = apart.iter().sum::<i128>() + books.reserve + unearned;
        assert_eq!(books.nav_lo, books.cash - apart, "{label}: NAV_lo");
        assert_eq!(
            books.nav_hi,
            books.nav_lo + books.pending,
            "{label}: NAV_hi"
        );
        assert!(exposure <= books.nav_lo, "{label}: I05");
        let balance = usdc_of(&self.world, &self.world.cover.0);
        assert_eq!(balance, books.cash, "{label}: I01");
    }
}

/// What of the books time does not change, but for the end of a grace week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Held {
    cash: i128,
    pending: i128,
    claimable: i128,
    bonds: i128,
    bounties: i128,
    reserve: i128,
    exposure: i128,
}

impl Held {
    fn of(books: &cover::Books) -> Self {
        Self {
            cash: books.cash,
            pending: books.pending,
            claimable: books.claimable,
            bonds: books.bonds,
            bounties: books.bounties,
            reserve: books.reserve,
            exposure: books.exposure,
        }
    }

    /// After `amount` of the claims that wait was denied, inside the grace week.
    fn denied(self, amount: i128) -> Self {
        Self {
            pending: self.pending - amount,
            exposure: self.exposure + amount,
            ..self
        }
    }

    /// After a claim was paid, with a keeper's bounty: the reserve bears it first.
    fn paid(self, amount: i128) -> Self {
        Self {
            cash: self.cash - amount - BOUNTY,
            pending: self.pending - amount,
            bounties: self.bounties - BOUNTY,
            reserve: self.reserve - self.reserve.min(amount),
            ..self
        }
    }

    /// After a bond was sent back.
    fn bond_returned(self, bond: i128) -> Self {
        Self {
            cash: self.cash - bond,
            bonds: self.bonds - bond,
            ..self
        }
    }

    /// After a challenger's bond was shared: half of it is sent to the policy's owner.
    fn bond_of_challenger_lost(self, bond: i128) -> Self {
        let (winners, reserved) = shared(bond);
        Self {
            cash: self.cash - winners,
            bonds: self.bonds - bond,
            reserve: self.reserve + reserved,
            ..self
        }
    }

    /// After an appellant's bond was shared: half of it is the LPs', and stays.
    fn bond_of_appellant_lost(self, bond: i128) -> Self {
        Self {
            bonds: self.bonds - bond,
            reserve: self.reserve + shared(bond).1,
            ..self
        }
    }
}

/// The bond for a claim of `amount`.
fn bond_of(amount: i128) -> i128 {
    let (amount, unit) = (Assets::from_raw(amount), Assets::from_raw(UNIT));
    challenge_bond_up(amount, unit).unwrap().raw()
}

/// The winner's part of a lost bond, and the reserve's.
fn shared(bond: i128) -> (i128, i128) {
    let (winners, reserved) = split_bond(Assets::from_raw(bond));
    (winners.raw(), reserved.raw())
}

/// What a policy with this co-insurance pays for a loss, its limit apart.
fn payout(loss: i128, co_insurance: i128) -> i128 {
    crate::stage::payout(Assets::from_raw(loss), co_insurance, Assets::MAX)
}
