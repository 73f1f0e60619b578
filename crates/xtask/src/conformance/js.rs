//! The tests in `conformance/js`: npm's `@stellar/stellar-sdk` on npm's Node, at the versions of its lock file.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{bail, Context, Result};

use super::localnet::Localnet;
use super::FOLDER;
use crate::process::{is_installed, run_command};

/// Where the tests are.
const SOURCES: &str = "conformance/js";
/// The generated clients, which one of the tests uses.
const BINDINGS: &str = "bindings/typescript/src";
/// The lock file, and its copy that tells what is installed.
const LOCK: &str = "package-lock.json";
const INSTALLED: &str = "node_modules/.installed-lock.json";

/// Installs what the lock file names, starts two networks and runs the tests on them.
pub fn run(root: &Path) -> Result<()> {
    let folder = root.join(FOLDER).join("js");
    place(root, &folder)?;
    install(&folder)?;
    // The bindings are checked as a whole, and what uses them is compiled.
    run_command(node(&folder).arg("node_modules/typescript/bin/tsc"))?;
    let live = Localnet::start(root, "on-demand")?;
    let stepped = Localnet::start(root, "manual")?;
    let mut tests = node(&folder);
    tests
        .args(["--test", "--test-reporter=spec", "--test-timeout=60000"])
        .args(["test/*.test.js", "built/test/*.test.js"])
        .env("CONFORMANCE_WASM", root.join("target/contracts"))
        .env("CONFORMANCE_RPC", &live.rpc_url)
        .env("CONFORMANCE_STEPPED_RPC", &stepped.rpc_url)
        .env("CONFORMANCE_STEPPED_CONTROL", &stepped.control_url);
    run_command(&mut tests).with_context(|| {
        format!("the networks' logs are {FOLDER}/localnet-on-demand.log and localnet-manual.log")
    })
}

/// The pinned Node, in the folder of the tests.
fn node(folder: &Path) -> Command {
    let mut command = Command::new(folder.join("node_modules/.bin/node"));
    command.current_dir(folder);
    command
}

/// Copies the tests and the bindings beside `node_modules`, where Node looks for packages, so that nothing is installed among
/// the sources.
fn place(root: &Path, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        match (entry.file_type()?.is_dir(), entry.file_name()) {
            (true, name) if name == "node_modules" => {}
            (true, _) => fs::remove_dir_all(entry.path())?,
            (false, _) => fs::remove_file(entry.path())?,
        }
    }
    copy(&root.join(SOURCES), folder)?;
    copy(&root.join(BINDINGS), &folder.join("bindings"))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    let entries = fs::read_dir(from).with_context(|| format!("reading {}", from.display()))?;
    for entry in entries {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// `npm ci`, unless that is what is there. No package's install script runs.
fn install(folder: &Path) -> Result<()> {
    let wanted = fs::read(folder.join(LOCK))?;
    if fs::read(folder.join(INSTALLED)).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    if !is_installed("npm") {
        bail!("npm is missing: install Node.js with npm, any version (the tests bring their own), and run this again");
    }
    println!("installing the JavaScript SDK and its Node from npm");
    run_command(Command::new("npm").current_dir(folder).args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]))?;
    Ok(fs::write(folder.join(INSTALLED), wanted)?)
}
