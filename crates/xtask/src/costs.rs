//! What each operation costs on chain, measured by a program of the test crates.
//!
//! The seam is small: any crate of the workspace may have a binary or example named [`PROGRAM`] that measures on the
//! compiled wasm and prints one JSON object to standard output, for instance
//! `{"operations": [{"operation": "stake", "instructions": 1, "entries": 6, "bytes": 980, "events": 1}], "ratios": {}}`.
//! Numbers are compared by [`crate::baselines`], whatever their names.

use anyhow::{bail, Context, Result};
use serde_json::{Map, Value};

use crate::process::{capture, cargo};
use crate::workspace::Workspace;

/// The measuring program's name.
pub const PROGRAM: &str = "costs";

/// Runs the measuring program; nothing if there is none.
pub fn measure(workspace: &Workspace) -> Result<Option<Map<String, Value>>> {
    let Some((package, kind)) = workspace.program(PROGRAM) else {
        return Ok(None);
    };
    let mut command = cargo();
    command.current_dir(&workspace.root);
    command.args([
        "run",
        "--release",
        "--quiet",
        "--package",
        package,
        kind,
        PROGRAM,
    ]);
    let json = capture(&mut command)?;
    let costs: Map<String, Value> =
        serde_json::from_str(&json).context("reading the measured costs")?;
    if !costs.get("operations").is_some_and(Value::is_array) {
        bail!("the measured costs have no list `operations`");
    }
    Ok(Some(costs))
}
