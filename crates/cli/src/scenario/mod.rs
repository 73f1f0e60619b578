//! Scenarios: what the demo plays, as a TOML file.
//!
//! `scenarios/calm.toml` explains every field. Amounts and fractions are decimal strings, exact to the unit: amounts of
//! assets and fractions (`"0.36"` = 36 %) have 7 decimals, prices 14. Times are UTC (`2020-03-12T00:00:00Z`).

mod builtin;
mod check;
mod failures;
mod field;
mod people;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path as FilePath;

use actuary::{Assets, Price, Rate, FULL_RATE};
use serde::Deserialize;
use thiserror::Error;

pub use builtin::{built_in, NAMES};
pub use failures::{Deficit, Reference};
pub use people::{Lender, Reckless, Size};

use crate::peril::Peril;
use crate::prices::{Path, PricePoint, Prices};

/// Decimals of every asset of a scenario: those of a Stellar asset.
pub const ASSET_DECIMALS: u32 = 7;

/// A scenario that was read and checked.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What `--scenario` calls it.
    pub name: String,
    /// A headline.
    pub title: String,
    /// What it shows, in one line.
    pub summary: String,
    /// Where its numbers are publicly known from.
    pub sources: Vec<String>,
    /// What is played instead of the path of prices: a story for which the first price stays as it is, or falls when the story
    /// says so.
    pub story: Option<Story>,
    /// Which assets it is about.
    pub assets: AssetNames,
    /// Blend's parameters.
    pub platform: Platform,
    /// The hub's sources of prices, and where a feed shows something else than the market.
    pub feeds: Feeds,
    /// The loan that every twin borrower takes.
    pub loan: Loan,
    /// What covers are bought.
    pub cover: Cover,
    /// What LPs stake, in the loan asset.
    #[serde(deserialize_with = "field::assets")]
    pub lp_stake: Assets,
    /// Who lends; twins have the same deposit.
    pub lenders: Vec<Lender>,
    /// Borrowers beside the twins whose loans end badly.
    #[serde(default)]
    pub reckless: Vec<Reckless>,
    /// The collateral's reference price and what is surrendered when it fails; without it that cover is not sold.
    pub reference: Option<Reference>,
    /// What the lending platform is robbed of.
    pub deficit: Option<Deficit>,
    /// The same collateral in a market that the hub does not know well enough; cover must be refused there.
    pub refusal: Option<Refusal>,
    /// The collateral's price in the loan asset, a straight line from point to point.
    pub prices: Vec<Point>,
}

/// A story of those who govern the protocol, or are asked who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Story {
    /// Terms are changed by a vote.
    Vote,
    /// Claims go to the court.
    Dispute,
    /// Who has shown who they are gets cover.
    Kyc,
}

/// The assets of a scenario by their symbols.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssetNames {
    /// The collateral.
    pub collateral: String,
    /// What is lent, borrowed, staked and paid.
    pub loan: String,
    /// Other assets of the lending pool and their constant price in the loan asset.
    #[serde(default, deserialize_with = "field::prices")]
    pub others: BTreeMap<String, Price>,
}

/// Blend's parameters.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Platform {
    /// The collateral's factor `c`.
    #[serde(deserialize_with = "field::rate")]
    pub collateral_factor: Rate,
    /// The loan asset's factor `l`.
    #[serde(deserialize_with = "field::rate")]
    pub liability_factor: Rate,
    /// The backstop's share of the interest.
    #[serde(deserialize_with = "field::rate")]
    pub backstop_take_rate: Rate,
    /// The backstop's size as a multiple of what activates the pool.
    #[serde(deserialize_with = "field::rate")]
    pub backstop_size: Rate,
    /// The share of the backstop that is queued to leave before the story's bad debt.
    #[serde(default, deserialize_with = "field::rate")]
    pub backstop_leaving: Rate,
}

/// The sources of prices.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feeds {
    /// The hub's sources.
    pub hub: Vec<Feed>,
    /// Where a feed differs from the market for a while.
    #[serde(default)]
    pub divergences: Vec<Divergence>,
}

/// A feed of prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Feed {
    /// Reflector's.
    Reflector,
    /// RedStone's.
    Redstone,
    /// Chainlink's.
    Chainlink,
    /// The oracle that the Blend pool itself reads; never a source of the hub.
    Blend,
}

/// A feed that shows the collateral at another price than the market's for a while.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Divergence {
    /// Which feed.
    pub feed: Feed,
    /// The first moment, unix seconds.
    #[serde(deserialize_with = "field::time")]
    pub from: u64,
    /// The first moment after it, unix seconds.
    #[serde(deserialize_with = "field::time")]
    pub until: u64,
    /// What it shows.
    #[serde(deserialize_with = "field::price")]
    pub price: Price,
}

/// The twins' loan.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Loan {
    /// What the collateral is worth at the first price, in the loan asset.
    #[serde(deserialize_with = "field::assets")]
    pub collateral_value: Assets,
    /// The debt's share of that value.
    #[serde(deserialize_with = "field::rate")]
    pub ltv: Rate,
    /// The health factor from which a borrower pays an advance back out of their own pocket.
    #[serde(deserialize_with = "field::rate")]
    pub pay_back_at_health: Rate,
}

/// What covers are bought.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cover {
    /// The term, 1 to 13 weeks.
    pub weeks: u32,
    /// The advance's limit, as a share of the debt.
    #[serde(deserialize_with = "field::rate")]
    pub advance_limit: Rate,
    /// The grant's limit, as a share of the collateral's value.
    #[serde(deserialize_with = "field::rate")]
    pub grant_limit: Rate,
    /// What a liquidation's penalty is covered up to, as a share of the debt.
    #[serde(default = "tenth", deserialize_with = "field::rate")]
    pub liquidation_limit: Rate,
    /// Which covers there is a twin for.
    #[serde(default = "usual_kinds")]
    pub kinds: Vec<Peril>,
    /// How a payout helps.
    pub payout: Payout,
    /// After how many days a further borrower, who needs the cover no longer, cancels it.
    pub cancelled_after_days: Option<u32>,
}

