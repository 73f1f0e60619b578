//! Calls beside what simulations say of them.

use std::sync::{Arc, Mutex};

use localnet::{Auth, Comparison, Kind, NetworkConfig, Observer};

use crate::{World, ONE};

/// Keeps what it sees of transfers.
#[derive(Debug, Default)]
struct Watcher(Mutex<Vec<Comparison>>);

impl Observer for Watcher {
    fn is_curious(&self, kind: &Kind, _entries: u32) -> bool {
        kind.function == "transfer"
    }

    fn observe(&self, comparison: Comparison) {
        self.0.lock().unwrap().push(comparison);
    }
}

#[test]
fn simulations_say_what_a_call_uses_and_a_little_more() {
    let watcher = Arc::new(Watcher::default());
    let mut network = NetworkConfig::mainnet();
    network.observer = Some(watcher.clone());
    let world = World::with(network);
    let costs = world.pay(ONE).costs;
    let args = (&world.alice, &world.bob, ONE);
    let auth = Auth::Sign(&[&world.alice]);
    let sent = world
        .ledger
        .call(&world.bob, &world.usd, "transfer", args, auth);
    sent.unwrap();

    let seen = watcher.0.lock().unwrap();
    let [own, foreign] = seen.as_slice() else {
        panic!("not two transfers: {seen:?}");
    };
    assert_eq!((own.kind.arguments, own.kind.signatures), (3, 0), "own");
    assert_eq!(
        (foreign.kind.arguments, foreign.kind.signatures),
        (3, 1),
        "signed"
    );
    assert_eq!(u64::from(own.used.instructions), costs.instructions);
    assert_eq!(own.used.write_bytes, costs.write_bytes);
    assert_eq!(own.recorded, own.signed, "one simulation");
    for comparison in [own, foreign] {
        let used = comparison.used;
        for said in [&comparison.recorded, &comparison.signed] {
            let said = said.as_ref().unwrap();
            assert_eq!(said.untold_bytes, 0, "all is told");
            let said = said.resources;
            assert_eq!(said.disk_read_bytes, used.disk_read_bytes, "bytes read");
            assert_eq!(said.write_bytes, used.write_bytes, "bytes written");
            assert!(said.instructions >= used.instructions, "{comparison:?}");
            // The more keys, the more for each; 24 000 with very many.
            let most = used.instructions + 16_000 * comparison.entries;
            assert!(said.instructions <= most, "{comparison:?}");
        }
    }
    assert_ne!(foreign.recorded, foreign.signed, "two simulations");
}
