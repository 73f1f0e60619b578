//! Where the demo's contracts run: on a ledger within this process, or on a network of one node.

use localnet::{Ledger, NetworkConfig};

use super::DemoError;
use crate::over_rpc::OverRpc;

/// Where contracts run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// On a ledger within this process.
    Embedded,
    /// On a network of one node, through its Stellar RPC over HTTP.
    Rpc,
}

impl Via {
    /// An empty ledger with these settings.
    ///
    /// # Errors
    /// [`DemoError::Network`].
    pub fn ledger(self, config: NetworkConfig) -> Result<Ledger, DemoError> {
        let told = |error: localnet::LedgerError| DemoError::Network(error.to_string());
        match self {
            Self::Embedded => Ledger::new(config).map_err(told),
            Self::Rpc => OverRpc::start(config).map_err(told),
        }
    }
}
