//! What can be wrong with a price file, where, and what to do about it.

use std::fmt;

use thiserror::Error;

/// What is wrong with a price file. The code is stable; its text is for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PriceCode {
    /// The file cannot be opened or read.
    Unreadable,
    /// Not one row of data.
    EmptyFile,
    /// The first line names other columns.
    WrongHeader,
    /// Not UTF-8 text.
    NotText,
    /// A line beyond [`MAX_LINE_BYTES`](super::MAX_LINE_BYTES).
    LineTooLong,
    /// A row with more or fewer fields than the header.
    WrongColumns,
    /// A time that is neither ISO 8601 nor unix, or not between 1970 and 2100.
    BadTime,
    /// The same time twice.
    DuplicateTime,
    /// A time before the row above.
    BackwardTime,
    /// More than [`MAX_GAP_SECONDS`](super::MAX_GAP_SECONDS) between two rows.
    Gap,
    /// A price that is no finite decimal.
    NotANumber,
    /// A price below zero.
    NegativePrice,
    /// A price of zero, or less than 10^-14.
    ZeroPrice,
    /// A price above [`MAX_PRICE`](super::MAX_PRICE), or a jump beyond [`MAX_JUMP`](super::MAX_JUMP) times.
    AbsurdPrice,
    /// A candle whose open or close lies outside its low and high.
    BadCandle,
    /// A single row, which makes no path.
    TooFewRows,
}

impl PriceCode {
    /// The code's name, as printed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::EmptyFile => "empty-file",
            Self::WrongHeader => "wrong-header",
            Self::NotText => "not-text",
            Self::LineTooLong => "line-too-long",
            Self::WrongColumns => "wrong-columns",
            Self::BadTime => "bad-time",
            Self::DuplicateTime => "duplicate-time",
            Self::BackwardTime => "backward-time",
            Self::Gap => "gap",
            Self::NotANumber => "not-a-number",
            Self::NegativePrice => "negative-price",
            Self::ZeroPrice => "zero-price",
            Self::AbsurdPrice => "absurd-price",
            Self::BadCandle => "bad-candle",
            Self::TooFewRows => "too-few-rows",
        }
    }

    /// What to do about it.
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Unreadable => "check the path and that you may read the file",
            Self::EmptyFile => "put the header `time,price` on the first line and a row per price below it",
            Self::WrongHeader => {
                "make the first line `time,price` or `date,open,high,low,close,volume`, separated by commas"
            }
            Self::NotText => "save it as plain CSV in UTF-8; unpack it first if it is compressed (gunzip FILE)",
            Self::LineTooLong => "break the file into one row per line",
            Self::WrongColumns => "give the row as many fields as the header, and numbers no thousands separators",
            Self::BadTime => {
                "write ISO 8601 (2020-03-12 or 2020-03-12T14:00:00Z) or unix seconds or milliseconds, 1970 to 2100"
            }
            Self::DuplicateTime => "keep one row per time",
            Self::BackwardTime => "sort the rows by time, oldest first",
            Self::Gap => "add the missing rows, or pass --fill to draw a straight line across gaps",
            Self::NotANumber => "write the price as a plain decimal such as 195.55, or remove the row",
            Self::NegativePrice | Self::ZeroPrice => "correct the price or remove the row: prices are above zero",
            Self::AbsurdPrice => "check the row's unit and decimal point, or remove it",
            Self::BadCandle => "check the order of the columns: low <= open, close <= high",
            Self::TooFewRows => "give at least two rows, so that there is a path to walk",
        }
    }
}

impl fmt::Display for PriceCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A price file that cannot be used: where, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{file}{}: {problem} ({code})\n  to do: {}", line.map(|line| format!(":{line}")).unwrap_or_default(), code.hint())]
pub struct PriceError {
    /// The file as it was named.
    pub file: String,
    /// The line, counted from 1; `None` when the file as a whole is meant.
    pub line: Option<u64>,
    /// What is wrong.
    pub code: PriceCode,
    /// What is wrong here, in words.
    pub problem: String,
}

/// A [`PriceError`] before file and line are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub code: PriceCode,
    pub problem: String,
}

impl Fault {
    pub fn new(code: PriceCode, problem: impl Into<String>) -> Self {
        Self {
            code,
            problem: problem.into(),
        }
    }

    pub fn at(self, file: &str, line: Option<u64>) -> PriceError {
        PriceError {
            file: file.to_owned(),
            line,
            code: self.code,
            problem: self.problem,
        }
    }
}
