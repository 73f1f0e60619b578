//! Prices to play: from a user's CSV, or a scenario's points, to a path of 5-minute steps.
//!
//! Exact decimals all the way, 14 decimals, no floats. A file is streamed, so its length is bounded only by patience.

mod error;
mod resample;
mod row;
mod walk;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use actuary::time::{DAY, HOUR};
use actuary::Price;

pub use error::{PriceCode, PriceError};

use error::Fault;
use resample::{Candle, Gathering};
use row::{Layout, Row};

/// The time between two points of a path.
pub const STEP_SECONDS: u64 = 300;
/// How long a path stays at its first price before it moves: 26 hours, what a price window wants to fill.
pub const WARM_UP_SECONDS: u64 = 26 * HOUR;
/// The longest time between two rows without `fill`.
pub const MAX_GAP_SECONDS: u64 = 7_200;
/// Rows beyond this are resampled.
pub const MAX_ROWS: usize = 100_000;
/// The longest line.
pub const MAX_LINE_BYTES: usize = 4_096;
/// The highest price: 10^9.
pub const MAX_PRICE: Price = Price::from_raw(1_000_000_000 * 100_000_000_000_000);
/// The largest change between two rows: 1000 times, either way.
pub const MAX_JUMP: i128 = 1_000;
/// The longest path beyond the warm-up: 13 weeks, the longest term of a cover.
pub const MAX_DAYS: u64 = 91;

/// A price at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PricePoint {
    /// Unix seconds.
    pub time: u64,
    /// What one unit of the asset costs.
    pub price: Price,
}

/// Prices at equal steps of [`STEP_SECONDS`], the warm-up at the first price in front.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// When the warm-up is over and the prices begin, unix seconds.
    pub begins: u64,
    /// The points, oldest first.
    pub points: Vec<PricePoint>,
}

impl Path {
    /// The path through prices at given times, a straight line from one to the next. Times ascend, at least one step
    /// apart.
    pub fn through(points: &[PricePoint]) -> Self {
        let ticks: Vec<Candle> = points
            .iter()
            .filter_map(|point| {
                let time = i64::try_from(point.time).ok()?.checked_mul(1_000)?;
                let price = point.price;
                Some(
                    Row {
                        time,
                        open: price,
                        high: price,
                        low: price,
                        close: price,
                    }
                    .into(),
                )
            })
            .collect();
        walk::through_ticks(&ticks)
    }

    /// The last point's time, unix seconds.
    pub fn ends(&self) -> u64 {
        self.points.last().map_or(self.begins, |point| point.time)
    }

    /// The lowest and the highest price; `None` without points.
    pub fn range(&self) -> Option<(Price, Price)> {
        let prices = || self.points.iter().map(|point| point.price);
        Some((prices().min()?, prices().max()?))
    }
}

/// How to read a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// Draw a straight line across gaps instead of refusing them.
    pub fill: bool,
}

/// A path out of a file, and what the reader should be told about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prices {
    /// The path.
    pub path: Path,
    /// Rows of the file.
    pub rows: u64,
    /// What was filled, resampled or cut, a sentence each.
    pub notes: Vec<String>,
}

/// Reads a price file: `time,price` or `date,open,high,low,close,volume`, times ISO 8601 or unix (s or ms).
///
/// # Errors
/// [`PriceError`], with file, line and what to do.
pub fn read_file(path: &std::path::Path, options: ReadOptions) -> Result<Prices, PriceError> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| unreadable(&error).at(&name, None))?;
    read(BufReader::new(file), &name, options)
}

/// Reads prices as [`read_file`] does, from anything; `name` is what errors call it.
///
/// # Errors
/// [`PriceError`], with name, line and what to do.
pub fn read(source: impl BufRead, name: &str, options: ReadOptions) -> Result<Prices, PriceError> {
    let mut reader = Reader {
        source,
        line: 0,
        buffer: Vec::new(),
    };
    reader.gather(options).map_err(|fault| {
        let line = (reader.line > 0 && !is_about_the_file(fault.code)).then_some(reader.line);
        fault.at(name, line)
    })
}

const fn is_about_the_file(code: PriceCode) -> bool {
    matches!(
        code,
        PriceCode::EmptyFile | PriceCode::TooFewRows | PriceCode::Unreadable
    )
}

fn unreadable(error: &io::Error) -> Fault {
    Fault::new(PriceCode::Unreadable, format!("cannot be read: {error}"))
}

struct Reader<R> {
    source: R,
    /// The line in the buffer, counted from 1.
    line: u64,
    buffer: Vec<u8>,
}

impl<R: BufRead> Reader<R> {
    fn gather(&mut self, options: ReadOptions) -> Result<Prices, Fault> {
        let header = self
            .next_line()?
            .ok_or_else(|| Fault::new(PriceCode::EmptyFile, "the file is empty"))?;
        let layout = Layout::of_header(header.strip_prefix('\u{feff}').unwrap_or(header))?;
        let mut gathering = Gathering::new();
        let mut filled = Filled::default();
        let mut previous: Option<Row> = None;
        while let Some(line) = self.next_line()? {
            let row = layout.parse(line)?;
            if let Some(before) = previous {
                check_order(before, row)?;
                check_jump(before, row)?;
                filled.check_gap(before, row, options)?;
            }
            gathering.push(row);
            previous = Some(row);
        }
        finish(layout, gathering, &filled)
    }

