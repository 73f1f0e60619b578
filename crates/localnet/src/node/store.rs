//! What is kept: entries, the last closed ledger, and the history of the last `retention` ledgers. One commit a ledger;
//! once it returns, a crash loses nothing of it.
//!
//! In memory only the history is kept, within a number of bytes too: the entries are in the ledger already.

use std::{fs, path::Path, rc::Rc};

use redb::{
    backends::InMemoryBackend, Builder, Database, DatabaseError, ReadTransaction, ReadableDatabase,
    ReadableTable, StorageError, WriteTransaction,
};
use soroban_env_host::xdr::{LedgerKey, ReadXdr};

use super::{
    codec,
    damage::unreadable,
    seal::Sealed,
    sizes::Sizes,
    submission::limits,
    tables::{
        beyond, forget, keep_entries, keep_events, keep_transactions, oldest, read_entry,
        read_transaction, storage, Oldest, ABOUT, ABOUT_FORMAT, ABOUT_NETWORK, ABOUT_SCANNED,
        ENTRIES, EVENTS, HASHES, LEDGERS, TRANSACTIONS,
    },
    EventRecord, LedgerRecord, NodeError, Position, TransactionRecord,
};
use crate::state::Entries;

/// The file within the folder.
const FILE: &str = "ledger.redb";
/// Version of the tables and of what is in them.
const FORMAT: u32 = 1;
/// Bytes of the file that are kept in memory.
const CACHE: usize = 16 << 20;
/// Bytes of history at most where all of it is in memory.
const HISTORY: usize = 256 << 20;

/// The store, in a folder or in memory.
pub(crate) struct Store {
    database: Database,
    retention: u64,
    oldest: Oldest,
    keeps_entries: bool,
    /// What the history takes, where it is in memory.
    in_memory: Option<Sizes>,
}

/// What was found when the store was opened.
pub(crate) struct Found {
    pub entries: Entries,
    pub latest: LedgerRecord,
    pub scanned: Option<Rc<LedgerKey>>,
}

impl Store {
    /// Opens the store of the network `network_id` in `folder`, or an empty one in memory.
    ///
    /// # Errors
    /// [`NodeError::Refused`] when the folder is in use, another network's or of another version;
    /// [`NodeError::Damaged`], [`NodeError::Storage`].
    pub fn open(
        folder: Option<&Path>,
        retention: u32,
        network_id: [u8; 32],
    ) -> Result<(Self, Option<Found>), NodeError> {
        let database = match folder {
            Some(folder) => open_file(folder)?,
            None => on(InMemoryBackend::new())?,
        };
        let mut store = Self::new(database, retention, folder.is_some());
        store.identify(network_id)?;
        let found = store.found()?;
        Ok((store, found))
    }

    /// Keeps no more than `most` bytes of history.
    #[cfg(test)]
    pub fn bound(&mut self, most: usize) {
        if let Some(sizes) = &mut self.in_memory {
            sizes.most = most;
        }
    }

    /// An empty store on `backend`, whose failures a test chooses.
    #[cfg(test)]
    pub fn on_backend(backend: impl redb::StorageBackend) -> Self {
        let store = Self::new(on(backend).unwrap(), 1, true);
        store.identify([0; 32]).unwrap();
        store
    }

    fn new(database: Database, retention: u32, keeps_entries: bool) -> Self {
        Self {
            database,
            retention: u64::from(retention.max(1)),
            oldest: Oldest::default(),
            keeps_entries,
            in_memory: (!keeps_entries).then(|| Sizes::within(HISTORY)),
        }
    }

    /// Marks an empty store as this network's, or checks that it is.
    fn identify(&self, network_id: [u8; 32]) -> Result<(), NodeError> {
        let write = self.database.begin_write().map_err(storage)?;
        let is_empty = write.list_tables().map_err(storage)?.next().is_none();
        {
            let mut about = write.open_table(ABOUT).map_err(storage)?;
            if is_empty {
                let format = FORMAT.to_be_bytes();
                about
                    .insert(ABOUT_FORMAT, format.as_slice())
                    .map_err(storage)?;
                about
                    .insert(ABOUT_NETWORK, network_id.as_slice())
                    .map_err(storage)?;
            } else {
                check_format(&about)?;
                let network = about.get(ABOUT_NETWORK).map_err(storage)?;
                if network.is_none_or(|stored| stored.value() != network_id) {
                    let why = "the folder holds the ledger of a network with another passphrase";
                    return Err(NodeError::Refused(why.into()));
                }
            }
            write.open_table(ENTRIES).map_err(storage)?;
            write.open_table(LEDGERS).map_err(storage)?;
            write.open_table(TRANSACTIONS).map_err(storage)?;
            write.open_table(HASHES).map_err(storage)?;
            write.open_table(EVENTS).map_err(storage)?;
        }
        write.commit().map_err(storage)
    }

