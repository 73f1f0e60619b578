//! How close accounts are to their liquidation.

use actuary::{Rate, FULL_RATE};
use localnet::xdr::ScAddress;

/// Health, in parts of where it is liquidated, below which an account is watched at every point.
const WATCHED: i128 = 11_500_000;
/// The same for one that is liquidated late.
const WATCHED_LATE: i128 = 11_000_000;

/// An account's health on the platform, and where liquidators take it on.
pub struct Measured {
    pub account: ScAddress,
    pub health: Rate,
    pub liquidated_below: Rate,
}

impl Measured {
    /// Whether it is so close to its end that every point counts: 15 % away for an ordinary account, 10 % for one
    /// that is left alone longer.
    pub fn is_close(&self) -> bool {
        let is_ordinary = self.liquidated_below.raw() == FULL_RATE;
        let distance = if is_ordinary { WATCHED } else { WATCHED_LATE };
        self.health.raw() * FULL_RATE < self.liquidated_below.raw() * distance
    }
}
