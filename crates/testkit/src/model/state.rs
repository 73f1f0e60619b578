//! What a pool stores, to be compared field by field with what another one stores.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{digits, Account, Advances, Claim, CoverPool, ExitRequest, Group, Policy};

/// Everything a pool stores, accrued to one time, and the two NAVs. A contract fills it from its views.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "the fields are those of CoverPool")]
pub struct State {
    #[serde(with = "digits")]
    pub cash: i128,
    #[serde(with = "digits")]
    pub pending: i128,
    #[serde(with = "digits")]
    pub claimable: i128,
    #[serde(with = "digits")]
    pub bonds: i128,
    #[serde(with = "digits")]
    pub bounties: i128,
    #[serde(with = "digits")]
    pub reserve: i128,
    #[serde(with = "digits")]
    pub shares: i128,
    #[serde(with = "digits")]
    pub queued: i128,
    #[serde(with = "digits::by_key")]
    pub claimable_by: BTreeMap<Account, i128>,
    #[serde(with = "digits::by_key")]
    pub balances: BTreeMap<Account, i128>,
    #[serde(with = "digits")]
    pub nav_lo: i128,
    #[serde(with = "digits")]
    pub nav_hi: i128,
    #[serde(with = "digits")]
    pub unearned: i128,
    #[serde(with = "digits")]
    pub earning_rate: i128,
    #[serde(with = "digits::by_key")]
    pub ending: BTreeMap<u64, i128>,
    #[serde(with = "digits")]
    pub drawn: i128,
    #[serde(with = "digits")]
    pub fees_owed: i128,
    #[serde(with = "digits")]
    pub fee_rate: i128,
    pub groups: Vec<GroupState>,
    pub policies: BTreeMap<u64, PolicyState>,
    pub claims: BTreeMap<u64, Claim>,
    pub requests: BTreeMap<u64, ExitRequest>,
}

/// A group; the fields are those of [`Group`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "the fields are those of Group")]
pub struct GroupState {
    #[serde(with = "digits")]
    pub exposure: i128,
    #[serde(with = "digits")]
    pub drawn: i128,
    #[serde(with = "digits::by_key")]
    pub leaving: BTreeMap<u64, i128>,
}

/// A policy with what it owes; the fields are those of [`Policy`] and [`Advances`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "the fields are those of Policy and Advances")]
pub struct PolicyState {
    pub owner: Account,
    #[serde(with = "digits")]
    pub group: usize,
    #[serde(with = "digits")]
    pub start: u64,
    #[serde(with = "digits")]
    pub end: u64,
    #[serde(with = "digits")]
    pub earning_rate: i128,
    #[serde(with = "digits")]
    pub limit: i128,
    #[serde(with = "digits")]
    pub original_limit: i128,
    #[serde(with = "digits")]
    pub max_rate: i128,
    #[serde(with = "digits")]
    pub bounty_left: i128,
    #[serde(with = "digits")]
    pub open_claims: u64,
    #[serde(with = "digits")]
    pub drawn: i128,
    #[serde(with = "digits")]
    pub fees_owed: i128,
    #[serde(with = "digits")]
    pub fee_rate: i128,
}

impl State {
    /// What `pool` stores, as of `pool.now`.
    pub fn of(pool: &CoverPool) -> Self {
        let policies = pool.policies.iter();
        Self {
            cash: pool.cash,
            pending: pool.pending,
            claimable: pool.claimable,
            bonds: pool.bonds,
            bounties: pool.bounties,
            reserve: pool.reserve,
            shares: pool.shares,
            queued: pool.queued,
            claimable_by: pool.claimable_by.clone(),
            balances: pool.balances.clone(),
            nav_lo: pool.nav_lo(),
            nav_hi: pool.nav_hi(),
            unearned: pool.premiums.unearned,
            earning_rate: pool.premiums.earning_rate,
            ending: pool.premiums.ending.by_week(pool.now),
            drawn: pool.advances.drawn,
            fees_owed: pool.advances.fees_at(pool.now),
            fee_rate: pool.advances.fee_rate,
            groups: (pool.groups.iter())
                .map(|group| GroupState::of(group, pool.now))
                .collect(),
            policies: policies
                .map(|(&id, policy)| (id, PolicyState::of(policy, pool.now)))
                .collect(),
            claims: pool.claims.clone(),
            requests: pool.requests.clone(),
        }
    }

    /// The fields in which this state is not the `expected` one; empty when they are equal.
    pub fn differences(&self, expected: &Self) -> Vec<Difference> {
        let (actual, expected) = (self.leaves(), expected.leaves());
        let paths: BTreeSet<&String> = actual.keys().chain(expected.keys()).collect();
        paths
            .into_iter()
            .filter(|&path| actual.get(path) != expected.get(path))
            .map(|path| Difference {
                path: path.clone(),
                expected: expected.get(path).cloned(),
                actual: actual.get(path).cloned(),
            })
            .collect()
    }

    /// Panics with one line per difference, if there is any. `label` says which step this is.
    #[track_caller]
    pub fn assert_is(&self, expected: &Self, label: &str) {
        if self != expected {
            let lines: Vec<String> = (self.differences(expected).iter())
                .map(|difference| format!("\n  {difference}"))
                .collect();
            panic!("{label}: the state differs{}", lines.concat());
        }
    }

    /// Every field as text, by its path.
    fn leaves(&self) -> BTreeMap<String, String> {
        let mut leaves = BTreeMap::new();
        match serde_json::to_value(self) {
            Ok(value) => collect_leaves(&value, String::new(), &mut leaves),
            Err(error) => panic!("a state is always JSON: {error}"),
        }
        leaves
    }
}

impl GroupState {
    fn of(group: &Group, now: u64) -> Self {
        Self {
            exposure: group.exposure,
            drawn: group.drawn,
            leaving: group.leaving.by_week(now),
        }
    }
}

impl PolicyState {
    fn of(policy: &Policy, now: u64) -> Self {
        let advances: &Advances = &policy.advances;
        Self {
            owner: policy.owner.clone(),
            group: policy.group,
            start: policy.start,
            end: policy.end,
            earning_rate: policy.earning_rate,
            limit: policy.limit,
            original_limit: policy.original_limit,
            max_rate: policy.max_rate,
            bounty_left: policy.bounty_left,
            open_claims: policy.open_claims,
            drawn: advances.drawn,
            fees_owed: advances.fees_at(now),
            fee_rate: advances.fee_rate,
        }
    }
}

/// A field that two states do not have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where it is, as in `policies.3.limit`.
    pub path: String,
    /// What it should be; none: there should be no such field.
    pub expected: Option<String>,
    /// What it is; none: there is no such field.
    pub actual: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
        let (actual, expected) = (shown(&self.actual), shown(&self.expected));
        write!(f, "{}: {actual}, expected {expected}", self.path)
    }
}

fn collect_leaves(value: &Value, path: String, leaves: &mut BTreeMap<String, String>) {
    let below = |key: &str| match path.as_str() {
        "" => key.to_owned(),
        _ => format!("{path}.{key}"),
    };
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                collect_leaves(field, below(key), leaves);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect_leaves(item, below(&index.to_string()), leaves);
            }
        }
        Value::String(text) => {
            leaves.insert(path, text.clone());
        }
        other => {
            leaves.insert(path, other.to_string());
        }
    }
}
