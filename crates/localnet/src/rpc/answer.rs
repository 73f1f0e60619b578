//! The answers, on the node's thread: no JSON, no base64.

use std::panic::{catch_unwind, AssertUnwindSafe};

use serde_json::Value;
use soroban_env_host::xdr::{LedgerEntry, LedgerKey};

use super::{
    fees::{recent_fees, Fees},
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
    /// Bytes of what is told, before it is encoded.
    pub(crate) bytes: usize,
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
        /// Ledgers looked at, and what their transactions paid.
        ledgers: u32,
        fees: Fees,
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
            bytes: 0,
        }
    }

    /// What came of the transactions that were sent, which is short and may not be lost; the other calls failed. `None` when
    /// none was sent.
    pub(crate) fn receipts(mut self, failure: &Failure) -> Option<Self> {
        let is_receipt = |call: &Answered| matches!(call.outcome, Ok(Reply::Sent { .. }));
        if !self.calls.iter().any(is_receipt) {
            return None;
        }
        let others = self.calls.iter_mut().filter(|call| !is_receipt(call));
        others.for_each(|call| call.outcome = Err(failure.clone()));
        Some(self)
    }

    /// Whether a transaction was taken in that waits for a ledger.
    pub(crate) fn has_pending(&self) -> bool {
        self.calls.iter().any(|call| {
            let sent = |sent: &Sent| matches!(sent, Sent::Pending);
            matches!(&call.outcome, Ok(Reply::Sent { sent: what, .. }) if sent(what))
        })
    }
}

/// Bytes that the answers of one request's calls may take, before they are encoded.
pub(crate) struct Room {
    bytes: usize,
    taken: usize,
}

impl Room {
    /// Some record of one answer may reach beyond.
    const BYTES: usize = 16 << 20;

    fn of(bytes: usize) -> Self {
        Self { bytes, taken: 0 }
    }

    /// Whether there is still some.
    pub fn is_left(&self) -> bool {
        self.taken < self.bytes
    }

    pub fn take(&mut self, bytes: usize) {
        self.taken = self.taken.saturating_add(bytes);
    }
}

impl Default for Room {
    fn default() -> Self {
        Self::of(Self::BYTES)
    }
}

/// Has `node` answer all calls of `request`, in their order. A panic is its call's failure. Pages end early once the
/// calls' answers together are long, and calls behind that fail.
pub fn answer(node: &mut Node, request: Request) -> Answer {
    answer_within(node, request, Room::default())
}

fn answer_within(node: &mut Node, request: Request, mut room: Room) -> Answer {
    let is_batch = request.is_batch;
    let mut one = |Call { id, asked }: Call| {
        let outcome = asked.and_then(|asked| {
            if !room.is_left() {
                return Err(too_long());
            }
            catch_unwind(AssertUnwindSafe(|| reply(node, asked, &mut room)))
                .unwrap_or_else(|_| Err(Failure::internal("the node failed on this request")))
        });
        Answered { id, outcome }
    };
    Answer {
        calls: request.calls.into_iter().map(&mut one).collect(),
        is_batch,
        bytes: room.taken,
    }
}

fn too_long() -> Failure {
    Failure::internal("the answer is too long: ask for less in one request")
}

fn reply(node: &mut Node, asked: Asked, room: &mut Room) -> Result<Reply, Failure> {
    Ok(match asked {
        Asked::Health => Reply::Health {
            range: range(node),
            retention: node.config.retention,
        },
        Asked::Network { friendbot_url } => Reply::Network {
            passphrase: node.network().passphrase.clone(),
            friendbot_url,
        },
        Asked::VersionInfo => Reply::VersionInfo,
        Asked::LatestLedger => latest_ledger(node, room),
        Asked::FeeStats => fee_stats(node, room)?,
        Asked::LedgerEntries(keys) => ledger_entries(node, keys, room)?,
        Asked::Ledgers(page) => history::ledgers(node, &page, room)?,
        Asked::Transactions(page) => history::transactions(node, &page, room)?,
        Asked::Transaction { hash } => history::transaction(node, hash, room)?,
        Asked::Events(page) => history::events(node, &page, room)?,
        Asked::Send(submission) => Reply::Sent {
            hash: submission.hash,
            sent: node.send(*submission).map_err(Failure::internal)?,
            latest: node.latest().sequence,
            latest_closed_at: node.latest().closed_at,
        },
        Asked::Simulate(wish) => {
            let simulated = match wish {
                Ok(wish) => simulate(node, *wish),
                Err(error) => Simulated::failed(error),
            };
            room.take(simulated.bytes());
            Reply::Simulated {
                latest: node.latest().sequence,
                simulated: Box::new(simulated),
            }
        }
    })
}

fn latest_ledger(node: &Node, room: &mut Room) -> Reply {
    let latest = node.latest().clone();
    room.take(latest.bytes());
    Reply::LatestLedger(latest)
}

fn fee_stats(node: &Node, room: &mut Room) -> Result<Reply, Failure> {
    let (ledgers, fees) = recent_fees(node, room)?;
    Ok(Reply::FeeStats {
        latest: node.latest().sequence,
        ledgers,
        fees,
    })
}

