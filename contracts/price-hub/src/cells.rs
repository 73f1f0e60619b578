//! Time-weighted means of equal stretches of time, the last of which is still open.

use actuary::window::Mean;
use actuary::{MathError, Price};

/// `N` closed cells of `WIDTH` seconds and the open one. Cell `i` covers `[i * WIDTH, (i + 1) * WIDTH)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cells<const N: usize, const WIDTH: u64> {
    /// Index of the open cell.
    pub open: u64,
    /// The open cell so far.
    pub growing: Mean,
    /// Means of the closed cells, rounded down, cell `i` at `i % N`. Zero where there was no price.
    pub closed: [Price; N],
}

impl<const N: usize, const WIDTH: u64> Cells<N, WIDTH> {
    const KEPT: u64 = N as u64;

    /// Cells without a price.
    pub fn new() -> Self {
        Self {
            open: 0,
            growing: Mean::default(),
            closed: [Price::ZERO; N],
        }
    }

    /// Opens the cell of `now`, closing those before. Cells that were skipped have no price.
    pub fn advance(&mut self, now: u64) {
        let target = now / WIDTH;
        for _ in self.open..target.min(self.open + Self::KEPT + 1) {
            self.closed[(self.open % Self::KEPT) as usize] =
                self.growing.price_down().unwrap_or_default();
            self.growing = Mean::default();
            self.open += 1;
        }
        self.open = self.open.max(target);
    }

    /// Lets `price` count from `from`, which must not lie before what was recorded last, until `to`.
    pub fn record(&mut self, from: u64, to: u64, price: Price) -> Result<(), MathError> {
        let mut from = from;
        while from < to {
            self.advance(from);
            let until = to.min((self.open + 1) * WIDTH);
            self.growing.add(price, until - from)?;
            from = until;
        }
        Ok(())
    }

    /// The mean of closed cell `index`, if it is kept and has a price.
    pub fn mean_of(&self, index: u64) -> Option<Price> {
        let is_kept = index < self.open && self.open - index <= Self::KEPT;
        let mean = is_kept.then(|| self.closed[(index % Self::KEPT) as usize])?;
        (!mean.is_zero()).then_some(mean)
    }

    /// The mean of the last `seconds` before `now`, which lies in the open cell; the open cell must have begun less than
    /// `seconds` ago. A closed cell weighs as much as lies in that time; time without a price weighs nothing.
    pub fn mean_of_last(&self, seconds: u64, now: u64) -> Result<Mean, MathError> {
        let since = now.saturating_sub(seconds);
        let mut mean = self.growing;
        for index in since / WIDTH..self.open {
            if let Some(price) = self.mean_of(index) {
                mean.add(price, (index + 1) * WIDTH - since.max(index * WIDTH))?;
            }
        }
        Ok(mean)
    }
}
