//! Correlation groups: what may go wrong together, and how much of the capital may back it.

use super::exact::{div_down, product};
use super::ring::Ring;
use super::{FULL_RATE, GROUP_SLOTS, WEEK};

/// A correlation group. One kind of group stands for all caps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// w_g: the part of NAV_lo that may back the group, a rate.
    pub cap: i128,
    /// E_g: limits in force, in units.
    pub exposure: i128,
    /// A_g: advances outstanding, in units.
    pub drawn: i128,
    /// Limits by the week at whose start they leave the exposure.
    pub leaving: Ring,
    week: u64,
}

impl Group {
    /// A group without policies.
    pub fn new(cap: i128, now: u64) -> Self {
        Self {
            cap,
            exposure: 0,
            drawn: 0,
            leaving: Ring::new(GROUP_SLOTS),
            week: now / WEEK,
        }
    }

    /// Lets go of the limits whose week has come.
    pub fn roll(&mut self, now: u64) {
        for week in self.week + 1..=(now / WEEK).min(self.week + GROUP_SLOTS) {
            self.exposure -= self.leaving.take(week);
        }
        self.week = now / WEEK;
    }

    /// Adds to the exposure what leaves at the start of `leaving_week`, or takes it out with a negative amount.
    pub fn change(&mut self, amount: i128, leaving_week: u64) {
        self.exposure += amount;
        self.leaving.add(leaving_week, amount);
    }

    /// w_g * nav, in units, rounded down; comparing an integer with it is exact.
    pub fn allowance_down(&self, nav: i128) -> i128 {
        div_down(product(&[self.cap, nav]), FULL_RATE)
    }
}
