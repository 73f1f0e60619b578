//! Prints what every operation costs as JSON, for `cargo xtask baselines`; and as a table for people, to standard error.

use integration_tests::costs::{measure, ratios, Cost};
use serde_json::json;

fn main() {
    let costs = measure();
    let ratios = ratios(&costs);
    table(&costs);
    for (compared, ratio) in &ratios {
        eprintln!("{compared}: {ratio}");
    }
    println!("{:#}", json!({ "operations": costs, "ratios": ratios }));
}

fn table(costs: &[Cost]) {
    eprintln!(
        "{:46} {:>12} {:>7} {:>7} {:>7}",
        "operation", "instructions", "entries", "bytes", "events"
    );
    for cost in costs {
        let Cost {
            operation,
            instructions,
            entries,
            bytes,
            events,
        } = cost;
        eprintln!("{operation:46} {instructions:>12} {entries:>7} {bytes:>7} {events:>7}");
    }
}
