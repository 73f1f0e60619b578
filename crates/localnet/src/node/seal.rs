//! A ledger is sealed: its header, metadata and records are made, kept at once, and the next ledger opens.
//!
//! The header's `bucketListHash` is a [`Commitment`] to all entries, since there are no buckets.

use std::{collections::BTreeMap, ops::Bound, rc::Rc};

use sha2::{Digest, Sha256};
use soroban_env_host::xdr::{
    self, Hash, LedgerHeader, LedgerHeaderExt, LedgerHeaderHistoryEntry,
    LedgerHeaderHistoryEntryExt, LedgerKey, LedgerKeyTtl, Limits, ReadXdr, StellarValue,
    StellarValueExt, TimePoint, WriteXdr,
};
use wire::SECONDS_PER_LEDGER;

use super::{
    close::{Applied, OpenLedger},
    close_meta::{self, Closing},
    commitment::Commitment,
    damage::{damaged, unreadable},
    new_ledger,
    records::{events_of, EventRecord, TransactionRecord},
    settings,
    store::{Found, Store},
    submission::limits,
    LedgerRecord, Node, NodeError, Pace, Position,
};
use crate::{
    ledger::Ledger,
    network::{NetworkConfig, PROTOCOL_VERSION},
    state::{is_temporary, Entry, State},
};

/// Entries that one ledger looks at to find expired ones.
const EVICTION_SCAN: usize = 1_000;

/// What follows from one ledger to the next.
#[derive(Clone)]
pub(crate) struct Head {
    /// The last closed ledger's.
    pub header: LedgerHeader,
    /// Its hash.
    pub hash: [u8; 32],
    /// All entries.
    pub total: Commitment,
    /// The last key that was looked at for being expired.
    pub scanned: Option<Rc<LedgerKey>>,
}

/// What a ledger did to an entry in the end.
pub(crate) struct NetChange {
    pub key: Rc<LedgerKey>,
    pub before: Option<Rc<Entry>>,
    pub after: Option<Rc<Entry>>,
}

/// All of a closed ledger that is kept.
pub(crate) struct Sealed {
    pub changes: Vec<NetChange>,
    pub ledger: LedgerRecord,
    pub transactions: Vec<TransactionRecord>,
    pub events: Vec<EventRecord>,
    pub head: Head,
}

impl Sealed {
    /// Bytes of its part of the history, about.
    pub fn bytes(&self) -> usize {
        let transactions = self.transactions.iter().map(TransactionRecord::bytes);
        let events = self.events.iter().map(|event| event.event.len());
        let parts = transactions.chain(events);
        parts.fold(self.ledger.bytes(), usize::saturating_add)
    }
}

impl Head {
    /// Counts `changes` in the total of all entries.
    fn count(&mut self, changes: &[NetChange]) {
        for change in changes {
            if let Some(before) = &change.before {
                self.total.subtract(before);
            }
            if let Some(after) = &change.after {
                self.total.add(after);
            }
        }
    }

    /// Before the first ledger.
    pub fn new(network: &NetworkConfig, supply: i64) -> Self {
        Self {
            header: LedgerHeader {
                ledger_version: PROTOCOL_VERSION,
                previous_ledger_hash: Hash::default(),
                scp_value: StellarValue {
                    tx_set_hash: Hash::default(),
                    close_time: TimePoint(0),
                    upgrades: Default::default(),
                    ext: StellarValueExt::Basic,
                },
                tx_set_result_hash: Hash::default(),
                bucket_list_hash: Hash::default(),
                ledger_seq: network.start_sequence.saturating_sub(1),
                total_coins: supply,
                fee_pool: 0,
                inflation_seq: 0,
                id_pool: 0,
                base_fee: network.base_fee,
                base_reserve: network.base_reserve,
                max_tx_set_size: network.ledger_limits.operations,
                skip_list: Default::default(),
                ext: LedgerHeaderExt::V0,
            },
            hash: [0; 32],
            total: Commitment::default(),
            scanned: None,
        }
    }

    /// Where the scan for expired entries goes on.
    fn next_scan(&self) -> Bound<Rc<LedgerKey>> {
        let scanned = self.scanned.clone();
        scanned.map_or(Bound::Unbounded, Bound::Excluded)
    }

    /// The ledger before the first one, which is none.
    pub fn nothing(&self) -> LedgerRecord {
        LedgerRecord {
            sequence: self.header.ledger_seq,
            hash: self.hash,
            closed_at: 0,
            header: Vec::new(),
            meta: Vec::new(),
        }
    }
}

