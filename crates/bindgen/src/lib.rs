//! Writes clients of contracts from the interface that their wasm carries, so that they cannot drift from the contracts.

mod events;
mod rust;
pub mod typescript;

use std::{
    fs,
    path::{Path, PathBuf},
};

use soroban_spec::read::from_wasm;
use stellar_xdr::ScSpecEntry;

pub use events::as_event;
pub use rust::{error_names, modules};

/// A compiled contract's interface.
#[derive(Clone, Debug)]
pub struct Contract {
    /// The stem of its wasm file, and the name of its client's module.
    pub name: String,
    /// What its wasm declares.
    pub entries: Vec<ScSpecEntry>,
}

/// Why an interface cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The contract has not been compiled.
    #[error("{} is missing: run `make wasm` first", .0.display())]
    Missing(PathBuf),
    /// Its wasm carries no interface.
    #[error("{name}: {problem}")]
    Unreadable {
        /// The contract.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
}

/// Where the wasm of contract `name` lies in `folder`.
#[must_use]
pub fn wasm_path(folder: &Path, name: &str) -> PathBuf {
    folder.join(name).with_extension("wasm")
}

/// Reads the interfaces of the contracts `names`, compiled in `folder`.
///
/// # Errors
/// [`Error`].
pub fn read(folder: &Path, names: &[&str]) -> Result<Vec<Contract>, Error> {
    let one = |name: &&str| {
        let path = wasm_path(folder, name);
        let wasm = fs::read(&path).map_err(|_| Error::Missing(path))?;
        let entries = from_wasm(&wasm).map_err(|error| Error::Unreadable {
            name: (*name).into(),
            problem: error.to_string(),
        })?;
        Ok(Contract {
            name: (*name).into(),
            entries,
        })
    };
    names.iter().map(one).collect()
}
