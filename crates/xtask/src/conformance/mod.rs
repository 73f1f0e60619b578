//! Official clients, unmodified and pinned, against networks of our own: the JavaScript SDK on npm's Node, and stellar-cli.

mod cli;
mod js;
mod localnet;

use std::path::Path;

use anyhow::{ensure, Result};

use crate::process::{cargo, run_command};
use crate::wasm;
use crate::workspace::Workspace;

/// Everything that the clients need and make, below the workspace's root.
const FOLDER: &str = "target/conformance";
/// The command under test.
const VANGNET: &str = "target/release/vangnet";
/// The contract that the clients deploy and call.
const TOKEN: &str = "plt";

/// `cargo xtask conformance`: builds what is tested, and runs the JavaScript tests and, `with_cli`, stellar-cli's.
pub fn run(with_cli: bool) -> Result<()> {
    let workspace = wasm::build(&[])?.workspace;
    run_command(cargo().current_dir(&workspace.root).args([
        "build",
        "--release",
        "--workspace",
        "--bin",
        "vangnet",
    ]))?;
    check(&workspace.root)?;
    if with_cli {
        cli::run(&workspace.root)?;
    }
    Ok(())
}

/// The JavaScript tests, with the command and the contract as they were built.
pub fn check_built() -> Result<()> {
    check(&Workspace::load()?.root)
}

fn check(root: &Path) -> Result<()> {
    for built in [VANGNET.into(), format!("target/contracts/{TOKEN}.wasm")] {
        ensure!(
            root.join(&built).exists(),
            "{built} is not there: run `make build`"
        );
    }
    js::run(root)
}
