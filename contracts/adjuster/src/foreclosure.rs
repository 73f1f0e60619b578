//! When a loan may be foreclosed, and who gets what.

use actuary::advance::{discount_down, is_foreclosable, Foreclosure, SALE_DELAY};
use actuary::time::DAY;
use actuary::Assets;
use interfaces::adapter::AdapterError;
use soroban_sdk::{Address, Env};

use crate::answers::Policy;
use crate::refusal::no_result;
use crate::valuation::{price_high_up, Holdings, Valuation};

/// How long a start is good: afterwards a foreclosure starts anew, with its discount at nothing. So a start that nobody
/// cleared does not sell a later crash cheaply.
const START_GOOD_FOR: u64 = DAY;

/// When a foreclosure started, if that is still good.
pub fn good_start(env: &Env, started: Option<u64>) -> Option<u64> {
    let started = started?;
    let good_until = started.saturating_add(START_GOOD_FOR);
    (env.ledger().timestamp() < good_until).then_some(started)
}

/// The same, refused before anything may be sold.
pub fn ripe_start(env: &Env, started: Option<u64>) -> Result<u64, AdapterError> {
    let started = good_start(env, started).ok_or(AdapterError::NotStarted)?;
    if env.ledger().timestamp() < started.saturating_add(SALE_DELAY) {
        return Err(AdapterError::TooSoon);
    }
    Ok(started)
}

/// A loan that owes the cover pool.
pub struct Debtor {
    /// What it holds.
    pub holdings: Holdings,
    /// When its cover ends.
    pub end: u64,
    /// What its advance owes, rounded up.
    pub owed: Assets,
}

impl Debtor {
    /// Refuses a loan that owes nothing.
    pub fn new(holdings: Holdings, policy: &Policy) -> Result<Self, AdapterError> {
        let owed = policy.owed_up()?;
        if owed.is_zero() {
            return Err(AdapterError::NothingOwed);
        }
        Ok(Self {
            holdings,
            end: policy.end,
            owed,
        })
    }

    /// What the collateral is sold for, before the discount, if it may be sold: at P_hi, since a fall of minutes must neither
    /// sell a loan nor make it cheap.
    pub fn sale_value(
        &self,
        env: &Env,
        price_hub: &Address,
        (collateral, debt): (&Address, &Address),
        valuation: &Valuation,
    ) -> Result<Assets, AdapterError> {
        if valuation.pair.quarantined {
            return Err(AdapterError::PriceQuarantined);
        }
        let price = price_high_up(env, price_hub, collateral, debt)?;
        let value = valuation
            .scale
            .value_down(price, self.holdings.collateral)?;
        let now = env.ledger().timestamp();
        match is_foreclosable(self.holdings.debt, self.owed, value, self.end, now) {
            Ok(true) => Ok(value),
            Ok(false) => Err(AdapterError::NotForeclosable),
            Err(error) => Err(no_result(error)),
        }
    }

    /// What the loan would hold once it has borrowed what it owes, if its cover has ended.
    pub fn refinanced(&self, env: &Env) -> Result<Option<Holdings>, AdapterError> {
        if env.ledger().timestamp() < self.end {
            return Ok(None);
        }
        let debt = self.holdings.debt.checked_add(self.owed);
        Ok(Some(Holdings {
            debt: debt.map_err(no_result)?,
            ..self.holdings
        }))
    }

    /// Who gets what of a foreclosure that started at `started`, of collateral worth `value`; refused when its price is
    /// above `bid`.
    pub fn split(
        &self,
        env: &Env,
        value: Assets,
        started: u64,
        bid: i128,
    ) -> Result<Foreclosure, AdapterError> {
        let discount = discount_down(started, env.ledger().timestamp()).map_err(no_result)?;
        let split = Foreclosure::split(value, self.holdings.debt, self.owed, discount);
        let split = split.map_err(no_result)?;
        if split.price > Assets::from_raw(bid) {
            return Err(AdapterError::BidTooLow);
        }
        Ok(split)
    }
}
