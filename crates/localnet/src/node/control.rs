//! What a test does to a network of its own: move the clock, go back, carry the ledger elsewhere.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    rc::Rc,
};

use soroban_env_host::xdr::LedgerKey;
use wire::SECONDS_PER_LEDGER;

use super::{
    close::{OpenLedger, LAST_TIME},
    damage::damaged,
    dump,
    queue::Queue,
    seal::{self, Head, NetChange, Sealed},
    LedgerRecord, Node, NodeError, Pace,
};
use crate::{
    ledger::Snapshot,
    network::{ledgers_within, NetworkConfig},
    state::Entries,
};

/// Snapshots that are kept at once.
const SNAPSHOTS: usize = 16;
/// The last ledger that there may be: new accounts' sequence numbers and places in history have room for it.
pub(crate) const LAST_LEDGER: u32 = i32::MAX.unsigned_abs();

/// Snapshots by number.
#[derive(Default)]
pub(crate) struct Snapshots {
    taken: BTreeMap<u32, NodeSnapshot>,
    next: u32,
}

struct NodeSnapshot {
    state: Snapshot,
    latest: LedgerRecord,
    head: Head,
    open: OpenLedger,
}

impl Node {
    /// Moves the open ledger's clock: closes it and opens one that is `seconds` later and as many ledgers on as fit, at
    /// least one. The ledgers between are skipped, but for the last, which closes empty. By 0 it does nothing. Not for a
    /// node whose clock is the one on the wall.
    ///
    /// # Errors
    /// [`NodeError::Refused`] then, or past the last ledger; as [`Node::close`].
    pub fn advance(&mut self, seconds: u64) -> Result<(), NodeError> {
        if matches!(self.config.pace, Pace::Every(_) | Pace::OnDemand) {
            let why = "this network's clock is the one on the wall";
            return Err(NodeError::Refused(why.into()));
        }
        if seconds == 0 {
            return Ok(());
        }
        let refused = || NodeError::Refused(format!("{seconds} seconds are too many"));
        let opening = self.ledger.sequence().checked_add(ledgers_within(seconds));
        let opening = opening
            .filter(|opening| *opening <= LAST_LEDGER)
            .ok_or_else(refused)?;
        let time = self.ledger.now().checked_add(seconds);
        let time = time.filter(|time| *time <= LAST_TIME).ok_or_else(refused)?;
        self.close(None)?;
        if self.ledger.sequence() < opening {
            let last = time.saturating_sub(SECONDS_PER_LEDGER);
            self.ledger.change_state(|state| {
                state.sequence = opening.saturating_sub(1);
                state.time = last;
            });
            self.seal(last)?;
        }
        self.ledger.change_state(|state| state.time = time);
        Ok(())
    }

    /// Remembers the ledger as it is, with what an eager node has in its open one; [`Node::revert`] takes the number. When
    /// there are too many, the oldest goes. Snapshots end with the node.
    ///
    /// # Errors
    /// [`NodeError::Storage`] after a ledger could not be made or kept.
    pub fn snapshot(&mut self) -> Result<u32, NodeError> {
        self.check_sound()?;
        let number = self.snapshots.next;
        let taken = NodeSnapshot {
            state: self.ledger.snapshot(),
            latest: self.latest.clone(),
            head: self.head.clone(),
            open: self.open.clone(),
        };
        self.snapshots.next = number.wrapping_add(1);
        self.snapshots.taken.insert(number, taken);
        if self.snapshots.taken.len() > SNAPSHOTS {
            self.snapshots.taken.pop_first();
        }
        Ok(number)
    }

    /// Goes back to snapshot `number`, which can be done again, and forgets all ledgers and snapshots since, and whatever
    /// waits. History that the retention had let go by then stays gone.
    ///
    /// # Errors
    /// [`NodeError::Refused`] when there is no such snapshot; [`NodeError::Storage`].
    pub fn revert(&mut self, number: u32) -> Result<(), NodeError> {
        self.check_sound()?;
        let Some(taken) = self.snapshots.taken.get(&number) else {
            return Err(NodeError::Refused(format!("there is no snapshot {number}")));
        };
        let changes = self.ledger.with_state(|now| {
            let then = taken.state.entries();
            differences(&now.entries, then)
        });
        self.forget_modules(&changes)?;
        let (state, latest, head, open) = (
            taken.state.clone(),
            taken.latest.clone(),
            taken.head.clone(),
            taken.open.clone(),
        );
        let sealed = Sealed {
            changes,
            ledger: latest.clone(),
            transactions: Vec::new(),
            events: Vec::new(),
            head: head.clone(),
        };
        self.kept(|store| store.revert(&sealed))?;
        self.ledger.revert(&state);
        self.latest = latest;
        self.head = head;
        self.queue = Queue::default();
        self.open = open;
        self.snapshots.taken.retain(|other, _| *other <= number);
        Ok(())
    }

