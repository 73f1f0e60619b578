//! Collateral that has failed: surrendered on Blend; offered and sold by both salvages.

use testkit::{
    asset::Asset,
    bindings::{blend_adapter::AdapterError, cover_pool::Peril, salvage, OnLedger},
    feeds::PRICE_ONE,
};

use super::Run;
use crate::{
    rules::{expect, expect_equal, Broken, Rules},
    salvage::Lot,
    shadow::{Key, Policy, DAY},
    stage::PEG,
    step::Part,
};

/// Over how many hours collateral must have failed.
const HOURS: u32 = 6;
/// Of its reference, in thousandths, and for how long: then it has.
const FAILED: u32 = 940;
const FOR_HOURS: u32 = 25;
/// The health on Blend that a loan has before a part of its collateral is surrendered, 1e7 = 1.
const STRONG: u32 = 12_000_000;

impl Run<'_> {
    /// Half of those who want cover wait until nothing has `armed` the market against sales.
    pub(super) fn calm_down(&mut self, number: u8, armed: u32) -> Rules {
        const BELOW_PEG: u32 = AdapterError::BelowPeg as u32;
        match armed {
            0 => Ok(()),
            _ if number.is_multiple_of(2) => Ok(()),
            BELOW_PEG => self.market_peg(1_600, 25),
            _ => self.sleep(25),
        }
    }

    /// A claim that may be made against collateral as far as the policy goes.
    pub(super) fn may_surrender(&self, policy: &Policy) -> bool {
        let now = self.now();
        policy.perils >> Peril::Collateral as u32 & 1 == 1
            && policy.limit > 0
            && policy.advance.drawn == 0
            && now >= policy.start + DAY
            && policy.is_backed(now)
    }

    /// Three of four who surrender do so when the collateral has failed.
    pub(super) fn let_it_fail(&mut self, number: u8) -> Rules {
        if number.is_multiple_of(4) || self.has_failed().is_ok() {
            return Ok(());
        }
        self.market_peg(FAILED, FOR_HOURS)
    }

    /// I13, of a surrender: the collateral stands at 95 % of its reference or below.
    pub(super) fn has_failed(&self) -> Rules {
        let world = &self.stage.world;
        let mean = |asset: &Asset| {
            let mean = self.stage.hub().twap(&asset.contract, HOURS);
            mean.view(&world.ledger)
                .map_err(|error| Broken::new("I13", format!("no mean: {error}")))
        };
        let (of_collateral, of_usdc) = (mean(&world.collateral)?, mean(&world.usdc)?);
        let (mean, most) = (of_collateral * PRICE_ONE / of_usdc, PEG / 100 * 95);
        expect("I13", mean <= most, || {
            format!("surrendered at {mean}, failed at {most}")
        })
    }

    /// Whose claim was filed for a surrender, and that it could be.
    pub(super) fn check_surrender(&self, claim: u32, key: &Key) -> Rules {
        let filed = self.shadow.claims.get(&claim);
        let filed = filed.map(|claim| claim.key.clone());
        expect_equal("M9", "whose claim", filed.as_ref(), Some(key))?;
        self.has_failed()
    }

    /// A part of a loan's collateral on Blend; of a loan that is too weak for it, half is repaid first.
    pub(super) fn surrender(&mut self, loan: u8, size: Part) -> Rules {
        self.let_it_fail(loan)?;
        let loan = self.apt(loan, |run, _, policy| run.may_surrender(policy));
        let position = self.position(loan);
        let owner = self.owner_of(&position);
        let health = self.health(&position);
        if health.is_some_and(|health| health.platform < STRONG) {
            let half = Part { of: 5_000, plus: 0 };
            self.repay(loan, half, false)?;
        }
        let amount = size.of(self.collateral_in(&position));
        let call = self.adapter().surrender(&position, amount, 1);
        let Some(outcome) = self.own(call, &owner)? else {
            return Ok(());
        };
        let price = self.stage.pair().map_or(0, |pair| pair.price);
        self.blend.raise(&position, price);
        let claim = outcome.get().expect("a claim");
        self.check_surrender(claim, &self.loan_key(loan))
    }

    /// The lots of both salvages.
    fn all_lots(&self) -> Vec<(u32, Lot, salvage::Client)> {
        let salvages = [
            (&self.market.lots, &self.stage.market.salvage),
            (&self.blend.lots, &self.stage.world.salvage),
        ];
        let lots = salvages.into_iter().flat_map(|(lots, salvage)| {
            let lots = lots.known.iter();
            lots.map(|(claim, lot)| (*claim, *lot, salvage.clone()))
        });
        lots.collect()
    }

    /// The lot that a number means, most often one that is apt.
    fn lot(
        &self,
        number: u8,
        is_apt: impl Fn(u32, &Lot) -> bool,
    ) -> Option<(u32, Lot, salvage::Client)> {
        let all = self.all_lots();
        let apt: Vec<_> = all
            .iter()
            .filter(|(claim, lot, _)| is_apt(*claim, lot))
            .collect();
        let chosen = super::choose(&apt, number).map(|lot| (*lot).clone());
        chosen.or_else(|| all.get(usize::from(number) % all.len().max(1)).cloned())
    }

    pub(super) fn offer(&mut self, claim: u8) -> Rules {
        let open = &self.shadow.claims;
        let is_apt = |claim, lot: &Lot| {
            lot.sold_from.is_none() && !lot.is_denied && !open.contains_key(&claim)
        };
        let Some((claim, _, salvage)) = self.lot(claim, is_apt) else {
            return Ok(());
        };
        self.anyone(salvage.offer(claim)).map(drop)
    }

    /// Of a claim that was denied, most often; anyone may.
    pub(super) fn return_lot(&mut self, claim: u8) -> Rules {
        let open = &self.shadow.claims;
        let is_denied = |claim| open.get(&claim).is_some_and(|claim| claim.amount == 0);
        let is_apt = |claim, lot: &Lot| lot.is_denied || is_denied(claim);
        let Some((claim, _, salvage)) = self.lot(claim, is_apt) else {
            return Ok(());
        };
        let reply = self.anyone(salvage.give_back(claim))?;
        if reply.is_some_and(|outcome| outcome.get::<i128>().is_ok_and(|given| given > 0)) {
            self.note("something");
        }
        Ok(())
    }

    pub(super) fn buy(&mut self, claim: u8, size: Part) -> Rules {
        let buyer = self.stage.liquidator.clone();
        let Some((claim, lot, salvage)) = self.lot(claim, |_, lot| lot.sold_from.is_some()) else {
            return Ok(());
        };
        let amount = size.of(lot.amount);
        let purse = |run: &Self| {
            let address = buyer.address();
            (run.balance(&address), run.collateral_of(&buyer))
        };
        let before = purse(self);
        let call = salvage.buy(claim, &buyer, amount, lot.value + 1);
        let Some(outcome) = self.own(call, &buyer)? else {
            return Ok(());
        };
        let (price, after): (i128, _) = (outcome.get().expect("a price"), purse(self));
        let moved = (before.0 - after.0, after.1 - before.1);
        let amount = amount.min(lot.amount);
        expect_equal("M9", "paid and bought", moved, (price, amount))
    }
}