fn tenth() -> Rate {
    Rate::from_raw(FULL_RATE / 10)
}

fn usual_kinds() -> Vec<Peril> {
    vec![Peril::Advance, Peril::Grant, Peril::Liquidation]
}

/// How a payout helps the position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Payout {
    /// It repays debt.
    Repay,
    /// It buys collateral on the DEX and deposits it; repays where the DEX is too expensive.
    BuyCollateral,
}

/// The market in which cover must be refused.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// The hub's sources of the collateral there; fewer than two.
    pub hub: Vec<Feed>,
}

/// A price at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// Unix seconds.
    #[serde(deserialize_with = "field::time")]
    pub at: u64,
    /// The collateral's price in the loan asset.
    #[serde(deserialize_with = "field::price")]
    pub price: Price,
}

/// A scenario that cannot be played.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ScenarioError {
    /// No built-in one has this name.
    #[error("no scenario is called {name:?}\n  to do: name one of {}, or a file that ends in .toml", NAMES.join(", "))]
    Unknown {
        /// The name.
        name: String,
    },
    /// The file cannot be read.
    #[error(
        "{file}: cannot be read: {reason}\n  to do: check the path and that you may read the file"
    )]
    Unreadable {
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
    /// The file is no TOML of a scenario.
    #[error("{file}: {reason}\n  to do: start from a built-in scenario, `vangnet scenarios --show calm`")]
    Malformed {
        /// The file.
        file: String,
        /// What and where.
        reason: String,
    },
    /// A field makes no sense.
    #[error("{file}: `{field}` {problem}")]
    Invalid {
        /// The file.
        file: String,
        /// The field.
        field: &'static str,
        /// What it must be.
        problem: &'static str,
    },
    /// A story was given prices.
    #[error(
        "scenario {name} is a story that no prices are played in\n  \
         to do: leave out --prices, or choose a scenario of prices such as eth-2020-03-12"
    )]
    Priceless {
        /// The scenario.
        name: String,
    },
    /// A scenario with fixed dates was given other prices.
    #[error(
        "scenario {name} has events at fixed dates, so its prices cannot be replaced\n  \
         to do: leave out --prices, or choose a scenario without dates such as eth-2020-03-12"
    )]
    Dated {
        /// The scenario.
        name: String,
    },
}

impl Scenario {
    /// The scenario `text`, checked; `file` is what errors call it.
    ///
    /// # Errors
    /// [`ScenarioError::Malformed`], [`ScenarioError::Invalid`].
    pub fn parse(text: &str, file: &str) -> Result<Self, ScenarioError> {
        let scenario: Self = toml::from_str(text).map_err(|error| ScenarioError::Malformed {
            file: file.to_owned(),
            reason: error.to_string().trim_end().to_owned(),
        })?;
        check::check(&scenario).map_err(|(field, problem)| ScenarioError::Invalid {
            file: file.to_owned(),
            field,
            problem,
        })?;
        Ok(scenario)
    }

    /// The built-in scenario of that name, or the one in that file, which ends in `.toml`.
    ///
    /// # Errors
    /// [`ScenarioError`].
    pub fn find(name_or_file: &str) -> Result<Self, ScenarioError> {
        if !name_or_file.ends_with(".toml") {
            let unknown = || ScenarioError::Unknown {
                name: name_or_file.to_owned(),
            };
            return built_in(name_or_file)
                .ok_or_else(unknown)
                .and_then(|text| Self::parse(text, name_or_file));
        }
        let text = std::fs::read_to_string(FilePath::new(name_or_file)).map_err(|error| {
            ScenarioError::Unreadable {
                file: name_or_file.to_owned(),
                reason: error.to_string(),
            }
        })?;
        Self::parse(&text, name_or_file)
    }

    /// The scenario's own path of prices.
    pub fn path(&self) -> Path {
        let points: Vec<PricePoint> = self
            .prices
            .iter()
            .map(|point| PricePoint {
                time: point.at,
                price: point.price,
            })
            .collect();
        Path::through(&points)
    }

    /// The scenario's own prices, as if read from a file.
    pub fn prices(&self) -> Prices {
        Prices {
            path: self.path(),
            rows: self.prices.len() as u64,
            notes: Vec::new(),
        }
    }

    /// Whether something happens at a fixed date, so that only its own prices fit.
    pub fn is_dated(&self) -> bool {
        self.deficit.is_some()
            || !self.feeds.divergences.is_empty()
            || self.reckless.iter().any(|borrower| borrower.at.is_some())
    }

    /// Checks that other prices than its own may be played.
    ///
    /// # Errors
    /// [`ScenarioError::Priceless`], [`ScenarioError::Dated`].
    pub fn check_replaceable_prices(&self) -> Result<(), ScenarioError> {
        if self.story.is_some() {
            return Err(ScenarioError::Priceless {
                name: self.name.clone(),
            });
        }
        if self.is_dated() {
            return Err(ScenarioError::Dated {
                name: self.name.clone(),
            });
        }
        Ok(())
    }

    /// What `feed` shows at `time` where the market's price is `market`.
    pub fn shown_by(&self, feed: Feed, time: u64, market: Price) -> Price {
        self.feeds
            .divergences
            .iter()
            .find(|other| other.feed == feed && (other.from..other.until).contains(&time))
            .map_or(market, |other| other.price)
    }
}
