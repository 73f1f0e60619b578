//! Collateral that has failed: handed over for what it stood for, and sold in salvage for the cover pool. The same on every
//! platform, but for the call that hands it over.

use actuary::auction::SALE_TIME;
use actuary::loss::collateral_loss_down;
use actuary::math::{mul_div_down, mul_div_up};
use actuary::price::cross_down;
use actuary::time::HOUR;
use actuary::{Assets, MathError, Price, Rate, FULL_RATE};
use localnet::Keypair;
use testkit::asset::Asset;
use testkit::bindings::salvage;
use testkit::feeds::PRICE_ONE;
use testkit::market::MarketSetup;

use super::claims::{Claim, Terms};
use super::scene::{Happening, Scene};
use super::stage::{refused, Stage};
use super::story::money;
use super::DemoError;
use crate::output::PerilName;

/// The price, as a part of the reference, above which nobody looks: 99.5 %.
const WORTH_A_LOOK: i128 = 9_950_000;
/// The part of its worth in the market for which somebody buys surrendered collateral: 99 %.
const BARGAIN: i128 = 9_900_000;
/// The hours of the mean that must have fallen.
const HOURS: u32 = 6;

/// What is surrendered in a run: at most once, by the twin with that cover.
pub struct Surrender {
    salvage: salvage::Client,
    lot: Option<Lot>,
    pub happenings: Vec<Happening>,
}

/// What was surrendered.
struct Lot {
    number: u32,
    amount: i128,
    /// What it stood for.
    value: i128,
    sale: Sale,
    claim: Claim,
}

/// How far a sale is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sale {
    Waits,
    From(u64),
    Over,
}

impl Surrender {
    /// Nothing is surrendered yet.
    pub const fn to(salvage: salvage::Client) -> Self {
        Self {
            salvage,
            lot: None,
            happenings: Vec::new(),
        }
    }

    /// The claim for what was surrendered.
    pub fn claim(&self) -> Option<&Claim> {
        self.lot.as_ref().map(|lot| &lot.claim)
    }

    /// Whether the collateral is below its reference and nothing was surrendered yet: then its price is looked at often, since
    /// the mean must be of many looks.
    pub fn is_failing(&self, stage: &Stage<'_>) -> bool {
        self.lot.is_none() && is_below(stage, WORTH_A_LOOK)
    }

    /// Whether cover pays more than the market, so that it is worth asking.
    pub fn is_worth_it(&self, stage: &Stage<'_>) -> bool {
        self.lot.is_none() && is_below(stage, FULL_RATE - borne().raw())
    }

    /// Takes note that the twin called `name` has surrendered so much, for the claim of this number, under a policy with these
    /// terms. It is now.
    pub fn note(
        &mut self,
        stage: &Stage<'_>,
        name: &str,
        terms: Terms,
        (number, amount): (u32, i128),
    ) -> Result<(), MathError> {
        let Some(reference) = &stage.scenario.reference else {
            return Ok(());
        };
        let value = mul_div_down(amount, reference.price.raw(), PRICE_ONE)?;
        let mean = mean_down(stage)?;
        let loss = collateral_loss_down(Assets::from_raw(value), reference.price, mean, borne())?;
        let claim = Claim {
            peril: PerilName::Collateral,
            // The mean has fallen over the hours before.
            time: stage.now().saturating_sub(u64::from(HOURS) * HOUR),
            beneficiary: name.to_owned(),
            facts: vec![
                ("limit", terms.limit),
                ("price", stage.market.raw()),
                ("reference", reference.price.raw()),
                ("six_hour_mean", mean.raw()),
                ("surrendered", amount),
            ],
            loss: loss.raw(),
            due: terms.due(loss)?,
            paid: 0,
        };
        self.lot = Some(Lot {
            number,
            amount,
            value,
            sale: Sale::Waits,
            claim,
        });
        let worth = money(stage, stage.worth(&stage.world.collateral.code, amount));
        let stood_for = money(stage, value);
        let what = format!("surrendered what stood for {stood_for} and is worth {worth}");
        self.tell(stage, name, what);
        Ok(())
    }

    /// Takes note that the claim was paid: the sale has begun in the same call.
    pub fn was_paid(&mut self, stage: &Stage<'_>, number: u32, paid: i128) {
        if let Some(lot) = self.lot.as_mut().filter(|lot| lot.number == number) {
            lot.sale = Sale::From(stage.now());
            lot.claim.paid += paid;
        }
    }

    /// When the lot is a bargain in the market.
    pub fn next_bargain(&self, stage: &Stage<'_>) -> Option<u64> {
        let lot = self.lot.as_ref()?;
        let Sale::From(start) = lot.sale else {
            return None;
        };
        let worth = stage.worth(&stage.world.collateral.code, lot.amount);
        let fall = lot.value - (worth * BARGAIN / FULL_RATE).min(lot.value);
        let waits = mul_div_up(fall, i128::from(SALE_TIME), lot.value).unwrap_or(0);
        Some(start + u64::try_from(waits).unwrap_or(SALE_TIME))
    }

    /// Lets `buyer` buy the whole lot; the price is the cover pool's.
    pub fn sell(&mut self, scene: &mut Scene<'_>, buyer: &Keypair) -> Result<(), DemoError> {
        let stage = &mut scene.stage;
        let Some(lot) = self.lot.as_mut() else {
            return Ok(());
        };
        let price = self.salvage.price(lot.number, lot.amount);
        let price = price.view(&stage.world.ledger);
        let price = price.map_err(refused("price surrendered collateral"))?;
        let call = self.salvage.buy(lot.number, buyer, lot.amount, price);
        let price = stage.send("salvage: buy a lot", call, buyer)?;
        lot.sale = Sale::Over;
        scene.flows.salvaged += price;
        let (stood_for, price) = (money(stage, lot.value), money(stage, price));
        self.tell(
            &scene.stage,
            "salvage",
            format!("sold what stood for {stood_for} for {price}"),
        );
        Ok(())
    }

    fn tell(&mut self, stage: &Stage<'_>, who: &str, what: String) {
        self.happenings.push(Happening {
            time: stage.now(),
            who: who.to_owned(),
            what,
        });
    }
}

/// Whether the collateral costs less than this part of its reference, if it has one.
fn is_below(stage: &Stage<'_>, part: i128) -> bool {
    let reference = stage.scenario.reference.as_ref();
    reference.is_some_and(|reference| stage.market.raw() * FULL_RATE < reference.price.raw() * part)
}

/// The part of the reference that the insured bear.
fn borne() -> Rate {
    Rate::from_raw(MarketSetup::default().peg_deductible.into())
}

/// The collateral's mean price in the loan asset over the hours that count, rounded down.
fn mean_down(stage: &Stage<'_>) -> Result<Price, MathError> {
    let world = &stage.world;
    let mean = |asset: &Asset| {
        let mean = stage.hub().twap(&asset.contract, HOURS).view(&world.ledger);
        Price::from_raw(mean.unwrap_or(0))
    };
    cross_down(mean(&world.collateral), mean(&world.usdc))
}