impl Node {
    /// Seals the open ledger at `time`, Unix seconds, keeps it, and opens the next.
    ///
    /// # Errors
    /// [`NodeError::Refused`] when `time` is before the last ledger's: the ledger is still open then, as it was.
    /// [`NodeError::Storage`], [`NodeError::Damaged`]: the node does nothing any more.
    pub(crate) fn seal(&mut self, time: u64) -> Result<LedgerRecord, NodeError> {
        if time < self.latest.closed_at {
            let last = self.latest.closed_at;
            let why = format!("a ledger of {time} cannot follow one of {last}");
            return Err(NodeError::Refused(why));
        }
        // So it stays when this fails or panics.
        self.has_failed = true;
        let expired = self.ledger.with_state(|state| self.expired(state));
        let sealed = self.sealed(time, &expired)?;
        self.store.commit(&sealed)?;

        self.ledger.change_state(|state| {
            // What was decoded once does not stay so for ever.
            state.slim(self.head.next_scan(), EVICTION_SCAN);
            expired.keys.iter().for_each(|key| state.remove(key));
            state.sequence = state.sequence.saturating_add(1);
            state.time = next_time(self.config.pace, time);
        });
        self.open = OpenLedger::default();
        self.head = sealed.head;
        self.latest = sealed.ledger;
        self.has_failed = false;
        Ok(self.latest.clone())
    }

    /// Has the store `keep` something. When it fails, or panics, nobody knows what is on the disk. Only a sound node asks.
    pub(crate) fn kept(
        &mut self,
        keep: impl FnOnce(&mut Store) -> Result<(), NodeError>,
    ) -> Result<(), NodeError> {
        self.has_failed = true;
        keep(&mut self.store)?;
        self.has_failed = false;
        Ok(())
    }

    fn sealed(&self, time: u64, expired: &Expired) -> Result<Sealed, NodeError> {
        let (applied, network) = (&self.open.applied, self.network());
        let changes = self.net_changes(&expired.keys);
        let mut head = self.head.clone();
        head.scanned.clone_from(&expired.scanned);
        head.count(&changes);
        let base_fee = i64::from(network.base_fee);
        let transaction_set =
            close_meta::transaction_set(head.hash, applied, base_fee).map_err(damaged)?;
        let results = close_meta::results(applied).map_err(damaged)?;
        let header = self.header(time, &transaction_set, &results, &head.total)?;
        let header = hashed(header).map_err(damaged)?;
        let metas = close_meta::transaction_metas(applied).map_err(damaged)?;
        let closing = Closing {
            header: &header,
            transaction_set: &transaction_set,
            rent_rate: network.rent.fee_per_rent_1kb,
            state_size: network.state_size,
            evicted: &evicted(&expired.keys).map_err(damaged)?,
        };
        let ledger = LedgerRecord {
            sequence: header.header.ledger_seq,
            hash: header.hash.0,
            closed_at: time,
            header: header.to_xdr(Limits::none()).map_err(damaged)?,
            meta: close_meta::close_meta(&closing, applied, &metas).map_err(damaged)?,
        };
        (head.hash, head.header) = (header.hash.0, header.header);
        let (transactions, events) = histories(&ledger, applied, metas).map_err(damaged)?;
        Ok(Sealed {
            changes,
            ledger,
            transactions,
            events,
            head,
        })
    }

    fn header(
        &self,
        time: u64,
        transaction_set: &[u8],
        results: &[u8],
        total: &Commitment,
    ) -> Result<LedgerHeader, NodeError> {
        let mut fees = self
            .open
            .applied
            .iter()
            .map(|applied| applied.result.fee_charged);
        let fee_pool = fees
            .try_fold(self.head.header.fee_pool, i64::checked_add)
            .ok_or_else(|| damaged("the fee pool overflows"))?;
        Ok(LedgerHeader {
            previous_ledger_hash: Hash(self.head.hash),
            scp_value: StellarValue {
                tx_set_hash: Hash(Sha256::digest(transaction_set).into()),
                close_time: TimePoint(time),
                upgrades: Default::default(),
                ext: StellarValueExt::Basic,
            },
            tx_set_result_hash: Hash(Sha256::digest(results).into()),
            bucket_list_hash: Hash(total.hash()),
            ledger_seq: self.ledger.sequence(),
            fee_pool,
            ..self.head.header.clone()
        })
    }

    /// What the open ledger did in the end, with the removal of `expired`, by key.
    fn net_changes(&self, expired: &[Rc<LedgerKey>]) -> Vec<NetChange> {
        let mut net = BTreeMap::<Rc<LedgerKey>, NetChange>::new();
        let mut take = |key: &Rc<LedgerKey>, before: Option<Rc<Entry>>, after| {
            let change = net.entry(key.clone()).or_insert_with(|| NetChange {
                key: key.clone(),
                before,
                after: None,
            });
            change.after = after;
        };
        for change in self.open.changes.iter() {
            take(&change.key, change.before.clone(), change.after.clone());
        }
        self.ledger.with_state(|state| {
            for key in expired {
                take(key, state.entries.get(key).cloned(), None);
            }
        });
        net.into_values().collect()
    }

