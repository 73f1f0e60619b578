//! What a call uses, held against what a simulation says it would: clients declare what they are told.

use std::{
    collections::BTreeMap,
    rc::Rc,
    sync::{Mutex, PoisonError},
};

use soroban_env_host::{
    e2e_invoke::RecordingInvocationAuthMode,
    fees::{FeeConfiguration, RentFeeConfiguration},
    xdr::{HostFunction, SorobanAuthorizationEntry, SorobanCredentials},
};
use soroban_simulation::{
    simulation::{simulate_invoke_host_function_op, SimulationAdjustmentConfig},
    NetworkConfig as Settings,
};

use crate::{
    costs::size,
    error::InvokeError,
    ledger::Ledger,
    network::NetworkConfig,
    run::{Call, Enforced},
    state::Snapshot,
};

/// Which calls are simulated, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// None.
    None,
    /// The first so many of each kind in this process: function, number of arguments and of signatures.
    First(u32),
    /// All.
    All,
}

/// Instructions that a simulation may say too many, in parts of a hundred.
const SURPLUS: u64 = 1;
/// The same for a call with signatures other than the transaction's own.
const SURPLUS_WITH_SIGNATURES: u64 = 2;

/// What tells calls that cost alike from others.
type Kind = (String, usize, usize);

static SEEN: Mutex<BTreeMap<Kind, u32>> = Mutex::new(BTreeMap::new());

impl Ledger {
    /// Simulates `call` as an RPC server does and compares: no resource may be more than simulated, and instructions not much less.
    pub(crate) fn compare(
        &self,
        call: &Call<'_>,
        auth: &[SorobanAuthorizationEntry],
        enforced: &Enforced,
    ) -> Result<(), InvokeError> {
        let is_signed = |entry: &&SorobanAuthorizationEntry| {
            entry.credentials != SorobanCredentials::SourceAccount
        };
        let signatures = auth.iter().filter(is_signed).count();
        let is_due = match self.config().compared {
            Compared::None => false,
            Compared::All => true,
            Compared::First(count) => is_among_first(count, kind_of(call.function, signatures)),
        };
        if !is_due {
            return Ok(());
        }
        let recording =
            RecordingInvocationAuthMode::recording(!self.config().allow_non_root_auth, false);
        let simulated = simulate_invoke_host_function_op(
            Rc::new(Snapshot::new(self.state())),
            &settings(self.config()),
            &SimulationAdjustmentConfig::no_adjustments(),
            &self.info(),
            call.function.clone(),
            recording,
            call.source,
            call.seed,
            false,
        );
        let simulated = simulated.map_err(|_| InvokeError::Internal("a simulation failed"))?;
        let Some(data) = simulated.transaction_data else {
            return Err(InvokeError::Internal(
                "a call succeeds that its simulation does not",
            ));
        };
        let mut used = enforced.costs.clone();
        let written = enforced.result.ledger_changes.iter();
        let written = written.filter_map(|change| change.encoded_new_value.as_ref());
        used.write_bytes = size(written.map(Vec::len).sum());
        let surplus = if signatures == 0 {
            SURPLUS
        } else {
            SURPLUS_WITH_SIGNATURES
        };
        let instructions = u64::from(data.resources.instructions);
        let most = used
            .instructions
            .saturating_add(used.instructions.saturating_mul(surplus) / 100);
        let pairs = [
            (used.instructions, instructions),
            (instructions, most),
            (
                used.disk_read_bytes.into(),
                data.resources.disk_read_bytes.into(),
            ),
            (used.write_bytes.into(), data.resources.write_bytes.into()),
        ];
        if pairs.iter().all(|(less, more)| less <= more) {
            return Ok(());
        }
        Err(InvokeError::Mismeasured {
            used: Box::new(used),
            simulated: Box::new(data.resources),
        })
    }
}

fn is_among_first(count: u32, kind: Kind) -> bool {
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    let times = seen.entry(kind).or_default();
    *times = times.saturating_add(1);
    *times <= count
}

fn kind_of(function: &HostFunction, signatures: usize) -> Kind {
    match function {
        HostFunction::InvokeContract(call) => (
            call.function_name.to_utf8_string_lossy(),
            call.args.len(),
            signatures,
        ),
        other => (other.name().into(), 0, signatures),
    }
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
