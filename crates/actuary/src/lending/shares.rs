//! Who owns what: lenders' shares of the supply, borrowers' shares of the debt.

use crate::math::{add, div_up, mul, mul_div_down, mul_div_up};
use crate::{Assets, MathError, Shares};

/// Shares that count as minted against [`VIRTUAL_ASSETS`], so that the price of a lender's share cannot be inflated: 10^6,
/// as on Morpho Blue. Also what a unit of debt is counted as when there is no other.
pub const SHARES_PER_UNIT: i128 = 1_000_000;
/// The one unit that counts as supplied against them.
pub const VIRTUAL_ASSETS: i128 = 1;

/// The shares that lending `assets` mints, rounded down: `assets * (shares + 10^6) / (supply_high + 1)`.
///
/// # Errors
/// `Negative`, `Overflow`.
pub fn supply_shares_down(
    assets: Assets,
    shares: Shares,
    supply_high: Assets,
) -> Result<Shares, MathError> {
    mul_div_down(
        assets.raw(),
        virtual_shares(shares)?,
        virtual_assets(supply_high)?,
    )
    .map(Shares::from_raw)
}

/// What so many of the lenders' `shares` are paid, rounded down: `redeemed * (supply + 1) / (shares + 10^6)`. Never more
/// than the supply.
///
/// # Errors
/// `Negative`, `Overflow`.
pub fn redeemed_assets_down(
    redeemed: Shares,
    shares: Shares,
    supply: Assets,
) -> Result<Assets, MathError> {
    mul_div_down(
        redeemed.raw(),
        virtual_assets(supply)?,
        virtual_shares(shares)?,
    )
    .map(Assets::from_raw)
}

/// The shares that a market gets for its `fee`, which the supply already contains, rounded down.
///
/// # Errors
/// `Underflow` for a fee above the supply, `Negative`, `Overflow`.
pub fn fee_shares_down(fee: Assets, shares: Shares, supply: Assets) -> Result<Shares, MathError> {
    supply_shares_down(fee, shares, supply.checked_sub(fee)?)
}

fn virtual_shares(shares: Shares) -> Result<i128, MathError> {
    add(shares.raw(), SHARES_PER_UNIT)
}

fn virtual_assets(assets: Assets) -> Result<i128, MathError> {
    add(assets.raw(), VIRTUAL_ASSETS)
}

/// What all borrowers owe, and their shares of it.
///
/// Morpho Blue adds virtual shares here too. They are left out, since the interest on them is owed by nobody. What they are for
/// is kept by [`Self::taken_off`]: a share is never pushed below what the first one was worth, 10^-6 of a unit, so shares cannot
/// be made to grow out of bounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Debts {
    /// What all owe together.
    pub amount: Assets,
    /// All shares; zero only together with the amount.
    pub shares: Shares,
}

/// What a repayment changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repayment {
    /// What is taken from the payer.
    pub paid: Assets,
    /// The shares that are gone.
    pub shares: Shares,
    /// What all owe less: at most what was paid.
    pub taken_off: Assets,
}

impl Debts {
    /// The shares of a borrower of `amount`, rounded up: `amount * shares / debt`, and 10^6 a unit for the first one.
    ///
    /// # Errors
    /// `DivisionByZero` for shares of nothing, `Negative`, `Overflow`.
    pub fn shares_for_up(&self, amount: Assets) -> Result<Shares, MathError> {
        let shares = if self.shares.is_zero() {
            mul(amount.raw(), SHARES_PER_UNIT)?
        } else {
            mul_div_up(amount.raw(), self.shares.raw(), self.amount.raw())?
        };
        Ok(Shares::from_raw(shares))
    }

    /// What a borrower with these shares owes, rounded up.
    ///
    /// # Errors
    /// `DivisionByZero` for shares of nothing, `Negative`, `Overflow`.
    pub fn owed_up(&self, shares: Shares) -> Result<Assets, MathError> {
        if shares.is_zero() {
            return Ok(Assets::ZERO);
        }
        mul_div_up(shares.raw(), self.amount.raw(), self.shares.raw()).map(Assets::from_raw)
    }

    /// What all owe less without these shares, for which `paid` was paid or lost: just that, so that what rounding took from the
    /// payer eases the others. Only where a share would then be worth less than the first one was, it is the value of the
    /// shares rounded down, and the rounding is the lenders'.
    ///
    /// # Errors
    /// `Underflow` for more than all shares, `DivisionByZero`, `Negative`, `Overflow`.
    pub fn taken_off(&self, shares: Shares, paid: Assets) -> Result<Assets, MathError> {
        let left = self.shares.checked_sub(shares)?;
        if left.is_zero() {
            return Ok(self.amount);
        }
        let least = div_up(left.raw(), SHARES_PER_UNIT)?;
        if self.amount.sub_or_zero(paid).raw() >= least {
            return Ok(paid);
        }
        mul_div_down(shares.raw(), self.amount.raw(), self.shares.raw()).map(Assets::from_raw)
    }

    /// What repaying at most `amount` of a loan with these shares changes: all of it when that covers what it owes, else
    /// the shares that `amount` is worth, rounded down.
    ///
    /// # Errors
    /// `Underflow` for more than all shares, `DivisionByZero` for shares of nothing, `Negative`, `Overflow`.
    pub fn repayment(&self, loan: Shares, amount: Assets) -> Result<Repayment, MathError> {
        let owed = self.owed_up(loan)?;
        let (paid, shares) = if amount >= owed {
            (owed, loan)
        } else {
            let gone = mul_div_down(amount.raw(), self.shares.raw(), self.amount.raw())?;
            (amount, Shares::from_raw(gone))
        };
        Ok(Repayment {
            paid,
            shares,
            taken_off: self.taken_off(shares, paid)?,
        })
    }
}
