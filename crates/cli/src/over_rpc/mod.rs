//! A ledger over the Stellar RPC of a network of one node: calls are simulated, signed, sent and asked for by the client that serves
//! every other network, too.

mod control;

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    future::Future,
    time::Duration,
};

use chain::{
    Allowed, Client, Error, Failure, Fees, Network, Patience, Receipt, Settings, Signer, Timing,
};
use control::Control;
use localnet::{
    ledgers_within,
    node::{NodeConfig, Pace, SUPPLY},
    rpc::{control::LedgerClock, serve, Running, ServerConfig},
    xdr::{
        AccountId, Asset, HostFunction, LedgerEntry, LedgerEntryExt, LedgerKey, Limits, ScAddress,
        ScVal, WriteXdr,
    },
    Auth, Costs, Diagnostics, Event, InvokeError, Keypair, Ledger, LedgerError, NetworkConfig,
    Outcome, Remote, SECONDS_PER_LEDGER,
};
use tokio::runtime::{Builder, Runtime};

/// Ledgers whose history is kept: nobody looks back.
const RETENTION: u32 = 16;
/// Transactions that may wait; none does, since they are applied at once.
const QUEUE: usize = 100;

/// The most that a transaction may cost, stroops: 1 000 XLM. Uploading a contract pays rent for four months, up to 150 XLM,
/// where the client allows 10 by default.
const CEILING: i64 = 10_000_000_000;

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
    pub fn start(mut config: NetworkConfig) -> Result<Ledger, LedgerError> {
        let mut own = NetworkConfig::mainnet();
        own.passphrase.clone_from(&config.passphrase);
        // A network begins with a closed ledger: the open one is the next.
        config.start_sequence = config.start_sequence.saturating_sub(1);
        config.start_time = config.start_time.saturating_sub(SECONDS_PER_LEDGER);
        let passphrase = config.passphrase.clone();
        let server = serve(ServerConfig::local(node(config))).map_err(told)?;
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
        Ledger::on(Box::new(remote), own)
    }

    /// Waits for the client.
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

/// Transactions are applied at once, and gone with the process.
fn node(network: NetworkConfig) -> NodeConfig {
    NodeConfig {
        network,
        pace: Pace::Eager,
        folder: None,
        retention: RETENTION,
        queue: QUEUE,
        supply: SUPPLY,
    }
}

/// For a network within the same process: it answers at once, or not at all.
fn settings() -> Settings {
    Settings {
        timing: Timing {
            poll: Duration::from_millis(1),
            ..Timing::default()
        },
        patience: Patience {
            attempts: 1,
            ..Patience::default()
        },
        fees: Fees {
            ceiling: CEILING,
            ..Fees::default()
        },
    }
}

fn told(error: impl std::fmt::Display) -> LedgerError {
    LedgerError::Network(error.to_string())
}

impl Remote for OverRpc {
    fn network_id(&self) -> [u8; 32] {
        self.client.network().id()
    }

    fn clock(&self) -> Result<(u32, u64), LedgerError> {
        Ok(self.clock.get())
    }

    fn advance(&self, seconds: u64) {
        let (sequence, time) = self.clock.get();
        let wanted = LedgerClock {
            sequence: sequence.saturating_add(ledgers_within(seconds)),
            time: time.saturating_add(seconds),
        };
        self.clock.set((wanted.sequence, wanted.time));
        self.steer(async {
            match self.control.advance(seconds).await? {
                open if open == wanted => Ok(()),
                open => Err(format!("the network is at {open:?}, not at {wanted:?}")),
            }
        });
    }

    fn snapshot(&self) -> u32 {
        self.steer(self.control.snapshot())
    }

    fn revert(&self, snapshot: u32) {
        let revert = async {
            let open = self.control.revert(snapshot).await?;
            self.clock.set((open.sequence, open.time));
            self.client.forget_sequences();
            Ok(())
        };
        self.steer(revert);
    }

    fn execute(
        &self,
        source: &Keypair,
        function: &HostFunction,
        auth: Auth<'_>,
    ) -> Result<Outcome, InvokeError> {
        self.check().map_err(InvokeError::Network)?;
        let function = function.clone();
        let sent = match auth {
            Auth::Sign(signers) => {
                let signers: Vec<_> = signers.iter().map(|key| *key as &dyn Signer).collect();
                // The network is this process's own.
                let client = self.client.allowing(Allowed::Any);
                self.wait(client.run(function, source, &signers))
            }
            Auth::None => self.wait(self.client.run_authorised(function, source, Vec::new())),
            Auth::Explicit(auth) => {
                let auth = auth.to_vec();
                self.wait(self.client.run_authorised(function, source, auth))
            }
        };
        let receipt = sent.map_err(refused)?;
        self.note(&receipt);
        Ok(Outcome {
            costs: costs(&receipt),
            value: receipt.returned.unwrap_or(ScVal::Void),
            events: receipt.events.into_iter().map(Event::from_xdr).collect(),
        })
    }

