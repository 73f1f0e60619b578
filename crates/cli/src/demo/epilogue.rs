//! The end of the play: auctions and claims are settled, and everybody takes out what is theirs.

use actuary::time::{leaving_week, WEEK};

use super::play::{Play, EXIT_DELAY};
use super::{token, DemoError};

impl Play<'_> {
    /// The end: auctions and claims are settled, everybody takes out what is theirs.
    pub fn leave(&mut self) -> Result<(), DemoError> {
        self.finish_auctions()?;
        self.record()?;
        self.settle()?;
        self.seen.ends = self.stage.now();
        for provider in &mut self.providers {
            provider.request(&mut self.stage)?;
        }
        let requested_at = self.stage.now();
        self.look_around()?;
        for borrower in &mut self.borrowers {
            borrower.close(&mut self.stage, &mut self.flows)?;
        }
        self.wait_for_claims()?;
        for lender in &mut self.lenders {
            lender.count_loss(&self.losses);
            lender.leave(&mut self.stage)?;
        }
        self.look_around()?;
        let covered = self
            .last_end()
            .map_or(0, |end| (leaving_week(end) + 1) * WEEK);
        self.pass_time(covered.max(requested_at + EXIT_DELAY))?;
        self.look_around()?;
        for provider in &mut self.providers {
            provider.leave(&mut self.stage, &mut self.flows)?;
        }
        self.flows.bounties = token::bounties(&self.stage);
        self.look_around()
    }

    fn finish_auctions(&mut self) -> Result<(), DemoError> {
        while let Some(due) = self.liquidator.next_fill() {
            self.pass_time(due)?;
            self.stage.publish(self.stage.market)?;
        }
        Ok(())
    }

    fn wait_for_claims(&mut self) -> Result<(), DemoError> {
        let of_lenders = self
            .lenders
            .iter()
            .filter_map(|lender| lender.insured.as_ref());
        let waiting = of_lenders.flat_map(|insured| insured.waiting.iter().map(|(_, at)| *at));
        let last = waiting
            .chain(self.keeper.waiting.iter().map(|waiting| waiting.payable_at))
            .max();
        if let Some(at) = last {
            self.pass_time(at)?;
            self.stage.publish(self.stage.market)?;
            self.keeper
                .finalize(&mut self.stage, &mut self.flows, &mut self.borrowers)?;
            self.settle()?;
        }
        Ok(())
    }

    fn last_end(&self) -> Option<u64> {
        let of_lenders = self
            .lenders
            .iter()
            .filter_map(|lender| lender.insured.as_ref());
        let ends = of_lenders.map(|insured| insured.quote.end);
        let of_borrowers = self
            .borrowers
            .iter()
            .filter_map(|borrower| borrower.quote.as_ref());
        ends.chain(of_borrowers.map(|quote| quote.end)).max()
    }
}
