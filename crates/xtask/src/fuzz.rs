//! Long runs: property tests, the stateful invariant test, and mutation of a crate's code.

use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{bail, Result};

use crate::process::{cargo, is_installed, run_command};
use crate::workspace::Workspace;

/// Read by the invariant test: how many calls to make, with which seed, and where its progress is kept.
const CALLS: &str = "VANGNET_CALLS";
const SEED: &str = "VANGNET_SEED";
const STATE: &str = "VANGNET_FUZZ_STATE";

/// Read by proptest; `.cargo/config.toml` says which seed is taken otherwise.
const PROPERTIES_SEED: &str = "PROPTEST_RNG_SEED";

/// The targets that hold property tests, and tests of other kinds beside them.
const PROPERTIES: [&str; 8] = [
    "--lib",
    "--bins",
    "--test",
    "properties",
    "--test",
    "node",
    "--test",
    "rpc",
];

/// The invariant test's name.
const TEST: &str = "invariants";
/// Below the workspace's root; removed when a run is complete.
const STATE_FILE: &str = "target/fuzz/progress.json";

/// `cargo xtask properties`: the property tests, and what else is in their targets, once for each of so many new seeds, until one
/// fails.
pub fn properties(workspace: &Workspace, seeds: u64) -> Result<()> {
    let first = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    for (round, seed) in (first..).take(usize::try_from(seeds)?).enumerate() {
        println!("\n==> {}/{seeds} {PROPERTIES_SEED}={seed}", round + 1);
        let mut command = cargo();
        command
            .current_dir(&workspace.root)
            .env(PROPERTIES_SEED, seed.to_string())
            .args(["test", "--release", "--workspace", "--quiet"])
            .args(PROPERTIES);
        run_command(&mut command)?;
    }
    Ok(())
}

/// `cargo xtask fuzz`: makes that many calls, with a new seed unless one is given; goes on where it was interrupted.
pub fn run(workspace: &Workspace, calls: u64, seed: Option<u64>) -> Result<()> {
    let mut command = calling(workspace, calls);
    command.env(STATE, workspace.root.join(STATE_FILE));
    if let Some(seed) = seed {
        command.env(SEED, seed.to_string());
    }
    run_command(&mut command)
}

/// The same calls every time, from the test's own seed.
pub fn smoke(workspace: &Workspace, calls: u64) -> Result<()> {
    run_command(&mut calling(workspace, calls))
}

/// The test that makes `calls` calls on the built contracts. It is built with the whole workspace, as `make test` does, so
/// that nothing is compiled twice.
fn calling(workspace: &Workspace, calls: u64) -> Command {
    let mut command = cargo();
    command
        .current_dir(&workspace.root)
        .env(CALLS, calls.to_string())
        .args(["test", "--release", "--workspace", "--test", TEST])
        .args(["--", "--nocapture"]);
    command
}

/// `cargo xtask mutants`.
pub fn mutants(package: &str) -> Result<()> {
    if !is_installed("cargo-mutants") {
        bail!("cargo-mutants is not installed: `cargo install --locked cargo-mutants`");
    }
    run_command(cargo().args(["mutants", "--package", package, "--profile", "release"]))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// Files below `folder` that make random cases.
    fn collect_random_tests(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            if path.is_dir() {
                if name != "target" && name != ".git" {
                    collect_random_tests(&path, found);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                if text.contains("proptest! {") || text.contains("TestRunner::") {
                    found.push(path.to_string_lossy().into_owned());
                }
            }
        }
    }

    #[test]
    fn no_property_test_is_left_out() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut found = Vec::new();
        collect_random_tests(&root, &mut found);
        assert!(found.len() > 20, "{found:?}");
        let targets = PROPERTIES.iter().filter(|word| !word.starts_with("--"));
        let mut folders: Vec<_> = targets.map(|name| format!("/tests/{name}/")).collect();
        folders.push("/src/".into());
        let root = root.to_string_lossy();
        found.retain(|path| {
            let inside = path.strip_prefix(&*root).unwrap();
            !folders.iter().any(|folder| inside.contains(folder))
        });
        assert_eq!(found, [""; 0]);
    }
}
