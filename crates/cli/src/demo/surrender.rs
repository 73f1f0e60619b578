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
use testkit::bindings::{cover_pool as cover, salvage, OnLedger};
use testkit::feeds::PRICE_ONE;

use super::borrower::Borrower;
use super::claims::{policy_of, uncountable, Claim, Terms};
use super::flows::Flows;
use super::platform::Platform;
use super::scene::Happening;
use super::stage::{refused, Stage};
use super::story::money;
use super::DemoError;
use crate::peril::PerilFamily;

/// The part of the reference that the insured bear: 10 %.
pub const BORNE: Rate = Rate::from_raw(1_000_000);
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
}

/// What was surrendered.
struct Lot {
    number: u32,
    amount: i128,
    /// What it stood for.
    value: i128,
    sale: Sale,
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
        Self { salvage, lot: None }
    }

    /// Whether the collateral is below its reference and nothing was surrendered yet: then its price is looked at often, since
    /// the mean must be of many looks.
    pub fn is_failing(&self, stage: &Stage<'_>) -> bool {
        self.lot.is_none() && is_below(stage, WORTH_A_LOOK)
    }

    /// Lets the twin with that cover hand over what the scenario says, once cover pays more than the market. Returns the claim
    /// and what happened; none while the mean has not fallen enough.
    pub fn hand_over(
        &mut self,
        stage: &mut Stage<'_>,
        platform: &dyn Platform,
        borrower: &Borrower,
    ) -> Result<Option<(u32, Claim, Happening)>, DemoError> {
        let reference = stage.scenario.reference.as_ref();
        let is_worth_it = self.lot.is_none() && is_below(stage, FULL_RATE - BORNE.raw());
        let (Some(reference), true) = (reference, is_worth_it) else {
            return Ok(None);
        };
        let (held, policy) = (
            platform.collateral(stage, &borrower.loan),
            policy_of(stage, &borrower.interest())?,
        );
        let (Some(held), Some(policy)) = (held, policy) else {
            return Ok(None);
        };
        let amount = reference.surrendered_of(held);
        let terms = Terms::of(stage, &policy, cover::Peril::Collateral)?;
        let Ok(number) = platform.surrender(stage, borrower, amount) else {
            return Ok(None);
        };
        let value = mul_div_down(amount, reference.price.raw(), PRICE_ONE).map_err(uncountable)?;
        self.lot = Some(Lot {
            number,
            amount,
            value,
            sale: Sale::Waits,
        });
        let mut claim = claim(
            stage,
            borrower.name,
            &terms,
            (reference.price, amount, value),
        )?;
        claim.number = Some(number);
        let worth = money(stage, stage.worth(&stage.world.collateral.code, amount));
        let stood_for = money(stage, value);
        let happening = Happening {
            time: stage.now(),
            who: borrower.name.to_owned(),
            what: format!("surrendered what stood for {stood_for} and is worth {worth}"),
        };
        Ok(Some((number, claim, happening)))
    }

    /// Takes note that a claim was paid: the sale of what was surrendered for it has begun in the same call.
    pub fn was_paid(&mut self, now: u64, claim: u32) {
        if let Some(lot) = self.lot.as_mut().filter(|lot| lot.number == claim) {
            lot.sale = Sale::From(now);
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

    /// Lets `buyer` buy the whole lot if it is a bargain now; the price is the cover pool's. Returns what happened.
    pub fn sell(
        &mut self,
        stage: &mut Stage<'_>,
        flows: &mut Flows,
        buyer: &Keypair,
    ) -> Result<Option<Happening>, DemoError> {
        let is_bargain = self.next_bargain(stage).is_some_and(|at| at <= stage.now());
        let Some(lot) = self.lot.as_mut().filter(|_| is_bargain) else {
            return Ok(None);
        };
        let price = self.salvage.price(lot.number, lot.amount);
        let price = price.view(&stage.world.ledger);
        let price = price.map_err(refused("price surrendered collateral"))?;
        let call = self.salvage.buy(lot.number, buyer, lot.amount, price);
        let price = stage.send("salvage: buy a lot", call, buyer)?;
        lot.sale = Sale::Over;
        flows.salvaged += price;
        let (stood_for, price) = (money(stage, lot.value), money(stage, price));
        Ok(Some(Happening {
            time: stage.now(),
            who: "salvage".to_owned(),
            what: format!("sold what stood for {stood_for} for {price}"),
        }))
    }
}

/// The claim for so much that was surrendered now, and stood for a `value` at the `reference`.
fn claim(
    stage: &Stage<'_>,
    name: &str,
    terms: &Terms,
    (reference, amount, value): (Price, i128, i128),
) -> Result<Claim, DemoError> {
    let mean = mean_down(stage).map_err(uncountable)?;
    let loss = collateral_loss_down(Assets::from_raw(value), reference, mean, BORNE);
    // The mean has fallen over the hours before.
    let time = stage.now().saturating_sub(u64::from(HOURS) * HOUR);
    let facts = [
        ("price", stage.market.raw()),
        ("reference", reference.raw()),
        ("six_hour_mean", mean.raw()),
        ("surrendered", amount),
    ];
    let whose = (PerilFamily::Collateral, name.to_owned(), time);
    Claim::new(whose, terms, &facts, loss.map_err(uncountable)?)
}

/// Whether the collateral costs less than this part of its reference, if it has one.
fn is_below(stage: &Stage<'_>, part: i128) -> bool {
    let reference = stage.scenario.reference.as_ref();
    reference.is_some_and(|reference| stage.market.raw() * FULL_RATE < reference.price.raw() * part)
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
