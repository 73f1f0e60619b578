//! The result of a demo: what `--json` prints, and what tables and report are made of.
//!
//! Amounts are decimal strings in the smallest unit of the `asset` beside them; [`Run::decimals`] says how many make a
//! whole. Times are unix seconds, health factors numbers (1.05).

mod governance;
mod peril;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use actuary::{Price, Rate, FULL_RATE};
use serde::{Serialize, Serializer};
use time::macros::format_description;
use time::OffsetDateTime;

use crate::peril::Peril;

pub use governance::{
    Body, Call, Choice, Decider, Dispute, DisputeKind, Governed, Moment, Outcome, Proposal,
    Refused, Voter, Votes,
};
pub use peril::{Claim, PerilOutcome, Perils};

/// An amount in the smallest unit of its asset; written as a decimal string.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(pub i128);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A moment for reading, UTC: `2020-03-12 14:00`.
pub(crate) fn date(time: u64) -> String {
    let form = format_description!("[year]-[month]-[day] [hour]:[minute]");
    i64::try_from(time)
        .ok()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .and_then(|moment| moment.format(form).ok())
        .unwrap_or_else(|| time.to_string())
}

/// A health factor; written as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Health(pub Rate);

impl Serialize for Health {
    // A float only in writing: JSON has no other numbers.
    #[allow(clippy::cast_precision_loss)]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0.raw() as f64 / FULL_RATE as f64)
    }
}

/// Everything a demo found out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Run {
    /// The scenario's name.
    pub scenario: String,
    /// The scenario's headline.
    pub title: String,
    /// The lending platform.
    pub platform: Platform,
    /// What the reader should know of the prices: what was filled, resampled or cut.
    pub notes: Vec<String>,
    /// Decimals of each asset.
    pub decimals: BTreeMap<String, u32>,
    /// What became of each peril.
    pub perils: Perils,
    /// The seven steps of an insured loan, or those of the story.
    pub steps: Vec<Step>,
    /// What token holders voted on.
    pub governance: Vec<Proposal>,
    /// The claims that went to the court.
    pub disputes: Vec<Dispute>,
    /// What was tried and refused in a story of votes, disputes or identities.
    pub refusals: Vec<Refused>,
    /// The twin borrowers.
    pub borrowers: Vec<Participant>,
    /// The twin lenders.
    pub lenders: Vec<Participant>,
    /// The liquidity providers together.
    pub lp: Liquidity,
    /// Where every unit went.
    pub conservation: Conservation,
    /// Each invariant by its id: held, broken, or not observable in one run.
    pub invariants: BTreeMap<String, Option<bool>>,
    /// What the calls cost.
    pub costs: Vec<Cost>,
    /// How large the contracts are.
    pub wasm: Vec<Wasm>,
    /// What the plots of the report show; not part of the JSON.
    #[serde(skip)]
    pub series: Series,
}

/// Several runs; what `--all --json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Runs {
    /// Each as the JSON of a single one.
    pub runs: Vec<Run>,
}

impl Run {
    /// Whether not a unit is missing and no invariant is broken.
    pub fn is_sound(&self) -> bool {
        self.conservation.residual == Amount(0)
            && !self.invariants.values().any(|holds| *holds == Some(false))
    }

    /// The decimals of `asset`; those of a Stellar asset when nothing else is known.
    pub fn decimals_of(&self, asset: &str) -> u32 {
        self.decimals
            .get(asset)
            .copied()
            .unwrap_or(crate::scenario::ASSET_DECIMALS)
    }
}

/// A lending platform that the demo plays on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// Blend v2, as on mainnet.
    Blend,
    /// The loan market of our own.
    Market,
}

impl Platform {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Blend, Self::Market];

    /// Its name, as in the JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Blend => "blend",
            Self::Market => "market",
        }
    }
}

/// One of the steps of an insured loan, or of a story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// From 1 on.
    pub step: u8,
    /// What happens.
    pub title: String,
    /// What was seen, in order.
    pub facts: Facts,
}

/// What was seen, as names and values; written as an object in this order, where the values of one name are joined by "; ".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts(pub Vec<(String, String)>);

impl Facts {
    /// Adds a fact.
    pub fn add(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }
}

