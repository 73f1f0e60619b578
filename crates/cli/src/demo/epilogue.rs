//! The end of the play: auctions and claims are settled, and everybody takes out what is theirs.

use actuary::time::{leaving_week, WEEK};

use super::keeper;
use super::play::{Play, EXIT_DELAY};
use super::scene::Scene;
use super::{token, DemoError};

impl Play<'_> {
    /// The end: auctions and claims are settled, everybody takes out what is theirs.
    pub fn leave(&mut self) -> Result<(), DemoError> {
        self.finish_auctions()?;
        self.platform.settle(&mut self.scene)?;
        self.seen.ends = self.scene.stage.now();
        for provider in &mut self.providers {
            provider.request(&mut self.scene.stage)?;
        }
        let requested_at = self.scene.stage.now();
        self.look_around()?;
        self.wait_for_claims()?;
        self.finish_auctions()?;
        let Scene {
            stage,
            flows,
            borrowers,
            ..
        } = &mut self.scene;
        for borrower in borrowers {
            borrower.close(stage, flows, self.platform.as_ref())?;
        }
        self.platform.leave(&mut self.scene)?;
        self.look_around()?;
        let covered = self
            .last_end()
            .map_or(0, |end| (leaving_week(end) + 1) * WEEK);
        self.pass_time(covered.max(requested_at + EXIT_DELAY))?;
        self.look_around()?;
        let Scene { stage, flows, .. } = &mut self.scene;
        for provider in &mut self.providers {
            provider.leave(stage, flows)?;
        }
        let earners = [&stage.world.keeper, self.platform.liquidator()];
        let earners = earners.map(|earner| earner.address());
        flows.bounties = token::bounties(stage, &earners);
        self.look_around()
    }

    fn finish_auctions(&mut self) -> Result<(), DemoError> {
        while let Some(due) = self.next_bid() {
            self.pass_time(due)?;
            let market = self.scene.stage.market;
            self.scene.stage.publish(market)?;
        }
        Ok(())
    }

    fn wait_for_claims(&mut self) -> Result<(), DemoError> {
        let of_borrowers = self.scene.waiting.until();
        let last = of_borrowers.max(self.platform.waits_until());
        if let Some(at) = last {
            self.pass_time(at)?;
            let market = self.scene.stage.market;
            self.scene.stage.publish(market)?;
            keeper::finalize(&mut self.scene, self.platform.as_ref())?;
            self.platform.settle(&mut self.scene)?;
        }
        Ok(())
    }

    fn last_end(&self) -> Option<u64> {
        let borrowers = self.scene.borrowers.iter();
        let of_borrowers = borrowers.filter_map(|borrower| borrower.quote.as_ref());
        let ends = of_borrowers.map(|quote| quote.end);
        ends.chain(self.platform.last_end()).max()
    }
}
