//! Who lends, and whose loans end badly.

use actuary::{Assets, Rate};
use serde::Deserialize;

use super::field;

/// A lender.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lender {
    /// Who.
    pub name: String,
    /// What they lend.
    pub asset: String,
    /// How much.
    #[serde(deserialize_with = "field::assets")]
    pub deposit: Assets,
    /// The limit of the insured vault's cover, as a share of the deposit; without it the lender lends on Blend uninsured.
    #[serde(default, deserialize_with = "field::optional_rate")]
    pub insured_limit: Option<Rate>,
}

/// A borrower whose loan ends badly.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reckless {
    /// Who.
    pub name: String,
    /// When they borrow, unix seconds; without it, together with the twins.
    #[serde(default, deserialize_with = "field::optional_time")]
    pub at: Option<u64>,
    /// The collateral.
    pub collateral: Size,
    /// The asset they borrow; without it, the loan asset.
    pub asset: Option<String>,
    /// The debt.
    pub debt: Size,
    /// Liquidators come late: only once the health factor is below this.
    #[serde(deserialize_with = "field::rate")]
    pub liquidated_below_health: Rate,
    /// On the market: over how many loans it is spread, since cover of one loan is at most a part of the LPs' capital.
    #[serde(default = "one")]
    pub loans: u32,
    /// On the market: up to which share of the debt each of them is insured against default.
    #[serde(default, deserialize_with = "field::optional_rate")]
    pub default_limit: Option<Rate>,
}

const fn one() -> u32 {
    1
}

/// How large something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Size {
    /// So many of the asset.
    Amount(#[serde(deserialize_with = "field::assets")] Assets),
    /// Worth so much of the loan asset at the first price.
    Value(#[serde(deserialize_with = "field::assets")] Assets),
    /// For a debt: so large a share of the collateral's value at the first price.
    Ltv(#[serde(deserialize_with = "field::rate")] Rate),
}
