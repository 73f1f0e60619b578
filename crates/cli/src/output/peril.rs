//! What became of each peril.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::Amount;
use crate::peril::PerilFamily;

/// What became of each peril; written as an object by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Perils(pub Vec<(PerilFamily, PerilOutcome)>);

impl Serialize for Perils {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let entries = self.0.iter();
        serializer.collect_map(entries.map(|(family, outcome)| (family.name(), outcome)))
    }
}

/// What became of a peril.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PerilOutcome {
    /// Whether cover against it is offered on this platform for this scenario's assets.
    pub offered: bool,
    /// Whether cover was claimed.
    pub triggered: bool,
    /// The asset of the amount.
    pub asset: String,
    /// What cover paid, advances included.
    pub paid: Amount,
    /// Who was paid; null when nobody was.
    pub beneficiary: Option<String>,
    /// Each claim and what it was worked out from. Those of depreciation are the borrowers' payouts.
    pub claims: Vec<Claim>,
}

/// A claim, and what the formulas make of its facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// When the loss happened, unix seconds.
    pub time: u64,
    /// Who was paid.
    pub beneficiary: String,
    /// The asset of `loss`, `due` and `paid`.
    pub asset: String,
    /// What the loss is worked out from: amounts in the smallest unit of their asset, prices with 14 decimals.
    pub facts: BTreeMap<String, Amount>,
    /// The loss by the formula of the peril.
    pub loss: Amount,
    /// What cover owes for it: after deductible and co-insurance, at most the limit.
    pub due: Amount,
    /// What it paid.
    pub paid: Amount,
}
