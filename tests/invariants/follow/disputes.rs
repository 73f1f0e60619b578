//! Claims that somebody disputes, and what becomes of them and of the bonds.

use localnet::{xdr::ScAddress, Event};

use super::{read, topic, ADVANCE};
use crate::{
    rules::{expect, expect_equal, Broken, Rules},
    shadow::{Claim, Shadow, CLAIM_DELAY, COURT_TIME},
};

/// Half of a bond that was lost, rounded down: the other side's.
fn other_sides(bond: i128) -> i128 {
    bond / 2
}

impl Shadow {
    fn disputed(&mut self, id: u32) -> Result<&mut Claim, Broken> {
        let missing = || Broken::new("D1", format!("no claim {id}"));
        self.claims.get_mut(&id).ok_or_else(missing)
    }

    /// D1, D2: a challenge of a claim that waits, or an appeal, which is filed in the same call, by who may; with the bond that is due.
    pub(super) fn challenged(&mut self, event: &Event) -> Rules {
        let (id, by): (u32, ScAddress) = (topic(event, 1), topic(event, 2));
        let (bond, until): (i128, u64) = read(&event.data);
        let (now, is_appeal) = (self.now, self.filed_now.contains(&id));
        let claim = self.disputed(id)?.clone();
        let may_be = claim.is_waiting(now) && claim.peril != ADVANCE;
        expect("D1", may_be, || format!("disputed: {claim:?}"))?;
        let is_courts = self.roles.as_ref().is_some_and(|roles| roles.court == by);
        let owner = self.policy(&claim.key)?.owner.clone();
        expect("D1", !is_appeal || is_courts || by == owner, || {
            format!("appealed for by {by}, not by {owner}")
        })?;
        let due = if is_appeal && is_courts {
            0
        } else {
            claim.bond_due()
        };
        expect_equal("D2", "bond", bond, due)?;
        expect_equal("D1", "the court's time", until, now + COURT_TIME)?;
        let claim = self.disputed(id)?;
        (claim.disputed_by, claim.bond) = (Some(by), bond);
        (claim.payable_from, claim.is_appeal) = (until, is_appeal);
        self.cash += bond;
        Ok(())
    }

    /// D1, D3: the court decides in time, and grants at most the claim; after its time nobody does, and it comes to what it has to.
    pub(super) fn resolved(&mut self, event: &Event) -> Rules {
        let (id, granted): (u32, i128) = (topic(event, 1), read::<(i128,)>(&event.data).0);
        let now = self.now;
        let claim = self.disputed(id)?.clone();
        expect("D1", claim.disputed_by.is_some(), || {
            format!("decided without a dispute: {claim:?}")
        })?;
        expect("D3", (0..=claim.amount).contains(&granted), || {
            format!("{granted} granted of {claim:?}")
        })?;
        let is_courts = claim.is_in_court(now);
        if !is_courts {
            expect_equal("D3", "what time grants", granted, claim.by_time())?;
        }
        let (denied, factor) = (claim.amount - granted, self.factor);
        let is_right = is_right(&claim, granted);
        let policy = self.policy(&claim.key)?;
        if policy.is_backed(now) && !policy.is_foreclosed() {
            policy.limit += denied;
        }
        let decided = self.disputed(id)?;
        (decided.amount, decided.disputed_by) = (granted, None);
        if is_courts {
            let is_same_second = factor.is_some_and(|factor| factor.settled_at == now);
            decided.payable_from = now + u64::from(is_same_second);
        }
        if is_right {
            decided.bond = 0;
            self.cash -= claim.bond;
        }
        if let Some(factor) = factor.filter(|_| !claim.is_appeal) {
            if factor.counts(id, &claim) {
                let mut rest = factor.of_the_rest();
                rest.unpaid -= denied;
                rest.total = rest.unpaid;
                self.factor = Some(rest);
            }
        }
        Ok(())
    }

    pub(super) fn delayed(&mut self, event: &Event) -> Rules {
        let (id, until): (u32, u64) = (topic(event, 1), read::<(u64,)>(&event.data).0);
        let now = self.now;
        let claim = self.disputed(id)?;
        expect("D1", claim.is_waiting(now) && !claim.is_delayed, || {
            format!("put off: {claim:?}")
        })?;
        expect_equal("D1", "put off to", until, claim.payable_from + CLAIM_DELAY)?;
        (claim.payable_from, claim.is_delayed) = (until, true);
        Ok(())
    }

    /// D2: of a bond that was lost, half is a challenged claim's owner's, else the LPs', and the rest the reserve's.
    pub(super) fn share_lost_bond(&mut self, claim: &Claim) {
        let won = other_sides(claim.bond);
        self.reserve += claim.bond - won;
        if !claim.is_appeal && !self.holds_itself(claim) {
            self.cash -= won;
        }
    }

    /// Whether a policy is its subject's own: a vault's, which could not book half of a bond.
    fn holds_itself(&self, claim: &Claim) -> bool {
        let policy = self.policies.get(&claim.key);
        policy.is_some_and(|policy| policy.owner == claim.key.0)
    }

    /// Who is sent a bond, or half of it, and how much.
    pub(super) fn bond_due(&self, event: &Event) -> Option<(ScAddress, i128)> {
        let is_decided = event.is_named("resolved");
        if !is_decided && !event.is_named("finalized") {
            return None;
        }
        let claim = self.claims.get(&topic::<u32>(event, 1))?;
        let (to, amount) = if is_decided {
            let is_right = is_right(claim, read::<(i128,)>(&event.data).0);
            (
                claim.disputed_by.clone()?,
                i128::from(is_right) * claim.bond,
            )
        } else {
            let owner = self.policies.get(&claim.key)?.owner.clone();
            let is_owners = i128::from(!claim.is_appeal && !self.holds_itself(claim));
            (owner, is_owners * other_sides(claim.bond))
        };
        (amount > 0).then_some((to, amount))
    }
}

/// Whether who disputes was right: anything is taken off a challenged claim, or anything is granted of an appeal.
fn is_right(claim: &Claim, granted: i128) -> bool {
    if claim.is_appeal {
        granted > 0
    } else {
        granted < claim.amount
    }
}
