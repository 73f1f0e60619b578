//! The store's tables, and what a commit does to them.

use redb::{ReadableTable, ReadableTableMetadata, Table, TableDefinition, WriteTransaction};
use soroban_env_host::xdr::{LedgerEntry, LedgerKey, Limits, ReadXdr, WriteXdr};

use super::{
    codec,
    damage::{damaged, unreadable},
    seal::Sealed,
    submission::limits,
    EventRecord, NodeError, Position, TransactionRecord,
};
use crate::state::{key_of, Entry};

/// Single values, by name.
pub(crate) const ABOUT: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("about");
/// Key, XDR -> entry.
pub(crate) const ENTRIES: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("entries");
pub(crate) const LEDGERS: TableDefinition<'_, u32, &[u8]> = TableDefinition::new("ledgers");
/// Ledger, order of application -> transaction.
pub(crate) const TRANSACTIONS: TableDefinition<'_, Place, &[u8]> =
    TableDefinition::new("transactions");
/// Hash, a fee bump's own and that of the transaction inside it -> ledger, order of application.
pub(crate) const HASHES: TableDefinition<'_, [u8; 32], Place> = TableDefinition::new("hashes");
/// Ledger, transaction, operation, order in it -> event.
pub(crate) const EVENTS: TableDefinition<'_, (u32, u32, u32, u32), &[u8]> =
    TableDefinition::new("events");

pub(crate) const ABOUT_FORMAT: &str = "format";
pub(crate) const ABOUT_NETWORK: &str = "network";
/// The last key that was looked at for being expired, XDR; empty: none.
pub(crate) const ABOUT_SCANNED: &str = "scanned";

pub(crate) type Place = (u32, u32);

pub(crate) fn keep_entries(write: &WriteTransaction, sealed: &Sealed) -> Result<(), NodeError> {
    let mut entries = write.open_table(ENTRIES).map_err(storage)?;
    for change in &sealed.changes {
        let key = change.key.to_xdr(Limits::none()).map_err(damaged)?;
        match &change.after {
            Some(entry) => {
                let stored = codec::write_entry(entry);
                entries.insert(key.as_slice(), stored.as_slice())
            }
            None => entries.remove(key.as_slice()),
        }
        .map_err(storage)?;
    }
    let scanned = sealed.head.scanned.as_ref();
    let scanned = scanned.map(|key| key.to_xdr(Limits::none()));
    let scanned = scanned.transpose().map_err(damaged)?.unwrap_or_default();
    let mut about = write.open_table(ABOUT).map_err(storage)?;
    about
        .insert(ABOUT_SCANNED, scanned.as_slice())
        .map_err(storage)?;
    Ok(())
}

pub(crate) fn keep_transactions(
    write: &WriteTransaction,
    transactions: &[TransactionRecord],
) -> Result<(), NodeError> {
    let mut table = write.open_table(TRANSACTIONS).map_err(storage)?;
    let mut hashes = write.open_table(HASHES).map_err(storage)?;
    for transaction in transactions {
        let position = transaction.position;
        let place = (position.ledger, position.transaction);
        let stored = codec::write_transaction(transaction);
        table.insert(place, stored.as_slice()).map_err(storage)?;
        for hash in transaction.inner_hash.iter().chain([&transaction.hash]) {
            hashes.insert(hash, place).map_err(storage)?;
        }
    }
    Ok(())
}

pub(crate) fn keep_events(
    write: &WriteTransaction,
    events: &[EventRecord],
) -> Result<(), NodeError> {
    let mut table = write.open_table(EVENTS).map_err(storage)?;
    for event in events {
        let place = event.position;
        let key = (
            place.ledger,
            place.transaction,
            place.operation,
            place.event,
        );
        let stored = codec::write_event(event);
        table.insert(key, stored.as_slice()).map_err(storage)?;
    }
    Ok(())
}