impl Serialize for Facts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut joined: Vec<(&str, String)> = Vec::new();
        for (name, value) in &self.0 {
            match joined.iter_mut().find(|(other, _)| other == name) {
                Some((_, also)) => also.push_str(&format!("; {value}")),
                None => joined.push((name, value.clone())),
            }
        }
        serializer.collect_map(joined)
    }
}

/// A borrower or a lender, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Participant {
    /// Who.
    pub name: String,
    /// Whether they have cover.
    pub insured: bool,
    /// Which cover; null without one.
    pub peril: Option<Peril>,
    /// Whether liquidators took any of the position; never true for lenders.
    pub liquidated: bool,
    /// The asset of every amount here.
    pub asset: String,
    /// What they owned at the start: collateral or deposit less debt, and the wallet.
    pub before: Amount,
    /// The same at the end.
    pub after: Amount,
    /// What was lost before anything that cover gave: of a deposit, its part of the defaulted debt and of what was stolen; of a loan,
    /// `before - after - premium` and the grants on top, so the fall of the price, penalties and interest.
    pub loss: Amount,
    /// What cover paid: the sum of the payouts, advances included.
    pub paid_by_cover: Amount,
    /// What the cover cost, refunds taken off.
    pub premium: Amount,
    /// The cover's limit as sold.
    pub limit: Amount,
    /// The limit at the end.
    pub limit_left: Amount,
    /// Each payment of the cover, oldest first.
    pub payouts: Vec<Payout>,
    /// The revolving advance; null without one.
    pub advance: Option<Advance>,
}

/// A payment of a cover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Payout {
    /// When, unix seconds.
    pub time: u64,
    /// The asset of the amount.
    pub asset: String,
    /// How much.
    pub amount: Amount,
    /// The health factor right before; null for a lender.
    pub health_before: Option<Health>,
    /// The health factor right after; null for a lender.
    pub health_after: Option<Health>,
}

/// What became of an advance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Advance {
    /// The asset of the amounts.
    pub asset: String,
    /// Principal drawn in all.
    pub drawn: Amount,
    /// Principal and fees paid back in all.
    pub repaid: Amount,
    /// Principal and fees still owed.
    pub owed: Amount,
}

/// The liquidity providers together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Liquidity {
    /// The asset of the amounts.
    pub asset: String,
    /// What they staked, and the unit that opened the pool.
    pub staked: Amount,
    /// The premiums that were paid in, fees included.
    pub premiums: Amount,
    /// The protocol's fee of them.
    pub fees: Amount,
    /// The refunds of cancelled covers.
    pub refunds: Amount,
    /// What claims and advances cost them: paid and drawn, less what came back, what surrendered collateral was sold for and
    /// what the reserve bore.
    pub claims: Amount,
    /// What lost bonds of appeals brought them.
    pub bonds: Amount,
    /// What they left with.
    pub exit: Amount,
    /// What is left of their capital: exactly `staked + premiums + bonds - fees - refunds - claims - exit`.
    pub left: Amount,
}

/// The pool's books, end to end: `in = out + held + residual`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conservation {
    /// The asset of the amounts.
    pub asset: String,
    /// All that came into the pool.
    #[serde(rename = "in")]
    pub received: Amount,
    /// All that left it.
    #[serde(rename = "out")]
    pub sent: Amount,
    /// What it holds at the end.
    pub held: Amount,
    /// What is unexplained: 0.
    pub residual: Amount,
}

/// What a call costs on the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// The call.
    pub operation: String,
    /// CPU instructions.
    pub instructions: u64,
    /// Ledger entries written.
    pub entries: u32,
    /// Bytes written.
    pub bytes: u32,
    /// Bytes of events.
    pub events: u32,
}

/// How large a contract is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Wasm {
    /// Its crate.
    pub contract: String,
    /// Its size.
    pub bytes: u64,
}

/// What happened over time, for plots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series {
    /// The collateral's price in the market, and what the lending pool's oracle shows where it differs.
    pub prices: Vec<Line<Price>>,
    /// The health factor of each borrower.
    pub health: Vec<Line<Rate>>,
    /// `NAV_lo` and `NAV_hi`.
    pub nav: Vec<Line<Amount>>,
    /// The payouts of each insured participant.
    pub payouts: Vec<Line<Amount>>,
}

/// Values over time under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<Value> {
    /// Whose, or of what.
    pub name: String,
    /// Unix seconds and value, oldest first.
    pub points: Vec<(u64, Value)>,
}