    /// The next line that is not blank, without its end.
    fn next_line(&mut self) -> Result<Option<&str>, Fault> {
        loop {
            self.buffer.clear();
            let limit = MAX_LINE_BYTES as u64 + 1;
            let read = self
                .source
                .by_ref()
                .take(limit)
                .read_until(b'\n', &mut self.buffer);
            if read.map_err(|error| unreadable(&error))? == 0 {
                return Ok(None);
            }
            self.line += 1;
            if !self.buffer.iter().all(u8::is_ascii_whitespace) {
                break;
            }
        }
        line_text(&self.buffer).map(Some)
    }
}

fn line_text(bytes: &[u8]) -> Result<&str, Fault> {
    let not_text = || Fault::new(PriceCode::NotText, "the line is not UTF-8 text");
    let too_long = || {
        Fault::new(
            PriceCode::LineTooLong,
            format!("the line is longer than {MAX_LINE_BYTES} bytes"),
        )
    };
    if bytes.contains(&0) {
        return Err(not_text());
    }
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_some() => Err(not_text()),
        _ if bytes.len() > MAX_LINE_BYTES => Err(too_long()),
        Ok(text) => Ok(text.trim_ascii()),
        Err(_) => Err(not_text()),
    }
}

fn check_order(before: Row, row: Row) -> Result<(), Fault> {
    if row.time == before.time {
        return Err(Fault::new(
            PriceCode::DuplicateTime,
            "the row has the time of the row above",
        ));
    }
    if row.time < before.time {
        return Err(Fault::new(
            PriceCode::BackwardTime,
            "the row is earlier than the row above",
        ));
    }
    Ok(())
}

fn check_jump(before: Row, row: Row) -> Result<(), Fault> {
    let is_absurd = |price: Price| {
        let (low, high) = (before.close.min(price), before.close.max(price));
        high.raw() > low.raw() * MAX_JUMP
    };
    if is_absurd(row.high) || is_absurd(row.low) {
        return Err(Fault::new(
            PriceCode::AbsurdPrice,
            format!("the price moves more than {MAX_JUMP} times from the row above"),
        ));
    }
    Ok(())
}

/// Gaps that were filled.
#[derive(Default)]
struct Filled {
    gaps: u64,
    longest_seconds: u64,
}

impl Filled {
    fn check_gap(&mut self, before: Row, row: Row, options: ReadOptions) -> Result<(), Fault> {
        let seconds = u64::try_from(row.time - before.time)
            .unwrap_or(0)
            .div_ceil(1_000);
        if seconds <= MAX_GAP_SECONDS {
            return Ok(());
        }
        if !options.fill {
            return Err(Fault::new(
                PriceCode::Gap,
                format!(
                    "the row is {} after the row above, over 2 h",
                    hours_and_minutes(seconds)
                ),
            ));
        }
        self.gaps += 1;
        self.longest_seconds = self.longest_seconds.max(seconds);
        Ok(())
    }
}

fn finish(layout: Layout, gathering: Gathering, filled: &Filled) -> Result<Prices, Fault> {
    let Gathering {
        candles,
        rows,
        rows_per_candle,
        spacing,
    } = gathering;
    if rows == 0 {
        return Err(Fault::new(
            PriceCode::EmptyFile,
            "the file has a header and no rows",
        ));
    }
    let spacing =
        spacing.ok_or_else(|| Fault::new(PriceCode::TooFewRows, "the file has a single row"))?;
    let mut notes = Vec::new();
    if filled.gaps > 0 {
        notes.push(format!(
            "{} over 2 h filled with a straight line, the longest {}",
            counted(filled.gaps, "gap"),
            hours_and_minutes(filled.longest_seconds)
        ));
    }
    if rows_per_candle > 1 {
        notes.push(format!(
            "{rows} rows resampled to {} candles of {rows_per_candle} rows, highs and lows kept",
            candles.len()
        ));
    }
    let are_points =
        layout == Layout::Ticks && rows_per_candle == 1 && spacing >= STEP_SECONDS as i64 * 1_000;
    let path = if are_points {
        walk::through_ticks(&candles)
    } else {
        walk::through_candles(&candles, spacing)
    };
    notes.extend(note_of_cut(&candles));
    Ok(Prices { path, rows, notes })
}

fn note_of_cut(candles: &[Candle]) -> Option<String> {
    let seconds = u64::try_from(candles.last()?.last - candles.first()?.begins).ok()? / 1_000;
    let days = seconds / DAY;
    (seconds > MAX_DAYS * DAY).then(|| {
        format!("the first {MAX_DAYS} of {days} days are played; cut the file to play others")
    })
}

/// Rounded up to the minute.
fn hours_and_minutes(seconds: u64) -> String {
    let minutes = seconds.div_ceil(60);
    format!("{} h {:02} min", minutes / 60, minutes % 60)
}

fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
