//! The ledger's entries: what is stored, until when it lives, and what a simulation touches.

use std::{
    cell::{OnceCell, RefCell},
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
    rc::Rc,
};

use soroban_env_host::{
    e2e_invoke::TtlLedgerEntryMeta,
    storage::{EntryWithLiveUntil, SnapshotSource},
    xdr::{
        ContractDataDurability, LedgerEntry, LedgerEntryData, LedgerKey, Limits, ReadXdr, WriteXdr,
    },
    HostError,
};

use crate::events::Record;

/// An entry as it is stored: encoded, decoded when first asked for.
pub(crate) struct Entry {
    pub encoded: Rc<[u8]>,
    /// Last ledger in which the entry lives; `None` for accounts and trustlines.
    pub live_until: Option<u32>,
    /// Bytes that rent is charged for.
    pub rent_size: u32,
    decoded: OnceCell<Rc<LedgerEntry>>,
}

impl Entry {
    pub fn encoded(encoded: Rc<[u8]>, live_until: Option<u32>, rent_size: u32) -> Self {
        Self {
            encoded,
            live_until,
            rent_size,
            decoded: OnceCell::new(),
        }
    }

    /// An entry without a time to live.
    pub fn classic(entry: LedgerEntry) -> Result<Self, soroban_env_host::xdr::Error> {
        let encoded = entry.to_xdr(Limits::none())?;
        Ok(Self {
            encoded: encoded.into(),
            live_until: None,
            rent_size: 0,
            decoded: OnceCell::from(Rc::new(entry)),
        })
    }

    pub fn decoded(&self) -> Result<Rc<LedgerEntry>, soroban_env_host::xdr::Error> {
        if let Some(entry) = self.decoded.get() {
            return Ok(entry.clone());
        }
        let entry = Rc::new(LedgerEntry::from_xdr(&self.encoded, Limits::none())?);
        Ok(self.decoded.get_or_init(|| entry).clone())
    }

    /// A copy of the decoded form, which is not kept if it was not there: what is only told once need not stay.
    pub fn decoded_once(&self) -> Result<LedgerEntry, soroban_env_host::xdr::Error> {
        match self.decoded.get() {
            Some(entry) => Ok(LedgerEntry::clone(entry)),
            None => LedgerEntry::from_xdr(&self.encoded, Limits::none()),
        }
    }

    pub fn is_live(&self, sequence: u32) -> bool {
        self.live_until.is_none_or(|last| last >= sequence)
    }

    pub fn ttl(&self, restored_until: Option<u32>) -> Option<TtlLedgerEntryMeta> {
        self.live_until.map(|last| TtlLedgerEntryMeta {
            live_until_ledger: restored_until.unwrap_or(last),
            entry_size_for_rent: self.rent_size,
        })
    }

    /// The same entry with another end of life.
    pub fn living_until(&self, live_until: u32) -> Self {
        Self {
            encoded: self.encoded.clone(),
            live_until: Some(live_until),
            rent_size: self.rent_size,
            decoded: self.decoded.clone(),
        }
    }
}

/// How an entry stands in the current ledger.
pub(crate) enum Standing<'a> {
    Absent,
    Live(&'a Entry),
    /// Expired but restorable: it is restored by the call that declares it read-write.
    Archived(&'a Entry),
}

pub(crate) type Entries = BTreeMap<Rc<LedgerKey>, Rc<Entry>>;

/// All that changes as the ledger advances. Cloning shares the entries until one side writes.
#[derive(Clone)]
pub(crate) struct State {
    pub entries: Rc<Entries>,
    pub log: Rc<Vec<Rc<Record>>>,
    pub sequence: u32,
    pub time: u64,
    /// Seeds drawn so far; every simulation and submission draws one.
    pub seeds: u64,
}

impl State {
    pub fn standing(&self, key: &LedgerKey) -> Standing<'_> {
        match self.entries.get(key) {
            None => Standing::Absent,
            Some(entry) if entry.is_live(self.sequence) => Standing::Live(entry),
            Some(_) if is_temporary(key) => Standing::Absent,
            Some(entry) => Standing::Archived(entry),
        }
    }

    /// The live or archived entry under `key`.
    pub fn entry(&self, key: &LedgerKey) -> Option<&Entry> {
        match self.standing(key) {
            Standing::Absent => None,
            Standing::Live(entry) | Standing::Archived(entry) => Some(entry),
        }
    }

    pub fn put(&mut self, key: Rc<LedgerKey>, entry: Entry) {
        Rc::make_mut(&mut self.entries).insert(key, Rc::new(entry));
    }

    pub fn remove(&mut self, key: &LedgerKey) {
        Rc::make_mut(&mut self.entries).remove(key);
    }

    /// Drops the decoded form of `count` entries from `start` on, which are decoded again when asked for.
    pub fn slim(&mut self, start: Bound<Rc<LedgerKey>>, count: usize) {
        let entries = Rc::make_mut(&mut self.entries);
        for (_, entry) in entries.range_mut((start, Bound::Unbounded)).take(count) {
            if let Some(entry) = Rc::get_mut(entry) {
                entry.decoded.take();
            }
        }
    }
}

pub(crate) fn is_temporary(key: &LedgerKey) -> bool {
    matches!(key, LedgerKey::ContractData(data) if data.durability == ContractDataDurability::Temporary)
}

/// The key under which an account, trustline, contract data, code or setting is stored; `None` for kinds that a ledger here never
/// holds, lifetimes among them.
pub(crate) fn key_of(entry: &LedgerEntry) -> Option<LedgerKey> {
    let is_held = matches!(
        entry.data,
        LedgerEntryData::Account(_)
            | LedgerEntryData::Trustline(_)
            | LedgerEntryData::ContractData(_)
            | LedgerEntryData::ContractCode(_)
            | LedgerEntryData::ConfigSetting(_)
    );
    is_held.then(|| entry.to_key())
}

/// A frozen view of the ledger for simulation that remembers which keys were asked for.
pub(crate) struct WatchedState {
    state: State,
    touched: RefCell<BTreeSet<Rc<LedgerKey>>>,
}

impl WatchedState {
    pub fn new(state: State) -> Self {
        Self {
            state,
            touched: RefCell::default(),
        }
    }

    pub fn touched(&self) -> Vec<Rc<LedgerKey>> {
        self.touched.borrow().iter().cloned().collect()
    }
}

impl SnapshotSource for WatchedState {
    fn get(&self, key: &Rc<LedgerKey>) -> Result<Option<EntryWithLiveUntil>, HostError> {
        self.touched.borrow_mut().insert(key.clone());
        self.state
            .entry(key)
            .map(|entry| Ok((entry.decoded()?, entry.live_until)))
            .transpose()
    }
}
