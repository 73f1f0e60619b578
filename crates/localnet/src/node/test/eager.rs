//! How much an eager node's open ledger takes.

use soroban_env_host::xdr::OperationBody;

use super::{payment, signed};
use crate::{
    node::{Node, NodeConfig, Pace, Sent},
    NetworkConfig,
};

/// As it is stated.
const TRANSACTIONS: usize = 10_000;
const BYTES: usize = 64 << 20;

fn eager() -> Node {
    let config = NodeConfig::in_memory(NetworkConfig::mainnet(), Pace::Eager);
    Node::open(config).unwrap()
}

#[test]
fn an_open_ledger_counts_what_it_holds() {
    let mut node = eager();
    let paid = payment(&node);
    let hash = paid.hash;
    assert_eq!(node.send(paid).unwrap(), Sent::Pending);
    let record = node.transaction(&hash).unwrap().unwrap();
    let (bytes, told) = (node.open.bytes, record.bytes());
    // The fee's charge is beside the metadata.
    assert!((told..told + 1_000).contains(&bytes), "{bytes} of {told}");
    node.close(None).unwrap();
    assert_eq!(node.open.bytes, 0, "the next one is empty");
}

#[test]
fn an_open_ledger_that_is_full_takes_no_more_until_it_closes() {
    let mut node = eager();
    let paid = payment(&node);
    node.open.bytes = BYTES;
    assert_eq!(node.send(paid.clone()).unwrap(), Sent::TryAgainLater);
    node.open.bytes = BYTES - 1;
    assert_eq!(node.send(paid).unwrap(), Sent::Pending);
    let applied = node.open.applied[0].clone();
    node.open.applied.resize(TRANSACTIONS - 1, applied);

    let second = signed(&node, &node.root(), 2, body(&node));
    node.open.bytes = 0;
    assert_eq!(node.send(second).unwrap(), Sent::Pending);
    let third = signed(&node, &node.root(), 3, body(&node));
    assert_eq!(node.send(third.clone()).unwrap(), Sent::TryAgainLater);
    // What was put there by hand is in no ledger.
    node.open.applied.truncate(1);
    node.close(None).unwrap();
    assert_eq!(node.send(third).unwrap(), Sent::Pending);
}

fn body(node: &Node) -> OperationBody {
    payment(node).transaction.operations[0].body.clone()
}