/// The oldest ledger whose history is kept.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Oldest {
    pub sequence: u32,
    /// Unix seconds.
    pub closed_at: u64,
}

/// The last ledger beyond the retention, if there is one.
pub(crate) fn beyond(
    ledgers: &Table<'_, u32, &'static [u8]>,
    retention: u64,
) -> Result<Option<u32>, NodeError> {
    let surplus = ledgers.len().map_err(storage)?.checked_sub(retention);
    let last = surplus.and_then(|surplus| usize::try_from(surplus).ok()?.checked_sub(1));
    let Some(last) = last else {
        return Ok(None);
    };
    let row = ledgers.iter().map_err(storage)?.nth(last).transpose();
    Ok(row.map_err(storage)?.map(|(sequence, _)| sequence.value()))
}

/// The oldest ledger that is kept; of no ledger nothing.
pub(crate) fn oldest(
    ledgers: &impl ReadableTable<u32, &'static [u8]>,
) -> Result<Oldest, NodeError> {
    let Some((sequence, stored)) = ledgers.first().map_err(storage)? else {
        return Ok(Oldest::default());
    };
    Ok(Oldest {
        sequence: sequence.value(),
        closed_at: codec::read_closed_at(stored.value()).ok_or_else(|| unreadable("a ledger"))?,
    })
}

/// Deletes the history of the ledgers from `first` to `last`.
pub(crate) fn forget(write: &WriteTransaction, first: u32, last: u32) -> Result<(), NodeError> {
    let mut transactions = write.open_table(TRANSACTIONS).map_err(storage)?;
    let mut hashes = write.open_table(HASHES).map_err(storage)?;
    let places = (first, 0)..=(last, u32::MAX);
    let mut gone = Vec::new();
    for row in transactions.range(places.clone()).map_err(storage)? {
        let (place, stored) = row.map_err(storage)?;
        let hashes = codec::read_hashes(stored.value());
        let (hash, inner_hash) = hashes.ok_or_else(|| unreadable("a transaction"))?;
        gone.push((hash, place.value()));
        gone.extend(inner_hash.map(|hash| (hash, place.value())));
    }
    for (hash, place) in gone {
        let is_its_own = {
            let stored = hashes.get(hash).map_err(storage)?;
            stored.is_some_and(|stored| stored.value() == place)
        };
        if is_its_own {
            hashes.remove(hash).map_err(storage)?;
        }
    }
    transactions
        .retain_in(places, |_, _| false)
        .map_err(storage)?;
    let mut events = write.open_table(EVENTS).map_err(storage)?;
    let all = u32::MAX;
    events
        .retain_in((first, 0, 0, 0)..=(last, all, all, all), |_, _| false)
        .map_err(storage)?;
    let mut ledgers = write.open_table(LEDGERS).map_err(storage)?;
    ledgers
        .retain_in(first..=last, |_, _| false)
        .map_err(storage)
}

pub(crate) fn read_transaction(
    place: Place,
    stored: &[u8],
) -> Result<TransactionRecord, NodeError> {
    let position = Position {
        ledger: place.0,
        transaction: place.1,
        ..Position::default()
    };
    codec::read_transaction(position, stored).ok_or_else(|| unreadable("a transaction"))
}

/// The key and entry of a row, if the entry is the key's.
pub(crate) fn read_entry(key: &[u8], stored: &[u8]) -> Option<(LedgerKey, Entry)> {
    let key = LedgerKey::from_xdr(key, limits(key)).ok()?;
    let entry = codec::read_entry(stored)?;
    let decoded = LedgerEntry::from_xdr(&entry.encoded, limits(&entry.encoded)).ok()?;
    (key_of(&decoded).as_ref() == Some(&key)).then_some((key, entry))
}

pub(crate) fn storage(error: impl Into<redb::Error>) -> NodeError {
    match error.into() {
        redb::Error::Corrupted(why) => NodeError::Damaged(why),
        other => NodeError::Storage(other.to_string()),
    }
}
