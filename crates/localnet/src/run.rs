//! One execution by the host: recorded, where it finds out what it touches, or enforced, where it may touch only that.

use std::rc::Rc;

use soroban_env_host::{
    budget::Budget,
    e2e_invoke::{
        invoke_host_function, invoke_host_function_in_recording_mode, InvokeHostFunctionResult,
        RecordingInvocationAuthMode, TtlLedgerEntryMeta,
    },
    storage::Storage,
    xdr::{
        AccountId, ContractDataDurability, DiagnosticEvent, HostFunction, LedgerFootprint,
        LedgerKey, Limits, ScVal, SorobanAuthorizationEntry, SorobanResources, WriteXdr,
    },
    DiagnosticLevel, Host, HostError,
};

use crate::{
    auth::{unsigned, Auth},
    costs::{size, Costs},
    error::InvokeError,
    ledger::Ledger,
    state::{Standing, WatchedState},
};

/// Room above the limits for runs that only find out what to declare.
const HEADROOM: u64 = 2;

/// What a call is: the same for every way of running it.
pub(crate) struct Call<'a> {
    pub source: &'a AccountId,
    pub function: &'a HostFunction,
    pub seed: [u8; 32],
}

/// What a recorded run found out.
pub(crate) struct Recorded {
    pub value: ScVal,
    pub auth: Vec<SorobanAuthorizationEntry>,
    pub touched: Vec<Rc<LedgerKey>>,
}

/// What an enforced run did.
pub(crate) struct Enforced {
    pub result: InvokeHostFunctionResult,
    pub value: Vec<u8>,
    /// Everything but sizes of transaction, and prices.
    pub costs: Costs,
}

impl Ledger {
    /// Runs `call` against a snapshot and records what it touches and whose authorisation it needs.
    pub(crate) fn record(&self, call: &Call<'_>, auth: Auth<'_>) -> Result<Recorded, InvokeError> {
        self.explained(|explain| {
            let budget = self.config().budget(1).map_err(internal)?;
            let snapshot = Rc::new(WatchedState::new(self.state()));
            let mut events = explain.then(Vec::new);
            self.record_once(call, auth, &budget, snapshot, &mut events)
                .map_err(|error| {
                    self.failure(&error, &budget, 1, events.as_deref().unwrap_or_default())
                })
        })
    }

    fn record_once(
        &self,
        call: &Call<'_>,
        auth: Auth<'_>,
        budget: &Budget,
        snapshot: Rc<WatchedState>,
        events: &mut Option<Vec<DiagnosticEvent>>,
    ) -> Result<Recorded, HostError> {
        let storage = Storage::with_recording_footprint(snapshot.clone());
        let host = Host::with_storage_and_budget(storage, budget.clone());
        host.set_source_account(call.source.clone())?;
        host.set_ledger_info(self.info())?;
        host.set_base_prng_seed(call.seed)?;
        host.set_module_cache(self.modules().clone())?;
        match auth {
            Auth::None => host.set_authorization_entries(Vec::new())?,
            Auth::Explicit(entries) => host.set_authorization_entries(entries.to_vec())?,
            Auth::Sign(_) => host.switch_to_recording_auth(!self.config().allow_non_root_auth)?,
        }
        if events.is_some() {
            host.set_diagnostic_level(DiagnosticLevel::Debug)?;
        }
        let result = host.invoke_function(call.function.clone());
        let auth = authorisations(&host, auth)?;
        let (_, host_events) = host.try_finish()?;
        if let Some(events) = events {
            events.extend(host_events.0.into_iter().map(|event| DiagnosticEvent {
                in_successful_contract_call: !event.failed_call,
                event: event.event,
            }));
        }
        Ok(Recorded {
            value: result?,
            auth,
            touched: snapshot.touched(),
        })
    }

    /// The exact footprint of `call` with these authorisations, by the simulation that RPC servers use. It parses each
    /// contract anew, so it is slow; [`Ledger::record`] is not.
    pub(crate) fn exact_footprint(
        &self,
        call: &Call<'_>,
        auth: RecordingInvocationAuthMode,
    ) -> Result<(LedgerFootprint, Vec<SorobanAuthorizationEntry>, ScVal), InvokeError> {
        let budget = self.config().budget(HEADROOM).map_err(internal)?;
        let mut events = Vec::new();
        let recorded = invoke_host_function_in_recording_mode(
            &budget,
            self.config().explain_failures,
            call.function,
            call.source,
            auth,
            self.info(),
            Rc::new(WatchedState::new(self.state())),
            call.seed,
            &mut events,
        );
        let failed = |error: &HostError| self.failure(error, &budget, HEADROOM, &events);
        let recorded = recorded.map_err(|error| failed(&error))?;
        let value = recorded.invoke_result.map_err(|error| failed(&error))?;
        Ok((recorded.resources.footprint, recorded.auth, value))
    }

