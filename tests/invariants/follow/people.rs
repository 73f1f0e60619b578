//! Whom cover and shares may be sold to, whom cover is assigned to, and who is paid.

use std::collections::BTreeMap;

use localnet::{xdr::ScAddress, Event};

use super::{read, topic};
use crate::{
    rules::{expect, expect_equal, Rules},
    shadow::{Key, Shadow},
};

impl Shadow {
    /// K1: before `more` cover of a subject is an owner's.
    pub(super) fn check_cover_of(
        &self,
        subject: &ScAddress,
        owner: &ScAddress,
        more: i128,
    ) -> Rules {
        let total = self.insured_of(owner) + more;
        let may_be = self
            .people
            .may_be_covered((subject, owner), total, self.now);
        expect("K1", may_be, || {
            format!("{total} of cover for {owner}, who has not shown enough")
        })
    }

    /// K2: in one call, nobody who is sanctioned is given more than they gave.
    pub(super) fn check_given(&self, given: &BTreeMap<ScAddress, i128>) -> Rules {
        let is_paid =
            |(to, amount): &(&ScAddress, &i128)| **amount > 0 && self.people.is_sanctioned(to);
        let paid = given.iter().find(is_paid);
        expect("K2", paid.is_none(), || {
            format!("paid, and sanctioned: {paid:?}")
        })
    }

    /// N2: a policy that is assigned is in force, and nothing of it is open.
    pub(super) fn assigned(&mut self, event: &Event) -> Rules {
        let (class, from): (u32, ScAddress) = read(&event.data);
        let (key, to): (Key, ScAddress) = ((topic(event, 1), class), topic(event, 2));
        let policy = self.policy(&key)?.clone();
        let may_be = !policy.is_busy() && self.now < policy.end && policy.limit > 0;
        expect("N2", may_be, || format!("assigned: {policy:?}"))?;
        expect_equal("N2", "whose it was", &from, &policy.owner)?;
        if to != from {
            self.check_cover_of(&key.0, &to, policy.limit)?;
        }
        let policy = self.policy(&key)?;
        (policy.owner, policy.max_rate) = (to, 0);
        Ok(())
    }

    /// What is given to the LPs once nobody is covered and nothing is open.
    pub(super) fn reserve_released(&mut self, event: &Event) -> Rules {
        let amount = read::<(i128,)>(&event.data).0;
        let open = (self.exposure(), self.pending(), self.drawn());
        expect_equal("I04", "open when the reserve is released", open, (0, 0, 0))?;
        expect_equal("I06", "released", amount, self.reserve)?;
        self.reserve = 0;
        Ok(())
    }
}