/// The ledgers whose history is kept.
pub(crate) fn range(node: &Node) -> Range {
    let latest = node.latest();
    Range {
        latest: latest.sequence,
        latest_closed_at: latest.closed_at,
        oldest: node.oldest(),
        oldest_closed_at: node.oldest_closed_at(),
    }
}

fn ledger_entries(node: &Node, keys: Vec<LedgerKey>, room: &mut Room) -> Result<Reply, Failure> {
    let open = node.info().sequence_number;
    let mut entries = Vec::new();
    for key in keys {
        let Some((entry, live_until)) = node.entry(&key).map_err(Failure::internal)? else {
            continue;
        };
        if !room.is_left() {
            return Err(too_long());
        }
        room.take(node.entry_bytes(&key));
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

#[cfg(test)]
#[allow(clippy::unwrap_used)] // all of this is tests
mod tests {
    use soroban_env_host::xdr::{
        Asset, ConfigSettingId, ContractExecutable, ContractIdPreimage, CreateContractArgs,
        HostFunction, InvokeHostFunctionOp, LedgerKeyConfigSetting, OperationBody,
    };

    use super::*;
    use crate::{
        node::test,
        rpc::{
            fees::recent_fees,
            params::{EventPage, LedgerPage, TransactionPage},
            wish::{AuthMode, Wish},
        },
    };

    fn keys() -> Vec<LedgerKey> {
        let ids = [
            ConfigSettingId::ContractMaxSizeBytes,
            ConfigSettingId::ContractComputeV0,
        ];
        let key = |config_setting_id| {
            LedgerKey::ConfigSetting(LedgerKeyConfigSetting { config_setting_id })
        };
        ids.map(key).into()
    }

    #[test]
    fn answers_together_are_bounded() {
        let mut node = test::node();
        let mut room = Room::of(1);
        assert_eq!(
            ledger_entries(&node, keys(), &mut room).unwrap_err(),
            too_long(),
            "the second entry"
        );
        assert!(ledger_entries(&node, keys(), &mut Room::default()).is_ok());

        let call = |asked| Call {
            id: None,
            asked: Ok(asked),
        };
        let request = Request {
            calls: vec![call(Asked::LedgerEntries(keys())), call(Asked::VersionInfo)],
            is_batch: true,
        };
        let calls = answer_within(&mut node, request, Room::of(1)).calls;
        assert!(calls.iter().all(|call| call.outcome.is_err()));
    }

    /// A simulation of making the native asset's contract.
    fn made(node: &Node) -> Wish {
        let create = CreateContractArgs {
            contract_id_preimage: ContractIdPreimage::Asset(Asset::Native),
            executable: ContractExecutable::StellarAsset,
        };
        Wish {
            source: node.root().account_id(),
            operation: OperationBody::InvokeHostFunction(InvokeHostFunctionOp {
                host_function: HostFunction::CreateContract(create),
                auth: Default::default(),
            }),
            footprint: Default::default(),
            auth: AuthMode::Record,
            has_upgraded_auth: false,
            leeway: 0,
        }
    }

    /// The pages that begin with ledger `start`, of one each.
    fn pages(start: u32) -> [Asked; 3] {
        let limit = 1;
        [
            Asked::Ledgers(LedgerPage {
                start,
                after: None,
                limit,
            }),
            Asked::Transactions(TransactionPage {
                start,
                after: None,
                limit,
            }),
            Asked::Events(EventPage {
                start,
                end: 0,
                after: None,
                limit,
                filters: Vec::new(),
            }),
        ]
    }

    #[test]
    fn what_every_method_tells_takes_room() {
        let mut node = test::node();
        let wish = made(&node);
        let paid = test::payment(&node);
        let hash = paid.hash;
        node.send(paid).unwrap();
        node.close(None).unwrap();
        let asked = [
            Asked::LatestLedger,
            Asked::Simulate(Ok(Box::new(wish))),
            Asked::Simulate(Err("a reason".into())),
            Asked::Transaction { hash },
        ];
        for asked in asked.into_iter().chain(pages(node.latest().sequence)) {
            let name = format!("{asked:?}");
            let mut room = Room::of(1);
            let told = reply(&mut node, asked, &mut room).unwrap();
            assert!(!room.is_left(), "{name}");
            if let Reply::Simulated { simulated, .. } = told {
                let bytes = simulated.bytes();
                let least = if simulated.error.is_some() { 8 } else { 500 };
                assert!(bytes >= least, "{name}: {bytes}");
            }
        }
    }

    #[test]
    fn statistics_read_no_more_than_there_is_room_for() {
        let mut node = test::node();
        node.send(test::payment(&node)).unwrap();
        node.close(None).unwrap();
        let mut room = Room::of(1);
        let (_, fees) = recent_fees(&node, &mut room).unwrap();
        assert!(!room.is_left(), "they count");
        assert!(fees.classic.len() <= 1);
        let (_, fees) = recent_fees(&node, &mut Room::default()).unwrap();
        assert_eq!((fees.classic, fees.soroban), (vec![100], vec![]));
    }
}
