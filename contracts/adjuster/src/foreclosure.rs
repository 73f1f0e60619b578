//! When a loan may be foreclosed, and who gets what.

use actuary::advance::{discount_down, is_foreclosable, Foreclosure};
use actuary::time::DAY;
use actuary::{Assets, Rate};
use interfaces::adapter::AdapterError;
use soroban_sdk::Env;

use crate::answers::Policy;
use crate::refusal::no_result;
use crate::valuation::{Holdings, Valuation};

/// How long a start is good: afterwards a foreclosure starts anew, with its discount at nothing. So a start that nobody
/// cleared does not sell a later crash cheaply.
const START_GOOD_FOR: u64 = DAY;

/// When a foreclosure started, if that is still good.
pub fn good_start(env: &Env, started: Option<u64>) -> Option<u64> {
    let started = started?;
    let good_until = started.saturating_add(START_GOOD_FOR);
    (env.ledger().timestamp() < good_until).then_some(started)
}

/// A loan that owes the cover pool.
pub struct Debtor<'a> {
    /// What its collateral is priced at.
    pub valuation: &'a Valuation,
    /// What it holds.
    pub holdings: Holdings,
    /// When its cover ends.
    pub end: u64,
    /// What its advance owes.
    pub owed: Assets,
}

impl<'a> Debtor<'a> {
    /// Refuses a loan that owes nothing.
    pub fn new(
        valuation: &'a Valuation,
        holdings: Holdings,
        policy: &Policy,
    ) -> Result<Self, AdapterError> {
        let owed = policy.owed_up()?;
        if owed.is_zero() {
            return Err(AdapterError::NothingOwed);
        }
        Ok(Self {
            valuation,
            holdings,
            end: policy.end,
            owed,
        })
    }

    /// Never at a price that the hub's window does not confirm: a moment's fall must not sell a loan for nothing.
    pub fn is_foreclosable(&self, env: &Env) -> Result<bool, AdapterError> {
        if self.valuation.pair.quarantined {
            return Err(AdapterError::PriceQuarantined);
        }
        let value_low = self.valuation.value_low_down(self.holdings)?;
        let now = env.ledger().timestamp();
        is_foreclosable(self.holdings.debt, self.owed, value_low, self.end, now).map_err(no_result)
    }

    /// Refuses a loan that may not be foreclosed.
    pub fn require_foreclosable(&self, env: &Env) -> Result<(), AdapterError> {
        if self.is_foreclosable(env)? {
            Ok(())
        } else {
            Err(AdapterError::NotForeclosable)
        }
    }

    /// What the loan holds once it has borrowed what it owes, if its cover has ended.
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

    /// Who gets what of a foreclosure that started at `started`; refused when its price is above `bid`.
    pub fn split(&self, env: &Env, started: u64, bid: i128) -> Result<Foreclosure, AdapterError> {
        let discount: Rate = discount_down(started, env.ledger().timestamp()).map_err(no_result)?;
        let value = self
            .valuation
            .scale
            .value_down(self.valuation.pair.price, self.holdings.collateral)?;
        let split = Foreclosure::split(value, self.holdings.debt, self.owed, discount)
            .map_err(no_result)?;
        if split.price > Assets::from_raw(bid) {
            return Err(AdapterError::BidTooLow);
        }
        Ok(split)
    }
}
