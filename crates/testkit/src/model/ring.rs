//! Amounts by the week at whose start they leave.

use std::collections::BTreeMap;

use super::WEEK;

/// One slot per week, used again once that week has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ring {
    slots: Vec<i128>,
}

impl Ring {
    /// An empty ring of `size` weeks.
    pub fn new(size: u64) -> Self {
        Self {
            slots: (0..size).map(|_| 0).collect(),
        }
    }

    /// Adds an amount, which may be negative, to what leaves at the start of `week`.
    pub fn add(&mut self, week: u64, amount: i128) {
        *self.slot(week) += amount;
    }

    /// Empties the slot of `week` and returns what it held.
    pub fn take(&mut self, week: u64) -> i128 {
        std::mem::take(self.slot(week))
    }

    /// The amounts that are not zero, by the coming week at whose start they leave.
    pub fn by_week(&self, now: u64) -> BTreeMap<u64, i128> {
        let next = now / WEEK + 1;
        let size = self.slots.len() as u64;
        (next..next + size)
            .map(|week| (week, self.slots[(week % size) as usize]))
            .filter(|&(_, amount)| amount != 0)
            .collect()
    }

    fn slot(&mut self, week: u64) -> &mut i128 {
        let size = self.slots.len() as u64;
        &mut self.slots[(week % size) as usize]
    }
}