    /// The temporary entries that have expired, of those that it is this ledger's turn to look at.
    fn expired(&self, state: &State) -> Expired {
        let start = self.head.next_scan();
        let mut looked_at = 0;
        let mut found = Expired::default();
        for (key, entry) in state
            .entries
            .range((start, Bound::Unbounded))
            .take(EVICTION_SCAN)
        {
            looked_at += 1;
            found.scanned = Some(key.clone());
            if is_temporary(key) && !entry.is_live(state.sequence) {
                found.keys.push(key.clone());
            }
        }
        if looked_at < EVICTION_SCAN {
            found.scanned = None;
        }
        found
    }
}

#[derive(Default)]
struct Expired {
    keys: Vec<Rc<LedgerKey>>,
    /// Where the next ledger goes on; from the start if there is none.
    scanned: Option<Rc<LedgerKey>>,
}

/// Entries that are gone and their times to live, as the network lists them.
fn evicted(keys: &[Rc<LedgerKey>]) -> Result<Vec<LedgerKey>, xdr::Error> {
    let mut evicted = Vec::with_capacity(keys.len().saturating_mul(2));
    for key in keys {
        let key_hash = Hash(Sha256::digest(key.to_xdr(Limits::none())?).into());
        evicted.push(LedgerKey::clone(key));
        evicted.push(LedgerKey::Ttl(LedgerKeyTtl { key_hash }));
    }
    Ok(evicted)
}

pub(crate) fn hashed(header: LedgerHeader) -> Result<LedgerHeaderHistoryEntry, xdr::Error> {
    Ok(LedgerHeaderHistoryEntry {
        hash: Hash(Sha256::digest(header.to_xdr(Limits::none())?).into()),
        header,
        ext: LedgerHeaderHistoryEntryExt::V0,
    })
}

fn histories(
    ledger: &LedgerRecord,
    applied: &[Applied],
    metas: Vec<Vec<u8>>,
) -> Result<(Vec<TransactionRecord>, Vec<EventRecord>), xdr::Error> {
    let mut transactions = Vec::with_capacity(applied.len());
    for ((index, applied), meta) in (1..).zip(applied).zip(metas) {
        let position = Position {
            ledger: ledger.sequence,
            transaction: index,
            ..Position::default()
        };
        let record = TransactionRecord::new(applied, position, ledger.closed_at, meta)?;
        transactions.push(record);
    }
    let events = events_of(ledger, applied)?;
    Ok((transactions, events))
}

/// The ledger and its head after the last ledger that was found, with its own settings.
///
/// # Errors
/// [`NodeError::Damaged`] when entries and header do not belong together.
pub(crate) fn resumed(
    mut network: NetworkConfig,
    pace: Pace,
    found: &Found,
) -> Result<(Ledger, Head), NodeError> {
    let header = header_of(&found.latest)?;
    let mut total = Commitment::default();
    found.entries.values().for_each(|entry| total.add(entry));
    if total.hash() != header.bucket_list_hash.0 {
        return Err(damaged("the entries do not have the last header's hash"));
    }
    network.base_fee = header.base_fee;
    network.base_reserve = header.base_reserve;
    network.ledger_limits.operations = header.max_tx_set_size;
    settings::read(&found.entries, &mut network)?;
    let ledger = new_ledger(network)?;
    ledger.change_state(|state| {
        state.entries = Rc::new(found.entries.clone());
        state.sequence = header.ledger_seq.saturating_add(1);
        state.time = next_time(pace, found.latest.closed_at);
    });
    let head = Head {
        hash: found.latest.hash,
        header,
        total,
        scanned: found.scanned.clone(),
    };
    Ok((ledger, head))
}

/// A kept ledger's header, if it is its own.
fn header_of(ledger: &LedgerRecord) -> Result<LedgerHeader, NodeError> {
    let header = LedgerHeaderHistoryEntry::from_xdr(&ledger.header, limits(&ledger.header));
    let header = header.map_err(|_| unreadable("the last header"))?;
    let rehashed = hashed(header.header.clone()).map_err(damaged)?;
    if rehashed.hash.0 != ledger.hash || rehashed.hash != header.hash {
        return Err(damaged("the last header does not have its hash"));
    }
    let header = header.header;
    if header.ledger_seq != ledger.sequence || header.scp_value.close_time.0 != ledger.closed_at {
        return Err(damaged("the last ledger does not have its header"));
    }
    Ok(header)
}

/// The open ledger's time after one that closed at `time`, for a node that does not follow the clock on the wall.
fn next_time(pace: Pace, time: u64) -> u64 {
    match pace {
        Pace::Every(_) | Pace::OnDemand => time,
        Pace::Manual | Pace::Eager => time.saturating_add(SECONDS_PER_LEDGER),
    }
}
