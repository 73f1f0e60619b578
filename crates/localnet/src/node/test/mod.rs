//! What the node's parts do, from within.

#![allow(clippy::unwrap_used, clippy::panic)] // all of this is tests

mod classic;
mod seal;
mod settings;

use crate::{
    node::{Node, NodeConfig, Pace, SUPPLY},
    NetworkConfig,
};

/// A node in memory that closes ledgers when told.
pub(crate) fn node() -> Node {
    Node::open(NodeConfig {
        network: NetworkConfig::mainnet(),
        pace: Pace::Manual,
        folder: None,
        retention: 100,
        queue: 100,
        supply: SUPPLY,
    })
    .unwrap()
}
