//! Where things are: read from `cargo metadata`, which also downloads what is missing.

use std::path::{Path, PathBuf};

use anyhow::{bail, Context, Result};
use serde::Deserialize;

use crate::process::{capture, cargo};

/// The workspace as cargo sees it.
pub struct Workspace {
    pub root: PathBuf,
    packages: Vec<Package>,
}

/// A crate that becomes a contract.
#[derive(Clone, Debug)]
pub struct Contract {
    /// The crate's name, as in `--contract NAME`.
    pub name: String,
    /// The stem of its wasm file.
    pub stem: String,
    /// Part of the product, not a test feed.
    pub is_deployed: bool,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
    workspace_root: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    manifest_path: PathBuf,
    targets: Vec<Target>,
    #[serde(skip)]
    is_member: bool,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    crate_types: Vec<String>,
}

impl Workspace {
    pub fn load() -> Result<Self> {
        let json = capture(cargo().args(["metadata", "--format-version", "1"]))?;
        let mut metadata: Metadata =
            serde_json::from_str(&json).context("reading `cargo metadata`")?;
        for package in &mut metadata.packages {
            package.is_member = metadata.workspace_members.contains(&package.id);
        }
        Ok(Self {
            root: metadata.workspace_root,
            packages: metadata.packages,
        })
    }

    /// Every member that builds a cdylib, sorted by name; with names given, only those.
    pub fn contracts(&self, only: &[String]) -> Result<Vec<Contract>> {
        let mut all: Vec<_> = self
            .members()
            .filter_map(|package| self.contract(package))
            .collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        if let Some(unknown) = only
            .iter()
            .find(|name| all.iter().all(|contract| contract.name != **name))
        {
            let names: Vec<_> = all.iter().map(|contract| contract.name.as_str()).collect();
            bail!(
                "no contract is named `{unknown}`; there are: {}",
                names.join(", ")
            );
        }
        all.retain(|contract| only.is_empty() || only.contains(&contract.name));
        Ok(all)
    }

    /// The folder of a dependency's sources.
    pub fn sources_of(&self, name: &str) -> Result<&Path> {
        let package = self.packages.iter().find(|package| package.name == name);
        package
            .and_then(|package| package.manifest_path.parent())
            .with_context(|| format!("`{name}` is not among the dependencies of this workspace"))
    }

    /// Where the finished wasm of every contract lies.
    pub fn contracts_dir(&self) -> PathBuf {
        self.root.join("target/contracts")
    }

    fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.is_member)
    }

    fn contract(&self, package: &Package) -> Option<Contract> {
        let is_cdylib = |target: &&Target| target.crate_types.iter().any(|kind| kind == "cdylib");
        let target = package.targets.iter().find(is_cdylib)?;
        Some(Contract {
            name: package.name.clone(),
            stem: target.name.replace('-', "_"),
            is_deployed: package
                .manifest_path
                .starts_with(self.root.join("contracts")),
        })
    }
}
