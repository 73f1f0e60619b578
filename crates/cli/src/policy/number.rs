//! Numbers as people read them. Thousands are set apart by spaces in every language, since `1.234` and `1,234` mean different
//! things to different readers; the decimal sign is the language's.

use actuary::{Price, Rate};
use time::format_description::well_known::Rfc3339;
use time::OffsetDateTime;

use crate::decimal;

/// Decimals that an amount is written with at least.
const PLACES: usize = 2;
/// Decimals of a percentage in 1e7 = 100 %.
const PERCENT_DECIMALS: u32 = 5;
/// Decimals of a factor in 1e7 = 1.
const FACTOR_DECIMALS: u32 = 7;

/// How a language writes numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numerals {
    /// The decimal sign.
    pub decimal_sign: char,
}

impl Numerals {
    /// An amount in full, to its smallest unit: `1 234.50`.
    pub fn amount(self, value: i128, decimals: u32) -> String {
        let plain = decimal::format(value, decimals);
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let places = PLACES.min(decimals as usize);
        let whole = apart(whole);
        if fraction.is_empty() && places == 0 {
            whole
        } else {
            format!("{whole}{}{fraction:0<places$}", self.decimal_sign)
        }
    }

    /// A rate: `12.5 %`.
    pub fn percent(self, rate: Rate) -> String {
        self.percent_of(rate.raw(), PERCENT_DECIMALS)
    }

    /// A rate of about so much, in hundredths of a percent: `1.80 %`.
    pub fn about_percent(self, hundredths: i128) -> String {
        format!("{} %", self.amount(hundredths, 2))
    }

    /// A factor: `1.05`.
    pub fn factor(self, factor: Rate) -> String {
        self.signed(&decimal::format(factor.raw(), FACTOR_DECIMALS))
    }

    /// A price: `0.0835`.
    pub fn price(self, price: Price) -> String {
        self.signed(&decimal::format(
            price.raw(),
            actuary::price::PRICE_DECIMALS,
        ))
    }

    fn percent_of(self, value: i128, decimals: u32) -> String {
        format!("{} %", self.signed(&decimal::format(value, decimals)))
    }

    fn signed(self, plain: &str) -> String {
        plain.replace('.', &self.decimal_sign.to_string())
    }
}

/// A moment in UTC, ISO 8601: `2026-03-02T10:00:00Z`.
pub fn moment(seconds: u64) -> String {
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .and_then(|moment| moment.format(&Rfc3339).ok())
        .unwrap_or_else(|| seconds.to_string())
}

fn apart(whole: &str) -> String {
    let mut apart = String::with_capacity(whole.len() * 4 / 3);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            apart.push(' ');
        }
        apart.push(digit);
    }
    apart
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: Numerals = Numerals { decimal_sign: '.' };
    const DUTCH: Numerals = Numerals { decimal_sign: ',' };

    #[test]
    fn amounts_are_written_to_the_last_unit() {
        assert_eq!(ENGLISH.amount(12_345_000_000, 7), "1 234.50");
        assert_eq!(DUTCH.amount(12_345_000_000, 7), "1 234,50");
        assert_eq!(ENGLISH.amount(10_000_000_000_001, 7), "1 000 000.0000001");
        assert_eq!(ENGLISH.amount(0, 7), "0.00");
        assert_eq!(
            ENGLISH.amount(1_234, 0),
            "1 234",
            "an asset without decimals"
        );
        assert_eq!(ENGLISH.amount(12, 1), "1.2", "an asset with one");
    }

    #[test]
    fn rates_and_factors_are_exact() {
        assert_eq!(ENGLISH.percent(Rate::from_raw(1_234_567)), "12.34567 %");
        assert_eq!(DUTCH.percent(Rate::from_raw(50_000)), "0,5 %");
        assert_eq!(DUTCH.factor(Rate::from_raw(10_500_000)), "1,05");
        assert_eq!(ENGLISH.about_percent(180), "1.80 %");
        assert_eq!(DUTCH.price(Price::from_raw(8_350_000_000_000)), "0,0835");
    }

    #[test]
    fn moments_are_utc() {
        assert_eq!(moment(1_772_445_600), "2026-03-02T10:00:00Z");
    }
}
