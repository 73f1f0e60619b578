//! Kinds of calls that use much less than simulations say, or more: those of the tests on compiled contracts.
//!
//! Each test writes down the first call of each kind and size that it makes; here the extremes of each kind are kept. The tests hold
//! their calls against the list when they run otherwise.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::process::{cargo, run_command};
use crate::workspace::Workspace;

/// Where the tests write what they see, as `testkit` reads it.
const RECORDED_IN: &str = "VANGNET_SIMULATIONS";

/// What a test saw of a call.
#[derive(Deserialize)]
struct Seen {
    call: String,
    surplus: Surplus,
    /// Whether it is more or less than a client may expect.
    listed: bool,
}

/// What a simulation says too much, in hundredths of a percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Surplus {
    least: i64,
    most: i64,
    signed: i64,
}

/// Runs the tests, and returns the list as JSON, a call a line.
pub fn measure(workspace: &Workspace, toolchain: &str) -> Result<String> {
    let path = workspace.root.join("target/simulations.jsonl");
    // What an earlier run has left.
    if path.exists() {
        fs::remove_file(&path).with_context(|| path.display().to_string())?;
    }
    let mut tests = cargo();
    tests.current_dir(&workspace.root).env(RECORDED_IN, &path);
    run_command(tests.args(["test", "--release", "--workspace"]).args([
        "--test",
        "integration",
        "--test",
        "attacks",
    ]))?;
    let seen = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    list(toolchain, &seen)
}

fn list(toolchain: &str, seen: &str) -> Result<String> {
    let mut calls = BTreeMap::<String, (Surplus, bool)>::new();
    for line in seen.lines() {
        let Seen {
            call,
            surplus,
            listed,
        } = serde_json::from_str(line).with_context(|| line.to_owned())?;
        let (kept, is_kept) = calls.entry(call).or_insert((surplus, false));
        kept.least = kept.least.min(surplus.least);
        kept.most = kept.most.max(surplus.most);
        kept.signed = kept.signed.max(surplus.signed);
        *is_kept |= listed;
    }
    let kept = calls.into_iter().filter(|(_, (_, is_kept))| *is_kept);
    let lines = kept.map(|(call, (surplus, _))| {
        let surplus = serde_json::to_string(&surplus)?;
        Ok(format!("    {}: {surplus}", json!(call)))
    });
    let lines = lines.collect::<Result<Vec<_>>>()?;
    let mut text = String::from("{\n");
    writeln!(text, "  \"toolchain\": {},", json!(toolchain))?;
    writeln!(text, "  \"calls\": {{\n{}\n  }}\n}}", lines.join(",\n"))?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn line(call: &str, (least, most, signed): (i64, i64, i64), listed: bool) -> String {
        let surplus = json!({ "least": least, "most": most, "signed": signed });
        json!({ "call": call, "surplus": surplus, "listed": listed }).to_string()
    }

    #[test]
    fn extremes_of_kinds_that_are_listed_at_least_once_are_kept() {
        let seen = [
            line("pay/2", (90, 90, 95), false),
            line("pay/2", (110, 110, 80), true),
            line("quiet/0", (99, 99, 99), false),
        ];
        let text = list("rustc", &seen.join("\n")).unwrap();
        let read: Value = serde_json::from_str(&text).unwrap();
        let kept = json!({ "least": 90, "most": 110, "signed": 95 });
        assert_eq!(
            read,
            json!({
                "toolchain": "rustc",
                "calls": { "pay/2": kept },
            })
        );
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        assert!(list("rustc", "{").is_err());
    }
}