    fn found(&mut self) -> Result<Option<Found>, NodeError> {
        let read = self.read()?;
        let ledgers = read.open_table(LEDGERS).map_err(storage)?;
        let Some((_, latest)) = ledgers.last().map_err(storage)? else {
            return Ok(None);
        };
        let latest = codec::read_ledger(latest.value()).ok_or_else(|| unreadable("a ledger"))?;
        self.oldest = oldest(&ledgers)?;
        let mut entries = Entries::new();
        let stored = read.open_table(ENTRIES).map_err(storage)?;
        for row in stored.iter().map_err(storage)? {
            let (key, entry) = row.map_err(storage)?;
            let (key, entry) =
                read_entry(key.value(), entry.value()).ok_or_else(|| unreadable("an entry"))?;
            entries.insert(Rc::new(key), Rc::new(entry));
        }
        let about = read.open_table(ABOUT).map_err(storage)?;
        let scanned = about.get(ABOUT_SCANNED).map_err(storage)?;
        let scanned = scanned.filter(|key| !key.value().is_empty());
        let scanned = scanned.map(|key| LedgerKey::from_xdr(key.value(), limits(key.value())));
        let scanned = scanned.transpose().map_err(|_| unreadable("a key"))?;
        Ok(Some(Found {
            entries,
            latest,
            scanned: scanned.map(Rc::new),
        }))
    }

    /// Keeps a closed ledger: what it changed, itself, its transactions and their events; forgets what is beyond the
    /// retention.
    ///
    /// # Errors
    /// [`NodeError::Storage`]; nothing is kept then.
    pub fn commit(&mut self, sealed: &Sealed) -> Result<(), NodeError> {
        self.write(sealed, |_| Ok(()))
    }

    /// Goes back to a ledger that was closed: forgets the ones after it, and keeps what leads there.
    ///
    /// # Errors
    /// [`NodeError::Storage`]; nothing is changed then.
    pub fn revert(&mut self, sealed: &Sealed) -> Result<(), NodeError> {
        let next = sealed.ledger.sequence.saturating_add(1);
        self.write(sealed, |write| forget(write, next, u32::MAX))
    }

    /// Puts a whole state in the place of all that is kept.
    ///
    /// # Errors
    /// [`NodeError::Storage`]; nothing is changed then.
    pub fn replace(&mut self, sealed: &Sealed) -> Result<(), NodeError> {
        if let Some(sizes) = &mut self.in_memory {
            *sizes = Sizes::within(sizes.most);
        }
        self.write(sealed, |write| {
            write.delete_table(ENTRIES).map_err(storage)?;
            write.delete_table(LEDGERS).map_err(storage)?;
            write.delete_table(TRANSACTIONS).map_err(storage)?;
            write.delete_table(HASHES).map_err(storage)?;
            write.delete_table(EVENTS).map_err(storage)?;
            Ok(())
        })
    }

    /// One commit of what `change` does, and of `sealed`.
    fn write(
        &mut self,
        sealed: &Sealed,
        change: impl FnOnce(&WriteTransaction) -> Result<(), NodeError>,
    ) -> Result<(), NodeError> {
        let write = self.database.begin_write().map_err(storage)?;
        change(&write)?;
        let oldest = self.keep(&write, sealed)?;
        write.commit().map_err(storage)?;
        self.oldest = oldest;
        if let Some(sizes) = &mut self.in_memory {
            sizes.note(sealed.ledger.sequence, sealed.bytes(), oldest.sequence);
        }
        Ok(())
    }

    fn keep(&self, write: &WriteTransaction, sealed: &Sealed) -> Result<Oldest, NodeError> {
        if self.keeps_entries {
            keep_entries(write, sealed)?;
        }
        keep_transactions(write, &sealed.transactions)?;
        keep_events(write, &sealed.events)?;
        let ledger = &sealed.ledger;
        let last_forgotten = {
            let mut ledgers = write.open_table(LEDGERS).map_err(storage)?;
            let stored = codec::write_ledger(ledger);
            ledgers
                .insert(ledger.sequence, stored.as_slice())
                .map_err(storage)?;
            let too_large = self.in_memory.as_ref();
            let too_large =
                too_large.and_then(|sizes| sizes.beyond(ledger.sequence, sealed.bytes()));
            beyond(&ledgers, self.retention)?.max(too_large)
        };
        if let Some(last) = last_forgotten {
            forget(write, 0, last)?;
        }
        oldest(&write.open_table(LEDGERS).map_err(storage)?)
    }

    /// The oldest ledger that is kept, known without reading it.
    pub fn oldest(&self) -> Oldest {
        self.oldest
    }

