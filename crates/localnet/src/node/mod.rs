//! A network of one node: transactions come in, wait, and are applied ledger by ledger.
//!
//! | file | what |
//! |---|---|
//! | `submission.rs` | a transaction as it came in: decoded, hashed, its signatures verified; needs no ledger |
//! | `check.rs`, `resources.rs` | whether it may be queued or applied: fee, sequence, time, signatures; what it declares to use |
//! | `queue.rs`, `capacity.rs` | where it waits; how much a ledger takes |
//! | `close.rs` | a ledger from opening to sealing |
//! | `apply.rs`, `accounts.rs` | one transaction: fee, sequence, refund |
//! | `operate.rs` | its operations, all of them or none |
//! | `soroban.rs`, `load.rs`, `lifetimes.rs` | the operations in the host; the entries that a call needs |
//! | `classic.rs`, `flags.rs`, `asset.rs`, `balance.rs` | the others; what an account or trustline can take and give |
//! | `changes.rs` | what a transaction did to entries; undone when it fails |
//! | `meta.rs`, `asset_events.rs`, `diagnostics.rs`, `results.rs` | metadata, events and results as the network writes them |
//! | `seal.rs`, `commitment.rs` | a ledger's header and records; the hash of the whole state |
//! | `records.rs` | what is kept of closed ledgers |
//! | `close_meta.rs` | its transaction set, results and metadata |
//! | `settings.rs` | the network's settings as config entries of the ledger |
//! | `control.rs`, `dump.rs` | the clock moved, snapshots, a ledger carried elsewhere |
//! | `store.rs`, `tables.rs`, `codec.rs`, `sizes.rs` | what is on disk, and how; how much of it in memory |
//! | `damage.rs` | what should never be, as an error |
//! | `handle.rs` | a node in a thread of its own, for servers |

mod accounts;
mod apply;
mod asset;
mod asset_events;
mod balance;
mod capacity;
mod changes;
mod check;
mod classic;
mod close;
mod close_meta;
mod codec;
mod commitment;
mod control;
mod damage;
mod diagnostics;
mod dump;
mod flags;
mod handle;
mod lifetimes;
mod load;
mod meta;
mod operate;
mod queue;
mod records;
mod resources;
mod results;
mod seal;
mod settings;
mod sizes;
mod soroban;
mod store;
mod submission;
mod tables;
#[cfg(test)]
pub(crate) mod test;

use std::{path::PathBuf, time::Duration};

use soroban_env_host::{
    storage::EntryWithLiveUntil,
    xdr::{LedgerEntryData, LedgerKey},
    LedgerInfo,
};

pub use close::Sent;
pub(crate) use control::LAST_LEDGER;
pub(crate) use diagnostics::last_events;
pub use handle::{NodeHandle, Unanswered};
pub use records::{
    EventRecord, LedgerRecord, Position, TransactionRecord, AFTER_ALL, AFTER_OPERATIONS,
};
pub(crate) use results::OPERATIONS;
pub(crate) use submission::{account_id, is_soroban, limits, own_limits, VERIFICATIONS};
pub use submission::{Submission, SubmissionError};

use damage::{damaged, unreadable};

use crate::{classic::new_account, ledger::Ledger, network::NetworkConfig, state::State};

/// When ledgers close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// One each such time, by the clock on the wall.
    Every(Duration),
    /// As soon as a transaction waits, by the clock on the wall.
    OnDemand,
    /// When told.
    Manual,
    /// When told; a transaction is applied to the open ledger at once, and reported before that ledger closes. Only
    /// without a folder, since the open ledger is on no disk.
    Eager,
}

/// How a node is set up.
#[derive(Debug)]
pub struct NodeConfig {
    /// The network's settings; those of a ledger that is opened again are its own.
    pub network: NetworkConfig,
    /// When ledgers close.
    pub pace: Pace,
    /// Where the ledger is kept; `None`: in memory, gone with the node.
    pub folder: Option<PathBuf>,
    /// Ledgers whose transactions, events and metadata are kept, at least 1; in memory no more than 256 MiB of them.
    pub retention: u32,
    /// Transactions that may wait at once.
    pub queue: usize,
    /// Stroops of the native asset that exist, all in the root account at first.
    pub supply: i64,
}

