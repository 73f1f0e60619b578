//! When a loan may be foreclosed, and who gets what.

use actuary::advance::{discount_down, is_foreclosable, Foreclosure, SALE_DELAY};
use actuary::time::DAY;
use actuary::Assets;
use interfaces::adapter::AdapterError;
use interfaces::cover::CoverPoolClient;
use soroban_sdk::token::TokenClient;
use soroban_sdk::{Address, Env};

use crate::answers::Policy;
use crate::payment::{authorise_transfer, deliver};
use crate::policy::loan_interest;
use crate::refusal::no_result;
use crate::storage;
use crate::valuation::{price_high_up, Holdings, Valuation};

/// How long a start is good: afterwards a foreclosure starts anew, with its discount at nothing. So a start that nobody
/// cleared does not sell a later crash cheaply.
const START_GOOD_FOR: u64 = DAY;

/// When a loan's foreclosure started, if that is still good.
pub fn good_start(env: &Env, loan: &Address) -> Option<u64> {
    let started = storage::started(env, loan)?;
    let good_until = started.saturating_add(START_GOOD_FOR);
    (env.ledger().timestamp() < good_until).then_some(started)
}

/// The same, refused before anything may be sold.
pub fn ripe_start(env: &Env, loan: &Address) -> Result<u64, AdapterError> {
    let started = good_start(env, loan).ok_or(AdapterError::NotStarted)?;
    if env.ledger().timestamp() < started.saturating_add(SALE_DELAY) {
        return Err(AdapterError::TooSoon);
    }
    Ok(started)
}

/// Starts a loan's foreclosure now. Returns when that is.
pub fn start(env: &Env, loan: &Address) -> u64 {
    let now = env.ledger().timestamp();
    storage::set_started(env, loan, now);
    now
}

/// Clears the start of a foreclosure.
pub fn clear(env: &Env, loan: &Address) {
    storage::remove_started(env, loan);
}

/// Clears the start of a foreclosure whose reason is gone: the loan owes nothing, or may not be sold.
pub fn cure(
    env: &Env,
    loan: &Address,
    sale_value: impl FnOnce() -> Result<Assets, AdapterError>,
) -> Result<(), AdapterError> {
    storage::started(env, loan).ok_or(AdapterError::NotStarted)?;
    match sale_value() {
        Ok(_) => Err(AdapterError::NotCured),
        Err(AdapterError::NothingOwed | AdapterError::NotForeclosable) => {
            clear(env, loan);
            Ok(())
        }
        Err(error) => Err(error),
    }
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

/// A loan whose debt is to the cover pool, and the asset of that debt.
pub struct Owing<'a> {
    /// The environment.
    pub env: &'a Env,
    /// The cover pool.
    pub cover_pool: &'a Address,
    /// The loan.
    pub loan: &'a Address,
    /// The debt asset.
    pub asset: &'a Address,
}

impl Owing<'_> {
    /// Pays the cover pool all that is owed, from this contract.
    pub fn pay_back(&self, owed: Assets) {
        let pool = self.authorised(owed.raw());
        let payer = self.env.current_contract_address();
        pool.pay_back(&loan_interest(self.loan), &payer, &owed.raw());
    }

    /// Takes the whole `bid`, which the payer signed, shares out the price and sends the rest back.
    pub fn share_out(&self, payer: &Address, owner: &Address, bid: i128, split: &Foreclosure) {
        let (env, adapter) = (self.env, self.env.current_contract_address());
        let token = TokenClient::new(env, self.asset);
        if bid > 0 {
            token.transfer(payer, &adapter, &bid);
        }
        let recovered = split.to_pool.raw();
        self.authorised(recovered)
            .foreclose(&loan_interest(self.loan), &adapter, &recovered);
        deliver(env, self.asset, owner, split.to_owner.raw());
        let rest = bid.saturating_sub(split.price.raw());
        if rest > 0 {
            token.transfer(&adapter, payer, &rest);
        }
    }

    /// The cover pool, which may take `amount` from this contract in the next call.
    fn authorised(&self, amount: i128) -> CoverPoolClient<'_> {
        authorise_transfer(self.env, self.asset, self.cover_pool, amount);
        CoverPoolClient::new(self.env, self.cover_pool)
    }
}
