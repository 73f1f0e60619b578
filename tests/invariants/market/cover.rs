//! What cover pays for the market: each payment against the loss it is for, and no loss twice.

use testkit::{bindings::cover_pool::Peril, feeds::PRICE_ONE, market::MarketSetup};

use super::{
    books::{Compensated, Liquidation},
    setup,
};
use crate::{
    cover::{Cover, Sight},
    rules::{expect, expect_equal, Broken, Rules},
    shadow::{div_up, FULL},
};

impl Cover<'_> {
    /// A liquidation: what arrived for `lenders` and `borrower`, and what was `filed`.
    pub fn settles(
        &mut self,
        liquidation: &Liquidation,
        (lenders, borrower, filed): (i128, i128, i128),
        now: u64,
    ) -> Rules {
        let key = (liquidation.loan.clone(), 1);
        let terms = setup();
        let price = self.price_of(liquidation, now)?;
        let when = (liquidation.time, now);
        let is_default = liquidation.bad_debt > 0;
        let peril = if is_default {
            Peril::Default
        } else {
            Peril::Liquidation
        };
        let loss = if is_default {
            default_loss(liquidation, price, &terms)
        } else {
            penalty(liquidation, price, &terms)
        };
        let most = self.due(&key, peril, loss, when);
        let payment = self.take(&key, peril)?;
        let amount = payment.as_ref().map_or(0, |payment| payment.amount);
        // A penalty is paid only after a fall, and less what was granted for it.
        let is_right = if is_default {
            amount == most
        } else {
            amount <= most
        };
        expect("I09", is_right, || {
            format!("{amount} for a loss that bears {most}: {liquidation:?}")
        })?;
        let waits = payment.is_some_and(|payment| payment.claim.is_some());
        let booked = match (is_default, waits) {
            (true, false) => (amount, 0, 0),
            (true, true) => (0, 0, amount),
            (false, false) => (0, amount, 0),
            (false, true) => (0, 0, 0),
        };
        expect_equal("M7", "what was booked", (lenders, borrower, filed), booked)
    }

    /// Of this moment it is the hub's price, of an earlier one that of the liquidation.
    fn price_of(&self, liquidation: &Liquidation, now: u64) -> Result<i128, Broken> {
        if liquidation.time != now {
            return Ok(liquidation.price);
        }
        self.stage.pair().map(|pair| pair.price)
    }

    /// A deficit that was seen twice.
    pub fn settles_deficit(
        &mut self,
        sight: Option<Sight>,
        (loss, paid): (i128, i128),
        (compensated, now): (&[Compensated], u64),
    ) -> Rules {
        let sight = sight.ok_or_else(|| Broken::new("I10", "a deficit nobody saw".into()))?;
        let key = (self.stage.market.platform.0.clone(), 2);
        expect("I13", sight.again().contains(&now), || {
            format!("settled at {now}, seen first: {sight:?}")
        })?;
        expect("I09", loss <= sight.missing, || {
            format!("settled {loss}, seen first: {sight:?}")
        })?;
        let due = self.due(&key, Peril::Contract, loss, (sight.time, now));
        let payment = self.take(&key, Peril::Contract)?;
        let amount = payment.as_ref().map_or(0, |payment| payment.amount);
        expect_equal("I09", "payment for a deficit", amount, due)?;
        let at_once = payment.filter(|payment| payment.claim.is_none());
        let at_once = at_once.map_or(0, |payment| payment.amount);
        expect_equal("M7", "what was booked", paid, at_once)?;
        let lenders = (at_once > 0).then_some((None, at_once));
        expect_equal(
            "M7",
            "what arrived, and for whom",
            compensated,
            lenders.as_slice(),
        )
    }
}

/// What lenders would have lost had the hub's price been the market's.
pub fn default_loss(liquidation: &Liquidation, price: i128, terms: &MarketSetup) -> i128 {
    let value = div_up(liquidation.collateral * price, PRICE_ONE);
    let recoverable = div_up(value * FULL, terms.incentive.into());
    let debt = liquidation.repaid + liquidation.bad_debt;
    (debt - recoverable).max(0).min(liquidation.bad_debt)
}

/// What a borrower lost beyond the debt that is gone, at most the incentive on it.
fn penalty(liquidation: &Liquidation, price: i128, terms: &MarketSetup) -> i128 {
    let lost = liquidation.seized * price / PRICE_ONE;
    let most = liquidation.repaid * (i128::from(terms.incentive) - FULL) / FULL;
    (lost - liquidation.repaid).max(0).min(most)
}
