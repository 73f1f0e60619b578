//! Collateral that has failed: handed over for what it stood for, and sold for the cover pool.

use actuary::auction::SALE_TIME;
use actuary::loss::collateral_loss_down;
use actuary::math::{mul_div_down, mul_div_up};
use actuary::price::cross_down;
use actuary::time::HOUR;
use actuary::{Assets, MathError, Price, Rate, FULL_RATE};
use testkit::bindings::cover_pool as cover;
use testkit::feeds::PRICE_ONE;
use testkit::market::MarketSetup;

use super::liquidation::policy_of;
use super::Market;
use crate::demo::borrower::Borrower;
use crate::demo::claims::{Claim, Terms};
use crate::demo::scene::Scene;
use crate::demo::stage::{refused, Stage};
use crate::demo::story::money;
use crate::demo::DemoError;
use crate::output::PerilName;
use crate::scenario::Reference;

/// The price, as a part of the reference, above which nobody looks: 99.5 %.
const WORTH_A_LOOK: i128 = 9_950_000;
/// The part of its worth in the market for which somebody buys surrendered collateral: 99 %.
const BARGAIN: i128 = 9_900_000;
/// The hours of the mean that must have fallen.
const HOURS: u32 = 6;

/// What was surrendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Surrender {
    claim: u32,
    /// Which of the claims it is.
    index: usize,
    amount: i128,
    /// What it stood for.
    value: i128,
    sale: Sale,
}

/// How far its sale is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sale {
    Waits,
    From(u64),
    Over,
}

impl Market<'_> {
    /// Whether the collateral is below its reference and nothing was surrendered yet: then its price is looked at often, since
    /// the mean must be of many looks.
    pub(super) fn is_failing(&self, stage: &Stage<'_>) -> bool {
        let reference = stage.scenario.reference.as_ref();
        self.surrender.is_none()
            && reference.is_some_and(|reference| {
                stage.market.raw() * FULL_RATE <= reference.price.raw() * WORTH_A_LOOK
            })
    }

    /// Surrenders the scenario's part of a loan's collateral, once it has failed and the market pays less for it than cover.
    /// Returns the claim.
    pub(super) fn try_surrender(
        &mut self,
        stage: &mut Stage<'_>,
        borrower: &Borrower,
    ) -> Option<u32> {
        let reference = stage.scenario.reference.as_ref()?;
        let paid = Rate::FULL.raw() - borne().raw();
        let is_worth_it = stage.market.raw() * FULL_RATE < reference.price.raw() * paid;
        if self.surrender.is_some() || !is_worth_it {
            return None;
        }
        let loan = self
            .founded
            .platform
            .loan(&borrower.loan)
            .view(&stage.world.ledger);
        let amount = reference.surrendered_of(loan.ok()?.collateral);
        let policy = policy_of(stage, &borrower.loan, cover::Class::Loan).ok()??;
        let terms = Terms::of(stage, &policy, cover::Peril::Collateral).ok()?;
        let call = self.founded.insurer.surrender(&borrower.loan, amount, 0);
        // Refused while the mean has not fallen enough.
        let claim = stage
            .attempt("market: surrender collateral", call, &borrower.key)
            .ok()?;
        let value = mul_div_down(amount, reference.price.raw(), PRICE_ONE).unwrap_or(0);
        let mean = mean_down(stage);
        let loss = mean.and_then(|mean| loss(value, reference, mean));
        let loss = loss.unwrap_or_default();
        self.surrender = Some(Surrender {
            claim,
            index: self.claims.len(),
            amount,
            value,
            sale: Sale::Waits,
        });
        self.claims.push(Claim {
            peril: PerilName::Collateral,
            // The mean has fallen over the hours before.
            time: stage.now().saturating_sub(u64::from(HOURS) * HOUR),
            beneficiary: borrower.name.to_owned(),
            facts: vec![
                ("limit", terms.limit),
                ("price", stage.market.raw()),
                ("reference", reference.price.raw()),
                ("six_hour_mean", mean.map_or(0, Price::raw)),
                ("surrendered", amount),
            ],
            loss: loss.raw(),
            due: terms.due(loss).unwrap_or_default(),
            paid: 0,
        });
        let worth = money(stage, stage.worth(&stage.world.collateral.code, amount));
        let stood_for = money(stage, value);
        let what = format!("surrendered what stood for {stood_for} and is worth {worth}");
        self.tell(stage, borrower.name, what);
        Some(claim)
    }

    /// Takes note that a claim for surrendered collateral was paid: its sale has begun in the same call.
    pub(super) fn was_surrendered(&mut self, stage: &Stage<'_>, claim: u32, paid: i128) {
        let Some(surrender) = self.surrender.as_mut().filter(|own| own.claim == claim) else {
            return;
        };
        surrender.sale = Sale::From(stage.now());
        if let Some(claim) = self.claims.get_mut(surrender.index) {
            claim.paid += paid;
        }
    }

    /// When the lot is a bargain in the market.
    pub(super) fn next_bargain(&self, stage: &Stage<'_>) -> Option<u64> {
        let surrender = self.surrender.as_ref()?;
        let Sale::From(start) = surrender.sale else {
            return None;
        };
        let worth = stage.worth(&stage.world.collateral.code, surrender.amount);
        let bargain = (worth * BARGAIN / FULL_RATE).min(surrender.value);
        let fall = surrender.value - bargain;
        let waits = mul_div_up(fall, i128::from(SALE_TIME), surrender.value).unwrap_or(0);
        Some(start + u64::try_from(waits).unwrap_or(SALE_TIME))
    }

    /// Buys the whole lot; the price is the cover pool's.
    pub(super) fn buy_lot(&mut self, scene: &mut Scene<'_>) -> Result<(), DemoError> {
        let stage = &mut scene.stage;
        let Some(surrender) = self.surrender.as_mut() else {
            return Ok(());
        };
        let (salvage, buyer) = (&self.founded.salvage, &self.liquidator);
        let price = salvage.price(surrender.claim, surrender.amount);
        let price = price.view(&stage.world.ledger);
        let price = price.map_err(refused("price surrendered collateral"))?;
        let call = salvage.buy(surrender.claim, buyer, surrender.amount, price);
        let price = stage.send("salvage: buy a lot", call, buyer)?;
        surrender.sale = Sale::Over;
        scene.flows.salvaged += price;
        let stood_for = money(stage, surrender.value);
        let what = format!(
            "sold what stood for {stood_for} for {}",
            money(stage, price)
        );
        self.tell(stage, "salvage", what);
        Ok(())
    }
}

/// The loss of what is surrendered, by the formula.
fn loss(value: i128, reference: &Reference, mean: Price) -> Result<Assets, MathError> {
    collateral_loss_down(Assets::from_raw(value), reference.price, mean, borne())
}

/// The part of the reference that the insured bear.
fn borne() -> Rate {
    Rate::from_raw(MarketSetup::default().peg_deductible.into())
}

/// The collateral's mean price in the loan asset over the hours that count, rounded down.
fn mean_down(stage: &Stage<'_>) -> Result<Price, MathError> {
    let world = &stage.world;
    let mean = |asset: &testkit::asset::Asset| {
        let mean = stage.hub().twap(&asset.contract, HOURS).view(&world.ledger);
        Price::from_raw(mean.unwrap_or(0))
    };
    cross_down(mean(&world.collateral), mean(&world.usdc))
}
