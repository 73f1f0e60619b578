//! Blend's wasm as it runs on mainnet, out of the crate that carries it.
//!
//! `blend-contract-sdk` is declared in our Cargo.toml for a target that does not exist: cargo pins it with a checksum
//! and downloads it, but never compiles it. So its wasm is as reproducible as any dependency and nothing is vendored.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::generated::write_if_changed;
use crate::workspace::Workspace;

const CRATE: &str = "blend-contract-sdk";
const FILES: [&str; 6] = [
    "backstop",
    "comet",
    "comet_factory",
    "emitter",
    "pool",
    "pool_factory",
];

/// Copies the six files to `target/contracts/blend/`; returns their total size in bytes.
pub fn place(workspace: &Workspace) -> Result<usize> {
    let source = workspace.sources_of(CRATE)?.join("wasm");
    let target = workspace.contracts_dir().join("blend");
    FILES.iter().map(|stem| copy(&source, &target, stem)).sum()
}

fn copy(source: &Path, target: &Path, stem: &str) -> Result<usize> {
    let file = format!("{stem}.wasm");
    let bytes =
        fs::read(source.join(&file)).with_context(|| format!("{CRATE} carries no {file}"))?;
    write_if_changed(&target.join(&file), &bytes)?;
    Ok(bytes.len())
}