impl NodeConfig {
    /// A network in memory: history of 100 ledgers, 1 000 transactions that may wait, and [`SUPPLY`].
    #[must_use]
    pub fn in_memory(network: NetworkConfig, pace: Pace) -> Self {
        Self {
            network,
            pace,
            folder: None,
            retention: 100,
            queue: 1_000,
            supply: SUPPLY,
        }
    }
}

/// The native asset's supply on networks of one's own, stroops: a hundred billion lumens.
pub const SUPPLY: i64 = 1_000_000_000_000_000_000;

/// Why a node cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// The disk.
    #[error("storage: {0}")]
    Storage(String),
    /// What is stored, or should be, contradicts itself.
    #[error("the ledger is damaged: {0}")]
    Damaged(String),
    /// A setting or a wish that cannot be fulfilled.
    #[error("{0}")]
    Refused(String),
}

/// The node. Not shared between threads; see [`NodeHandle`].
pub struct Node {
    /// Entries, clock, host. Its current ledger is the open one: the last closed one's successor.
    pub(crate) ledger: Ledger,
    pub(crate) config: NodeConfig,
    pub(crate) queue: queue::Queue,
    pub(crate) open: close::OpenLedger,
    pub(crate) store: store::Store,
    /// The last closed ledger.
    pub(crate) latest: LedgerRecord,
    /// Its header, and what follows from one ledger to the next.
    pub(crate) head: seal::Head,
    pub(crate) snapshots: control::Snapshots,
    /// Whether a ledger could not be made or kept: what is open then is on no disk.
    pub(crate) has_failed: bool,
}

impl Node {
    /// Opens the ledger in the configured folder. Where there is none it makes the first ledger, with the number and time that the
    /// network's configuration says: in it are the root account, which holds the whole supply, and the settings.
    ///
    /// # Errors
    /// [`NodeError`].
    pub fn open(mut config: NodeConfig) -> Result<Self, NodeError> {
        if config.pace == Pace::Eager && config.folder.is_some() {
            let why = "transactions that are reported before their ledger closes cannot be kept in a folder";
            return Err(NodeError::Refused(why.into()));
        }
        config.retention = config.retention.max(1);
        let network_id = config.network.network_id();
        let (store, found) =
            store::Store::open(config.folder.as_deref(), config.retention, network_id)?;
        match found {
            Some(found) => Self::resume(config, store, found),
            None => Self::create(config, store),
        }
    }

    /// The key of the root account, which holds all coins at first: its seed is the network's id, as on every network of one's own.
    #[must_use]
    pub fn root(&self) -> crate::Keypair {
        crate::Keypair::from_seed(self.ledger.network_id())
    }

    fn create(mut config: NodeConfig, store: store::Store) -> Result<Self, NodeError> {
        if config.supply <= 0 {
            return Err(NodeError::Refused("there is nothing to supply".into()));
        }
        let ledger = new_ledger(std::mem::take(&mut config.network))?;
        let head = seal::Head::new(ledger.config(), config.supply);
        let mut node = Self {
            latest: head.nothing(),
            ledger,
            config,
            queue: queue::Queue::default(),
            open: close::OpenLedger::default(),
            store,
            head,
            snapshots: control::Snapshots::default(),
            has_failed: false,
        };
        let root = new_account(node.root().account_id(), node.config.supply, 0);
        let mut founding = vec![LedgerEntryData::Account(root)];
        let settings = settings::entries(node.network()).map_err(damaged)?;
        founding.extend(settings.into_iter().map(LedgerEntryData::ConfigSetting));
        let changes = &mut node.open.changes;
        let put = |state: &mut State| {
            let mut put_all = founding.into_iter();
            put_all.try_for_each(|data| changes.put_classic(state, data))
        };
        node.ledger.change_state(put).map_err(damaged)?;
        let time = node.ledger.now();
        node.seal(time)?;
        Ok(node)
    }

    fn resume(
        mut config: NodeConfig,
        store: store::Store,
        found: store::Found,
    ) -> Result<Self, NodeError> {
        let (ledger, head) =
            seal::resumed(std::mem::take(&mut config.network), config.pace, &found)?;
        Ok(Self {
            ledger,
            config,
            queue: queue::Queue::default(),
            open: close::OpenLedger::default(),
            store,
            latest: found.latest,
            head,
            snapshots: control::Snapshots::default(),
            has_failed: false,
        })
    }

