//! Correlation groups: what may go wrong together, and how much of the capital may back it.

use super::exact::{div_down, product};
use super::ring::Ring;
use super::{DAY, FULL_RATE, GROUP_SLOTS, WEEK};

/// A correlation group. One kind of group stands for all caps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// w_g: the part of NAV_lo that may back the group, a rate.
    pub cap: i128,
    /// E_g: limits that are backed, in units.
    pub exposure: i128,
    /// A_g: advances outstanding, in units.
    pub drawn: i128,
    /// Limits by the week at whose start they leave the exposure.
    pub leaving: Ring,
    week: u64,
    day: u64,
    paid_today: i128,
    paid_yesterday: i128,
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
            day: now / DAY,
            paid_today: 0,
            paid_yesterday: 0,
        }
    }

    /// Lets go of the limits whose week has come, and of what was paid before yesterday.
    pub fn roll(&mut self, now: u64) {
        for week in self.week + 1..=(now / WEEK).min(self.week + GROUP_SLOTS) {
            self.exposure -= self.leaving.take(week);
        }
        self.week = now / WEEK;
        for _ in self.day..(now / DAY).min(self.day + 2) {
            self.paid_yesterday = std::mem::take(&mut self.paid_today);
        }
        self.day = now / DAY;
    }

    /// Counts what was paid or lent at once.
    pub fn count(&mut self, paid: i128) {
        self.paid_today += paid;
    }

    /// What was paid or lent at once today and yesterday, which contain any 24 hours.
    pub fn paid_at_once(&self) -> i128 {
        self.paid_today + self.paid_yesterday
    }

    /// What uses the cap: limits, and the larger of what is drawn and what was paid at once, mostly the same money.
    pub fn used(&self) -> i128 {
        self.exposure + self.drawn.max(self.paid_at_once())
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
