//! Fields of a scenario: exact decimals in strings, times as dates.

use std::collections::BTreeMap;

use actuary::price::PRICE_DECIMALS;
use actuary::{Assets, Price, Rate};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use time::format_description::well_known::Rfc3339;
use time::OffsetDateTime;
use toml::value::Datetime;

use super::ASSET_DECIMALS;
use crate::decimal;

/// Decimals of a rate: 1e7 = 100 %.
const RATE_DECIMALS: u32 = 7;

pub fn assets<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Assets, D::Error> {
    decimal(&String::deserialize(deserializer)?, ASSET_DECIMALS).map(Assets::from_raw)
}

pub fn rate<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Rate, D::Error> {
    decimal(&String::deserialize(deserializer)?, RATE_DECIMALS).map(Rate::from_raw)
}

pub fn optional_rate<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Rate>, D::Error> {
    rate(deserializer).map(Some)
}

pub fn price<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Price, D::Error> {
    decimal(&String::deserialize(deserializer)?, PRICE_DECIMALS).map(Price::from_raw)
}

pub fn prices<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, Price>, D::Error> {
    BTreeMap::<String, String>::deserialize(deserializer)?
        .into_iter()
        .map(|(asset, text)| Ok((asset, Price::from_raw(decimal(&text, PRICE_DECIMALS)?))))
        .collect()
}

pub fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let written = Datetime::deserialize(deserializer)?.to_string();
    OffsetDateTime::parse(&written, &Rfc3339)
        .ok()
        .and_then(|moment| u64::try_from(moment.unix_timestamp()).ok())
        .ok_or_else(|| {
            D::Error::custom(format!(
                "{written} is no moment such as 2020-03-12T00:00:00Z"
            ))
        })
}

pub fn optional_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    time(deserializer).map(Some)
}

/// A decimal of zero or more.
fn decimal<E: Error>(text: &str, decimals: u32) -> Result<i128, E> {
    match decimal::parse_exact(text, decimals) {
        Ok(value) if value < 0 => Err(E::custom(format!("{text:?} is negative"))),
        Ok(value) => Ok(value),
        Err(error) => Err(E::custom(format!("{text:?} {error} ({decimals} decimals)"))),
    }
}
