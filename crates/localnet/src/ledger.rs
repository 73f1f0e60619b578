//! The ledger itself: its clock, its snapshots, its log.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use sha2::{Digest, Sha256};
use soroban_env_host::{
    xdr::{
        ContractExecutable, Hash, LedgerEntryData, LedgerFootprint, LedgerKey, ScAddress,
        ScContractInstance, ScVal,
    },
    LedgerInfo, ModuleCache,
};

use crate::{
    error::LedgerError,
    events::Record,
    modules::new_module_cache,
    network::{ledgers_within, NetworkConfig, PROTOCOL_VERSION},
    remote::Remote,
    repeat::{KnownView, Routine, View},
    state::{Entries, State},
};

/// An in-memory ledger run by the production host.
///
/// A handle: clones share the same ledger. Every successful call is applied at once; the clock moves only when told.
#[derive(Clone)]
pub struct Ledger(Rc<Inner>);

struct Inner {
    config: NetworkConfig,
    network_id: [u8; 32],
    modules: ModuleCache,
    /// Footprints that calls of this kind had last.
    routines: RefCell<BTreeMap<Routine, LedgerFootprint>>,
    /// What was looked up.
    known_views: RefCell<BTreeMap<View, KnownView>>,
    state: RefCell<State>,
    /// Where the entries are, if not here.
    remote: Option<Box<dyn Remote>>,
}

/// The whole state of a ledger at one moment. Taking one is cheap; entries are shared until they change.
#[derive(Clone)]
pub struct Snapshot {
    state: State,
    /// Its number on the network that keeps the entries.
    remote: Option<u32>,
}

impl Snapshot {
    pub(crate) fn entries(&self) -> &Entries {
        &self.state.entries
    }
}

impl Ledger {
    /// An empty ledger with the given settings.
    ///
    /// # Errors
    /// When the host refuses the cost parameters.
    pub fn new(config: NetworkConfig) -> Result<Self, LedgerError> {
        let clock = (config.start_sequence, config.start_time);
        let network_id = config.network_id();
        Self::starting(config, network_id, clock, None)
    }

    /// A ledger that is kept by `remote`: every call, view and entry is that network's. Clock and log are kept here, too.
    ///
    /// # Errors
    /// When the network does not answer.
    pub fn on(remote: Box<dyn Remote>, config: NetworkConfig) -> Result<Self, LedgerError> {
        let (network_id, clock) = (remote.network_id(), remote.clock()?);
        Self::starting(config, network_id, clock, Some(remote))
    }

    fn starting(
        config: NetworkConfig,
        network_id: [u8; 32],
        (sequence, time): (u32, u64),
        remote: Option<Box<dyn Remote>>,
    ) -> Result<Self, LedgerError> {
        let state = State {
            entries: Rc::default(),
            log: Rc::default(),
            sequence,
            time,
            seeds: 0,
        };
        Ok(Self(Rc::new(Inner {
            network_id,
            modules: new_module_cache(&config)?,
            routines: RefCell::default(),
            known_views: RefCell::default(),
            state: RefCell::new(state),
            remote,
            config,
        })))
    }

    /// The settings.
    #[must_use]
    pub fn config(&self) -> &NetworkConfig {
        &self.0.config
    }

    /// The network's id, which signatures bind to.
    #[must_use]
    pub fn network_id(&self) -> [u8; 32] {
        self.0.network_id
    }

