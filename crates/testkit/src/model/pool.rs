//! The pool's books, and the views and steps that operations share.

use std::collections::BTreeMap;

use super::exact::{div_down, div_up, product};
use super::{
    Account, Advances, Claim, ExitRequest, Group, Policy, PremiumBook, Refused, Terms, SCALE,
    VIRTUAL_SHARES,
};

/// The cover pool. An operation checks first and changes the books afterwards, so a refused one changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverPool {
    /// What governance sets.
    pub terms: Terms,
    /// The time to which everything is accrued.
    pub now: u64,
    /// Correlation groups, by index.
    pub groups: Vec<Group>,
    /// Everything the pool holds, in units, as in all buckets below.
    pub cash: i128,
    /// Claims that wait.
    pub pending: i128,
    /// Payments that could not be delivered.
    pub claimable: i128,
    /// Bonds of challengers.
    pub bonds: i128,
    /// Set apart for keepers.
    pub bounties: i128,
    /// The protocol's share of premiums and lost bonds; pays claims first.
    pub reserve: i128,
    /// Supply of shares: balances and escrow.
    pub shares: i128,
    /// Shares in the escrow of exits.
    pub queued: i128,
    /// Number of the newest policy, claim or request; they count together.
    pub last_id: u64,
    /// Shares by owner; none is zero.
    pub balances: BTreeMap<Account, i128>,
    /// Undelivered payments by owner; none is zero.
    pub claimable_by: BTreeMap<Account, i128>,
    /// Policies that were not cancelled, the expired ones among them.
    pub policies: BTreeMap<u64, Policy>,
    /// Claims that wait.
    pub claims: BTreeMap<u64, Claim>,
    /// Exits that wait.
    pub requests: BTreeMap<u64, ExitRequest>,
    /// Unearned premium of all policies.
    pub premiums: PremiumBook,
    /// What all policies owe.
    pub advances: Advances,
}

pub(super) fn require(condition: bool, reason: Refused) -> Result<(), Refused> {
    if condition {
        Ok(())
    } else {
        Err(reason)
    }
}

pub(super) fn find<T>(table: &BTreeMap<u64, T>, id: u64) -> Result<&T, Refused> {
    table.get(&id).ok_or(Refused::NotFound)
}

pub(super) fn find_mut<T>(table: &mut BTreeMap<u64, T>, id: u64) -> Result<&mut T, Refused> {
    table.get_mut(&id).ok_or(Refused::NotFound)
}

/// Changes an amount and leaves no entry of zero behind.
pub(super) fn add_to(amounts: &mut BTreeMap<Account, i128>, owner: &str, change: i128) {
    let amount = amounts.get(owner).copied().unwrap_or_default() + change;
    if amount == 0 {
        amounts.remove(owner);
    } else {
        amounts.insert(owner.to_owned(), amount);
    }
}

impl CoverPool {
    /// An empty pool with one group per cap, a rate of NAV_lo.
    pub fn new(terms: Terms, now: u64, caps: &[i128]) -> Self {
        Self {
            terms,
            now,
            groups: caps.iter().map(|&cap| Group::new(cap, now)).collect(),
            cash: 0,
            pending: 0,
            claimable: 0,
            bonds: 0,
            bounties: 0,
            reserve: 0,
            shares: 0,
            queued: 0,
            last_id: 0,
            balances: BTreeMap::new(),
            claimable_by: BTreeMap::new(),
            policies: BTreeMap::new(),
            claims: BTreeMap::new(),
            requests: BTreeMap::new(),
            premiums: PremiumBook::new(now),
            advances: Advances::new(now),
        }
    }

    /// Brings premium, fees and exposure to `now`; the result does not depend on how often this is done.
    ///
    /// # Panics
    /// When time runs backwards.
    pub fn advance_to(&mut self, now: u64) {
        assert!(now >= self.now, "time runs backwards to {now}");
        self.now = now;
        self.premiums.accrue(now);
        self.advances.accrue(now);
        for group in &mut self.groups {
            group.roll(now);
        }
    }

