//! A ledger over the Stellar RPC of a network of one node: calls are simulated, signed, sent and asked for by the client that serves
//! every other network, too.

mod control;

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    future::Future,
    time::Duration,
};

use chain::{Client, Error, Failure, Network, Patience, Receipt, Settings, Signer, Timing};
use control::Control;
use localnet::{
    node::{NodeConfig, Pace, SUPPLY},
    rpc::{serve, Running, ServerConfig},
    xdr::{AccountId, Asset, HostFunction, LedgerEntry, LedgerKey, ScAddress, ScError, ScVal},
    Auth, Costs, Diagnostics, Event, InvokeError, Keypair, Ledger, LedgerError, NetworkConfig,
    Outcome, Remote,
};
use tokio::runtime::{Builder, Runtime};

/// Ledgers whose history is kept: nobody looks back.
const RETENTION: u32 = 16;
/// Transactions that may wait; none does, since they are applied at once.
const QUEUE: usize = 100;

/// A network of one node, and its client.
pub struct OverRpc {
    runtime: Runtime,
    client: Client,
    control: Control,
    root: Keypair,
    /// Contracts that were created, with the hash of their code.
    created: RefCell<BTreeMap<ScAddress, [u8; 32]>>,
    /// What went wrong where no error could be returned.
    fault: RefCell<Option<String>>,
    clock: Cell<(u32, u64)>,
    _server: Running,
}

impl OverRpc {
    /// Starts a network with the settings of `config` within this process, served over HTTP on this machine, and a ledger that is
    /// kept there.
    ///
    /// # Errors
    /// When the network does not start, or does not answer.
    pub fn found(config: NetworkConfig) -> Result<Ledger, LedgerError> {
        let passphrase = config.passphrase.clone();
        let server = serve(ServerConfig::local(NodeConfig {
            network: config,
            pace: Pace::Eager,
            folder: None,
            retention: RETENTION,
            queue: QUEUE,
            supply: SUPPLY,
        }));
        let server = server.map_err(told)?;
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(told)?;
        let network = Network {
            passphrase,
            ..Network::local(&server.rpc_url)
        };
        let root = Keypair::from_seed(network.id());
        let client = runtime
            .block_on(Client::connect(network, settings()))
            .map_err(told)?;
        let url = server.control_url.as_deref().unwrap_or_default();
        let control = Control::new(url);
        let open = runtime.block_on(control.open_ledger()).map_err(told)?;
        let remote = Self {
            runtime,
            client,
            control,
            root,
            created: RefCell::default(),
            fault: RefCell::default(),
            clock: Cell::new((open.sequence, open.time)),
            _server: server,
        };
        Ledger::on(Box::new(remote), NetworkConfig::mainnet())
    }

    /// Waits for `work`, unless something went wrong before.
    fn wait<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        self.runtime.block_on(work)
    }

    fn check(&self) -> Result<(), String> {
        match &*self.fault.borrow() {
            Some(fault) => Err(fault.clone()),
            None => Ok(()),
        }
    }

    /// Waits for control; what goes wrong is told by the next call.
    fn steer<T: Default>(&self, work: impl Future<Output = Result<T, String>>) -> T {
        self.runtime.block_on(work).unwrap_or_else(|fault| {
            self.fault.borrow_mut().get_or_insert(fault);
            T::default()
        })
    }

    fn note(&self, receipt: &Receipt<ScVal>) {
        let created = receipt.created.iter().cloned();
        self.created.borrow_mut().extend(created);
    }
}

/// For a network within the same process: it answers at once, or not at all.
fn settings() -> Settings {
    Settings {
        timing: Timing {
            look: Duration::from_millis(1),
            ..Timing::default()
        },
        patience: Patience {
            attempts: 1,
            ..Patience::default()
        },
        ..Settings::default()
    }
}

fn told(error: impl std::fmt::Display) -> LedgerError {
    LedgerError::Network(error.to_string())
}
