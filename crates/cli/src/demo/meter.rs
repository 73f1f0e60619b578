//! What calls cost: the dearest of each operation, in the order they first happened.

use localnet::Costs;

use crate::output::Cost;

/// The costs seen so far.
#[derive(Default)]
pub struct Meter(Vec<(&'static str, Costs)>);

impl Meter {
    /// Takes note of a call.
    pub fn note(&mut self, operation: &'static str, costs: Costs) {
        match self.0.iter_mut().find(|(name, _)| *name == operation) {
            Some((_, most)) if most.write_bytes >= costs.write_bytes => {}
            Some((_, most)) => *most = costs,
            None => self.0.push((operation, costs)),
        }
    }

    /// All of them.
    pub fn costs(&self) -> Vec<Cost> {
        let cost = |(operation, costs): &(&str, Costs)| Cost {
            operation: (*operation).to_owned(),
            instructions: costs.instructions,
            entries: costs.write_entries,
            bytes: costs.write_bytes,
            events: costs.event_bytes,
        };
        self.0.iter().map(cost).collect()
    }
}