    /// Writes the whole state to `out`, closing what is open if a transaction is in it: entries and the last ledger, not
    /// the history before.
    ///
    /// # Errors
    /// As [`Node::close`]; [`NodeError::Storage`] when `out` fails.
    pub fn dump(&mut self, out: &mut dyn Write) -> Result<(), NodeError> {
        self.close_if_used()?;
        let network_id = self.ledger.network_id();
        let scanned = self.head.scanned.as_deref();
        self.ledger
            .with_state(|state| dump::write(out, network_id, &self.latest, scanned, &state.entries))
    }

    /// Puts what [`Node::dump`] wrote in the place of everything: state, settings, clock, history. Waiting transactions
    /// and snapshots are gone.
    ///
    /// # Errors
    /// [`NodeError::Refused`] when it is another network's, or of another version; [`NodeError::Damaged`];
    /// the node is as before then. [`NodeError::Storage`]: it does nothing any more.
    pub fn load(&mut self, from: &mut dyn Read) -> Result<(), NodeError> {
        self.check_sound()?;
        let found = dump::read(from, self.ledger.network_id())?;
        let network = own_settings(self.network());
        let (ledger, head) = seal::resumed(network, self.config.pace, &found)?;
        let sealed = Sealed {
            changes: differences(&Entries::new(), &found.entries),
            ledger: found.latest.clone(),
            transactions: Vec::new(),
            events: Vec::new(),
            head: head.clone(),
        };
        self.kept(|store| store.replace(&sealed))?;
        self.ledger = ledger;
        self.latest = found.latest;
        self.head = head;
        self.forget_what_waits();
        self.snapshots.taken.clear();
        Ok(())
    }

    /// Forgets the modules of code that changes, so that none stays whose code is gone.
    fn forget_modules(&self, changes: &[NetChange]) -> Result<(), NodeError> {
        let codes = changes.iter().filter_map(|change| match &*change.key {
            LedgerKey::ContractCode(code) => Some(&code.hash),
            _ => None,
        });
        let mut forgotten = codes.map(|hash| self.ledger.forget_module(hash));
        let forgotten = forgotten.try_for_each(|forgotten| forgotten);
        forgotten.map_err(damaged)
    }

    fn close_if_used(&mut self) -> Result<(), NodeError> {
        self.check_sound()?;
        if !self.open.applied.is_empty() {
            self.close(None)?;
        }
        Ok(())
    }

    fn forget_what_waits(&mut self) {
        self.queue = Queue::default();
        self.open = OpenLedger::default();
    }
}

/// The settings that no ledger holds; the others are mainnet's until the ledger's are read.
fn own_settings(network: &NetworkConfig) -> NetworkConfig {
    NetworkConfig {
        passphrase: network.passphrase.clone(),
        start_sequence: network.start_sequence,
        start_time: network.start_time,
        explain_failures: network.explain_failures,
        has_wide_footprints: network.has_wide_footprints,
        allow_non_root_auth: network.allow_non_root_auth,
        ..NetworkConfig::mainnet()
    }
}

/// What makes `now` into `then`.
fn differences(now: &Entries, then: &Entries) -> Vec<NetChange> {
    let gone = now.iter().filter(|(key, _)| !then.contains_key(*key));
    let gone = gone.map(|(key, entry)| NetChange {
        key: key.clone(),
        before: Some(entry.clone()),
        after: None,
    });
    let other = then.iter().filter_map(|(key, entry)| {
        let before = now.get(key);
        let is_same = before.is_some_and(|before| Rc::ptr_eq(before, entry));
        (!is_same).then(|| NetChange {
            key: key.clone(),
            before: before.cloned(),
            after: Some(entry.clone()),
        })
    });
    gone.chain(other).collect()
}