    /// Free capital if every claim is paid and no advance comes back, in units. Unearned premium is rounded up.
    pub fn nav_lo(&self) -> i128 {
        let set_apart = self.pending + self.claimable + self.bonds + self.bounties + self.reserve;
        self.cash - div_up(self.premiums.unearned, SCALE) - set_apart
    }

    /// Free capital if every claim is denied and every advance comes back, in units. Fees are rounded up.
    pub fn nav_hi(&self) -> i128 {
        self.nav_lo() + self.pending + self.advances.owed_up()
    }

    /// E: limits that are backed in all groups, in units.
    pub fn exposure(&self) -> i128 {
        self.groups.iter().map(|group| group.exposure).sum()
    }

    /// Shares that a deposit mints, at NAV_hi, rounded down.
    pub fn shares_for_down(&self, assets: i128) -> i128 {
        let shares = product(&[assets, self.shares + VIRTUAL_SHARES]);
        div_down(shares, self.nav_hi() + 1)
    }

    /// Units that an exit pays, at NAV_lo, rounded down.
    pub fn assets_for_down(&self, shares: i128) -> i128 {
        let assets = product(&[shares, self.nav_lo() + 1]);
        div_down(assets, self.shares + VIRTUAL_SHARES)
    }

    /// The largest limit that may be sold now, or take the place of the limit `replaced`, in units.
    pub fn room(&self, group: usize, replaced: i128) -> i128 {
        let staying = self.staying();
        let used = self.groups[group].used() + self.appealed_in(group);
        let in_group = self.groups[group].allowance_down(staying) - used;
        replaced + in_group.min(staying - self.exposure())
    }

    /// Appeals for policies of a group that nobody has decided, in units: they come back when they are denied.
    fn appealed_in(&self, group: usize) -> i128 {
        let is_in = |claim: &&Claim| claim.appeal && self.policies[&claim.policy].group == group;
        let appeals = self.claims.values().filter(is_in);
        appeals.map(|claim| claim.amount).sum()
    }

    /// NAV_lo without what the queued exits would be paid, in units.
    pub fn staying(&self) -> i128 {
        self.nav_lo() - self.assets_for_down(self.queued)
    }

    pub(super) fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// Pays out of cash; what cannot be delivered stays there as claimable.
    pub(super) fn pay(&mut self, owner: &str, amount: i128, deliverable: bool) {
        if deliverable {
            self.cash -= amount;
        } else {
            self.claimable += amount;
            add_to(&mut self.claimable_by, owner, amount);
        }
    }

    /// Pays a claim: the reserve bears what it can, LPs the rest.
    pub(super) fn pay_loss(&mut self, owner: &str, amount: i128, deliverable: bool) {
        self.reserve -= self.reserve.min(amount);
        self.pay(owner, amount, deliverable);
    }

    /// Pays a keeper for work on a policy, at most what it has prepaid.
    pub(super) fn pay_bounty(&mut self, id: u64) -> Result<(), Refused> {
        let policy = find_mut(&mut self.policies, id)?;
        let bounty = self.terms.bounty.min(policy.bounty_left);
        policy.bounty_left -= bounty;
        self.bounties -= bounty;
        self.cash -= bounty;
        Ok(())
    }

    /// Earns the rest of a premium at once where nothing is left to cover and nothing that could restore it.
    pub(super) fn earn_out(&mut self, id: u64) -> Result<(), Refused> {
        let policy = find_mut(&mut self.policies, id)?;
        let is_used_up = policy.limit == 0 && policy.require_changeable().is_ok();
        if is_used_up && self.now < policy.end {
            self.premiums.change(-policy.earning_rate, policy.end);
            policy.earning_rate = 0;
        }
        Ok(())
    }

    /// Whether a payment at once would pass the cap of the policy's group in 24 hours, a part of NAV_lo as it was before.
    pub(super) fn must_wait(&self, group: usize, amount: i128) -> bool {
        let group = &self.groups[group];
        let paid = group.paid_at_once();
        paid + amount > group.allowance_down(self.nav_lo() + paid)
    }
}
