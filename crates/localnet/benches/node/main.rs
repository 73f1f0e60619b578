//! How fast a node is, and how much memory entries take: `make bench`.
//!
//! By `cargo bench` it measures and fails when a bar is missed; by `cargo test` it goes through the same steps with
//! little to do and judges nothing.

mod contract;
mod disk;
mod embedded;
mod http;
mod load;
mod memory;
#[allow(dead_code)] // its module is the tests'; this one is made of the same parts
#[path = "../../tests/fixtures/module.rs"]
mod module;
mod network;
mod report;
mod rpc_path;
mod sealed;
mod transactions;

use std::{env, process::ExitCode};

use report::Report;

/// Whatever goes wrong ends the run.
type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// How much is done.
#[derive(Clone, Copy)]
struct Size {
    /// Accounts that each send one transaction a ledger.
    payers: usize,
    /// Ledgers of one series.
    ledgers: usize,
    /// Series, of which the best counts.
    series: usize,
    /// Simulations.
    simulations: usize,
    /// Entries whose memory is measured.
    entries: usize,
}

const FULL: Size = Size {
    payers: 300,
    ledgers: 10,
    series: 5,
    simulations: 2_000,
    entries: 100_000,
};

const QUICK: Size = Size {
    payers: 12,
    ledgers: 2,
    series: 1,
    simulations: 10,
    entries: 400,
};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let done = match memory::wanted(&arguments) {
        Some((kind, count)) => memory::hold(kind, count).map(|()| true),
        None => run(&arguments),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether every bar is met.
fn run(arguments: &[String]) -> Outcome<bool> {
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    // Cargo says so when it benches; when it tests, it does not.
    let is_full = has("--bench") && !has("--quick");
    let size = if is_full { FULL } else { QUICK };
    let mut report = Report::new(is_full);
    rpc_path::measure(&size, &mut report)?;
    http::measure(&size, &mut report)?;
    memory::measure(&size, &mut report)?;
    disk::measure(&size, &mut report)?;
    embedded::measure(&size, &mut report)?;
    report.print(has("--json"))?;
    Ok(report.is_met())
}