    fn view(&self, function: &HostFunction) -> Result<ScVal, InvokeError> {
        self.check().map_err(InvokeError::Network)?;
        self.wait(self.client.view_function(function))
            .map_err(refused)
    }

    fn create_account(&self, account: &AccountId, balance: i64) -> Result<(), LedgerError> {
        self.check().map_err(LedgerError::Network)?;
        let created = self.client.create_account(account, balance, &self.root);
        self.wait(created).map(drop).map_err(told)
    }

    fn create_trustline(
        &self,
        holder: &Keypair,
        asset: &Asset,
        limit: i64,
    ) -> Result<(), LedgerError> {
        self.check().map_err(LedgerError::Network)?;
        let trusted = self.client.change_trust(asset.clone(), limit, holder);
        self.wait(trusted).map(drop).map_err(told)
    }

    fn add_account_flags(&self, account: &Keypair, flags: u32) -> Result<(), LedgerError> {
        self.check().map_err(LedgerError::Network)?;
        let set = self.client.set_flags(flags, account);
        self.wait(set).map(drop).map_err(told)
    }

    fn entry(&self, key: &LedgerKey) -> Result<Option<(LedgerEntry, Option<u32>)>, LedgerError> {
        self.check().map_err(LedgerError::Network)?;
        let found = self.wait(self.client.entries(std::slice::from_ref(key)));
        let found = found.map_err(|error| {
            self.fault.borrow_mut().get_or_insert(error.to_string());
            told(error)
        })?;
        let found = found.into_iter().next().flatten();
        Ok(found.map(|found| {
            let entry = LedgerEntry {
                last_modified_ledger_seq: found.last_modified,
                data: found.data,
                ext: LedgerEntryExt::V0,
            };
            (entry, found.live_until)
        }))
    }

    fn contracts(&self) -> Vec<(ScAddress, [u8; 32])> {
        let created = self.created.borrow();
        created
            .iter()
            .map(|(one, code)| (one.clone(), *code))
            .collect()
    }
}

/// What a call declared to use, what it said, and what it was charged in all: the RPC does not tell what it used.
fn costs(receipt: &Receipt<ScVal>) -> Costs {
    let Some(resources) = &receipt.resources else {
        return Costs::default();
    };
    let footprint = &resources.footprint;
    let count = |keys: usize| u32::try_from(keys).unwrap_or(u32::MAX);
    Costs {
        instructions: resources.instructions.into(),
        read_entries: count(footprint.read_only.len() + footprint.read_write.len()),
        disk_read_bytes: resources.disk_read_bytes,
        write_entries: count(footprint.read_write.len()),
        write_bytes: resources.write_bytes,
        event_bytes: event_bytes(receipt),
        fee: receipt.fee,
        ..Costs::default()
    }
}

/// Bytes of the events and the return value.
fn event_bytes(receipt: &Receipt<ScVal>) -> u32 {
    let size = |bytes: Result<Vec<u8>, _>| bytes.map_or(0, |bytes| bytes.len());
    let events = receipt.events.iter();
    let events = events.map(|event| size(event.to_xdr(Limits::none())));
    let value = receipt.returned.as_ref();
    let value = value.map_or(0, |value| size(value.to_xdr(Limits::none())));
    u32::try_from(events.sum::<usize>().saturating_add(value)).unwrap_or(u32::MAX)
}

/// The client's error as that of a call on a ledger.
fn refused(error: Error) -> InvokeError {
    let is_unsigned = matches!(error, Error::MissingSignature(_));
    let failure = error.failure().cloned().unwrap_or_default();
    let Failure {
        error: said,
        first,
        lines,
        ..
    } = failure;
    let diagnostics = Diagnostics {
        lines,
        cause: first,
    };
    match said {
        _ if is_unsigned => InvokeError::Unauthorized { diagnostics },
        Some(error) => InvokeError::failed(error, diagnostics),
        None => InvokeError::Network(error.to_string()),
    }
}
