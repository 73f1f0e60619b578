//! Simulations on the open ledger, by the crate that RPC servers use. Whatever fails is the simulation's result.

use std::{
    io,
    panic::{catch_unwind, AssertUnwindSafe},
    rc::Rc,
};

use soroban_env_host::{
    e2e_invoke::RecordingInvocationAuthMode,
    xdr::{
        DiagnosticEvent, ExtendFootprintTtlOp, InvokeHostFunctionOp, LedgerKey, Limited, Limits,
        OperationBody, ScVal, SorobanAuthorizationEntry, SorobanTransactionData, WriteXdr,
    },
    LedgerInfo,
};
use soroban_simulation::{
    simulation::{
        simulate_extend_ttl_op, simulate_invoke_host_function_op, simulate_restore_op,
        LedgerEntryDiff, SimulationAdjustmentConfig,
    },
    AutoRestoringSnapshotSource, NetworkConfig,
};

use super::wish::{AuthMode, Wish};
use crate::{node::Node, state::Snapshot};

/// What a simulation found out.
#[derive(Debug, Default)]
pub(crate) struct Simulated {
    /// Why the transaction would fail.
    pub error: Option<String>,
    /// Footprint, resources and fee to declare.
    pub data: Option<SorobanTransactionData>,
    /// What the call returns, and the authorisations it needs.
    pub result: Option<(ScVal, Vec<SorobanAuthorizationEntry>)>,
    /// What the host says.
    pub events: Vec<DiagnosticEvent>,
    pub changes: Vec<LedgerEntryDiff>,
    /// What has to be restored first.
    pub restore: Option<SorobanTransactionData>,
    /// Metered instructions and memory in bytes, as used.
    pub cost: Option<(u32, u32)>,
}

impl Simulated {
    pub(crate) fn failed(error: impl Into<String>) -> Self {
        Self {
            error: Some(error.into()),
            ..Self::default()
        }
    }

    /// Bytes of what is told of it, before they are encoded for JSON.
    pub(crate) fn bytes(&self) -> usize {
        let mut bytes = Bytes(self.error.as_ref().map_or(0, String::len));
        bytes.count(self.data.iter().chain(&self.restore));
        bytes.count(self.result.iter().map(|(value, _)| value));
        bytes.count(self.result.iter().flat_map(|(_, auth)| auth));
        bytes.count(&self.events);
        for change in &self.changes {
            bytes.count(
                [&change.state_before, &change.state_after]
                    .into_iter()
                    .flatten(),
            );
        }
        bytes.0
    }
}

/// Bytes of XDR, which are not kept.
struct Bytes(usize);

impl Bytes {
    fn count<'a, T: WriteXdr + 'a>(&mut self, values: impl IntoIterator<Item = &'a T>) {
        for value in values {
            // Nothing here fails: what the host made can be encoded, and this takes it all.
            let _ = value.write_xdr(&mut Limited::new(&mut *self, Limits::none()));
        }
    }
}

impl io::Write for Bytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Where a simulation runs.
struct Ground {
    snapshot: Rc<Snapshot>,
    network: NetworkConfig,
    info: LedgerInfo,
}

/// Simulates `wish` on the node's open ledger.
pub(crate) fn simulate(node: &Node, wish: Wish) -> Simulated {
    // As the network does: a panic is a failure of what is simulated.
    let attempt = AssertUnwindSafe(|| try_simulate(node, wish));
    match catch_unwind(attempt) {
        Ok(Ok(simulated)) => simulated,
        Ok(Err(error)) => Simulated::failed(format!("{error:?}")),
        Err(_) => Simulated::failed("the host panicked"),
    }
}

type Attempt = Result<Simulated, Box<dyn std::error::Error + Send + Sync>>;

fn try_simulate(node: &Node, wish: Wish) -> Attempt {
    let snapshot = Rc::new(Snapshot::new(node.ledger.state()));
    let network = NetworkConfig::load_from_snapshot(snapshot.as_ref())?;
    let ground = Ground {
        info: node.info(),
        snapshot,
        network,
    };
    match &wish.operation {
        OperationBody::InvokeHostFunction(operation) => ground.invoke(operation.clone(), &wish),
        OperationBody::ExtendFootprintTtl(operation) => {
            ground.extend(operation, &wish.footprint.read_only)
        }
        OperationBody::RestoreFootprint(_) => ground.restore(&wish.footprint.read_write),
        other => Ok(Simulated::failed(format!(
            "Transaction contains unsupported operation type: {}",
            other.name()
        ))),
    }
}

impl Ground {
    fn invoke(self, operation: InvokeHostFunctionOp, wish: &Wish) -> Attempt {
        let mut adjustment = SimulationAdjustmentConfig::default_adjustment();
        let additive = &mut adjustment.instructions.additive_factor;
        *additive = wish.leeway.max(*additive);
        let recording =
            |root_only| RecordingInvocationAuthMode::recording(root_only, wish.has_upgraded_auth);
        let auth = match wish.auth {
            AuthMode::Enforce => RecordingInvocationAuthMode::Enforcing(operation.auth.into()),
            AuthMode::Record => recording(true),
            AuthMode::RecordAllowNonRoot => recording(false),
        };
        let found = simulate_invoke_host_function_op(
            self.snapshot,
            &self.network,
            &adjustment,
            &self.info,
            operation.host_function,
            auth,
            &wish.source,
            rand::random(),
            true,
        )?;
        let (result, error) = match found.invoke_result {
            Ok(value) => (Some((value, found.auth)), None),
            Err(error) => (None, Some(format!("{error:?}"))),
        };
        Ok(Simulated {
            error,
            data: found.transaction_data,
            result,
            events: found.diagnostic_events,
            changes: found.modified_entries,
            restore: None,
            cost: Some((found.simulated_instructions, found.simulated_memory)),
        })
    }

    fn extend(self, operation: &ExtendFootprintTtlOp, keys: &[LedgerKey]) -> Attempt {
        let end = self.info.sequence_number.checked_add(operation.extend_to);
        if end.is_none() {
            return Ok(Simulated::failed("extendTo reaches beyond the last ledger"));
        }
        let adjustment = SimulationAdjustmentConfig::default_adjustment();
        let (network, info) = (&self.network, &self.info);
        let snapshot = AutoRestoringSnapshotSource::new(self.snapshot, info)?;
        let extend_to = operation.extend_to;
        let found = simulate_extend_ttl_op(&snapshot, network, &adjustment, info, keys, extend_to)?;
        let restored = snapshot.simulate_restore_keys_op(network, &adjustment, info)?;
        Ok(Simulated {
            data: Some(found.transaction_data),
            restore: restored.map(|found| found.transaction_data),
            ..Simulated::default()
        })
    }

    fn restore(self, keys: &[LedgerKey]) -> Attempt {
        let adjustment = SimulationAdjustmentConfig::default_adjustment();
        let (network, info) = (&self.network, &self.info);
        let found = simulate_restore_op(self.snapshot.as_ref(), network, &adjustment, info, keys)?;
        Ok(Simulated {
            data: Some(found.transaction_data),
            ..Simulated::default()
        })
    }
}
