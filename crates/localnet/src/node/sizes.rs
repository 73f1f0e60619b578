//! How much of the history is kept where it is in memory.

use std::collections::{btree_map::Entry, BTreeMap};

/// Bytes of each ledger's history.
pub(crate) struct Sizes {
    ledgers: BTreeMap<u32, usize>,
    total: usize,
    /// What they may take together.
    pub most: usize,
}

impl Sizes {
    pub fn within(most: usize) -> Self {
        Self {
            ledgers: BTreeMap::new(),
            total: 0,
            most,
        }
    }

    /// The last ledger that has to go before `ledger` comes, with `bytes` unless it was there, as the last one.
    pub fn beyond(&self, ledger: u32, bytes: usize) -> Option<u32> {
        let own = self.ledgers.get(&ledger).copied().unwrap_or(bytes);
        let later: usize = self.ledgers.range(ledger..).map(|(_, bytes)| *bytes).sum();
        let mut total = self.total.saturating_sub(later).saturating_add(own);
        let mut last = None;
        for (ledger, bytes) in self.ledgers.range(..ledger) {
            if total <= self.most {
                break;
            }
            total = total.saturating_sub(*bytes);
            last = Some(*ledger);
        }
        last
    }

    /// Now `ledger`, which takes `bytes` unless it was there, is the last one, and `oldest` the first.
    pub fn note(&mut self, ledger: u32, bytes: usize, oldest: u32) {
        let is_later = |other: &u32| *other > ledger;
        while self.ledgers.keys().next_back().is_some_and(is_later) {
            let gone = self.ledgers.pop_last();
            self.forget(gone);
        }
        while self
            .ledgers
            .keys()
            .next()
            .is_some_and(|first| *first < oldest)
        {
            let gone = self.ledgers.pop_first();
            self.forget(gone);
        }
        if let Entry::Vacant(place) = self.ledgers.entry(ledger) {
            place.insert(bytes);
            self.total = self.total.saturating_add(bytes);
        }
    }

    fn forget(&mut self, gone: Option<(u32, usize)>) {
        self.total = self
            .total
            .saturating_sub(gone.map_or(0, |(_, bytes)| bytes));
    }
}
