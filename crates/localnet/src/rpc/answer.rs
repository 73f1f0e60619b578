//! The answers, on the node's thread: no JSON, no base64.

use std::panic::{catch_unwind, AssertUnwindSafe};

use serde_json::Value;
use soroban_env_host::xdr::{LedgerEntry, LedgerKey};

use super::{
    fees::recent_transactions,
    history,
    jsonrpc::{Call, Failure, Request},
    params::Asked,
    simulate::{simulate, Simulated},
};
use crate::node::{EventRecord, LedgerRecord, Node, Sent, TransactionRecord};

/// What came of a request's calls.
#[derive(Debug)]
pub struct Answer {
    pub(crate) calls: Vec<Answered>,
    pub(crate) is_batch: bool,
}

/// What came of one call.
#[derive(Debug)]
pub(crate) struct Answered {
    pub id: Option<Value>,
    pub outcome: Result<Reply, Failure>,
}

/// The ledgers whose history is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub latest: u32,
    /// Unix seconds.
    pub latest_closed_at: u64,
    pub oldest: u32,
    /// Unix seconds.
    pub oldest_closed_at: u64,
}

/// An entry that was asked for.
#[derive(Debug)]
pub(crate) struct FoundEntry {
    pub key: LedgerKey,
    pub entry: LedgerEntry,
    /// The last ledger in which it lives; 0 once it is archived.
    pub live_until: Option<u32>,
}

/// The result of one call.
#[derive(Debug)]
pub(crate) enum Reply {
    Health {
        range: Range,
        retention: u32,
    },
    Network {
        passphrase: String,
        friendbot_url: Option<String>,
    },
    VersionInfo,
    LatestLedger(LedgerRecord),
    FeeStats {
        latest: u32,
        /// Ledgers looked at, and their transactions.
        ledgers: u32,
        transactions: Vec<TransactionRecord>,
    },
    LedgerEntries {
        latest: u32,
        entries: Vec<FoundEntry>,
    },
    Ledgers {
        range: Range,
        ledgers: Vec<LedgerRecord>,
        cursor: u32,
    },
    Transactions {
        range: Range,
        transactions: Vec<TransactionRecord>,
        cursor: u64,
    },
    Transaction {
        range: Range,
        hash: [u8; 32],
        found: Option<Box<TransactionRecord>>,
    },
    Events {
        range: Range,
        events: Vec<EventRecord>,
        cursor: String,
    },
    Sent {
        hash: [u8; 32],
        sent: Sent,
        latest: u32,
        /// Unix seconds.
        latest_closed_at: u64,
    },
    Simulated {
        latest: u32,
        simulated: Box<Simulated>,
    },
}

impl Request {
    /// The ids of its calls, in their order; `None` for one that nobody waits for. For [`Answer::failed`], when the node is
    /// gone with the request.
    pub(crate) fn ids(&self) -> Vec<Option<Value>> {
        self.calls.iter().map(|call| call.id.clone()).collect()
    }
}

impl Answer {
    /// Every call of these ids failed.
    pub(crate) fn failed(ids: Vec<Option<Value>>, is_batch: bool, failure: &Failure) -> Self {
        let answered = |id| Answered {
            id,
            outcome: Err(failure.clone()),
        };
        Self {
            calls: ids.into_iter().map(answered).collect(),
            is_batch,
        }
    }

    /// Whether a transaction was taken in that waits for a ledger.
    pub(crate) fn has_pending(&self) -> bool {
        self.calls.iter().any(|call| {
            let sent = |sent: &Sent| matches!(sent, Sent::Pending);
            matches!(&call.outcome, Ok(Reply::Sent { sent: what, .. }) if sent(what))
        })
    }
}

/// Has `node` answer all calls of `request`, in their order. A panic is its call's failure.
pub fn answer(node: &mut Node, request: Request) -> Answer {
    let is_batch = request.is_batch;
    let mut one = |Call { id, asked }: Call| {
        let outcome = asked.and_then(|asked| {
            catch_unwind(AssertUnwindSafe(|| reply(node, asked)))
                .unwrap_or_else(|_| Err(Failure::internal("the node failed on this request")))
        });
        Answered { id, outcome }
    };
    Answer {
        calls: request.calls.into_iter().map(&mut one).collect(),
        is_batch,
    }
}

fn reply(node: &mut Node, asked: Asked) -> Result<Reply, Failure> {
    Ok(match asked {
        Asked::Health => Reply::Health {
            range: range(node)?,
            retention: node.config.retention,
        },
        Asked::Network { friendbot_url } => Reply::Network {
            passphrase: node.network().passphrase.clone(),
            friendbot_url,
        },
        Asked::VersionInfo => Reply::VersionInfo,
        Asked::LatestLedger => Reply::LatestLedger(node.latest().clone()),
        Asked::FeeStats => {
            let (ledgers, transactions) = recent_transactions(node)?;
            Reply::FeeStats {
                latest: node.latest().sequence,
                ledgers,
                transactions,
            }
        }
        Asked::LedgerEntries(keys) => ledger_entries(node, keys)?,
        Asked::Ledgers(page) => history::ledgers(node, &page)?,
        Asked::Transactions(page) => history::transactions(node, &page)?,
        Asked::Transaction { hash } => Reply::Transaction {
            found: node
                .transaction(&hash)
                .map_err(Failure::internal)?
                .map(Box::new),
            range: range(node)?,
            hash,
        },
        Asked::Events(page) => history::events(node, &page)?,
        Asked::Send(submission) => Reply::Sent {
            hash: submission.hash,
            sent: node.send(*submission).map_err(Failure::internal)?,
            latest: node.latest().sequence,
            latest_closed_at: node.latest().closed_at,
        },
        Asked::Simulate(wish) => Reply::Simulated {
            latest: node.latest().sequence,
            simulated: Box::new(match wish {
                Ok(wish) => simulate(node, *wish),
                Err(error) => Simulated::failed(error),
            }),
        },
    })
}

/// The ledgers whose history is kept.
pub(crate) fn range(node: &Node) -> Result<Range, Failure> {
    let (latest, oldest) = (node.latest(), node.oldest());
    let records = node.ledgers(oldest, 1).map_err(Failure::internal)?;
    Ok(Range {
        latest: latest.sequence,
        latest_closed_at: latest.closed_at,
        oldest,
        oldest_closed_at: records.first().map_or(0, |record| record.closed_at),
    })
}

fn ledger_entries(node: &Node, keys: Vec<LedgerKey>) -> Result<Reply, Failure> {
    let open = node.info().sequence_number;
    let mut entries = Vec::new();
    for key in keys {
        let Some((entry, live_until)) = node.entry(&key).map_err(Failure::internal)? else {
            continue;
        };
        entries.push(FoundEntry {
            key,
            entry: LedgerEntry::clone(&entry),
            live_until: live_until.map(|last| if last < open { 0 } else { last }),
        });
    }
    Ok(Reply::LedgerEntries {
        latest: node.latest().sequence,
        entries,
    })
}
