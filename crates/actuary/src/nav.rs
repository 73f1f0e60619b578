//! What the pool is worth, at least and at most, and the shares of it.

use crate::math::{add, mul_div_down, mul_div_up};
use crate::{Assets, MathError, Scaled, Shares};

/// Shares that count as minted against nothing, so that the price of a share cannot be inflated: 3 decimals.
pub const VIRTUAL_SHARES: i128 = 1_000;
/// The one unit of assets that counts as held against them.
pub const VIRTUAL_ASSETS: i128 = 1;
/// Shares minted to the pool itself at its start, which never exit.
pub const DEAD_SHARES: Shares = Shares::from_raw(1_000);

/// The pool's own books, with premium and fees accrued to now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// What the pool holds; never read from a balance.
    pub cash: Assets,
    /// U, unearned premium.
    pub unearned: Scaled,
    /// Claims that are open.
    pub pending: Assets,
    /// Payments that could not be delivered.
    pub claimable: Assets,
    /// Bonds of open challenges.
    pub bonds: Assets,
    /// What prepays keepers.
    pub bounties: Assets,
    /// The protocol fees kept, which bear settled claims first.
    pub reserve: Assets,
    /// D, the principal of all advances.
    pub drawn: Assets,
    /// F, the fees they owe.
    pub fees_owed: Scaled,
}

/// The value of the pool between the worst and the best outcome of what is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nav {
    /// NAV_lo: every claim is paid, no advance comes back. Exits are paid and limits backed from it.
    pub lo: Assets,
    /// NAV_hi: every claim is denied, every advance comes back with its fees. Deposits mint at it.
    pub hi: Assets,
}

impl Books {
    /// `lo = cash - ceil(U / S) - pending - claimable - bonds - bounties - reserve`, and
    /// `hi = lo + pending + D + ceil(F / S)`.
    ///
    /// # Errors
    /// `Underflow` when the books hold less than they owe, which only an impaired pool may; `Negative`, `Overflow`.
    pub fn nav(&self) -> Result<Nav, MathError> {
        let set_apart = [
            self.pending,
            self.claimable,
            self.bonds,
            self.bounties,
            self.reserve,
        ];
        let mut lo = self.cash.checked_sub(self.unearned.units_up()?)?;
        for amount in set_apart {
            lo = lo.checked_sub(amount)?;
        }
        let hi = lo
            .checked_add(self.pending)?
            .checked_add(self.drawn)?
            .checked_add(self.fees_owed.units_up()?)?;
        Ok(Nav { lo, hi })
    }
}

/// The shares a deposit of `assets` mints, rounded down; `nav` is NAV_hi.
///
/// # Errors
/// `Negative`, `Overflow`.
pub fn shares_for_down(assets: Assets, supply: Shares, nav: Assets) -> Result<Shares, MathError> {
    mul_div_down(assets.raw(), virtual_supply(supply)?, virtual_nav(nav)?).map(Shares::from_raw)
}

/// The shares it takes to be paid `assets`, rounded up; `nav` is NAV_lo.
///
/// # Errors
/// `Negative`, `Overflow`.
pub fn shares_for_up(assets: Assets, supply: Shares, nav: Assets) -> Result<Shares, MathError> {
    mul_div_up(assets.raw(), virtual_supply(supply)?, virtual_nav(nav)?).map(Shares::from_raw)
}

/// The assets that an exit of `shares` is paid, rounded down; `nav` is NAV_lo.
///
/// # Errors
/// `Negative`, `Overflow`.
pub fn assets_for_down(shares: Shares, supply: Shares, nav: Assets) -> Result<Assets, MathError> {
    mul_div_down(shares.raw(), virtual_nav(nav)?, virtual_supply(supply)?).map(Assets::from_raw)
}

/// The assets it takes to mint `shares`, rounded up; `nav` is NAV_hi.
///
/// # Errors
/// `Negative`, `Overflow`.
pub fn assets_for_up(shares: Shares, supply: Shares, nav: Assets) -> Result<Assets, MathError> {
    mul_div_up(shares.raw(), virtual_nav(nav)?, virtual_supply(supply)?).map(Assets::from_raw)
}

fn virtual_supply(supply: Shares) -> Result<i128, MathError> {
    add(supply.raw(), VIRTUAL_SHARES)
}

fn virtual_nav(nav: Assets) -> Result<i128, MathError> {
    add(nav.raw(), VIRTUAL_ASSETS)
}
