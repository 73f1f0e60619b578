//! The health factor of a loan with one collateral and one debt, and what it takes to lift it.

use crate::math::{mul, mul_div_down, mul_div_up};
use crate::{Assets, MathError, Rate, FULL_RATE};

/// Below this health factor an advance may be drawn, to start with: 1.12.
pub const TRIGGER: Rate = Rate::from_raw(11_200_000);
/// The health factor a rescue lifts a loan to: 1.25.
pub const TARGET: Rate = Rate::from_raw(12_500_000);
/// The platform's health factor that a rescue must reach at least: 1.05.
pub const FLOOR: Rate = Rate::from_raw(10_500_000);

/// A loan at one price. Health factor = `collateral * collateral_factor / (debt / liability_factor)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loan {
    /// The value of the collateral, in units of the debt asset, rounded down.
    pub collateral: Assets,
    /// The debt, with interest, rounded up.
    pub debt: Assets,
    /// c, the part of the collateral's value that counts.
    pub collateral_factor: Rate,
    /// l, which the debt is divided by.
    pub liability_factor: Rate,
}

impl Loan {
    /// The health factor, rounded down; [`Rate::MAX`] without debt.
    ///
    /// # Errors
    /// `Negative`, `Overflow`.
    pub fn health_factor_down(&self) -> Result<Rate, MathError> {
        if self.debt.is_zero() {
            return Ok(Rate::MAX);
        }
        mul_div_down(
            self.collateral.raw(),
            self.combined_factor()?,
            mul(self.debt.raw(), FULL_RATE)?,
        )
        .map(Rate::from_raw)
    }

    /// The debt to repay to reach a health factor of at least `target`, rounded up; at most the debt.
    ///
    /// # Errors
    /// `DivisionByZero` for a target of zero, `Negative`, `Overflow`.
    pub fn repay_to_reach_up(&self, target: Rate) -> Result<Assets, MathError> {
        Ok(self.debt.sub_or_zero(self.debt_at_down(target)?))
    }

    /// The value of collateral to add to reach a health factor of at least `target`, rounded up.
    ///
    /// # Errors
    /// `DivisionByZero` if collateral or debt counts for nothing, `Negative`, `Overflow`.
    pub fn collateral_to_reach_up(&self, target: Rate) -> Result<Assets, MathError> {
        let target = mul(target.raw(), FULL_RATE)?;
        let needed = mul_div_up(self.debt.raw(), target, self.combined_factor()?)?;
        Ok(Assets::from_raw(needed).sub_or_zero(self.collateral))
    }

    /// The largest debt with a health factor of at least `target`, rounded down.
    ///
    /// # Errors
    /// `DivisionByZero` for a target of zero, `Negative`, `Overflow`.
    pub fn debt_at_down(&self, target: Rate) -> Result<Assets, MathError> {
        let target = mul(target.raw(), FULL_RATE)?;
        mul_div_down(self.collateral.raw(), self.combined_factor()?, target).map(Assets::from_raw)
    }

    /// The same loan after `amount` of its debt is repaid.
    pub fn repaid(self, amount: Assets) -> Self {
        Self {
            debt: self.debt.sub_or_zero(amount),
            ..self
        }
    }

    /// The same loan after collateral worth `value` is added.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn collateral_added(self, value: Assets) -> Result<Self, MathError> {
        Ok(Self {
            collateral: self.collateral.checked_add(value)?,
            ..self
        })
    }

    /// c * l, times 1e14.
    fn combined_factor(&self) -> Result<i128, MathError> {
        mul(self.collateral_factor.raw(), self.liability_factor.raw())
    }
}

/// l = 1 / health factor, as a rate, rounded up: how close a loan is to its liquidation. Insurable below 80 %.
///
/// # Errors
/// `DivisionByZero`, `Negative`.
pub fn closeness_up(health_factor: Rate) -> Result<Rate, MathError> {
    mul_div_up(FULL_RATE, FULL_RATE, health_factor.raw()).map(Rate::from_raw)
}
