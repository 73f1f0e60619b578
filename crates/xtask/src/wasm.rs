//! Contracts to wasm: compiled small, spec shaken, the same bytes in whatever folder.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{bail, Context, Result};
use stellar_xdr::ScSpecEntry;

use crate::generated::write_if_changed;
use crate::process::run_command;
use crate::toolchain::{self, Toolchain, TARGET};
use crate::workspace::{Contract, Workspace};
use crate::{blend, spec};

const PROFILE: &str = "contract";

/// Calls and addresses in as few bytes as they need: left as relocations, each takes five.
const SMALL_RELOCATIONS: &str = "-Clink-arg=--compress-relocations";
/// Half of the usual megabyte: still far more than any contract needs, and addresses behind it take a byte less.
const STACK: &str = "-Clink-arg=-zstack-size=524288";

/// soroban-sdk builds for a wasm target only on this promise, which [`spec::deployable`] keeps.
const SHAKING_PROMISE: &str = "SOROBAN_SDK_BUILD_SYSTEM_SUPPORTS_SPEC_SHAKING_V2";

/// Contracts as they were built, for what reads or runs them.
pub struct Contracts {
    pub workspace: Workspace,
    /// The identity of the toolchain that built them.
    pub toolchain: String,
    pub built: Vec<Built>,
}

/// A contract that was built.
pub struct Built {
    pub contract: Contract,
    /// Every spec entry of the crates linked, with its docs.
    pub declared: Vec<ScSpecEntry>,
    /// Those entries that are the contract's own interface.
    pub used: Vec<ScSpecEntry>,
    /// Size in bytes of the wasm to deploy.
    pub size: usize,
}

/// `cargo xtask wasm`: builds the named contracts, or all, and Blend's beside them.
///
/// One contract that fails does not keep the others from being built, but fails the whole in the end.
pub fn build(only: &[String]) -> Result<Contracts> {
    let workspace = Workspace::load()?;
    let contracts = workspace.contracts(only)?;
    let toolchain = toolchain::choose()?;
    let identity = toolchain.identity()?;
    eprintln!("building {} contracts with {identity}", contracts.len());
    let mut built = Vec::new();
    let mut failed = Vec::new();
    for contract in contracts {
        match build_one(&workspace, toolchain, &contract) {
            Ok(one) => {
                println!("{:<20} {:>7} bytes", contract.name, one.size);
                built.push(one);
            }
            Err(error) => {
                eprintln!("error: contract {}: {error:#}", contract.name);
                failed.push(contract.name);
            }
        }
    }
    println!(
        "{:<20} {:>7} bytes, as on mainnet",
        "blend (6 files)",
        blend::place(&workspace)?
    );
    if !failed.is_empty() {
        bail!(
            "{} not built: {}; their compiler errors are above",
            failed.len(),
            failed.join(", ")
        );
    }
    Ok(Contracts {
        workspace,
        toolchain: identity,
        built,
    })
}

/// Each contract is a build of its own, since one build of several would unite the features of their dependencies and
/// make a contract's bytes depend on its company.
fn build_one(workspace: &Workspace, toolchain: Toolchain, contract: &Contract) -> Result<Built> {
    let mut command = toolchain.command();
    // stellar-cli rewrites what cargo made, so the two must not share a folder.
    let folder = if toolchain.through_stellar {
        command.args(["contract", "build", "--package", &contract.name]);
        "target/wasm-build-stellar"
    } else {
        command.args(["rustc", "--quiet", "--package", &contract.name, "--lib"]);
        command.args(["--crate-type", "cdylib", "--target", TARGET]);
        "target/wasm-build"
    };
    let build_dir = workspace.root.join(folder);
    command
        .args(["--profile", PROFILE])
        .current_dir(&workspace.root)
        .env("CARGO_TARGET_DIR", &build_dir)
        .env("CARGO_ENCODED_RUSTFLAGS", flags(&workspace.root)?)
        .env(SHAKING_PROMISE, "1");
    run_command(&mut command)?;
    let compiled = build_dir.join(TARGET).join(PROFILE);
    finish(workspace, toolchain, contract, &compiled)
}

/// Shakes what was compiled, unless stellar-cli has, and puts it where everyone looks for it.
fn finish(
    workspace: &Workspace,
    toolchain: Toolchain,
    contract: &Contract,
    compiled: &Path,
) -> Result<Built> {
    let file = format!("{}.wasm", contract.stem);
    let path = compiled.join(&file);
    let raw = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
    let declared = spec::declared(&raw)?;
    let used = if toolchain.through_stellar {
        declared.clone()
    } else {
        spec::shaken(&raw)?
    };
    let wasm = spec::deployable(&raw, &used)?;
    write_if_changed(&workspace.contracts_dir().join(file), &wasm)?;
    Ok(Built {
        contract: contract.clone(),
        declared,
        used,
        size: wasm.len(),
    })
}

/// Compiler flags for few bytes, and the same ones everywhere: whatever the compiler records, the folders of this checkout
/// and of downloaded crates are replaced in it.
fn flags(root: &Path) -> Result<OsString> {
    let mut flags = vec![
        SMALL_RELOCATIONS.into(),
        STACK.into(),
        remap(root, "/vangnet"),
    ];
    let registries = cargo_home()?.join("registry/src");
    let mut folders: Vec<PathBuf> = match fs::read_dir(&registries) {
        Ok(entries) => entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect(),
        Err(_) => Vec::new(),
    };
    folders.sort();
    flags.extend(folders.iter().map(|folder| remap(folder, "/crates")));
    Ok(flags.join(&OsString::from("\u{1f}")))
}

fn remap(from: &Path, to: &str) -> OsString {
    let mut flag = OsString::from("--remap-path-prefix=");
    flag.push(from);
    flag.push("=");
    flag.push(to);
    flag
}

fn cargo_home() -> Result<PathBuf> {
    let home = || env::var_os("HOME").map(|home| Path::new(&home).join(".cargo"));
    env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(home)
        .context("neither CARGO_HOME nor HOME is set")
}
