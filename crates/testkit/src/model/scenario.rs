//! Random runs: a pool, and a seed for each of its steps.

use std::ops::Range;

use proptest::collection::vec;
use proptest::prelude::{any, Strategy};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::draw::Draw;
use super::{CoverPool, Step, Terms, FULL_RATE, WEEK};

/// Who holds shares, policies and bonds.
pub const OWNERS: [&str; 3] = ["founder", "ann", "bob"];
/// Who completes exits of others.
pub const STRANGER: &str = "stranger";

/// The seeds of a run: of its pool, and one per step. A step depends on the pool and on its own seed alone, so that a
/// failing run shrinks by leaving steps out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// Decides start and caps.
    pub seed: u64,
    /// One for each call of [`next_step`].
    pub seeds: Vec<u64>,
}

/// Scenarios with so many steps.
pub fn scenarios(steps: Range<usize>) -> impl Strategy<Value = Scenario> {
    let seeds = vec(any::<u64>().no_shrink(), steps);
    (any::<u64>().no_shrink(), seeds).prop_map(|(seed, seeds)| Scenario { seed, seeds })
}

impl Scenario {
    /// The scenario of one seed.
    pub fn new(seed: u64, steps: usize) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let seeds = (0..steps).map(|_| random.gen()).collect();
        Self { seed, seeds }
    }

    /// The empty pool it starts with: three groups, at some time of a week. [`next_step`] works on any other pool, too.
    pub fn pool(&self, terms: Terms) -> CoverPool {
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        let start = 1_700_000_000 + random.gen_range(0..WEEK);
        let caps = [
            [FULL_RATE; 3],
            [4_000_000; 3],
            [6_000_000, 4_000_000, 1_500_000],
        ];
        CoverPool::new(terms, start, &caps[random.gen_range(0..caps.len())])
    }
}

/// The step that `seed` makes of the pool as it is now: a time, and an operation on one of its entries.
pub fn next_step(pool: &CoverPool, seed: u64) -> Step {
    Draw::new(pool, seed).step()
}
