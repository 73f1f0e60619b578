//! Simulations on the open ledger, by the crate that RPC servers use. Whatever fails is the simulation's result.

use std::{
    fmt::{self, Debug, Write},
    panic::{catch_unwind, AssertUnwindSafe},
    rc::Rc,
};

use soroban_env_host::{
    e2e_invoke::RecordingInvocationAuthMode,
    xdr::{
        DiagnosticEvent, ExtendFootprintTtlOp, InvokeHostFunctionOp, LedgerKey, OperationBody,
        ScVal, SorobanAuthorizationEntry, SorobanTransactionData,
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
use crate::{
    costs::encoded,
    node::{last_events, Node},
    state::WatchedState,
};

/// Bytes of an error's words at most: the host may repeat in them all that was said.
const WORDS: usize = 64 << 10;

/// An error in words, as far as there is room.
fn words(error: &impl Debug) -> String {
    let mut words = Words(String::new());
    // It ends there once there are enough.
    let _ = write!(words, "{error:?}");
    words.0
}

struct Words(String);

impl Write for Words {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let left = WORDS.saturating_sub(self.0.len());
        if text.len() <= left {
            self.0.push_str(text);
            return Ok(());
        }
        let mut ends = (0..=left).rev();
        let end = ends.find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        self.0.push_str(text.get(..end).unwrap_or_default());
        Err(fmt::Error)
    }
}

/// What a simulation found out.
#[derive(Debug, Default)]
pub(crate) struct Simulated {
    /// Why the transaction would fail.
    pub error: Option<String>,
    /// Footprint, resources and fee to declare.
    pub data: Option<SorobanTransactionData>,
    /// What the call returns, and the authorisations it needs.
    pub result: Option<(ScVal, Vec<SorobanAuthorizationEntry>)>,
    /// What the host says, the last of it.
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
        let error = self.error.iter().map(String::len);
        let data = self.data.iter().chain(&self.restore).map(encoded);
        let value = self.result.iter().map(|(value, _)| encoded(value));
        let auth = self.result.iter().flat_map(|(_, auth)| auth).map(encoded);
        let events = self.events.iter().map(encoded);
        let changes = self.changes.iter();
        let states = changes.flat_map(|change| [&change.state_before, &change.state_after]);
        let states = states.flatten().map(encoded);
        let parts = error.chain(data).chain(value).chain(auth).chain(events);
        parts.chain(states).fold(0, usize::saturating_add)
    }
}

/// Where a simulation runs.
struct Ground {
    snapshot: Rc<WatchedState>,
    network: NetworkConfig,
    info: LedgerInfo,
}

/// Simulates `wish` on the node's open ledger.
pub(crate) fn simulate(node: &Node, wish: Wish) -> Simulated {
    // As the network does: a panic is a failure of what is simulated.
    let attempt = AssertUnwindSafe(|| try_simulate(node, wish));
    match catch_unwind(attempt) {
        Ok(Ok(simulated)) => simulated,
        Ok(Err(error)) => Simulated::failed(words(&error)),
        Err(_) => Simulated::failed("the host panicked"),
    }
}

type Attempt = Result<Simulated, Box<dyn std::error::Error + Send + Sync>>;

fn try_simulate(node: &Node, wish: Wish) -> Attempt {
    let snapshot = Rc::new(WatchedState::new(node.ledger.state()));
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
            Err(error) => (None, Some(words(&error))),
        };
        Ok(Simulated {
            error,
            data: found.transaction_data,
            result,
            events: last_events(found.diagnostic_events),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_errors_words_are_cut_between_letters() {
        assert_eq!(words(&5), "5");
        // Two bytes each, behind a quotation mark.
        let long = words(&"é".repeat(WORDS));
        assert_eq!(long.len(), WORDS - 1);
        assert!(long.ends_with('é'));
    }
}