    /// Simulations find out whose authorisation they need.
    pub(crate) fn recording(&self) -> RecordingInvocationAuthMode {
        RecordingInvocationAuthMode::recording(!self.config().allow_non_root_auth, false)
    }

    /// Runs `call` under exactly this footprint and these authorisations, within the network's limits.
    pub(crate) fn enforce(
        &self,
        call: &Call<'_>,
        footprint: &LedgerFootprint,
        auth: &[SorobanAuthorizationEntry],
    ) -> Result<Enforced, InvokeError> {
        self.explained(|explain| self.enforce_with(call, footprint, auth, 1, explain))
    }

    /// As [`Ledger::enforce`], where failing is part of the plan: without a word on why.
    pub(crate) fn try_enforce(
        &self,
        call: &Call<'_>,
        footprint: &LedgerFootprint,
        auth: &[SorobanAuthorizationEntry],
    ) -> Result<Enforced, InvokeError> {
        self.enforce_with(call, footprint, auth, 1, false)
    }

    /// As [`Ledger::enforce`], with room above the limits: to learn what `call` changes.
    pub(crate) fn rehearse(
        &self,
        call: &Call<'_>,
        footprint: &LedgerFootprint,
        auth: &[SorobanAuthorizationEntry],
    ) -> Result<Enforced, InvokeError> {
        self.explained(|explain| self.enforce_with(call, footprint, auth, HEADROOM, explain))
    }

    fn enforce_with(
        &self,
        call: &Call<'_>,
        footprint: &LedgerFootprint,
        auth: &[SorobanAuthorizationEntry],
        headroom: u64,
        explain: bool,
    ) -> Result<Enforced, InvokeError> {
        let mut input = self.load(footprint)?;
        let mut costs = std::mem::take(&mut input.costs);
        let encoded = Encoded::new(call, footprint, auth)?;
        let budget = self.config().budget(headroom).map_err(internal)?;
        let mut events = Vec::new();
        let result = self.run(encoded, input, &budget, explain, &mut events);
        let failed = |error: &HostError| self.failure(error, &budget, headroom, &events);
        let mut result = result.map_err(|error| failed(&error))?;
        let value = std::mem::replace(&mut result.encoded_invoke_result, Ok(Vec::new()))
            .map_err(|error| failed(&error))?;
        costs.instructions = budget.get_cpu_insns_consumed().map_err(internal)?;
        costs.memory = budget.get_mem_bytes_consumed().map_err(internal)?;
        Ok(Enforced {
            result,
            value,
            costs,
        })
    }

    /// Has the host run what is encoded on what was loaded.
    pub(crate) fn run(
        &self,
        encoded: Encoded,
        input: Input,
        budget: &Budget,
        explain: bool,
        events: &mut Vec<DiagnosticEvent>,
    ) -> Result<InvokeHostFunctionResult, HostError> {
        invoke_host_function(
            budget,
            explain,
            encoded.function,
            encoded.resources,
            &input.restored,
            encoded.source,
            encoded.auth.into_iter(),
            self.info(),
            input.entries.into_iter(),
            encoded.seed,
            events,
            None,
            Some(self.modules().clone()),
        )
    }

    /// The last ledger of an entry that is restored now.
    pub(crate) fn restored_until(&self) -> u32 {
        let info = self.info();
        let until = info.min_live_until_ledger_checked(ContractDataDurability::Persistent);
        until.unwrap_or(u32::MAX)
    }