    /// Ledgers from `from` on, oldest first, at most `count`.
    ///
    /// # Errors
    /// [`NodeError::Storage`], [`NodeError::Damaged`].
    pub fn ledgers(&self, from: u32, count: usize) -> Result<Vec<LedgerRecord>, NodeError> {
        let ledgers = self.read()?.open_table(LEDGERS).map_err(storage)?;
        let range = ledgers.range(from..).map_err(storage)?;
        range
            .take(count)
            .map(|row| {
                let (_, stored) = row.map_err(storage)?;
                codec::read_ledger(stored.value()).ok_or_else(|| unreadable("a ledger"))
            })
            .collect()
    }

    /// The transaction of this hash: a fee bump's own or that of the transaction inside it.
    ///
    /// # Errors
    /// [`NodeError::Storage`], [`NodeError::Damaged`].
    pub fn transaction(&self, hash: &[u8; 32]) -> Result<Option<TransactionRecord>, NodeError> {
        let read = self.read()?;
        let hashes = read.open_table(HASHES).map_err(storage)?;
        let Some(place) = hashes.get(hash).map_err(storage)? else {
            return Ok(None);
        };
        let place = place.value();
        let transactions = read.open_table(TRANSACTIONS).map_err(storage)?;
        let stored = transactions.get(place).map_err(storage)?;
        let stored = stored.ok_or_else(|| unreadable("a transaction"))?;
        read_transaction(place, stored.value()).map(Some)
    }

    /// Transactions after `after`, in the order applied, at most `count`.
    ///
    /// # Errors
    /// [`NodeError::Storage`], [`NodeError::Damaged`].
    pub fn transactions(
        &self,
        after: Position,
        count: usize,
    ) -> Result<Vec<TransactionRecord>, NodeError> {
        let transactions = self.read()?.open_table(TRANSACTIONS).map_err(storage)?;
        let from = (after.ledger, after.transaction.saturating_add(1));
        let range = transactions.range(from..).map_err(storage)?;
        range
            .take(count)
            .map(|row| {
                let (place, stored) = row.map_err(storage)?;
                read_transaction(place.value(), stored.value())
            })
            .collect()
    }

    /// Hands `take` the events from `from` on (inclusive) in ledgers before `until`, the first one first, until it answers
    /// `false`.
    ///
    /// # Errors
    /// [`NodeError::Storage`], [`NodeError::Damaged`].
    pub fn events(
        &self,
        from: Position,
        until: u32,
        take: &mut dyn FnMut(EventRecord) -> bool,
    ) -> Result<(), NodeError> {
        let events = self.read()?.open_table(EVENTS).map_err(storage)?;
        let start = (from.ledger, from.transaction, from.operation, from.event);
        let end = (until, 0, 0, 0);
        if start >= end {
            return Ok(());
        }
        for row in events.range(start..end).map_err(storage)? {
            let (key, stored) = row.map_err(storage)?;
            let (ledger, transaction, operation, event) = key.value();
            let position = Position {
                ledger,
                transaction,
                operation,
                event,
            };
            let event = codec::read_event(position, stored.value());
            if !take(event.ok_or_else(|| unreadable("an event"))?) {
                break;
            }
        }
        Ok(())
    }

    fn read(&self) -> Result<ReadTransaction, NodeError> {
        self.database.begin_read().map_err(storage)
    }
}

fn on(backend: impl redb::StorageBackend) -> Result<Database, NodeError> {
    Builder::new().create_with_backend(backend).map_err(storage)
}

fn open_file(folder: &Path) -> Result<Database, NodeError> {
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", folder.display());
    fs::create_dir_all(folder).map_err(|error| NodeError::Storage(named(&error)))?;
    let opened = Builder::new()
        .set_cache_size(CACHE)
        .set_check_integrity_on_open(true)
        .create(folder.join(FILE));
    opened.map_err(|error| match error {
        DatabaseError::DatabaseAlreadyOpen => {
            NodeError::Refused(named(&"the folder is in use by another node"))
        }
        DatabaseError::UpgradeRequired(_) => {
            NodeError::Refused(named(&"the ledger's file is of another version"))
        }
        DatabaseError::Storage(StorageError::Corrupted(why)) => NodeError::Damaged(named(&why)),
        other => NodeError::Storage(named(&other)),
    })
}

fn check_format(about: &impl ReadableTable<&'static str, &'static [u8]>) -> Result<(), NodeError> {
    let refused = |why: &str| Err(NodeError::Refused(format!("the folder's file is {why}")));
    let stored = about.get(ABOUT_FORMAT).map_err(storage)?;
    let stored = stored.and_then(|stored| stored.value().try_into().ok());
    match stored.map(u32::from_be_bytes) {
        Some(FORMAT) => Ok(()),
        Some(newer) if newer > FORMAT => refused("written by a newer version"),
        Some(_) => refused("written by an older version"),
        None => refused("no ledger"),
    }
}
