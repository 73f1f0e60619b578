//! The books as the events tell them: every policy, claim and exit on its own, in plain integers, without a formula of ours.

use std::collections::BTreeMap;

use localnet::xdr::ScAddress;
use testkit::{asset::UNIT, bindings::cover_pool as cover};

use crate::governance::people::People;

/// Scale of per-second rates.
pub const SCALE: i128 = 1_000_000_000_000;
/// 100 %.
pub const FULL: i128 = 10_000_000;
pub const YEAR: i128 = 31_536_000;
pub const DAY: u64 = 86_400;
pub const WEEK: u64 = 604_800;
pub const EXIT_DELAY: u64 = 14 * DAY;
pub const CLAIM_WINDOW: u64 = 2 * DAY;
/// How long the court has.
pub const COURT_TIME: u64 = 14 * DAY;
/// By how much the guardian puts a claim off, once.
pub const CLAIM_DELAY: u64 = 3 * DAY;

pub fn div_up(number: i128, by: i128) -> i128 {
    number / by + i128::from(number % by != 0)
}

/// Subject and class.
pub type Key = (ScAddress, u32);

/// The key of an interest.
pub fn key(interest: &cover::Interest) -> Key {
    (interest.0.clone(), interest.1 as u32)
}

/// An advance of one policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advance {
    pub drawn: i128,
    pub fees: i128,
    pub fee_rate: i128,
    pub last: u64,
}

impl Advance {
    /// Scaled fees as of `now`.
    pub fn fees_at(&self, now: u64) -> i128 {
        self.fees + self.fee_rate * i128::from(now - self.last)
    }

    /// Fees in units, rounded up.
    pub fn due_at(&self, now: u64) -> i128 {
        div_up(self.fees_at(now), SCALE)
    }
}

/// A policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    pub owner: ScAddress,
    pub group: u32,
    pub perils: u32,
    pub start: u64,
    pub end: u64,
    pub earning_rate: i128,
    pub limit: i128,
    pub original_limit: i128,
    pub topped_up: i128,
    pub topped_up_from: u64,
    pub topped_up_earlier: i128,
    pub earlier_from: u64,
    pub max_rate: u32,
    /// Paid by claims so far.
    pub paid: i128,
    pub open_claims: u32,
    pub event: u64,
    pub event_loss: i128,
    /// What it has prepaid of bounties and not spent.
    pub bounty_left: i128,
    pub advance: Advance,
}

impl Policy {
    /// Scaled premium not yet earned.
    pub fn unearned(&self, now: u64) -> i128 {
        self.earning_rate * i128::from(self.end.saturating_sub(now))
    }

    /// Whether its limit is still held against capital.
    pub fn is_backed(&self, now: u64) -> bool {
        now < self.end + WEEK
    }

    /// What of the limit covers an event of `time`.
    pub fn usable_limit(&self, time: u64) -> i128 {
        let waits = |amount, from| if time < from { amount } else { 0 };
        let newest = waits(self.topped_up, self.topped_up_from);
        (self.limit - newest - waits(self.topped_up_earlier, self.earlier_from)).max(0)
    }

    /// Makes a part of the limit wait until `from`.
    pub fn wait_for(&mut self, amount: i128, now: u64, from: u64) {
        if now >= self.topped_up_from {
            self.topped_up_earlier += std::mem::take(&mut self.topped_up);
            self.earlier_from = self.topped_up_from;
        }
        self.topped_up += amount;
        self.topped_up_from = from;
    }

    /// Whether a foreclosure has ended it.
    pub fn is_foreclosed(&self) -> bool {
        self.original_limit == 0
    }

    /// Ends its premium where nothing is left to cover.
    pub fn earn_out(&mut self, now: u64) {
        if self.limit == 0 && !self.is_busy() && now < self.end {
            self.earning_rate = 0;
        }
    }

    /// Whether an advance or a claim is open.
    pub fn is_busy(&self) -> bool {
        self.advance.drawn > 0 || self.open_claims > 0
    }
}

