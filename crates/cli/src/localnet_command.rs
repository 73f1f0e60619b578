//! `vangnet localnet`: a Stellar network of one's own on this machine.

use std::{
    io::Write,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    process::ExitCode,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{bail, Context, Result};
use clap::{Args, ValueEnum};
use localnet::{
    node::{NodeConfig, Pace, SUPPLY},
    rpc::{serve, Running, ServerConfig},
    NetworkConfig, STANDALONE,
};
use vangnet::localnet_options::{secret, CloseEvery, Seed};

/// Transactions that may wait at once.
const QUEUE: usize = 10_000;

/// What `vangnet localnet --help` ends with.
pub const EXAMPLES: &str = "Examples:
  vangnet localnet
  vangnet localnet --close-every on-demand --seed-accounts alice=10000,bob=500
  vangnet localnet --data ./network --retention 17280
  vangnet localnet --close-every manual --control-port 8001
  curl -X POST -H 'content-type: application/json' -d '{\"seconds\":3600}' http://127.0.0.1:8001/advance

Clients: point them at the RPC URL that is printed; `stellar network use local` does so for stellar-cli.";

/// What the command takes.
#[derive(Args)]
pub struct Localnet {
    /// The port of JSON-RPC and friendbot.
    #[arg(long, default_value_t = 8_000)]
    port: u16,
    /// The address to listen on; 0.0.0.0 lets other machines in.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,
    /// The port, on this machine only, that closes ledgers, moves time and takes snapshots; none otherwise.
    #[arg(long, value_name = "PORT")]
    control_port: Option<u16>,
    /// Keep the ledger in this folder; otherwise it is gone when the command ends.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// When ledgers close: each so many seconds (5s), `on-demand` as soon as a transaction waits, `manual` by the control
    /// port, or `eager`: as manual, but transactions are applied and reported at once.
    #[arg(long, value_name = "5s|on-demand|manual|eager", default_value = "5s")]
    close_every: CloseEvery,
    /// The network's passphrase; keep the default for official clients.
    #[arg(long, default_value = STANDALONE)]
    passphrase: String,
    /// The network's limits and fees.
    #[arg(long, value_enum, default_value_t = Limits::Mainnet)]
    limits: Limits,
    /// Ledgers whose transactions and events are kept; without --data at most 256 MiB of them.
    #[arg(long, value_name = "N", default_value_t = 17_280, value_parser = clap::value_parser!(u32).range(1..))]
    retention: u32,
    /// Accounts to fund at the start, in lumens; a name is always the same key.
    #[arg(long, value_name = "NAME=XLM", value_delimiter = ',')]
    seed_accounts: Vec<Seed>,
    /// Requests admitted each second.
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    requests_per_second: u32,
}

/// Where limits and fees come from.
#[derive(Clone, Copy, ValueEnum)]
enum Limits {
    /// Mainnet's.
    Mainnet,
}

/// Runs the network until it is interrupted.
pub fn run(arguments: &Localnet) -> Result<ExitCode> {
    let CloseEvery(pace) = arguments.close_every;
    if pace == Pace::Eager && arguments.data.is_some() {
        bail!("an eager network reports what is on no disk yet: leave out --data, or take another --close-every");
    }
    if matches!(pace, Pace::Manual | Pace::Eager) && arguments.control_port.is_none() {
        bail!("nobody could close a ledger: add --control-port, or take another --close-every");
    }
    let running = serve(config(arguments, pace)?)?;
    print_summary(arguments, &running)?;
    running.wait_for_interrupt()?;
    anstream::eprintln!("stopped");
    Ok(ExitCode::SUCCESS)
}

fn config(arguments: &Localnet, pace: Pace) -> Result<ServerConfig> {
    let mut network = match arguments.limits {
        Limits::Mainnet => NetworkConfig::mainnet(),
    };
    network.passphrase.clone_from(&arguments.passphrase);
    // Ledger 1 is the one that founds the network, now.
    network.start_sequence = 1;
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    network.start_time = now.context("the clock stands before 1970")?.as_secs();
    Ok(ServerConfig {
        node: NodeConfig {
            network,
            pace,
            folder: arguments.data.clone(),
            retention: arguments.retention,
            queue: QUEUE,
            supply: SUPPLY,
        },
        address: SocketAddr::new(arguments.address, arguments.port),
        control_port: arguments.control_port,
        requests_per_second: arguments.requests_per_second,
        accounts: arguments.seed_accounts.iter().map(Seed::account).collect(),
    })
}

fn print_summary(arguments: &Localnet, running: &Running) -> Result<()> {
    let mut out = anstream::stdout().lock();
    writeln!(out, "RPC         {}", running.rpc_url)?;
    writeln!(out, "Friendbot   {}/friendbot?addr=G...", running.rpc_url)?;
    if let Some(control) = &running.control_url {
        writeln!(out, "Control     {control}")?;
    }
    writeln!(out, "Passphrase  {}", arguments.passphrase)?;
    match &arguments.data {
        Some(folder) => writeln!(out, "Data        {}", folder.display())?,
        None => writeln!(out, "Data        in memory: gone when this ends")?,
    }
    writeln!(
        out,
        "Root        {}  {}",
        running.root,
        secret(&arguments.passphrase)
    )?;
    for seed in &arguments.seed_accounts {
        let (account, _) = seed.account();
        writeln!(out, "{:<11} {account}  {}", seed.name, secret(&seed.name))?;
    }
    writeln!(
        out,
        "Not compared with a real validator; for tests only. Ctrl-c stops it."
    )?;
    Ok(())
}
