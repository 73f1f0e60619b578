//! What a transaction did to entries, as its metadata tells it.
//!
//! The network keeps lifetimes as entries of their own; here they are made from the entries that have them. In which
//! ledger a lifetime was last changed is not kept: the entry's own ledger stands for it.

use std::{collections::BTreeMap, rc::Rc};

use sha2::{Digest, Sha256};
use soroban_env_host::xdr::{
    self, Hash, LedgerEntry, LedgerEntryChange, LedgerEntryChanges, LedgerEntryData,
    LedgerEntryExt, LedgerKey, LedgerKeyTtl, Limits, TtlEntry, WriteXdr,
};

use super::changes::Change;
use crate::state::Entry;

/// The ledger whose metadata is written.
#[derive(Clone, Copy)]
pub(crate) struct Frame {
    pub sequence: u32,
    /// Last ledger of an entry that is restored now.
    pub restored_until: u32,
}

impl Frame {
    /// `changes` as the network lists them: one step per key, from what was to what is.
    pub fn changes(self, changes: &[Change]) -> Result<LedgerEntryChanges, xdr::Error> {
        let mut places = BTreeMap::new();
        let mut steps: Vec<Change> = Vec::new();
        for change in changes {
            let place = *places.entry(&change.key).or_insert(steps.len());
            match steps.get_mut(place) {
                Some(step) => {
                    step.after.clone_from(&change.after);
                    step.restored |= change.restored;
                }
                None => steps.push(change.clone()),
            }
        }
        let mut listed = Vec::with_capacity(steps.len().saturating_mul(2));
        for step in &steps {
            self.list(step, &mut listed)?;
        }
        Ok(LedgerEntryChanges(listed.try_into()?))
    }

    fn list(self, step: &Change, listed: &mut Vec<LedgerEntryChange>) -> Result<(), xdr::Error> {
        let (before, after) = (step.before.as_deref(), step.after.as_deref());
        let was = before.map(Entry::decoded_once).transpose()?;
        let is = after.map(Entry::decoded_once).transpose()?;
        let is_written = match (before, after) {
            (Some(before), Some(after)) => !Rc::ptr_eq(&before.encoded, &after.encoded),
            _ => true,
        };
        match (&was, &is) {
            // A lifetime that is restored restores the entry, which is not written.
            (Some(_), Some(is)) if step.restored && !is_written => {
                listed.push(LedgerEntryChange::Restored(is.clone()));
            }
            (Some(was), Some(is)) if step.restored && was.data == is.data => {
                listed.push(LedgerEntryChange::Restored(is.clone()));
            }
            _ if is_written => self.list_one(&step.key, was, is, step.restored, listed),
            _ => {}
        }
        self.list_lifetime(step, listed)
    }

    fn list_lifetime(
        self,
        step: &Change,
        listed: &mut Vec<LedgerEntryChange>,
    ) -> Result<(), xdr::Error> {
        let (before, after) = (step.before.as_deref(), step.after.as_deref());
        let old = before.and_then(|entry| entry.live_until);
        let new = after.and_then(|entry| entry.live_until);
        if old == new && !step.restored {
            return Ok(());
        }
        let key_hash = Hash(Sha256::digest(step.key.to_xdr(Limits::none())?).into());
        let lifetime = |last_modified_ledger_seq, live_until_ledger_seq| LedgerEntry {
            last_modified_ledger_seq,
            data: LedgerEntryData::Ttl(TtlEntry {
                key_hash: key_hash.clone(),
                live_until_ledger_seq,
            }),
            ext: LedgerEntryExt::V0,
        };
        let then = before.map(Entry::decoded_once).transpose()?;
        let was = old.zip(then.map(|entry| entry.last_modified_ledger_seq));
        let was = was.map(|(until, ledger)| lifetime(ledger, until));
        let is = new.map(|until| lifetime(self.sequence, until));
        match is {
            Some(is) if step.restored && new == Some(self.restored_until) => {
                listed.push(LedgerEntryChange::Restored(is));
            }
            is => {
                let key = LedgerKey::Ttl(LedgerKeyTtl {
                    key_hash: key_hash.clone(),
                });
                self.list_one(&key, was, is, step.restored, listed);
            }
        }
        Ok(())
    }

    fn list_one(
        self,
        key: &LedgerKey,
        was: Option<LedgerEntry>,
        is: Option<LedgerEntry>,
        restored: bool,
        listed: &mut Vec<LedgerEntryChange>,
    ) {
        let existed = was.is_some();
        listed.extend(was.map(|mut was| {
            if restored {
                was.last_modified_ledger_seq = self.sequence;
                return LedgerEntryChange::Restored(was);
            }
            LedgerEntryChange::State(was)
        }));
        match is {
            Some(is) if existed => listed.push(LedgerEntryChange::Updated(is)),
            Some(is) => listed.push(LedgerEntryChange::Created(is)),
            None if existed => listed.push(LedgerEntryChange::Removed(key.clone())),
            None => {}
        }
    }
}
