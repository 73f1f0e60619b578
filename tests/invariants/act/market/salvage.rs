//! Collateral that has failed: surrendered, offered, sold.

use testkit::{
    asset::Asset,
    bindings::{cover_pool::Peril, price_hub},
    feeds::PRICE_ONE,
};

use super::Run;
use crate::{
    market,
    rules::{expect, expect_equal, Broken, Rules},
    shadow::Policy,
    step::Part,
};

/// Over how many hours collateral must have failed.
const HOURS: u32 = 6;
/// Of its reference, in thousandths, and for how long: then it has.
const FAILED: u32 = 940;
const FOR_HOURS: u32 = 25;

impl Run<'_> {
    pub(super) fn market_surrender(&mut self, loan: u8, size: Part) -> Rules {
        let can = |run: &Self, policy: &Policy| {
            policy.perils >> Peril::Collateral as u32 & 1 == 1
                && policy.limit > 0
                && policy.advance.drawn == 0
                && policy.is_in_grace(run.now())
        };
        if !loan.is_multiple_of(4) && self.has_failed().is_err() {
            self.market_peg(FAILED, FOR_HOURS)?;
        }
        let loan = self.insured_market_loan(loan, can);
        let (owner, amount) = (self.actor(&loan.owner), size.of(loan.collateral));
        let call = self.insurer().surrender(&loan.address, amount, 1);
        let Some(outcome) = self.own(call, &owner)? else {
            return Ok(());
        };
        let claim: u32 = outcome.get().expect("a claim");
        let filed = self
            .shadow
            .claims
            .get(&claim)
            .map(|claim| claim.key.clone());
        expect_equal("M9", "whose claim", filed, Some(super::loan_key(&loan)))?;
        self.has_failed()
    }

    /// I13, of a surrender: the collateral stands at 95 % of its reference or below.
    fn has_failed(&self) -> Rules {
        let world = &self.stage.world;
        let hub = price_hub::Client(world.hub.address.clone());
        let mean = |asset: &Asset| {
            let mean = hub.twap(&asset.contract, HOURS).view(&world.ledger);
            mean.map_err(|error| Broken::new("I13", format!("no mean: {error}")))
        };
        let (of_collateral, of_usdc) = (mean(&world.collateral)?, mean(&world.usdc)?);
        let (mean, most) = (
            of_collateral * PRICE_ONE / of_usdc,
            market::setup().peg / 100 * 95,
        );
        expect("I13", mean <= most, || {
            format!("surrendered at {mean}, failed at {most}")
        })
    }

    /// The lot that a number means, most often one that is for sale or not as asked.
    fn lot(&self, number: u8, is_offered: bool) -> u32 {
        let lots = &self.market.lots;
        let apt = lots
            .iter()
            .filter(|(_, lot)| lot.sold_from.is_some() == is_offered);
        let apt: Vec<_> = apt.map(|(claim, _)| *claim).collect();
        let any: Vec<_> = lots.keys().copied().collect();
        let chosen =
            super::choose(&apt, number).or_else(|| any.get(usize::from(number) % any.len().max(1)));
        chosen.copied().unwrap_or(u32::MAX)
    }

    pub(super) fn market_offer(&mut self, claim: u8) -> Rules {
        let claim = self.lot(claim, false);
        let salvage = self.stage.market.salvage.clone();
        self.anyone(salvage.offer(claim)).map(drop)
    }

    pub(super) fn market_buy(&mut self, claim: u8, size: Part) -> Rules {
        let (claim, buyer) = (self.lot(claim, true), self.stage.liquidator.clone());
        let lot = self.market.lots.get(&claim).copied();
        let amount = size.of(lot.map_or(0, |lot| lot.amount));
        let max_price = lot.map_or(0, |lot| lot.value) + 1;
        let salvage = self.stage.market.salvage.clone();
        let purse = |run: &Self| {
            let address = buyer.address();
            (run.balance(&address), run.collateral_of(&buyer))
        };
        let before = purse(self);
        let call = salvage.buy(claim, &buyer, amount, max_price);
        let Some(outcome) = self.own(call, &buyer)? else {
            return Ok(());
        };
        let (price, after): (i128, _) = (outcome.get().expect("a price"), purse(self));
        let amount = lot.map_or(0, |lot| amount.min(lot.amount));
        let moved = (before.0 - after.0, after.1 - before.1);
        expect_equal("M9", "paid and bought", moved, (price, amount))
    }
}
