//! Files that are made from others.

use std::fs;
use std::path::Path;

use anyhow::{bail, Context, Result};

/// Writes only what differs, so that an unchanged file keeps its time stamp.
pub fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|present| present == bytes) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes).with_context(|| format!("writing {}", path.display()))
}

/// Writes the file, or with `check` fails when it is not what it would become; `hint` says how to make it so.
pub fn write_or_check(path: &Path, wanted: &str, check: bool, hint: &str) -> Result<()> {
    if !check {
        return write_if_changed(path, wanted.as_bytes());
    }
    if fs::read_to_string(path).ok().as_deref() != Some(wanted) {
        bail!("{} is missing or out of date: {hint}", path.display());
    }
    Ok(())
}
