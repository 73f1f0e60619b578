//! What a transaction did to entries. Entries are changed in place; what was there before is remembered, so that a
//! failed transaction can be undone and metadata can tell both.

use std::{ops::Range, rc::Rc};

use soroban_env_host::xdr::{self, LedgerEntry, LedgerEntryData, LedgerEntryExt, LedgerKey};

use crate::state::{key_of, Entry, State};

/// One entry's change.
#[derive(Clone)]
pub(crate) struct Change {
    pub key: Rc<LedgerKey>,
    pub before: Option<Rc<Entry>>,
    pub after: Option<Rc<Entry>>,
    /// Whether `before` was archived and came back.
    pub restored: bool,
}

/// Changes in the order in which they were made.
#[derive(Clone, Default)]
pub(crate) struct Changes(Vec<Change>);

impl Changes {
    /// Stores `entry` under `key`.
    pub fn put(&mut self, state: &mut State, key: Rc<LedgerKey>, entry: Entry, restored: bool) {
        let before = state.entries.get(&key).cloned();
        state.put(key.clone(), entry);
        let after = state.entries.get(&key).cloned();
        self.0.push(Change {
            key,
            before,
            after,
            restored,
        });
    }

    /// Stores an entry without a time to live, as modified in the ledger `state` is at.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn put_classic(
        &mut self,
        state: &mut State,
        data: LedgerEntryData,
    ) -> Result<(), xdr::Error> {
        let entry = LedgerEntry {
            last_modified_ledger_seq: state.sequence,
            data,
            ext: LedgerEntryExt::V0,
        };
        let key = key_of(&entry).ok_or(xdr::Error::Invalid)?;
        self.put(state, Rc::new(key), Entry::classic(entry)?, false);
        Ok(())
    }

    /// Removes the entry under `key`.
    pub fn remove(&mut self, state: &mut State, key: Rc<LedgerKey>) {
        self.erase(state, key, false);
    }

    /// As [`Changes::remove`], of an entry that may have been restored only to be removed.
    pub fn erase(&mut self, state: &mut State, key: Rc<LedgerKey>, restored: bool) {
        let before = state.entries.get(&key).cloned();
        state.remove(&key);
        self.0.push(Change {
            key,
            before,
            after: None,
            restored,
        });
    }

    /// Takes in what `later` holds.
    pub fn append(&mut self, later: Self) {
        self.0.extend(later.0);
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Those in `places`, as far as they are there.
    pub fn between(&self, places: Range<usize>) -> &[Change] {
        self.0.get(places).unwrap_or_default()
    }

    /// Takes out all but the first `count`.
    pub fn split_off(&mut self, count: usize) -> Self {
        Self(self.0.split_off(count.min(self.0.len())))
    }

    /// Takes everything back.
    pub fn undo(self, state: &mut State) {
        for change in self.0.into_iter().rev() {
            match change.before {
                Some(entry) => {
                    Rc::make_mut(&mut state.entries).insert(change.key, entry);
                }
                None => state.remove(&change.key),
            }
        }
    }

    /// The changes, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Change> {
        self.0.iter()
    }
}