/// A claim that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub key: Key,
    pub peril: u32,
    pub amount: i128,
    pub filed_at: u64,
    pub payable_from: u64,
    pub is_delayed: bool,
    /// Who disputes it, as long as nobody has decided.
    pub disputed_by: Option<ScAddress>,
    pub bond: i128,
    pub is_appeal: bool,
}

impl Claim {
    /// Whether it may be challenged or put off.
    pub fn is_waiting(&self, now: u64) -> bool {
        self.disputed_by.is_none() && now < self.payable_from
    }

    /// Whether the court may decide it.
    pub fn is_in_court(&self, now: u64) -> bool {
        self.disputed_by.is_some() && now < self.payable_from
    }

    /// What a dispute over it takes.
    pub fn bond_due(&self) -> i128 {
        div_up(self.amount * 2, 100).max(100 * UNIT)
    }

    /// What it comes to when nobody decides.
    pub fn by_time(&self) -> i128 {
        if self.is_appeal {
            0
        } else {
            self.amount
        }
    }
}

/// An exit that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit {
    pub shares: i128,
    pub requested_at: u64,
}

/// How claims of an impaired pool are paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Factor {
    pub available: i128,
    pub total: i128,
    pub unpaid: i128,
    /// The last claim that collected.
    pub last_claim: u32,
    /// When it was fixed.
    pub settled_at: u64,
}

impl Factor {
    /// Whether it was fixed for this claim among others.
    pub fn counts(&self, id: u32, claim: &Claim) -> bool {
        let was_granted = !claim.is_appeal || claim.payable_from <= self.settled_at;
        id <= self.last_claim && was_granted
    }

    /// The same factor over the claims that are unpaid alone.
    pub fn of_the_rest(mut self) -> Self {
        let finalised = self.total - self.unpaid;
        let paid = if self.available < self.total {
            finalised * self.available / self.total
        } else {
            finalised
        };
        self.available = (self.available - paid).max(0);
        self.total = self.unpaid;
        self
    }
}

/// The pool's books.
#[derive(Clone, Debug, Default)]
pub struct Shadow {
    pub now: u64,
    /// By what the events say of payments.
    pub cash: i128,
    /// By the token's own transfers.
    pub moved: i128,
    /// Whether tokens were taken from the pool that its books do not miss yet.
    pub is_short: bool,
    pub bounties: i128,
    pub reserve: i128,
    pub claimable: BTreeMap<ScAddress, i128>,
    pub shares: i128,
    pub balances: BTreeMap<ScAddress, i128>,
    pub exits: BTreeMap<(ScAddress, u32), Exit>,
    pub policies: BTreeMap<Key, Policy>,
    pub claims: BTreeMap<u32, Claim>,
    pub last_claim: u32,
    /// Claims that were filed in this call.
    pub filed_now: Vec<u32>,
    /// What was paid or lent at once, by group and day.
    pub paid_at_once: BTreeMap<(u32, u64), i128>,
    pub is_impaired: bool,
    pub factor: Option<Factor>,
    pub terms: Option<cover::Terms>,
    pub groups: Vec<cover::GroupTerms>,
    pub caps: Vec<cover::Cap>,
    pub roles: Option<cover::Roles>,
    pub people: People,
}

/// What one group holds against capital and has lent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupTotals {
    /// E of it.
    pub exposure: i128,
    /// A of it.
    pub drawn: i128,
}

/// What the pool is worth, and its shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value {
    pub lo: i128,
    pub hi: i128,
    pub shares: i128,
}

impl Shadow {
    pub fn terms(&self) -> &cover::Terms {
        self.terms.as_ref().expect("read at the start")
    }

    fn policies(&self) -> impl Iterator<Item = &Policy> {
        self.policies.values()
    }

    /// U.
    pub fn unearned(&self) -> i128 {
        self.policies()
            .map(|policy| policy.unearned(self.now))
            .sum()
    }

