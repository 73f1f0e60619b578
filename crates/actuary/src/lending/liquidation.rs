//! What a liquidation comes to, and who gets what cover sends for it.

use crate::math::{mul_div_down, mul_div_up};
use crate::price::Priced;
use crate::{Assets, MathError, Rate, FULL_RATE};

/// At which prices and incentive a loan is liquidated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiquidationTerms {
    /// The collateral's price in the loan asset, and its decimals.
    pub collateral: Priced,
    /// One, and the loan asset's decimals.
    pub asset: Priced,
    /// LIF >= 1: collateral that a liquidator gets per value repaid.
    pub incentive: Rate,
}

/// What a liquidation takes and leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seizure {
    /// Collateral that the liquidator takes.
    pub seized: Assets,
    /// Debt that the liquidator repays.
    pub repaid: Assets,
    /// Debt that is left without collateral.
    pub bad_debt: Assets,
}

impl LiquidationTerms {
    /// What seizing so much collateral costs: `ceil(ceil(value) / incentive)`.
    ///
    /// # Errors
    /// `DivisionByZero`, `OutOfBounds` for more than 18 decimals, `Negative`, `Overflow`.
    pub fn cost_up(&self, seized: Assets) -> Result<Assets, MathError> {
        let value = self.collateral.value_up(seized, &self.asset)?;
        mul_div_up(value.raw(), FULL_RATE, self.incentive.raw()).map(Assets::from_raw)
    }

    /// The collateral that a repayment buys: what `floor(repaid * incentive)` is worth, rounded down.
    ///
    /// # Errors
    /// `DivisionByZero` for a collateral without a price, `OutOfBounds` for more than 18 decimals, `Negative`, `Overflow`.
    pub fn bought_down(&self, repaid: Assets) -> Result<Assets, MathError> {
        let value = mul_div_down(repaid.raw(), self.incentive.raw(), FULL_RATE)?;
        self.asset
            .value_down(Assets::from_raw(value), &self.collateral)
    }

    /// Seizing `seize` of a loan's collateral, at most all of it, for at most its debt and `max_repay`; where that is not
    /// enough, less is seized. Debt without collateral is bad.
    ///
    /// # Errors
    /// As [`Self::cost_up`] and [`Self::bought_down`].
    pub fn seizure(
        &self,
        collateral: Assets,
        debt: Assets,
        seize: Assets,
        max_repay: Assets,
    ) -> Result<Seizure, MathError> {
        let mut seized = seize.min(collateral);
        let mut repaid = self.cost_up(seized)?;
        let most = debt.min(max_repay);
        if repaid > most {
            repaid = most;
            seized = seized.min(self.bought_down(repaid)?);
        }
        let bad_debt = if seized == collateral {
            debt.checked_sub(repaid)?
        } else {
            Assets::ZERO
        };
        Ok(Seizure {
            seized,
            repaid,
            bad_debt,
        })
    }
}

/// Who gets what of a compensation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// For the lenders.
    pub lenders: Assets,
    /// For the borrower.
    pub borrower: Assets,
}

/// What has arrived, divided as its sender says, as far as it goes: lenders first. What exceeds both is nobody's.
pub fn split_compensation(arrived: Assets, lenders: Assets, borrower: Assets) -> Split {
    let lenders = lenders.min(arrived);
    Split {
        lenders,
        borrower: borrower.min(arrived.sub_or_zero(lenders)),
    }
}
