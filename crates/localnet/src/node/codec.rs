//! How records and entries are written to the store: fixed fields, then lengths and bytes, big-endian.

use super::{EventRecord, LedgerRecord, Position, TransactionRecord};
use crate::state::Entry;

/// Bytes that grow.
#[derive(Default)]
pub(crate) struct Writer(pub Vec<u8>);

impl Writer {
    pub fn number(mut self, number: u32) -> Self {
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    pub fn long(mut self, number: u64) -> Self {
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    pub fn flag(mut self, flag: bool) -> Self {
        self.0.push(u8::from(flag));
        self
    }

    pub fn raw(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// Bytes behind their length, which fits: nothing stored is longer than a ledger.
    pub fn bytes(self, bytes: &[u8]) -> Self {
        self.long(bytes.len() as u64).raw(bytes)
    }
}

/// Bytes that are read from the front; `None` once they do not suffice.
pub(crate) struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*array)
    }

    pub fn number(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub fn long(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }

    pub fn flag(&mut self) -> Option<bool> {
        match self.array()? {
            [0] => Some(false),
            [1] => Some(true),
            _ => None,
        }
    }

    pub fn hash(&mut self) -> Option<[u8; 32]> {
        self.array()
    }

    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.long()?).ok()?;
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    /// `value`, if nothing is left.
    pub fn end<T>(self, value: T) -> Option<T> {
        self.0.is_empty().then_some(value)
    }
}

pub(crate) fn write_ledger(ledger: &LedgerRecord) -> Vec<u8> {
    Writer::default()
        .number(ledger.sequence)
        .raw(&ledger.hash)
        .long(ledger.closed_at)
        .bytes(&ledger.header)
        .bytes(&ledger.meta)
        .0
}

pub(crate) fn read_ledger(stored: &[u8]) -> Option<LedgerRecord> {
    let mut reader = Reader(stored);
    let ledger = LedgerRecord {
        sequence: reader.number()?,
        hash: reader.hash()?,
        closed_at: reader.long()?,
        header: reader.bytes()?.into(),
        meta: reader.bytes()?.into(),
    };
    reader.end(ledger)
}

/// When a stored ledger closed, Unix seconds.
pub(crate) fn read_closed_at(stored: &[u8]) -> Option<u64> {
    let mut reader = Reader(stored);
    let _sequence = reader.number()?;
    let _hash = reader.hash()?;
    reader.long()
}

/// All but the position, which is the key.
pub(crate) fn write_transaction(transaction: &TransactionRecord) -> Vec<u8> {
    Writer::default()
        .raw(&transaction.hash)
        .bytes(transaction.inner_hash.as_ref().map_or(&[], |hash| hash))
        .long(transaction.closed_at)
        .flag(transaction.is_success)
        .bytes(&transaction.envelope)
        .bytes(&transaction.result)
        .bytes(&transaction.meta)
        .0
}

pub(crate) fn read_transaction(position: Position, stored: &[u8]) -> Option<TransactionRecord> {
    let mut reader = Reader(stored);
    let (hash, inner_hash) = hashes(&mut reader)?;
    let transaction = TransactionRecord {
        position,
        hash,
        inner_hash,
        closed_at: reader.long()?,
        is_success: reader.flag()?,
        envelope: reader.bytes()?.into(),
        result: reader.bytes()?.into(),
        meta: reader.bytes()?.into(),
    };
    reader.end(transaction)
}

/// A stored transaction's hash, and that of the one inside it.
pub(crate) fn read_hashes(stored: &[u8]) -> Option<([u8; 32], Option<[u8; 32]>)> {
    hashes(&mut Reader(stored))
}

fn hashes(reader: &mut Reader<'_>) -> Option<([u8; 32], Option<[u8; 32]>)> {
    let hash = reader.hash()?;
    let inner_hash = match reader.bytes()? {
        [] => None,
        hash => Some(hash.try_into().ok()?),
    };
    Some((hash, inner_hash))
}

/// All but the position, which is the key.
pub(crate) fn write_event(event: &EventRecord) -> Vec<u8> {
    Writer::default()
        .long(event.closed_at)
        .raw(&event.transaction_hash)
        .flag(event.is_success)
        .bytes(&event.event)
        .0
}

pub(crate) fn read_event(position: Position, stored: &[u8]) -> Option<EventRecord> {
    let mut reader = Reader(stored);
    let event = EventRecord {
        position,
        closed_at: reader.long()?,
        transaction_hash: reader.hash()?,
        is_success: reader.flag()?,
        event: reader.bytes()?.into(),
    };
    reader.end(event)
}

pub(crate) fn write_entry(entry: &Entry) -> Vec<u8> {
    Writer::default()
        .flag(entry.live_until.is_some())
        .number(entry.live_until.unwrap_or(0))
        .number(entry.rent_size)
        .bytes(&entry.encoded)
        .0
}

pub(crate) fn read_entry(stored: &[u8]) -> Option<Entry> {
    let mut reader = Reader(stored);
    let has_end = reader.flag()?;
    let live_until = reader.number()?;
    let rent_size = reader.number()?;
    let encoded = reader.bytes()?.into();
    let entry = Entry::encoded(encoded, has_end.then_some(live_until), rent_size);
    reader.end(entry)
}
