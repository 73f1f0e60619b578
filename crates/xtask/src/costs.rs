//! What each operation costs on chain, measured by an example of the integration tests.
//!
//! It measures on the compiled wasm and prints one JSON object to standard output, for instance
//! `{"operations": [{"operation": "stake", "instructions": 1, "entries": 6, "bytes": 980, "events": 1}], "ratios": {}}`.
//! Numbers are compared by [`crate::baselines`], whatever their names.

use std::process::Command;

use anyhow::{bail, Context, Result};
use serde_json::{Map, Value};

use crate::process::{capture, cargo, run_command};
use crate::workspace::Workspace;

/// Runs the measuring program. It is built with the whole workspace, so that dependencies have the features that tests
/// use and are not compiled twice.
pub fn measure(workspace: &Workspace) -> Result<Map<String, Value>> {
    let mut build = cargo();
    build.current_dir(&workspace.root);
    run_command(build.args(["build", "--release", "--workspace", "--example", "costs"]))?;
    let program = workspace.root.join("target/release/examples/costs");
    let json = capture(Command::new(program).current_dir(&workspace.root))?;
    let costs: Map<String, Value> =
        serde_json::from_str(&json).context("reading the measured costs")?;
    if !costs.get("operations").is_some_and(Value::is_array) {
        bail!("the measured costs have no list `operations`");
    }
    Ok(costs)
}
