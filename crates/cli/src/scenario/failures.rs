//! What may fail beside prices: the collateral asset, and the lending platform.

use actuary::{Assets, Price, Rate, FULL_RATE};
use serde::Deserialize;

use super::field;

/// What collateral stands for that may fail.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// Its reference price in the loan asset.
    #[serde(deserialize_with = "field::price")]
    pub price: Price,
    /// The share of the collateral that the twin with this cover surrenders once it has failed.
    #[serde(deserialize_with = "field::rate")]
    pub surrendered: Rate,
}

impl Reference {
    /// What is surrendered of so much collateral, rounded down.
    pub const fn surrendered_of(&self, collateral: i128) -> i128 {
        collateral * self.surrendered.raw() / FULL_RATE
    }
}

/// What a lending platform is robbed of, and how its lenders are insured against that.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deficit {
    /// When, unix seconds.
    #[serde(deserialize_with = "field::time")]
    pub at: u64,
    /// How much of the loan asset is gone.
    #[serde(deserialize_with = "field::assets")]
    pub stolen: Assets,
    /// On the market: the limit of the lenders' cover. On Blend each vault has its own.
    #[serde(deserialize_with = "field::assets")]
    pub limit: Assets,
}
