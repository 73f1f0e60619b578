//! Premium that is not earned yet, and the rate at which the pool earns it.

use super::ring::Ring;
use super::{EARNING_SLOTS, WEEK};

/// Unearned premium of all policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PremiumBook {
    /// U: scaled units that the policies have left.
    pub unearned: i128,
    /// R: scaled units that the pool earns per second.
    pub earning_rate: i128,
    /// The part of the earning rate that ends at the start of each coming week.
    pub ending: Ring,
    last: u64,
}

impl PremiumBook {
    /// An empty book.
    pub fn new(now: u64) -> Self {
        Self {
            unearned: 0,
            earning_rate: 0,
            ending: Ring::new(EARNING_SLOTS),
            last: now,
        }
    }

    /// Earns the premium up to `now`, week by week.
    pub fn accrue(&mut self, now: u64) {
        let first = self.last / WEEK + 1;
        for week in first..(now / WEEK + 1).min(first + EARNING_SLOTS) {
            self.earn_until(week * WEEK);
            self.earning_rate -= self.ending.take(week);
        }
        self.earn_until(now);
    }

    /// Adds an earning rate that lasts until `end`, or takes one out with a negative rate.
    pub fn change(&mut self, earning_rate: i128, end: u64) {
        self.unearned += earning_rate * i128::from(end - self.last);
        self.earning_rate += earning_rate;
        self.ending.add(end / WEEK, earning_rate);
    }

    fn earn_until(&mut self, time: u64) {
        self.unearned -= self.earning_rate * i128::from(time - self.last);
        self.last = time;
    }
}
