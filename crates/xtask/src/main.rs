//! Builds, checks and baselines of this repository: `cargo xtask help`.

mod baselines;
mod bench;
mod bindings;
mod blend;
mod ci;
mod conformance;
mod costs;
mod fuzz;
mod generated;
mod privileges;
mod process;
mod simulations;
mod spec;
mod tables;
mod toolchain;
mod wasm;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Builds, checks and baselines of this repository.
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    after_help = "Example: cargo xtask wasm --contract cover-pool"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the contracts to shaken wasm in target/contracts, and put Blend's beside them.
    ///
    /// The toolchain is chosen automatically; VANGNET_WASM_TOOLCHAIN=rustup|stellar|debian forces one.
    Wasm {
        /// Build only this contract crate, for instance `cover-pool`; may be repeated.
        #[arg(long = "contract", value_name = "NAME")]
        contracts: Vec<String>,
    },
    /// Measure wasm sizes, costs and what simulations say too much, and write them to baselines/.
    Baselines {
        /// Compare with the committed files instead: exactly on the same toolchain, within 2 % on another.
        #[arg(long)]
        check: bool,
    },
    /// Write the tables of docs/errors.md, docs/events.md and docs/privileges.md from the built contracts and their sources.
    Tables {
        /// Fail when the committed tables differ, instead of writing them.
        #[arg(long)]
        check: bool,
    },
    /// Write the TypeScript clients of bindings/typescript from the contracts as they were last built.
    Bindings {
        /// Fail when the committed clients differ, instead of writing them.
        #[arg(long)]
        check: bool,
    },
    /// Make the cases of the property tests from other seeds; each is printed, for `PROPTEST_RNG_SEED=n make test`.
    Properties {
        /// How many seeds to try.
        #[arg(long, default_value_t = 20)]
        seeds: u64,
    },
    /// Run the stateful invariant test for a number of calls; goes on where it was interrupted.
    Fuzz {
        /// How many contract calls to make.
        #[arg(long, default_value_t = 1_000_000)]
        calls: u64,
        /// Seed of all sequences; a new one, which is printed, when absent.
        #[arg(long)]
        seed: Option<u64>,
    },
    /// Measure the localnet: calls a second, time of a simulation, memory of entries; fails when a bar is missed.
    Bench {
        /// Print JSON instead of a table.
        #[arg(long)]
        json: bool,
        /// Only go through the steps, with little to do and no bars.
        #[arg(long)]
        quick: bool,
    },
    /// Run cargo-mutants on one crate, when it is installed.
    Mutants {
        /// The crate whose code is mutated.
        #[arg(long, default_value = "actuary")]
        package: String,
    },
    /// Run official clients against `vangnet localnet`: the JavaScript SDK, on npm's Node.
    Conformance {
        /// And stellar-cli, which is built at the first time: about a quarter of an hour.
        #[arg(long)]
        cli: bool,
    },
    /// Everything that must hold before a merge, each step timed.
    Ci,
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Wasm { contracts } => wasm::build(&contracts).map(drop),
        Command::Baselines { check } => baselines::run(&wasm::build(&[])?, check),
        Command::Tables { check } => tables::run(&wasm::build(&[])?, check),
        Command::Bindings { check } => bindings::run(check),
        Command::Properties { seeds } => fuzz::properties(&wasm::build(&[])?.workspace, seeds),
        Command::Fuzz { calls, seed } => fuzz::run(&wasm::build(&[])?.workspace, calls, seed),
        Command::Bench { json, quick } => bench::run(json, quick),
        Command::Mutants { package } => fuzz::mutants(&package),
        Command::Conformance { cli } => conformance::run(cli),
        Command::Ci => ci::run(),
    }
}
