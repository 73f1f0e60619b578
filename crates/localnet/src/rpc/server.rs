//! HTTP: one address for JSON-RPC and friendbot, one for control.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{mpsc, Arc},
    thread::{self, JoinHandle},
    time::Duration,
};

use soroban_env_host::xdr::AccountId;
use tokio::{
    net::TcpListener,
    runtime::{Builder, Runtime},
    sync::{watch, Notify},
    task::JoinSet,
    time::timeout,
};

use super::{
    bodies::Bodies,
    bounds::Bounds,
    clock, control,
    door::Door,
    friendbot::{Friendbot, NotFunded},
    jsonrpc::Terms,
    routes::{routes, Shared},
};
use crate::node::{NodeConfig, NodeError, NodeHandle, Unanswered};

/// How long open connections may take to end.
const ENDING: Duration = Duration::from_secs(5);
/// How long the clock may take to say why the node ended.
const SAYING_WHY: Duration = Duration::from_secs(1);
/// Threads that read and write requests.
const THREADS: usize = 2;
/// Bytes of their stacks: values nest deeply.
const STACK: usize = 8 << 20;

/// How a server is set up.
#[derive(Debug)]
pub struct ServerConfig {
    /// The network behind it.
    pub node: NodeConfig,
    /// Where JSON-RPC and friendbot are; port 0 takes a free one.
    pub address: SocketAddr,
    /// The port of control on this machine's own address; 0 takes a free one.
    pub control_port: Option<u16>,
    /// Requests admitted each second.
    pub requests_per_second: u32,
    /// Accounts to fund at the start unless they have that much, stroops.
    pub accounts: Vec<(AccountId, i64)>,
}

impl ServerConfig {
    /// A server for `node` on free ports of this machine, with control.
    #[must_use]
    pub fn local(node: NodeConfig) -> Self {
        Self {
            node,
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            control_port: Some(0),
            requests_per_second: u32::MAX,
            accounts: Vec::new(),
        }
    }
}

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The node did not open.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// An address cannot be taken.
    #[error("{0} cannot be listened on: {1}")]
    Address(SocketAddr, io::Error),
    /// An account was not funded.
    #[error("{0} could not be funded: {1}")]
    Account(AccountId, String),
    /// The system gave no thread, or no interrupts.
    #[error("the server's thread did not start: {0}")]
    Thread(String),
    /// The node's thread is gone.
    #[error("the node ended: {0}")]
    Ended(Unanswered),
}

/// A running server; dropping it stops it.
#[derive(Debug)]
pub struct Running {
    /// Where JSON-RPC is.
    pub rpc_url: String,
    /// Where control is.
    pub control_url: Option<String>,
    /// The account that holds all coins at first.
    pub root: AccountId,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<Result<(), ServeError>>>,
}

impl Running {
    /// Stops it: requests at hand are answered, then its folder is free. A few seconds at most.
    ///
    /// # Errors
    /// When the server had ended before because the node had: a ledger could not be made or kept.
    pub fn stop(mut self) -> Result<(), ServeError> {
        self.end()
    }

    /// Waits until the program is interrupted from the terminal or the server ends by itself, and stops it.
    ///
    /// # Errors
    /// As [`Running::stop`]; when interrupts cannot be listened for.
    pub fn wait_for_interrupt(mut self) -> Result<(), ServeError> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(no_thread)?;
        let stop = &self.stop;
        let waited = runtime.block_on(async {
            tokio::select! {
                interrupted = tokio::signal::ctrl_c() => interrupted,
                () = stop.closed() => Ok(()),
            }
        });
        waited.map_err(no_thread)?;
        self.end()
    }

    fn end(&mut self) -> Result<(), ServeError> {
        // It fails if the server is gone already.
        let _ = self.stop.send(true);
        let ended = self.thread.take().map(JoinHandle::join);
        let panicked = |_| ServeError::Thread("the server panicked".into());
        ended.transpose().map_err(panicked)?.unwrap_or(Ok(()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Whoever wants to know why it ended calls `stop`.
        let _ = self.end();
    }
}

fn no_thread(error: io::Error) -> ServeError {
    ServeError::Thread(error.to_string())
}

/// Opens the node and serves it, in threads of its own.
///
/// # Errors
/// [`ServeError`].
pub fn serve(config: ServerConfig) -> Result<Running, ServeError> {
    let (started, is_started) = mpsc::sync_channel(1);
    let (stop, stopped) = watch::channel(false);
    let run = move || run(config, stopped, &started);
    let thread = thread::Builder::new().name("rpc".into()).spawn(run);
    let thread = thread.map_err(no_thread)?;
    let started = is_started.recv();
    let Started {
        rpc_url,
        control_url,
        root,
    } = started.map_err(|_| ServeError::Thread("it ended at once".into()))??;
    Ok(Running {
        rpc_url,
        control_url,
        root,
        stop,
        thread: Some(thread),
    })
}

struct Started {
    rpc_url: String,
    control_url: Option<String>,
    root: AccountId,
}

type Start = mpsc::SyncSender<Result<Started, ServeError>>;

fn run(
    config: ServerConfig,
    stopped: watch::Receiver<bool>,
    started: &Start,
) -> Result<(), ServeError> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(THREADS)
        .thread_stack_size(STACK)
        .enable_all()
        .build()
        .map_err(no_thread);
    let opened = runtime.and_then(|runtime| {
        let (server, urls) = start(&runtime, config)?;
        Ok((runtime, server, urls))
    });
    let (runtime, server) = match opened {
        Ok((runtime, server, urls)) => {
            // Whoever started it waits for this.
            let _ = started.send(Ok(urls));
            (runtime, server)
        }
        Err(error) => {
            let _ = started.send(Err(error));
            return Ok(());
        }
    };
    let node = server.shared.node.clone();
    let ended = runtime.block_on(server.run(stopped));
    runtime.shutdown_timeout(ENDING);
    node.end();
    ended
}

