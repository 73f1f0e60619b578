//! What a loan is worth, at the hub's price of its pair.

use actuary::health::Loan;
use actuary::math::mul_div_up;
use actuary::price::Priced;
use actuary::{Assets, Price, Rate};
use interfaces::adapter::AdapterError;
use interfaces::price::PRICE_ONE;
use soroban_sdk::{Address, Env};

use crate::answers::{HubClient, Pair, Reading};
use crate::refusal::no_result;

/// What a loan holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holdings {
    /// Its collateral, in the collateral's smallest unit, rounded down.
    pub collateral: Assets,
    /// Its debt, rounded up.
    pub debt: Assets,
}

/// The decimals of a pair's amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// Of the collateral.
    pub collateral: u32,
    /// Of the debt asset.
    pub debt: u32,
}

/// A pair as of now, and how its platform counts collateral and debt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Valuation {
    /// The hub's price of the pair.
    pub pair: Pair,
    /// The decimals of both amounts.
    pub scale: Scale,
    /// The part of the collateral's value that counts.
    pub collateral_factor: Rate,
    /// What the debt is divided by.
    pub liability_factor: Rate,
}

/// The hub's price of a pair.
pub fn pair(
    env: &Env,
    price_hub: &Address,
    collateral: &Address,
    debt: &Address,
) -> Result<Pair, AdapterError> {
    match HubClient::new(env, price_hub).try_pair(collateral, debt) {
        Ok(Ok(pair)) => Ok(pair),
        _ => Err(AdapterError::PriceUnavailable),
    }
}

/// The higher of a pair's price now and its 15-minute mean, P_hi, rounded up. Without a mean the hub says that the price is
/// quarantined, and it is refused.
pub fn price_high_up(
    env: &Env,
    price_hub: &Address,
    collateral: &Address,
    debt: &Address,
) -> Result<i128, AdapterError> {
    let fresh = |asset| match HubClient::new(env, price_hub).try_fresh(asset) {
        Ok(Ok(reading)) => Ok(reading),
        _ => Err(AdapterError::PriceUnavailable),
    };
    let (of, unit): (Reading, Reading) = (fresh(collateral)?, fresh(debt)?);
    mul_div_up(of.high, PRICE_ONE, unit.low).map_err(no_result)
}

impl Scale {
    /// What an amount of collateral is worth at a price of the pair as the hub gives them, rounded down.
    pub fn value_down(&self, price: i128, collateral: Assets) -> Result<Assets, AdapterError> {
        self.value_at_down(
            Price::from_raw(price),
            Price::from_raw(PRICE_ONE),
            collateral,
        )
    }

    /// The same, rounded up.
    pub fn value_up(&self, price: i128, collateral: Assets) -> Result<Assets, AdapterError> {
        let (price, one) = self.priced(Price::from_raw(price), Price::from_raw(PRICE_ONE));
        price.value_up(collateral, &one).map_err(no_result)
    }

    /// What an amount of collateral is worth at prices of both assets in the same unit, rounded down.
    pub fn value_at_down(
        &self,
        collateral: Price,
        debt: Price,
        amount: Assets,
    ) -> Result<Assets, AdapterError> {
        let (collateral, debt) = self.priced(collateral, debt);
        collateral.value_down(amount, &debt).map_err(no_result)
    }

    fn priced(&self, collateral: Price, debt: Price) -> (Priced, Priced) {
        let priced = |price, decimals| Priced { price, decimals };
        (priced(collateral, self.collateral), priced(debt, self.debt))
    }
}

impl Valuation {
    /// The loan at a price of the pair as the hub gives them.
    pub fn loan_at(&self, price: i128, holdings: Holdings) -> Result<Loan, AdapterError> {
        Ok(self.loan(self.scale.value_down(price, holdings.collateral)?, holdings))
    }

    /// The loan with collateral worth `value`.
    pub fn loan(&self, value: Assets, holdings: Holdings) -> Loan {
        Loan {
            collateral: value,
            debt: holdings.debt,
            collateral_factor: self.collateral_factor,
            liability_factor: self.liability_factor,
        }
    }

    /// The health factor at the hub's fresh median, rounded down.
    pub fn health_down(&self, holdings: Holdings) -> Result<Rate, AdapterError> {
        self.loan_at(self.pair.price, holdings)?
            .health_factor_down()
            .map_err(no_result)
    }

    /// What the collateral is worth as security, rounded down.
    pub fn value_low_down(&self, holdings: Holdings) -> Result<Assets, AdapterError> {
        self.scale.value_down(self.pair.low, holdings.collateral)
    }
}

/// A health factor as it is shown; the largest of its type without debt.
pub fn factor_or_max(factor: Rate) -> u32 {
    u32::try_from(factor.raw()).unwrap_or(u32::MAX)
}
