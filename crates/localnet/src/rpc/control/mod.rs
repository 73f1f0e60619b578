//! The port that moves time: what it is asked and what it tells, as JSON. `/dump` tells, and `/load` takes, a ledger in
//! bytes instead.

use serde::{Deserialize, Serialize};

mod routes;

pub(crate) use routes::routes;

/// Parameters of `/close`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Close {
    /// Unix seconds; the node's own clock otherwise.
    pub time: Option<u64>,
}

/// Parameters of `/advance`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advance {
    /// By how much the open ledger's clock moves.
    pub seconds: u64,
}

/// Parameters of `/time`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetTime {
    /// Unix seconds, not before the open ledger's.
    pub time: u64,
}

/// What `/snapshot` tells and `/revert` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnapshotId {
    /// The snapshot's number.
    pub id: u32,
}

/// Parameters of whatever takes none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Where the network stands: what `/status` tells, and whatever changes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The last closed ledger.
    pub latest_ledger: ClosedLedger,
    /// The oldest ledger whose history is kept.
    pub oldest_ledger: u32,
    /// The ledger that the next transaction goes into.
    pub open_ledger: LedgerClock,
    /// Whether a transaction waits for a ledger.
    pub is_waiting: bool,
}

/// A closed ledger; `/close` tells which it closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClosedLedger {
    /// Its number.
    pub sequence: u32,
    /// Its hash, 64 hexadecimal digits.
    pub hash: String,
    /// Unix seconds.
    pub closed_at: u64,
}

/// The clock of the open ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerClock {
    /// Its number.
    pub sequence: u32,
    /// Unix seconds.
    pub time: u64,
}
