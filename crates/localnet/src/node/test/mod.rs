//! What the node's parts do, from within.

#![allow(clippy::unwrap_used, clippy::panic)] // all of this is tests

mod classic;
mod seal;
mod settings;

use crate::{
    node::{Node, NodeConfig, Pace},
    NetworkConfig,
};

/// A node in memory that closes ledgers when told.
pub(crate) fn node() -> Node {
    let config = NodeConfig::in_memory(NetworkConfig::mainnet(), Pace::Manual);
    Node::open(config).unwrap()
}
