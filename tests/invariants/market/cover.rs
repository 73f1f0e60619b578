//! What cover pays for the market: each payment against the loss it is for, and no loss twice.

use std::collections::BTreeMap;

use localnet::{xdr::ScAddress, Event};
use testkit::{
    bindings::{cover_pool::Peril, price_hub},
    feeds::PRICE_ONE,
    market::{MarketSetup, MARKET_LENDERS, MARKET_LOANS},
};

use super::{
    books::{Liquidation, Lot, Sight},
    setup,
};
use crate::{
    follow::{read, topic},
    rules::{expect, expect_equal, Broken, Rules},
    shadow::{div_up, Key, Shadow, FULL},
    stage::Stage,
};

const HOUR: u64 = 3_600;
/// How long the price of a lot takes to fall to nothing.
const SALE_TIME: u64 = 72 * HOUR;
/// Over how long collateral must have failed.
const MEAN_OF: u64 = 6 * HOUR;
/// How long a first look at a deficit is good.
const SIGHT_GOOD_FOR: u64 = 24 * HOUR;

/// What the pool has just paid or filed for a loss.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Payment {
    key: Key,
    peril: u32,
    amount: i128,
    claim: Option<u32>,
}

/// Cover as it was before a call, and what the call did to it.
pub struct Cover<'a> {
    stage: &'a Stage,
    before: &'a Shadow,
    payment: Option<Payment>,
    /// Paid and filed in this call.
    spent: BTreeMap<Key, i128>,
    closed: Vec<u32>,
}

impl<'a> Cover<'a> {
    pub fn new(stage: &'a Stage, before: &'a Shadow) -> Self {
        Self {
            stage,
            before,
            payment: None,
            spent: BTreeMap::new(),
            closed: Vec::new(),
        }
    }

    /// Takes note of what the pool says.
    pub fn heard(&mut self, event: &Event) {
        let is_loss = |peril: u32| peril > Peril::Grant as u32;
        let payment = if event.is_named("paid") {
            let (class, peril, _, amount): (u32, u32, u64, i128) = read(&event.data);
            let key = (topic(event, 1), class);
            Payment {
                key,
                peril,
                amount,
                claim: None,
            }
        } else if event.is_named("filed") {
            let (class, peril, _, amount): (u32, u32, u64, i128) = read(&event.data);
            let key = (topic(event, 1), class);
            Payment {
                key,
                peril,
                amount,
                claim: Some(topic(event, 2)),
            }
        } else {
            if event.is_named("finalized") {
                self.closed.push(topic(event, 1));
            }
            return;
        };
        let policy = self.before.policies.get(&payment.key);
        let is_market =
            policy.is_some_and(|policy| [MARKET_LOANS, MARKET_LENDERS].contains(&policy.group));
        if is_market && is_loss(payment.peril) {
            self.payment = Some(payment);
        }
    }

    /// Every payment was for something.
    pub fn is_heeded(&self) -> Rules {
        expect("I10", self.payment.is_none(), || {
            format!("paid for nothing: {:?}", self.payment)
        })
    }

    /// What the policy on `key` owes for a loss of `peril` at `time`.
    fn due(&self, key: &Key, peril: Peril, loss: i128, (time, now): (u64, u64)) -> i128 {
        let Some(policy) = self.before.policies.get(key) else {
            return 0;
        };
        let terms = &self.before.groups[policy.group as usize];
        let sold = terms.perils.iter().find(|sold| sold.peril == peril);
        let Some(sold) = sold.filter(|_| policy.perils >> peril as u32 & 1 == 1) else {
            return 0;
        };
        let is_covered = (policy.start + sold.waiting..=policy.end).contains(&time);
        if !is_covered || !policy.is_in_grace(now) {
            return 0;
        }
        let borne = (loss - terms.deductible).max(0) * (FULL - i128::from(sold.kappa)) / FULL;
        let spent = self.spent.get(key).copied().unwrap_or_default();
        borne.min((policy.usable_limit(time) - spent).max(0))
    }

    /// Takes what was paid for `peril` on `key`; nothing when nothing was.
    fn take(&mut self, key: &Key, peril: Peril) -> Result<Option<Payment>, Broken> {
        let Some(payment) = self.payment.take() else {
            return Ok(None);
        };
        let known = (payment.key.clone(), payment.peril);
        expect_equal(
            "I10",
            "what was paid for",
            known,
            (key.clone(), peril as u32),
        )?;
        *self.spent.entry(key.clone()).or_default() += payment.amount;
        Ok(Some(payment))
    }

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
        let world = &self.stage.world;
        let pair = price_hub::Client(world.hub.address.clone())
            .pair(&world.collateral.contract, &world.usdc.contract)
            .view(&world.ledger);
        pair.map(|pair| pair.price)
            .map_err(|error| Broken::new("M7", format!("settled without a price: {error}")))
    }

    /// Collateral that was surrendered for a claim.
    pub fn files_surrender(
        &mut self,
        (loan, claim): (&ScAddress, u32),
        lot: &Lot,
        now: u64,
    ) -> Rules {
        let (key, terms) = ((loan.clone(), 1), setup());
        let value = lot.surrendered * terms.peg / PRICE_ONE;
        expect_equal("M9", "value of a lot", lot.value, value)?;
        let loss = value * (FULL - i128::from(terms.peg_deductible)) / FULL;
        let due = self.due(&key, Peril::Collateral, loss, (now - MEAN_OF, now));
        let payment = self.take(&key, Peril::Collateral)?;
        let filed = payment.map(|payment| (payment.claim, payment.amount));
        expect_equal(
            "I09",
            "claim of a surrender",
            filed,
            Some((Some(claim), due)),
        )
    }

    /// A deficit that was seen twice.
    pub fn settles_deficit(
        &mut self,
        sight: Option<Sight>,
        (loss, paid): (i128, i128),
        now: u64,
    ) -> Rules {
        let sight = sight.ok_or_else(|| Broken::new("I10", "a deficit nobody saw".into()))?;
        let key = (self.stage.market.platform.0.clone(), 2);
        let again = sight.time + HOUR..=sight.time + SIGHT_GOOD_FOR;
        expect("I13", again.contains(&now), || {
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
        expect_equal("M7", "what was booked", paid, at_once)
    }

    /// A lot is sold only once its claim is closed.
    pub fn is_closed(&self, claim: u32) -> Rules {
        let is_open = self.before.claims.contains_key(&claim) && !self.closed.contains(&claim);
        expect("M9", !is_open, || format!("claim {claim} is open"))
    }
}

/// What lenders would have lost had the hub's price been the market's.
fn default_loss(liquidation: &Liquidation, price: i128, terms: &MarketSetup) -> i128 {
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

impl Lot {
    /// What a part of it costs at `now`; nothing while it is not for sale.
    pub fn price(&self, amount: i128, now: u64) -> Option<i128> {
        let left = (self.sold_from? + SALE_TIME).saturating_sub(now);
        let whole = div_up(self.value * i128::from(left), SALE_TIME.into());
        (0 < amount && amount <= self.amount).then(|| div_up(whole * amount, self.surrendered))
    }
}
