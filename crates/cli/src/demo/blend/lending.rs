//! Lenders on Blend, auctions, and bad debt that the backstop cannot bear.

use actuary::Price;
use localnet::Keypair;
use testkit::bindings::{cover_pool as cover, OnLedger};
use testkit::world::{DEPOSITS, LOANS};

use super::auction::Kind;
use super::gambler::{queue_backstop, Gambler};
use super::lender::Lender;
use super::vault::{record, Insured};
use super::{standing, Blend};
use crate::demo::borrower::Borrower;
use crate::demo::measured::Measured;
use crate::demo::platform::Lending;
use crate::demo::scene::Scene;
use crate::demo::stage::Stage;
use crate::demo::DemoError;

impl Blend<'_> {
    pub(super) fn insured(&self) -> impl Iterator<Item = &Insured> {
        let lenders = self.lenders.iter();
        lenders.filter_map(|lender| lender.insured.as_ref())
    }

    /// Looks at what the platform lost, once with our own eyes and once with the adapter's.
    fn record(&mut self, scene: &mut Scene<'_>) -> Result<(), DemoError> {
        self.losses.look(&scene.stage)?;
        if self.insured().next().is_some() {
            let index = record(&mut scene.stage)?;
            self.losses.look(&scene.stage)?;
            let own = self.losses.index(&scene.stage.world.usdc.code);
            scene.watch.saw_index(index.index, own);
        }
        Ok(())
    }
}

impl Lending for Blend<'_> {
    fn lend(&mut self, scene: &mut Scene<'_>) -> Result<(), DemoError> {
        for terms in &scene.stage.scenario.lenders {
            let lent = Lender::lend(scene, terms)?;
            self.lenders.push(lent);
        }
        self.losses.look(&scene.stage)
    }

    fn is_due(&self, stage: &Stage<'_>, time: u64) -> bool {
        let mut gamblers = self.gamblers.iter();
        gamblers.any(|gambler| gambler.is_due(time)) || self.robbery.is_due(stage, time)
    }

    /// Before the first reckless loan that has a date, backstop shares begin to leave.
    fn happen(&mut self, scene: &mut Scene<'_>, first: i128) -> Result<(), DemoError> {
        let now = scene.stage.now();
        let is_dated = |gambler: &Gambler<'_>| gambler.terms.at.is_some();
        let mut gamblers = self.gamblers.iter();
        let mut was_quiet = !gamblers.any(|gambler| is_dated(gambler) && gambler.has_borrowed);
        let due = self.gamblers.iter_mut();
        for gambler in due.filter(|gambler| gambler.is_due(now)) {
            if is_dated(gambler) && std::mem::take(&mut was_quiet) {
                queue_backstop(&scene.stage)?;
            }
            gambler.borrow(&mut scene.stage, first)?;
        }
        self.rob(scene);
        Ok(())
    }

    fn measure(&self, stage: &Stage<'_>, borrowers: &[Borrower]) -> Vec<Measured> {
        standing::measure(stage, borrowers, &self.gamblers)
    }

    fn price(&self, stage: &Stage<'_>) -> Price {
        stage.platform_price(&stage.world.collateral.code)
    }

    fn armed(&self, stage: &Stage<'_>) -> u32 {
        let world = &stage.world;
        self.insured().next().map_or(0, |insured| {
            let armed = world.lenders.armed_vault(&insured.vault.0);
            armed.view(&world.ledger).unwrap_or(0)
        })
    }

    fn liquidate(&mut self, scene: &mut Scene<'_>, measured: &[Measured]) -> Result<(), DemoError> {
        for Measured {
            account,
            health,
            liquidated_below,
        } in measured
        {
            let is_unhealthy = health < liquidated_below;
            if is_unhealthy && self.liquidator.liquidate(&mut scene.stage, account)? {
                self.look_before(scene, account)?;
            }
        }
        Ok(())
    }

    fn next_bid(&self) -> Option<u64> {
        self.liquidator.next_fill()
    }

    fn bid(&mut self, scene: &mut Scene<'_>) -> Result<(), DemoError> {
        // Whoever watches lenders looks right before a default: interest since the last look would hide a part of it.
        self.record(scene)?;
        let before = self.liquidator.filled.len();
        self.liquidator.fill_due(&mut scene.stage)?;
        let filled = self.liquidator.filled.iter().skip(before);
        let filled = filled.filter(|fill| fill.kind == Kind::Liquidation);
        let filled: Vec<_> = filled.map(|fill| fill.user.clone()).collect();
        for loan in filled {
            self.was_liquidated(scene, &loan);
        }
        self.record(scene)?;
        self.settle_liquidations(scene)?;
        self.liquidator.auction_bad_debt(&mut scene.stage)
    }

    fn settle(&mut self, scene: &mut Scene<'_>) -> Result<(), DemoError> {
        self.record(scene)?;
        self.prove(scene)?;
        self.settle_liquidations(scene)?;
        for lender in &mut self.lenders {
            if let Some(insured) = &mut lender.insured {
                insured.settle(scene, &lender.name)?;
            }
        }
        Ok(())
    }

    fn waits_until(&self) -> Option<u64> {
        let unsettled = self.unsettled.iter().map(|unsettled| unsettled.final_at);
        let waiting = self.insured().filter_map(|insured| insured.waiting.until());
        unsettled.chain(waiting).max()
    }

    fn leave(&mut self, scene: &mut Scene<'_>) -> Result<(), DemoError> {
        for lender in &mut self.lenders {
            lender.count_loss(&self.losses);
            if let Some(insured) = &lender.insured {
                let claim = insured.default_claim(&scene.stage, &lender.name)?;
                scene.claims.extend(claim);
            }
            lender.leave(&mut scene.stage, &self.losses)?;
        }
        let told = self.happenings(scene);
        scene.happenings.extend(told);
        Ok(())
    }

    fn policies(&mut self, stage: &Stage<'_>) -> Vec<cover::Policy> {
        let lenders = self.lenders.iter_mut();
        let insured = lenders.filter_map(|lender| lender.insured.as_mut());
        insured
            .filter_map(|insured| insured.look_at_policy(stage))
            .collect()
    }

    fn filed(&self) -> Vec<u32> {
        let filed = self.insured().flat_map(|insured| insured.waiting.filed());
        filed.copied().collect()
    }

    fn last_end(&self) -> Option<u64> {
        self.insured().map(|insured| insured.quote.end).max()
    }

    fn groups(&self) -> &'static [u32] {
        &[LOANS, DEPOSITS]
    }

    fn liquidator(&self) -> &Keypair {
        &self.liquidator.key
    }
}
