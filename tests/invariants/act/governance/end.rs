//! The pool is wound down.

use testkit::bindings::{cover_pool::CoverError, OnLedger};

use super::Run;
use crate::{
    rules::{expect, Rules},
    shadow::WEEK,
};

impl Run<'_> {
    pub(super) fn wind_down(&mut self) -> Rules {
        self.govern(self.pool().wind_down())
    }

    /// To the moment at which the last limit is free; claims that wait are settled then.
    pub(super) fn run_off(&mut self) -> Rules {
        let (now, policies) = (self.now(), self.shadow.policies.values());
        let last = policies.map(|policy| policy.end + WEEK).max();
        let wait = last.unwrap_or_default().saturating_sub(now);
        self.sleep((wait / 3_600 + 1) as u32)?;
        let claims = self.shadow.claims.clone();
        for (id, claim) in &claims {
            self.settle_claim(*id, claim)?;
        }
        Ok(())
    }

    pub(super) fn release_reserve(&mut self) -> Rules {
        let shadow = &self.shadow;
        let open = [shadow.exposure(), shadow.pending(), shadow.drawn()];
        let is_over = open.iter().all(|amount| *amount == 0);
        let pause = self
            .pool()
            .pause_of(&testkit::bindings::cover_pool::Scope::Sales);
        let pause = pause.view(&self.stage.world.ledger);
        let is_paused = pause.is_ok_and(|pause| self.now() < pause.until);
        let reply = self.by_owner(self.pool().release_reserve(), false)?;
        if self.motions.is_governed {
            return Ok(());
        }
        let is_right = !(is_over && is_paused);
        self.refused_for("I04", CoverError::NotWoundDown as u32, is_right)?;
        expect("I04", reply.is_none() || is_paused, || {
            "the reserve is released while cover is sold".into()
        })
    }
}