    /// The footprint's entries as the host takes them.
    fn load(&self, footprint: &LedgerFootprint) -> Result<Input, InvokeError> {
        let restored_until = self.restored_until();
        let mut input = Input::default();
        let read_only = footprint.read_only.iter().map(|key| (None, key));
        let read_write = (0_u32..).zip(footprint.read_write.iter());
        let keys = read_only.chain(read_write.map(|(index, key)| (Some(index), key)));
        self.with_state(|state| {
            for (write_index, key) in keys {
                let (entry, archived) = match state.standing(key) {
                    Standing::Absent => {
                        input.count(key, 0, false);
                        input.entries.push((None, None));
                        continue;
                    }
                    Standing::Live(entry) => (entry, false),
                    Standing::Archived(entry) => (entry, true),
                };
                input.count(key, entry.encoded.len(), archived);
                if let LedgerKey::ContractCode(code) = key {
                    self.sync_module(&code.hash, entry, archived)?;
                }
                if archived {
                    let missing = || InvokeError::Archived(Box::new(key.clone()));
                    input.restored.push(write_index.ok_or_else(missing)?);
                }
                let ttl = entry.ttl(archived.then_some(restored_until));
                input.entries.push((Some(entry.encoded.clone()), ttl));
            }
            input.costs.write_entries = size(footprint.read_write.len());
            Ok(input)
        })
    }

    /// Runs `attempt` without diagnostics, and once more with them if it fails in the host and they are wanted.
    fn explained<T>(
        &self,
        attempt: impl Fn(bool) -> Result<T, InvokeError>,
    ) -> Result<T, InvokeError> {
        match attempt(false) {
            Err(error) if error.diagnostics().is_some() && self.config().explain_failures => {
                attempt(true)
            }
            result => result,
        }
    }

    fn failure(
        &self,
        error: &HostError,
        budget: &Budget,
        headroom: u64,
        events: &[DiagnosticEvent],
    ) -> InvokeError {
        let limits = &self.config().limits;
        InvokeError::from_host(error, budget, headroom, limits, events)
    }
}

pub(crate) type StoredEntry = (Option<Rc<[u8]>>, Option<TtlLedgerEntryMeta>);

/// The ledger's side of an enforced run.
#[derive(Clone, Default)]
pub(crate) struct Input {
    pub entries: Vec<StoredEntry>,
    /// Positions in the read-write footprint of entries that the run restores.
    pub restored: Vec<u32>,
    pub costs: Costs,
}

impl Input {
    fn count(&mut self, key: &LedgerKey, bytes: usize, archived: bool) {
        let in_memory = matches!(key, LedgerKey::ContractData(_) | LedgerKey::ContractCode(_));
        let costs = &mut self.costs;
        costs.read_entries += 1;
        costs.read_bytes = costs.read_bytes.saturating_add(size(bytes));
        if archived || !in_memory {
            costs.disk_read_entries += 1;
            costs.disk_read_bytes = costs.disk_read_bytes.saturating_add(size(bytes));
        }
    }
}

/// The caller's side of an enforced run.
#[derive(Clone)]
pub(crate) struct Encoded {
    function: Rc<[u8]>,
    resources: Rc<[u8]>,
    source: Rc<[u8]>,
    auth: Vec<Rc<[u8]>>,
    seed: Rc<[u8]>,
}

impl Encoded {
    pub fn new(
        call: &Call<'_>,
        footprint: &LedgerFootprint,
        auth: &[SorobanAuthorizationEntry],
    ) -> Result<Self, InvokeError> {
        let resources = SorobanResources {
            footprint: footprint.clone(),
            instructions: 0,
            disk_read_bytes: 0,
            write_bytes: 0,
        };
        Ok(Self {
            function: encode(call.function)?,
            resources: encode(&resources)?,
            source: encode(call.source)?,
            auth: auth.iter().map(encode).collect::<Result<_, _>>()?,
            seed: Rc::from(call.seed),
        })
    }
}

/// The authorisations that a recorded run was given or, where they are to be signed, those that it asked for.
fn authorisations(
    host: &Host,
    auth: Auth<'_>,
) -> Result<Vec<SorobanAuthorizationEntry>, HostError> {
    Ok(match auth {
        Auth::None => Vec::new(),
        Auth::Explicit(entries) => entries.to_vec(),
        Auth::Sign(_) => {
            let recorded = host.get_recorded_auth_payloads()?;
            recorded.into_iter().map(unsigned).collect()
        }
    })
}

fn encode(value: &impl WriteXdr) -> Result<Rc<[u8]>, InvokeError> {
    Ok(value.to_xdr(Limits::none())?.into())
}

pub(crate) fn internal(_: HostError) -> InvokeError {
    InvokeError::Internal("the host cannot be set up")
}
