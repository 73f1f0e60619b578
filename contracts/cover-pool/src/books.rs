//! The pool's books: what every operation that moves money reads and writes.

use actuary::advance::AdvanceBook;
use actuary::nav::{self, assets_for_down, Nav};
use actuary::ring::{PremiumRing, EARNING_SLOTS};
use actuary::{Assets, MathError, Scaled, ScaledRate, Shares};
use soroban_sdk::Env;

use crate::errors::OrFail;
use crate::storage;

/// Money and shares, counted by ourselves and never read from a balance.
pub struct Books {
    pub cash: Assets,
    pub pending: Assets,
    /// The part of `pending` that is draws: it is lent, not lost, and an impaired pool lends nothing.
    pub pending_draws: Assets,
    /// The part of `pending` that is appeals which nobody has decided: whoever holds a policy can file them at will.
    pub appealed: Assets,
    pub claimable: Assets,
    pub bonds: Assets,
    pub bounties: Assets,
    /// The part of `bounties` that an adapter has earned for the keeper of its batch and not named yet.
    pub bounties_earned: Assets,
    pub reserve: Assets,
    pub shares: Shares,
    pub queued: Shares,
    /// All advances together.
    pub advances: AdvanceBook,
    /// Number of the newest claim.
    pub last_claim: u32,
}

/// How many numbers [`Books`] packs.
pub const BOOKS_NUMBERS: usize = 16;

impl Books {
    /// Books in which nothing is written yet.
    pub const fn new(now: u64) -> Self {
        Self {
            cash: Assets::ZERO,
            pending: Assets::ZERO,
            pending_draws: Assets::ZERO,
            appealed: Assets::ZERO,
            claimable: Assets::ZERO,
            bonds: Assets::ZERO,
            bounties: Assets::ZERO,
            bounties_earned: Assets::ZERO,
            reserve: Assets::ZERO,
            shares: Shares::ZERO,
            queued: Shares::ZERO,
            advances: AdvanceBook::new(now),
            last_claim: 0,
        }
    }

    /// The numbers to pack.
    pub fn numbers(&self) -> [i128; BOOKS_NUMBERS] {
        [
            self.cash.raw(),
            self.pending.raw(),
            self.claimable.raw(),
            self.bonds.raw(),
            self.bounties.raw(),
            self.reserve.raw(),
            self.shares.raw(),
            self.queued.raw(),
            self.last_claim.into(),
            self.advances.last.into(),
            self.advances.drawn.raw(),
            self.advances.fees_owed.raw(),
            self.advances.fee_rate.raw(),
            self.bounties_earned.raw(),
            self.pending_draws.raw(),
            self.appealed.raw(),
        ]
    }

    /// The books from their numbers.
    pub const fn from_numbers(numbers: [i128; BOOKS_NUMBERS]) -> Self {
        let [cash, pending, claimable, bonds, bounties, reserve, shares, queued, last_claim, last, drawn, fees, fee_rate, bounties_earned, pending_draws, appealed] =
            numbers;
        Self {
            cash: Assets::from_raw(cash),
            pending: Assets::from_raw(pending),
            pending_draws: Assets::from_raw(pending_draws),
            appealed: Assets::from_raw(appealed),
            claimable: Assets::from_raw(claimable),
            bonds: Assets::from_raw(bonds),
            bounties: Assets::from_raw(bounties),
            bounties_earned: Assets::from_raw(bounties_earned),
            reserve: Assets::from_raw(reserve),
            shares: Shares::from_raw(shares),
            queued: Shares::from_raw(queued),
            advances: AdvanceBook {
                last: last as u64,
                drawn: Assets::from_raw(drawn),
                fees_owed: Scaled::from_raw(fees),
                fee_rate: ScaledRate::from_raw(fee_rate),
            },
            last_claim: last_claim as u32,
        }
    }
}

/// How many numbers a premium ring packs.
pub const PREMIUM_NUMBERS: usize = EARNING_SLOTS + 3;

/// The numbers of a premium ring; slots come last, since most of them are empty.
pub fn premium_numbers(ring: &PremiumRing) -> [i128; PREMIUM_NUMBERS] {
    let mut numbers = [0; PREMIUM_NUMBERS];
    let head = [
        ring.last.into(),
        ring.unearned.raw(),
        ring.earning_rate.raw(),
    ];
    let values = head
        .into_iter()
        .chain(ring.ending.iter().map(|rate| rate.raw()));
    numbers
        .iter_mut()
        .zip(values)
        .for_each(|(number, value)| *number = value);
    numbers
}

/// A premium ring from its numbers.
pub fn premiums_from_numbers(numbers: [i128; PREMIUM_NUMBERS]) -> PremiumRing {
    let [last, unearned, earning_rate, slots @ ..] = numbers;
    PremiumRing {
        unearned: Scaled::from_raw(unearned),
        earning_rate: ScaledRate::from_raw(earning_rate),
        ending: slots.map(ScaledRate::from_raw),
        last: last as u64,
    }
}

/// The books and the premiums, accrued to now.
pub struct Pool {
    pub now: u64,
    pub books: Books,
    pub premiums: PremiumRing,
}

impl Pool {
    /// Reads everything and accrues it to now; nothing is written.
    pub fn load(env: &Env) -> Self {
        let now = env.ledger().timestamp();
        let (mut books, mut premiums) = (storage::books(env), storage::premiums(env));
        books.advances.accrue(now).or_fail(env);
        premiums.accrue(now).or_fail(env);
        Self {
            now,
            books,
            premiums,
        }
    }

    /// The value of the pool with everything open lost, and with everything open won.
    pub fn nav(&self, env: &Env) -> Nav {
        self.try_nav().or_fail(env)
    }

    /// The same; an error where the books hold less than they owe.
    pub fn try_nav(&self) -> Result<Nav, MathError> {
        let books = nav::Books {
            cash: self.books.cash,
            unearned: self.premiums.unearned,
            pending: self.books.pending,
            claimable: self.books.claimable,
            bonds: self.books.bonds,
            bounties: self.books.bounties,
            reserve: self.books.reserve,
            drawn: self.books.advances.drawn,
            fees_owed: self.books.advances.fees_owed,
        };
        books.nav()
    }

    /// NAV_lo without what the queued exits would be paid: what sales may count on.
    pub fn staying(&self, env: &Env) -> Assets {
        let nav_lo = self.nav(env).lo;
        let queued = assets_for_down(self.books.queued, self.books.shares, nav_lo).or_fail(env);
        nav_lo.sub_or_zero(queued)
    }

    /// Writes the books. Premiums accrue virtually until somebody changes them.
    pub fn store(&self, env: &Env) {
        storage::set_books(env, &self.books)
    }

    /// Writes the books and the premiums.
    pub fn store_with_premiums(&self, env: &Env) {
        storage::set_premiums(env, &self.premiums);
        self.store(env)
    }
}
