//! Rows gathered into at most [`MAX_ROWS`] candles, whatever the file's length.

use actuary::Price;

use super::row::Row;
use super::MAX_ROWS;

/// Some consecutive rows as one candle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Candle {
    /// The first row's time, unix milliseconds.
    pub begins: i64,
    /// The last row's time, unix milliseconds.
    pub last: i64,
    pub open: Price,
    pub high: Price,
    pub low: Price,
    pub close: Price,
}

impl Candle {
    pub fn merge(&mut self, later: Self) {
        self.last = later.last;
        self.high = self.high.max(later.high);
        self.low = self.low.min(later.low);
        self.close = later.close;
    }
}

impl From<Row> for Candle {
    fn from(row: Row) -> Self {
        let Row {
            time,
            open,
            high,
            low,
            close,
        } = row;
        Self {
            begins: time,
            last: time,
            open,
            high,
            low,
            close,
        }
    }
}

/// Takes rows in order. When there are too many, neighbours merge in pairs: highs and lows are kept, memory is bounded.
pub(super) struct Gathering {
    pub candles: Vec<Candle>,
    /// Rows taken so far.
    pub rows: u64,
    /// Rows in each full candle.
    pub rows_per_candle: u64,
    /// The least time between two rows, milliseconds.
    pub spacing: Option<i64>,
}

impl Gathering {
    pub const fn new() -> Self {
        Self {
            candles: Vec::new(),
            rows: 0,
            rows_per_candle: 1,
            spacing: None,
        }
    }

    pub fn push(&mut self, row: Row) {
        let is_next_to_last = !self.rows.is_multiple_of(self.rows_per_candle);
        if let Some(candle) = self.candles.last_mut() {
            let spacing = row.time - candle.last;
            self.spacing = Some(self.spacing.map_or(spacing, |least| least.min(spacing)));
            if is_next_to_last {
                candle.merge(row.into());
                self.rows += 1;
                return;
            }
        }
        if self.candles.len() == MAX_ROWS {
            self.halve();
        }
        self.candles.push(row.into());
        self.rows += 1;
    }

    fn halve(&mut self) {
        self.candles = self
            .candles
            .chunks(2)
            .filter_map(|pair| {
                let (first, rest) = pair.split_first()?;
                let mut merged = *first;
                rest.iter().for_each(|later| merged.merge(*later));
                Some(merged)
            })
            .collect();
        self.rows_per_candle *= 2;
    }
}