    /// Unix time of the current ledger, seconds.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.0.state.borrow().time
    }

    /// Sequence number of the current ledger.
    #[must_use]
    pub fn sequence(&self) -> u32 {
        self.0.state.borrow().sequence
    }

    /// Moves the clock by `seconds` and as many ledgers as fit, at least one; by 0 it does nothing.
    pub fn advance(&self, seconds: u64) {
        if seconds == 0 {
            return;
        }
        if let Some(remote) = self.remote() {
            remote.advance(seconds);
        }
        let mut state = self.0.state.borrow_mut();
        state.time = state.time.saturating_add(seconds);
        state.sequence = state.sequence.saturating_add(ledgers_within(seconds));
    }

    /// Moves the clock to `time`, Unix seconds.
    ///
    /// # Errors
    /// [`LedgerError::TimeBackwards`].
    pub fn set_time(&self, time: u64) -> Result<(), LedgerError> {
        let now = self.now();
        let forward = time.checked_sub(now);
        self.advance(forward.ok_or(LedgerError::TimeBackwards { now, wanted: time })?);
        Ok(())
    }

    /// The state at this moment.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            state: self.0.state.borrow().clone(),
            remote: self.remote().map(Remote::snapshot),
        }
    }

    /// Back to the state of `snapshot`, clock and log included.
    pub fn revert(&self, snapshot: &Snapshot) {
        if let (Some(remote), Some(number)) = (self.remote(), snapshot.remote) {
            remote.revert(number);
        }
        *self.0.state.borrow_mut() = snapshot.state.clone();
    }

    /// The events of every submission applied in ledger `sequence` or later, oldest first.
    #[must_use]
    pub fn events_since(&self, sequence: u32) -> Vec<Rc<Record>> {
        let state = self.0.state.borrow();
        let start = state
            .log
            .partition_point(|record| record.sequence < sequence);
        state.log[start..].to_vec()
    }

    /// Forgets all events, so that a long run does not keep them.
    pub fn clear_events(&self) {
        self.0.state.borrow_mut().log = Rc::default();
    }

    /// The last ledger in which the entry under `key` lives; `None` if there is no such entry, or it has no end.
    /// An archived entry reports the past ledger in which it ended.
    #[must_use]
    pub fn live_until(&self, key: &LedgerKey) -> Option<u32> {
        if let Some(remote) = self.remote() {
            return remote.entry(key).ok().flatten().and_then(|found| found.1);
        }
        let state = self.0.state.borrow();
        state.entry(key).and_then(|entry| entry.live_until)
    }

    /// Every contract that has code of its own, with the hash of that code; those of assets have none.
    #[must_use]
    pub fn contracts(&self) -> Vec<(ScAddress, [u8; 32])> {
        if let Some(remote) = self.remote() {
            return remote.contracts();
        }
        let state = self.0.state.borrow();
        let instances = state.entries.iter().filter_map(|(key, entry)| {
            let LedgerKey::ContractData(data) = &**key else {
                return None;
            };
            if data.key != ScVal::LedgerKeyContractInstance {
                return None;
            }
            let entry = entry.decoded().ok()?;
            let LedgerEntryData::ContractData(stored) = &entry.data else {
                return None;
            };
            match &stored.val {
                ScVal::ContractInstance(ScContractInstance {
                    executable: ContractExecutable::Wasm(Hash(hash)),
                    ..
                }) => Some((data.contract.clone(), *hash)),
                _ => None,
            }
        });
        instances.collect()
    }

    /// How many entries are stored here, expired ones included.
    #[must_use]
    pub fn entry_count(&self) -> usize {
        self.0.state.borrow().entries.len()
    }

    /// The network that keeps this ledger, if it is not kept here.
    pub(crate) fn remote(&self) -> Option<&dyn Remote> {
        self.0.remote.as_deref()
    }

    pub(crate) fn modules(&self) -> &ModuleCache {
        &self.0.modules
    }

    pub(crate) fn footprint_of(&self, routine: &Routine) -> Option<LedgerFootprint> {
        self.0.routines.borrow().get(routine).cloned()
    }

    pub(crate) fn keep_footprint(&self, routine: Routine, footprint: LedgerFootprint) {
        self.0.routines.borrow_mut().insert(routine, footprint);
    }

    pub(crate) fn with_known<T>(
        &self,
        view: &View,
        read: impl FnOnce(&KnownView) -> Option<T>,
    ) -> Option<T> {
        self.0.known_views.borrow().get(view).and_then(read)
    }

    pub(crate) fn keep_known(&self, view: View, known: KnownView) {
        self.0.known_views.borrow_mut().insert(view, known);
    }

    pub(crate) fn state(&self) -> State {
        self.0.state.borrow().clone()
    }

    pub(crate) fn with_state<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.0.state.borrow())
    }

    pub(crate) fn change_state<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.0.state.borrow_mut())
    }

    /// The current ledger as the host sees it.
    pub(crate) fn info(&self) -> LedgerInfo {
        let (config, state) = (&self.0.config, self.0.state.borrow());
        LedgerInfo {
            protocol_version: PROTOCOL_VERSION,
            sequence_number: state.sequence,
            timestamp: state.time,
            network_id: self.0.network_id,
            base_reserve: config.base_reserve,
            min_temp_entry_ttl: config.ttl.min_temporary,
            min_persistent_entry_ttl: config.ttl.min_persistent,
            max_entry_ttl: config.ttl.max,
        }
    }

    /// A seed for randomness and nonces: never the same twice, always the same after the same history.
    pub(crate) fn draw_seed(&self) -> [u8; 32] {
        let seed = self.peek_seed();
        self.0.state.borrow_mut().seeds += 1;
        seed
    }

    pub(crate) fn peek_seed(&self) -> [u8; 32] {
        let draws = self.0.state.borrow().seeds;
        Sha256::new()
            .chain_update(self.0.network_id)
            .chain_update(draws.to_be_bytes())
            .finalize()
            .into()
    }
}
