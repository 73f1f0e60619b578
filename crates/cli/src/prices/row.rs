//! One line of a price file.

use actuary::price::PRICE_DECIMALS;
use actuary::Price;
use time::format_description::well_known::Rfc3339;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime};

use super::error::{Fault, PriceCode};
use super::MAX_PRICE;
use crate::decimal::{self, DecimalError};

/// Unix times from here on are milliseconds: as seconds it would be the year 5138.
const FIRST_MILLISECONDS: i64 = 100_000_000_000;
/// 2100-01-01, in milliseconds.
const END_OF_TIME: i64 = 4_102_444_800_000;

/// Prices at a time: a candle, or one price four times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Unix milliseconds.
    pub time: i64,
    pub open: Price,
    pub high: Price,
    pub low: Price,
    pub close: Price,
}

/// Which columns a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// `time,price`
    Ticks,
    /// `date,open,high,low,close,volume`
    Candles,
}

impl Layout {
    pub fn of_header(line: &str) -> Result<Self, Fault> {
        let names: Vec<String> = fields(line).map(str::to_ascii_lowercase).collect();
        match names.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["time", "price"] => Ok(Self::Ticks),
            ["date", "open", "high", "low", "close", "volume"] => Ok(Self::Candles),
            _ => Err(Fault::new(
                PriceCode::WrongHeader,
                format!(
                    "the first line is {:?}, not a header of prices",
                    shortened(line)
                ),
            )),
        }
    }

    pub fn parse(self, line: &str) -> Result<Row, Fault> {
        let fields: Vec<&str> = fields(line).collect();
        match (self, &fields[..]) {
            (Self::Ticks, [time, price]) => {
                let price = parse_price("price", price)?;
                Ok(Row {
                    time: parse_time(time)?,
                    open: price,
                    high: price,
                    low: price,
                    close: price,
                })
            }
            (Self::Candles, [time, open, high, low, close, _volume]) => checked_candle(Row {
                time: parse_time(time)?,
                open: parse_price("open", open)?,
                high: parse_price("high", high)?,
                low: parse_price("low", low)?,
                close: parse_price("close", close)?,
            }),
            (Self::Ticks, _) => Err(wrong_columns(fields.len(), 2)),
            (Self::Candles, _) => Err(wrong_columns(fields.len(), 6)),
        }
    }
}

fn fields(line: &str) -> impl Iterator<Item = &str> {
    line.split(',').map(|field| field.trim().trim_matches('"'))
}

fn wrong_columns(found: usize, expected: usize) -> Fault {
    Fault::new(
        PriceCode::WrongColumns,
        format!("the row has {found} fields, not {expected}"),
    )
}

fn checked_candle(row: Row) -> Result<Row, Fault> {
    let spans = |price: Price| row.low <= price && price <= row.high;
    if spans(row.open) && spans(row.close) {
        return Ok(row);
    }
    Err(Fault::new(
        PriceCode::BadCandle,
        "open or close lies outside low and high",
    ))
}

fn parse_price(column: &str, text: &str) -> Result<Price, Fault> {
    let fault = |code, problem: &str| {
        Err(Fault::new(
            code,
            format!("{column} {:?} {problem}", shortened(text)),
        ))
    };
    match decimal::parse_down(text, PRICE_DECIMALS) {
        Err(DecimalError::TooLarge) => fault(PriceCode::AbsurdPrice, "is beyond any price"),
        Err(_) => fault(PriceCode::NotANumber, "is not a number"),
        Ok(_) if text.starts_with('-') => fault(PriceCode::NegativePrice, "is negative"),
        Ok(0) => fault(PriceCode::ZeroPrice, "is zero"),
        Ok(raw) if raw > MAX_PRICE.raw() => fault(PriceCode::AbsurdPrice, "is above 1,000,000,000"),
        Ok(raw) => Ok(Price::from_raw(raw)),
    }
}

fn parse_time(text: &str) -> Result<i64, Fault> {
    let milliseconds = match text.parse::<i64>() {
        Ok(unix) if unix >= FIRST_MILLISECONDS => Some(unix),
        Ok(unix) => unix.checked_mul(1_000),
        Err(_) => parse_iso(text),
    };
    milliseconds
        .filter(|time| (0..END_OF_TIME).contains(time))
        .ok_or_else(|| {
            Fault::new(
                PriceCode::BadTime,
                format!("{:?} is not a time", shortened(text)),
            )
        })
}

fn parse_iso(text: &str) -> Option<i64> {
    const SPACED: &[BorrowedFormatItem<'_>] = format_description!(
        version = 2,
        "[year]-[month]-[day][first [T][ ]][hour]:[minute][optional [:[second]]]"
    );
    const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

    let moment = OffsetDateTime::parse(&text.replacen(' ', "T", 1), &Rfc3339)
        .or_else(|_| PrimitiveDateTime::parse(text, SPACED).map(PrimitiveDateTime::assume_utc))
        .or_else(|_| Date::parse(text, DAY).map(|day| day.midnight().assume_utc()))
        .ok()?;
    i64::try_from(moment.unix_timestamp_nanos() / 1_000_000).ok()
}

/// A foreign text as a message can bear it.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_iso_or_unix_in_seconds_or_milliseconds() {
        let noon = 1_584_014_400_000;
        for text in [
            "1584014400",
            "1584014400000",
            "2020-03-12T12:00:00Z",
            "2020-03-12 12:00:00",
            "2020-03-12T12:00",
            "2020-03-12 12:00:00Z",
            "2020-03-12T14:00:00.000+02:00",
        ] {
            assert_eq!(parse_time(text), Ok(noon), "{text}");
        }
        assert_eq!(
            parse_time("2020-03-12"),
            Ok(noon - 43_200_000),
            "a day starts at midnight UTC"
        );
    }

    #[test]
    fn times_outside_1970_to_2100_are_refused() {
        for text in [
            "-1",
            "1969-12-31",
            "2100-01-01",
            "9999999999999999",
            "noon",
            "",
            "2020-13-01",
            "12/03/2020",
        ] {
            assert_eq!(
                parse_time(text).map_err(|fault| fault.code),
                Err(PriceCode::BadTime),
                "{text}"
            );
        }
    }
}
