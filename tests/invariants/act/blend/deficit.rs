//! Blend is robbed: what is missing is seen, counted, and given back.

use localnet::Auth;
use testkit::bindings::blend_lenders::LossIndex;

use super::Run;
use crate::{
    follow::Told,
    rules::{expect_equal, Rules},
    step::Part,
};

/// Seconds after which a deficit that was seen may be seen again.
const SIGHT: u64 = 3_600;

impl Run<'_> {
    pub(super) fn rob(&mut self, size: Part) -> Rules {
        let (usdc, ledger) = (&self.stage.world.usdc, &self.stage.world.ledger);
        let pool = self.stage.world.pool.address.clone();
        let args = (&pool, size.of(self.balance(&pool)));
        let (issuer, token) = (&usdc.issuer, &usdc.contract);
        let sent = ledger.call(issuer, token, "clawback", args, Auth::Sign(&[]));
        let Ok(outcome) = sent else { return Ok(()) };
        self.counted().done += 1;
        self.accept(&outcome, &Told::default())
    }

    /// Some of it, all of it, or more.
    pub(super) fn give_back(&mut self, size: Part) -> Rules {
        let (world, giver) = (&self.stage.world, &self.stage.lender);
        let pool = world.pool.address.clone();
        let purse = self.balance(&giver.address());
        let amount = size.of(self.blend.lenders.taken.max(0)).min(purse);
        let args = (giver, &pool, amount);
        let token = &world.usdc.contract;
        let sent = world
            .ledger
            .call(giver, token, "transfer", args, Auth::Sign(&[]));
        let Ok(outcome) = sent else { return Ok(()) };
        self.counted().done += 1;
        self.blend.lenders.taken -= amount;
        self.accept(&outcome, &Told::default())
    }

    /// A look at what is missing, and when that was the first one perhaps a second look.
    pub(super) fn prove_deficit(&mut self, looks_again: bool) -> Rules {
        let before = self.blend.lenders.sight;
        self.look_at_blend()?;
        if looks_again && self.blend.lenders.sight != before {
            self.wait(SIGHT)?;
            self.look_at_blend()?;
        }
        Ok(())
    }

    fn look_at_blend(&mut self) -> Rules {
        let world = &self.stage.world;
        let (pool, asset) = (world.pool.address.clone(), world.usdc.contract.clone());
        let before = self.blend.lenders.deficits;
        let proven = self.anyone(self.lenders().prove_deficit(&pool, &asset))?;
        let Some(outcome) = proven else { return Ok(()) };
        let index: LossIndex = outcome.get().expect("an index");
        let lenders = &self.blend.lenders;
        let told = (lenders.index, lenders.deficits);
        expect_equal("B3", "loss index", (index.index, index.deficits), told)?;
        if index.deficits > before {
            self.note("counted");
        }
        Ok(())
    }
}