    /// Refuses everything once a ledger could not be made or kept: what the open one holds may be on no disk for ever.
    ///
    /// # Errors
    /// [`NodeError::Storage`] then.
    pub(crate) fn check_sound(&self) -> Result<(), NodeError> {
        match self.has_failed {
            false => Ok(()),
            true => {
                let why = "a ledger could not be made or kept: nothing goes on before a new start";
                Err(NodeError::Storage(why.into()))
            }
        }
    }

    /// The network's settings.
    #[must_use]
    pub fn network(&self) -> &NetworkConfig {
        self.ledger.config()
    }

    /// The last closed ledger.
    #[must_use]
    pub fn latest(&self) -> &LedgerRecord {
        &self.latest
    }

    /// The oldest ledger whose history is kept.
    #[must_use]
    pub fn oldest(&self) -> u32 {
        self.store.oldest().sequence
    }

    /// When that ledger closed, Unix seconds.
    #[must_use]
    pub fn oldest_closed_at(&self) -> u64 {
        self.store.oldest().closed_at
    }

    /// The open ledger as the host sees it, for simulations: the last closed one's successor, at this moment of the node's clock.
    #[must_use]
    pub fn info(&self) -> LedgerInfo {
        let mut info = self.ledger.info();
        info.timestamp = self.now();
        info
    }

    /// The live or archived entry under `key` with the last ledger in which it lives.
    ///
    /// # Errors
    /// [`NodeError::Damaged`] when it cannot be decoded; [`NodeError::Storage`] after a ledger could not be made or kept.
    pub fn entry(&self, key: &LedgerKey) -> Result<Option<EntryWithLiveUntil>, NodeError> {
        self.check_sound()?;
        self.ledger.with_state(|state| {
            let found = state.entry(key);
            found
                .map(|entry| {
                    Ok((
                        entry.decoded().map_err(|_| unreadable("an entry"))?,
                        entry.live_until,
                    ))
                })
                .transpose()
        })
    }

    /// Bytes of the entry under `key`; 0 without one.
    pub(crate) fn entry_bytes(&self, key: &LedgerKey) -> usize {
        self.ledger
            .with_state(|state| state.entry(key).map_or(0, |entry| entry.encoded.len()))
    }

    /// Ledgers from `from` on, oldest first, at most `count`.
    ///
    /// # Errors
    /// [`NodeError::Storage`].
    pub fn ledgers(&self, from: u32, count: usize) -> Result<Vec<LedgerRecord>, NodeError> {
        self.store.ledgers(from, count)
    }

    /// The applied transaction of this hash.
    ///
    /// # Errors
    /// [`NodeError::Storage`].
    pub fn transaction(&self, hash: &[u8; 32]) -> Result<Option<TransactionRecord>, NodeError> {
        let open = match self.config.pace {
            Pace::Eager => {
                self.check_sound()?;
                self.applied_now(hash)
            }
            // Until its ledger is kept it may still be lost.
            Pace::Every(_) | Pace::OnDemand | Pace::Manual => None,
        };
        match open {
            Some(record) => Ok(Some(record)),
            None => self.store.transaction(hash),
        }
    }

    /// Transactions after `after`, in the order applied, at most `count`.
    ///
    /// # Errors
    /// [`NodeError::Storage`].
    pub fn transactions(
        &self,
        after: Position,
        count: usize,
    ) -> Result<Vec<TransactionRecord>, NodeError> {
        self.store.transactions(after, count)
    }

    /// Hands `take` the events from `from` on in ledgers before `until`, in order, until it answers `false`.
    ///
    /// # Errors
    /// [`NodeError::Storage`].
    pub fn events(
        &self,
        from: Position,
        until: u32,
        take: &mut dyn FnMut(EventRecord) -> bool,
    ) -> Result<(), NodeError> {
        self.store.events(from, until, take)
    }
}

fn new_ledger(network: NetworkConfig) -> Result<Ledger, NodeError> {
    Ledger::new(network).map_err(|error| NodeError::Refused(error.to_string()))
}
