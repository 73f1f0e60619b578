//! Numbers as people read them: `1 234.50 USDC`, `12.5 %`, `1.05`. One way to write each, so that a text can be searched.

use actuary::price::PRICE_DECIMALS;
use actuary::{Assets, Price, Rate};
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// Decimals of an amount: those of a Stellar asset.
const ASSET_DECIMALS: usize = 7;
/// Decimals of a rate: 1e7 = 100 %.
const RATE_DECIMALS: usize = 7;
/// Decimals that an amount is written with at least.
const PLACES: usize = 2;
/// What follows an amount.
pub const UNIT: &str = " USDC";
/// What follows a percentage.
pub const PERCENT: &str = " %";

/// An amount of USDC, written as `1 234.50 USDC`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount(pub Assets);

/// A share, written as `12.5 %`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Percent(pub Rate);

/// A factor, written as `1.05`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Factor(pub Rate);

/// A price, written as `0.93`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotation(pub Price);

/// A b_rate of Blend, written as `1.05`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BRate(pub i128);

macro_rules! written_as {
    ($name:ident, $read:expr) => {
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                let read: fn(&str) -> Option<Self> = $read;
                read(&text).ok_or_else(|| {
                    D::Error::custom(format!("{text:?} is no {}", stringify!($name)))
                })
            }
        }
    };
}
written_as!(Amount, amount);
written_as!(Percent, |text| decimal(
    text.strip_suffix(PERCENT)?,
    RATE_DECIMALS - 2
)
.map(Rate::from_raw)
.map(Self));
written_as!(Factor, |text| decimal(text, RATE_DECIMALS)
    .map(Rate::from_raw)
    .map(Self));
written_as!(Quotation, |text| decimal(text, PRICE_DECIMALS as usize)
    .map(Price::from_raw)
    .map(Self));
written_as!(BRate, |text| decimal(text, 12).map(Self));

/// An amount, if it is written the one way.
fn amount(text: &str) -> Option<Amount> {
    let digits: String = text.strip_suffix(UNIT)?.split(' ').collect();
    let value = decimal(&digits, ASSET_DECIMALS)?;
    (written(value) == text).then_some(Amount(Assets::from_raw(value)))
}

/// An amount with its thousands apart and at least two decimals.
pub fn written(value: i128) -> String {
    let digits = format!("{value:0>width$}", width = ASSET_DECIMALS + 1);
    let (whole, fraction) = digits.split_at(digits.len() - ASSET_DECIMALS);
    let kept = fraction.trim_end_matches('0').len().max(PLACES);
    let mut apart = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            apart.push(' ');
        }
        apart.push(digit);
    }
    format!("{apart}.{}{UNIT}", &fraction[..kept])
}

/// A plain decimal in units of 10^-`decimals`; none if it is no decimal or finer.
fn decimal(text: &str, decimals: usize) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || fraction.len() > decimals {
        return None;
    }
    let digits = format!("{whole}{fraction:0<decimals$}");
    digits
        .bytes()
        .all(|digit| digit.is_ascii_digit())
        .then(|| digits.parse().ok())?
}
