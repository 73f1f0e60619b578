use localnet::node::{Node, Pace};
use tempfile::tempdir;

use crate::{close_with_payments, config, found_payers, told};

#[test]
fn the_same_transactions_make_the_same_bytes_in_memory_and_on_disk() {
    let folder = tempdir().unwrap();
    let run = |folder: Option<&std::path::Path>| {
        let mut node = Node::open(config(folder)).unwrap();
        found_payers(&mut node);
        for amount in 1..5 {
            close_with_payments(&mut node, amount);
            node.advance(60).unwrap();
        }
        told(&node)
    };
    let first = run(None);
    assert!(first == run(None), "twice in memory");
    assert!(first == run(Some(folder.path())), "on disk");
}

#[test]
fn all_transactions_of_a_ledger_are_in_its_metadata_whatever_the_pace() {
    let mut eager = config(None);
    eager.pace = Pace::Eager;
    let mut node = Node::open(eager).unwrap();
    found_payers(&mut node);
    let hashes = close_with_payments(&mut node, 1);
    let ledger = node.latest().sequence;
    for hash in hashes {
        let found = node.transaction(&hash).unwrap().unwrap();
        assert_eq!(found.position.ledger, ledger);
    }
}