    /// R.
    pub fn earning_rate(&self) -> i128 {
        self.policies()
            .filter(|policy| self.now < policy.end)
            .map(|policy| policy.earning_rate)
            .sum()
    }

    /// E of one group.
    pub fn exposure_of(&self, group: u32) -> i128 {
        self.policies()
            .filter(|policy| policy.group == group && policy.is_backed(self.now))
            .map(|policy| policy.limit)
            .sum()
    }

    /// E.
    pub fn exposure(&self) -> i128 {
        (0..self.groups.len() as u32)
            .map(|group| self.exposure_of(group))
            .sum()
    }

    /// A of one group.
    pub fn drawn_of(&self, group: u32) -> i128 {
        self.policies()
            .filter(|policy| policy.group == group)
            .map(|policy| policy.advance.drawn)
            .sum()
    }

    /// Of each group by its number.
    pub fn group_totals(&self) -> Vec<GroupTotals> {
        let totals = |group| GroupTotals {
            exposure: self.exposure_of(group),
            drawn: self.drawn_of(group),
        };
        (0..self.groups.len() as u32).map(totals).collect()
    }

    /// What one group uses of its cap besides its limits: the larger of what it owes and what it was paid at once today and
    /// yesterday.
    pub fn taken_of(&self, group: u32) -> i128 {
        let today = self.now / DAY;
        let days = self.paid_at_once.range((group, today - 1)..=(group, today));
        days.map(|(_, paid)| paid)
            .sum::<i128>()
            .max(self.drawn_of(group))
    }

    /// Counts a payment at once.
    pub fn count_at_once(&mut self, group: u32, amount: i128) {
        *self
            .paid_at_once
            .entry((group, self.now / DAY))
            .or_default() += amount;
    }

    /// D.
    pub fn drawn(&self) -> i128 {
        self.policies().map(|policy| policy.advance.drawn).sum()
    }

    /// F, scaled.
    pub fn fees_owed(&self) -> i128 {
        self.policies()
            .map(|policy| policy.advance.fees_at(self.now))
            .sum()
    }

    pub fn pending(&self) -> i128 {
        self.claims.values().map(|claim| claim.amount).sum()
    }

    pub fn bonds(&self) -> i128 {
        self.claims.values().map(|claim| claim.bond).sum()
    }

    /// What is left of the limits of an owner's policies that have not ended.
    pub fn insured_of(&self, owner: &ScAddress) -> i128 {
        let of_owner = self.policies().filter(|policy| policy.owner == *owner);
        let in_force = of_owner.filter(|policy| self.now < policy.end);
        in_force.map(|policy| policy.limit).sum()
    }

    /// The same of all owners.
    pub fn in_force(&self) -> i128 {
        let in_force = self.policies().filter(|policy| self.now < policy.end);
        in_force.map(|policy| policy.limit).sum()
    }

    pub fn claimable(&self) -> i128 {
        self.claimable.values().sum()
    }

    pub fn queued(&self) -> i128 {
        self.exits.values().map(|exit| exit.shares).sum()
    }

    /// The two NAVs and the shares. An impaired pool that holds less than it owes is worth nothing.
    pub fn value(&self) -> Value {
        let apart = self.claimable() + self.bonds() + self.bounties + self.reserve;
        let owed = self.pending() + apart;
        let lo = self.cash - div_up(self.unearned(), SCALE) - owed;
        let hi = lo + self.pending() + self.drawn() + div_up(self.fees_owed(), SCALE);
        let is_nothing = self.is_impaired && lo < 0;
        Value {
            lo: if is_nothing { 0 } else { lo },
            hi: if is_nothing { 0 } else { hi },
            shares: self.shares,
        }
    }

    /// The part of an amount that a group or a subject may use.
    pub fn share_down(amount: i128, rate: u32) -> i128 {
        amount * i128::from(rate) / FULL
    }
}

impl Value {
    /// Assets paid for shares at NAV_lo, rounded down.
    pub fn assets_down(&self, shares: i128) -> i128 {
        shares * (self.lo + 1) / (self.shares + 1_000)
    }
}
