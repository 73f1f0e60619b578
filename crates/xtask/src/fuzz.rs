//! Long runs: the stateful invariant test, and mutation of a crate's code.

use anyhow::{bail, Result};

use crate::process::{cargo, is_installed, run as run_command};
use crate::wasm;
use crate::workspace::Workspace;

/// Read by the invariant test: how many calls to make, and where to start.
const CALLS: &str = "VANGNET_CALLS";
const SEED: &str = "VANGNET_SEED";

const PACKAGE: &str = "invariants-tests";

/// `cargo xtask fuzz`: builds the contracts, then makes that many calls on them.
pub fn run(calls: u64, seed: Option<u64>) -> Result<()> {
    let workspace = Workspace::load()?;
    wasm::build(&workspace, &[])?;
    let mut command = cargo();
    command
        .current_dir(&workspace.root)
        .env(CALLS, calls.to_string());
    if let Some(seed) = seed {
        command.env(SEED, seed.to_string());
    }
    run_command(command.args([
        "test",
        "--release",
        "--package",
        PACKAGE,
        "--",
        "--nocapture",
    ]))
}

/// `cargo xtask mutants`.
pub fn mutants(package: &str) -> Result<()> {
    if !is_installed("cargo-mutants") {
        bail!("cargo-mutants is not installed: `cargo install --locked cargo-mutants`");
    }
    run_command(cargo().args(["mutants", "--package", package, "--profile", "release"]))
}
