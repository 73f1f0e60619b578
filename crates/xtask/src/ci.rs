//! Everything that must hold before a merge, in the order in which it fails fastest.

use std::env;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{anyhow, bail, Context, Result};
use serde_json::Value;

use crate::process::{capture, cargo, run_command};
use crate::wasm::{self, Contracts};
use crate::{baselines, bindings, conformance, fuzz, tables};

/// How many steps there are.
const STEPS: usize = 9;

/// Calls that the invariant test makes in CI; `make fuzz` makes a million.
const FUZZ_CALLS: u64 = 5_000;

/// Clippy in place of the compiler for our own crates, since it compiles, too: what is linted and what is tested is built
/// once, tests, examples and benchmarks included. The variables are those that `cargo clippy` sets.
const LINTED: [(&str, &str); 2] = [
    ("RUSTC_WORKSPACE_WRAPPER", "clippy-driver"),
    (
        "CLIPPY_ARGS",
        "--deny__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__",
    ),
];

/// `cargo xtask ci`: takes every step and stops at the first that fails.
pub fn run() -> Result<()> {
    for (name, value) in LINTED {
        env::set_var(name, value);
    }
    let mut steps = Steps::default();
    steps.take("format", || run_cargo(&["fmt", "--all", "--check"]))?;
    let contracts = steps.take("wasm", || wasm::build(&[]))?;
    steps.take("lint and test", || {
        run_cargo(&["test", "--release", "--workspace"])
    })?;
    steps.take("docs", docs)?;
    steps.take("measure and fuzz", || measure_and_fuzz(&contracts))?;
    steps.take("tables", || tables::run(&contracts, true))?;
    steps.take("bindings", || bindings::run(true))?;
    steps.take("demo", demo)?;
    steps.take("conformance", conformance::check_built)?;
    steps.print();
    Ok(())
}

/// The steps taken, and how long each took.
#[derive(Default)]
struct Steps(Vec<(&'static str, Duration)>);

impl Steps {
    fn take<T>(&mut self, name: &'static str, step: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("\n==> {}/{STEPS} {name}", self.0.len() + 1);
        let start = Instant::now();
        let done =
            step().with_context(|| format!("step `{name}` after {}", minutes(start.elapsed())))?;
        self.0.push((name, start.elapsed()));
        Ok(done)
    }

    fn print(&self) {
        println!("\nall {} steps passed", self.0.len());
        let total = ("total", self.0.iter().map(|(_, time)| *time).sum());
        for (name, time) in self.0.iter().chain([&total]) {
            println!("{name:<16} {:>8}", minutes(*time));
        }
    }
}

/// The crates that the documented ones need are checked for it: without lints, which they have passed.
fn docs() -> Result<()> {
    let mut command = cargo();
    for (name, _) in LINTED {
        command.env_remove(name);
    }
    run_command(command.env("RUSTDOCFLAGS", "--deny warnings").args([
        "doc",
        "--release",
        "--workspace",
        "--no-deps",
    ]))
}

/// The baselines and the random calls at once, since each keeps one core busy.
fn measure_and_fuzz(contracts: &Contracts) -> Result<()> {
    thread::scope(|scope| {
        let measured = scope.spawn(|| baselines::run(contracts, true));
        let fuzzed = fuzz::smoke(&contracts.workspace, FUZZ_CALLS);
        let measured = measured.join();
        let measured = measured.map_err(|_| anyhow!("measuring the baselines panicked"))?;
        measured.and(fuzzed)
    })
}

/// Plays the quiet scenario, with the command that the tests have just built, and reads its books.
fn demo() -> Result<()> {
    let json = capture(Command::new("target/release/vangnet").args([
        "demo",
        "--scenario",
        "calm",
        "--json",
    ]))?;
    let report: Value = serde_json::from_str(&json).context("reading the demo's JSON")?;
    check_books(&report)
}

/// No money appeared or vanished, and no invariant was seen broken.
fn check_books(report: &Value) -> Result<()> {
    let residual = &report["conservation"]["residual"];
    if !is_zero(residual) {
        bail!("conservation.residual is {residual}, not 0");
    }
    let invariants = report["invariants"]
        .as_object()
        .context("no `invariants`")?;
    if let Some((id, _)) = invariants
        .iter()
        .find(|(_, held)| **held == Value::Bool(false))
    {
        bail!("invariant {id} is broken");
    }
    Ok(())
}

/// A zero amount: `"0"`, or such a string under `amount` or for every asset.
fn is_zero(amount: &Value) -> bool {
    match amount {
        Value::String(digits) => digits == "0",
        Value::Object(fields) => fields
            .iter()
            .all(|(key, value)| key == "asset" || is_zero(value)),
        Value::Array(items) => items.iter().all(is_zero),
        _ => false,
    }
}

fn run_cargo(args: &[&str]) -> Result<()> {
    run_command(cargo().args(args))
}

fn minutes(time: Duration) -> String {
    format!("{}:{:02} min", time.as_secs() / 60, time.as_secs() % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn report(residual: Value, i05: Value) -> Value {
        json!({ "conservation": { "residual": residual }, "invariants": { "I05": i05, "I09": null } })
    }

    #[test]
    fn balanced_books_pass() {
        assert!(
            check_books(&report(json!("0"), json!(true))).is_ok(),
            "plain amount"
        );
        assert!(
            check_books(&report(
                json!({ "asset": "USDC", "amount": "0" }),
                json!(true)
            ))
            .is_ok(),
            "amount with asset"
        );
        assert!(
            check_books(&report(
                json!([{ "asset": "USDC", "amount": "0" }]),
                json!(true)
            ))
            .is_ok(),
            "per asset"
        );
    }

    #[test]
    fn a_residual_or_a_broken_invariant_fails() {
        assert!(
            check_books(&report(json!("1"), json!(true))).is_err(),
            "a stroop missing"
        );
        assert!(
            check_books(&report(json!("0"), json!(false))).is_err(),
            "invariant broken"
        );
        assert!(
            check_books(&report(Value::Null, json!(true))).is_err(),
            "no residual"
        );
        assert!(
            check_books(&json!({ "conservation": { "residual": "0" } })).is_err(),
            "no invariants"
        );
    }
}
