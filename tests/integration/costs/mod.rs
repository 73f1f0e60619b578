//! What operations cost on the embedded ledger: our compiled wasm, the caller being the transaction's source, beside
//! OpenZeppelin's plain vault and Blend's backstop measured the same way.

mod desk;
mod governance;
mod loans;
mod market;
mod yardsticks;

pub use desk::{Desk, MANY_POLICIES, UNPOKED};
pub use loans::{rescue_of, BATCHES};

use std::thread;

use localnet::{Auth, FromScVal, Keypair, Outcome};
use serde::{Deserialize, Serialize};
use serde_json::{json, Map, Value};
use testkit::{
    bindings::{Call, OnLedger},
    world::{Setup, World},
};

/// What one call costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// The call.
    pub operation: String,
    /// Metered CPU instructions.
    pub instructions: u64,
    /// Ledger entries written.
    pub entries: u32,
    /// Bytes written: the size of those entries afterwards.
    pub bytes: u32,
    /// Bytes of events and return value.
    pub events: u32,
}

impl Cost {
    /// The cost of a call that succeeded.
    #[must_use]
    pub fn of(operation: impl Into<String>, outcome: &Outcome) -> Self {
        let costs = &outcome.costs;
        Self {
            operation: operation.into(),
            instructions: costs.instructions,
            entries: costs.write_entries,
            bytes: costs.write_bytes,
            events: costs.event_bytes,
        }
    }
}

/// Measures everything, each part in a world and a thread of its own, in a fixed order.
#[must_use]
pub fn measure() -> Vec<Cost> {
    const PARTS: [fn() -> Vec<Cost>; 8] = [
        desk::liquidity,
        desk::policies,
        desk::accrual,
        loans::measure,
        market::measure,
        governance::measure,
        yardsticks::plain_vault,
        yardsticks::backstop,
    ];
    thread::scope(|scope| {
        let running = PARTS.map(|part| scope.spawn(part));
        let measured = running.map(|part| part.join().expect("a part that is measured"));
        measured.concat()
    })
}

/// What is compared with what.
const COMPARED: [(&str, &str); 4] = [
    ("stake", yardsticks::VAULT_DEPOSIT),
    ("stake", yardsticks::BACKSTOP_DEPOSIT),
    ("request exit", yardsticks::BACKSTOP_QUEUE),
    ("fulfil", yardsticks::VAULT_REDEEM),
];

/// Ours as parts of the yardsticks, three decimals.
#[must_use]
pub fn ratios(costs: &[Cost]) -> Map<String, Value> {
    COMPARED
        .iter()
        .map(|(ours, theirs)| {
            let (a, b) = (find(costs, ours), find(costs, theirs));
            let ratio = |a: f64, b: f64| (a / b * 1_000.0).round() / 1_000.0;
            let ratios = json!({
                "instructions": ratio(a.instructions as f64, b.instructions as f64),
                "entries": ratio(a.entries.into(), b.entries.into()),
                "bytes": ratio(a.bytes.into(), b.bytes.into()),
            });
            (format!("{ours} : {theirs}"), ratios)
        })
        .collect()
}

/// The cost of an operation that was measured.
#[must_use]
pub fn find<'a>(costs: &'a [Cost], operation: &str) -> &'a Cost {
    let found = costs.iter().find(|cost| cost.operation == operation);
    found.unwrap_or_else(|| panic!("`{operation}` was not measured"))
}

/// The usual world, whose calls are not simulated: measuring them does not depend on what simulations say.
fn setup() -> Setup {
    Setup {
        observer: None,
        ..Setup::default()
    }
}

fn cost<R: FromScVal>(world: &World, operation: &str, call: Call<R>, source: &Keypair) -> Cost {
    Cost::of(
        operation,
        &call
            .outcome(&world.ledger, source, Auth::Sign(&[]))
            .unwrap(),
    )
}

/// What the first costs beyond the second.
fn difference(operation: &str, with: &Cost, without: &Cost) -> Cost {
    Cost {
        operation: operation.into(),
        instructions: with.instructions - without.instructions,
        entries: with.entries - without.entries,
        bytes: with.bytes - without.bytes,
        events: with.events - without.events,
    }
}