/// All that listens.
struct Server {
    shared: Arc<Shared>,
    rpc: TcpListener,
    control: Option<TcpListener>,
    clock: JoinSet<ServeError>,
}

fn start(runtime: &Runtime, config: ServerConfig) -> Result<(Server, Started), ServeError> {
    let pace = config.node.pace;
    let (rpc, control) = runtime.block_on(listen_all(&config))?;
    let node = NodeHandle::start(config.node)?;
    let rpc_url = url(&rpc, config.address)?;
    let control_url = match &control {
        Some(control) => Some(url(control, config.address)?),
        None => None,
    };
    let terms = node.ask(|node| (Terms::of(node), node.root().account_id()));
    let (mut terms, root) = runtime.block_on(terms).map_err(ServeError::Ended)?;
    terms.friendbot_url = Some(format!("{rpc_url}/friendbot"));
    let wake = Arc::new(Notify::new());
    let friendbot = Arc::new(Friendbot::new(node.clone(), pace, wake.clone()));
    let mut clock = JoinSet::new();
    let ticking = clock::keep(pace, node.clone(), wake.clone());
    clock.spawn_on(ticking, runtime.handle());
    runtime.block_on(fund(&friendbot, config.accounts))?;
    let shared = Shared {
        node,
        terms,
        bounds: Bounds::new(config.requests_per_second),
        bodies: Bodies::new(),
        friendbot,
        wake,
    };
    let server = Server {
        shared: Arc::new(shared),
        rpc,
        control,
        clock,
    };
    let started = Started {
        rpc_url,
        control_url,
        root,
    };
    Ok((server, started))
}

/// Funds accounts before anybody is served, unless they have as much.
async fn fund(friendbot: &Friendbot, accounts: Vec<(AccountId, i64)>) -> Result<(), ServeError> {
    for (account, amount) in accounts {
        match friendbot.fund_at_once(account.clone(), amount).await {
            Ok(_) | Err(NotFunded::Already) => {}
            Err(error) => return Err(ServeError::Account(account, error.to_string())),
        }
    }
    Ok(())
}

/// The listeners of JSON-RPC and of control, if that is wanted.
async fn listen_all(
    config: &ServerConfig,
) -> Result<(TcpListener, Option<TcpListener>), ServeError> {
    let rpc = listen(config.address).await?;
    let control = match config.control_port {
        Some(port) => Some(listen((Ipv4Addr::LOCALHOST, port).into()).await?),
        None => None,
    };
    Ok((rpc, control))
}

async fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    let listening = TcpListener::bind(address).await;
    listening.map_err(|error| ServeError::Address(address, error))
}

/// How this machine reaches the listener.
fn url(listener: &TcpListener, address: SocketAddr) -> Result<String, ServeError> {
    let mut address = listener
        .local_addr()
        .map_err(|error| ServeError::Address(address, error))?;
    if address.ip().is_unspecified() {
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    Ok(format!("http://{address}"))
}

impl Server {
    async fn run(mut self, stopped: watch::Receiver<bool>) -> Result<(), ServeError> {
        let (end, ending) = watch::channel(false);
        let until = |mut stopped: watch::Receiver<bool>| async move {
            // An error says that nobody can stop it any more: then it stops.
            let _ = stopped.wait_for(|stopped| *stopped).await;
        };
        let node = self.shared.node.clone();
        let rpc = axum::serve(Door::new(self.rpc), routes(self.shared))
            .with_graceful_shutdown(until(ending.clone()));
        let rpc = tokio::spawn(async move { rpc.await });
        let control = self.control.map(|listener| {
            let control = axum::serve(Door::new(listener), control::routes(node.clone()))
                .with_graceful_shutdown(until(ending));
            tokio::spawn(async move { control.await })
        });
        let ended = tokio::select! {
            () = until(stopped) => Ok(()),
            Some(Ok(error)) = self.clock.join_next() => Err(error),
            () = node.ended() => match timeout(SAYING_WHY, self.clock.join_next()).await {
                Ok(Some(Ok(error))) => Err(error),
                _ => Err(ServeError::Ended(Unanswered::Stopped)),
            },
        };
        // What does not end by then is cut off.
        let _ = end.send(true);
        let _ = timeout(ENDING, rpc).await;
        if let Some(control) = control {
            let _ = timeout(ENDING, control).await;
        }
        ended
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // all of this is tests
mod tests {
    use super::*;
    use crate::{
        node::{Node, Pace},
        NetworkConfig,
    };

    #[test]
    fn a_server_ends_with_its_node_whatever_closes_ledgers() {
        for pace in [Pace::Manual, Pace::Eager, Pace::OnDemand] {
            let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
            let config = NodeConfig::in_memory(NetworkConfig::mainnet(), pace);
            let (server, _) = start(&runtime, ServerConfig::local(config)).unwrap();
            let node = server.shared.node.clone();
            let (_stop, stopped) = watch::channel(false);
            let running = runtime.spawn(server.run(stopped));
            let failed = node.ask(|node: &mut Node| node.has_failed = true);
            runtime.block_on(failed).unwrap();
            let patience = Duration::from_secs(20);
            let ended = runtime.block_on(async { timeout(patience, running).await });
            let why = ended.unwrap().unwrap().unwrap_err();
            assert!(matches!(why, ServeError::Ended(_)), "{pace:?}: {why}");
        }
    }
}
