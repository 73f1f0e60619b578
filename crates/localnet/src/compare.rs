//! What a call uses, held against what simulations say it would: clients declare what they are told.

use std::{collections::BTreeSet, fmt::Debug, rc::Rc};

use soroban_env_host::{
    e2e_invoke::{LedgerEntryChange, RecordingInvocationAuthMode},
    fees::{FeeConfiguration, RentFeeConfiguration},
    xdr::{HostFunction, Limits, SorobanAuthorizationEntry, SorobanCredentials, WriteXdr},
};
use soroban_simulation::{
    simulation::{simulate_invoke_host_function_op, LedgerEntryDiff, SimulationAdjustmentConfig},
    NetworkConfig as Settings,
};

use crate::{
    costs::size,
    error::InvokeError,
    ledger::Ledger,
    network::NetworkConfig,
    run::{Call, Enforced},
    state::WatchedState,
};

/// What tells calls that cost alike from others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind {
    /// The function that is called, or what else the host does.
    pub function: String,
    /// Its arguments.
    pub arguments: usize,
    /// Signatures other than the transaction's own.
    pub signatures: usize,
}

/// What a call used, and what simulations said it would, without what RPC servers add to be on the safe side.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The call.
    pub kind: Kind,
    /// Keys in the footprint.
    pub entries: u32,
    /// What it used.
    pub used: Resources,
    /// What a client declares that simulates once, before anyone has signed; or why it cannot.
    pub recorded: Result<Said, String>,
    /// What a client declares that simulates once more, with all signatures; the same as `recorded` for a call without.
    pub signed: Result<Said, String>,
}

/// What a simulation says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// What the call uses.
    pub resources: Resources,
    /// Bytes of the entries that are written and of which it tells no new value, since a caught call alone touched them.
    pub untold_bytes: u32,
}

/// What of a call is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resources {
    /// Metered CPU instructions.
    pub instructions: u32,
    /// Bytes of the entries read from disk.
    pub disk_read_bytes: u32,
    /// Bytes of the entries written.
    pub write_bytes: u32,
}

/// Who wants to see calls compared with their simulations.
pub trait Observer: Debug + Send + Sync {
    /// Whether a call of this kind, with `entries` keys in its footprint, is to be simulated, which costs far more than the call
    /// itself.
    fn is_curious(&self, kind: &Kind, entries: u32) -> bool;
    /// Takes what was found out about a call that `is_curious` was asked for.
    fn observe(&self, comparison: Comparison);
}

impl Comparison {
    /// Instructions that `said` has too many, in hundredths of a percent of what is used, rounded up; below zero where it
    /// has too few, rounded away from zero.
    #[must_use]
    pub fn surplus(&self, said: &Resources) -> i64 {
        let used = i64::from(self.used.instructions).max(1);
        let more = i64::from(said.instructions) - i64::from(self.used.instructions);
        let scaled = more.saturating_mul(10_000);
        let away = if scaled < 0 { 1 - used } else { used - 1 };
        scaled.saturating_add(away) / used
    }
}

impl Kind {
    fn of(function: &HostFunction, auth: &[SorobanAuthorizationEntry]) -> Self {
        let is_signed = |entry: &&SorobanAuthorizationEntry| {
            entry.credentials != SorobanCredentials::SourceAccount
        };
        let (function, arguments) = match function {
            HostFunction::InvokeContract(call) => {
                (call.function_name.to_utf8_string_lossy(), call.args.len())
            }
            other => (other.name().into(), 0),
        };
        Self {
            function,
            arguments,
            signatures: auth.iter().filter(is_signed).count(),
        }
    }
}

impl Ledger {
    /// Shows `call`, and what simulations say of it, to the observer.
    pub(crate) fn compare(
        &self,
        call: &Call<'_>,
        auth: &[SorobanAuthorizationEntry],
        enforced: &Enforced,
    ) -> Result<(), InvokeError> {
        let Some(observer) = &self.config().observer else {
            return Ok(());
        };
        let kind = Kind::of(call.function, auth);
        let costs = &enforced.costs;
        if !observer.is_curious(&kind, costs.read_entries) {
            return Ok(());
        }
        let changes = &enforced.result.ledger_changes;
        let recorded = self.simulated(call, self.recording(), changes)?;
        let signed = match kind.signatures {
            0 => recorded.clone(),
            _ => {
                let signed = RecordingInvocationAuthMode::Enforcing(auth.to_vec());
                self.simulated(call, signed, changes)?
            }
        };
        let written = changes
            .iter()
            .filter_map(|change| change.encoded_new_value.as_ref());
        observer.observe(Comparison {
            kind,
            entries: costs.read_entries,
            used: Resources {
                instructions: u32::try_from(costs.instructions).unwrap_or(u32::MAX),
                disk_read_bytes: costs.disk_read_bytes,
                write_bytes: size(written.map(Vec::len).sum()),
            },
            recorded,
            signed,
        });
        Ok(())
    }

    /// What `call`, which makes `changes`, uses by the crate that RPC servers simulate with, or why it fails there.
    fn simulated(
        &self,
        call: &Call<'_>,
        auth: RecordingInvocationAuthMode,
        changes: &[LedgerEntryChange],
    ) -> Result<Result<Said, String>, InvokeError> {
        let simulated = simulate_invoke_host_function_op(
            Rc::new(WatchedState::new(self.state())),
            &settings(self.config()),
            &SimulationAdjustmentConfig::no_adjustments(),
            &self.info(),
            call.function.clone(),
            auth,
            call.source,
            call.seed,
            false,
        );
        let simulated = simulated.map_err(|_| InvokeError::Internal("a simulation failed"))?;
        let Some(data) = simulated.transaction_data else {
            let why = simulated.invoke_result.err();
            return Ok(Err(
                why.map_or_else(String::new, |why| format!("{:?}", why.error))
            ));
        };
        Ok(Ok(Said {
            resources: Resources {
                instructions: data.resources.instructions,
                disk_read_bytes: data.resources.disk_read_bytes,
                write_bytes: data.resources.write_bytes,
            },
            untold_bytes: untold_bytes(changes, &simulated.modified_entries)?,
        }))
    }
}

/// Bytes that `changes` write under keys of which `told` has no new value.
fn untold_bytes(
    changes: &[LedgerEntryChange],
    told: &[LedgerEntryDiff],
) -> Result<u32, InvokeError> {
    let told = told.iter().filter_map(|diff| diff.state_after.as_ref());
    let told = told.map(|entry| entry.to_key().to_xdr(Limits::none()));
    let told = told.collect::<Result<BTreeSet<_>, _>>()?;
    let untold = changes
        .iter()
        .filter(|change| !told.contains(&change.encoded_key));
    let written = untold.filter_map(|change| change.encoded_new_value.as_ref());
    Ok(size(written.map(Vec::len).sum()))
}

/// The settings as simulations take them.
fn settings(config: &NetworkConfig) -> Settings {
    let limits = &config.limits;
    Settings {
        fee_configuration: FeeConfiguration { ..config.fees },
        rent_fee_configuration: RentFeeConfiguration { ..config.rent },
        tx_max_instructions: i64::try_from(limits.instructions).unwrap_or(i64::MAX),
        tx_memory_limit: u32::try_from(limits.memory).unwrap_or(u32::MAX),
        cpu_cost_params: config.cpu_costs.clone(),
        memory_cost_params: config.memory_costs.clone(),
        min_temp_entry_ttl: config.ttl.min_temporary,
        min_persistent_entry_ttl: config.ttl.min_persistent,
        max_entry_ttl: config.ttl.max,
    }
}
