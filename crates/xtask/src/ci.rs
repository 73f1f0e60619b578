//! Everything that must hold before a merge, in the order in which it fails fastest.

use std::env;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{anyhow, bail, Context, Result};
use serde_json::Value;

use crate::process::{capture, cargo, run as run_command};
use crate::{baselines, bindings, conformance, fuzz, tables, wasm};

/// Calls that the invariant test makes in CI; `make fuzz` makes a million.
const FUZZ_CALLS: u64 = 5_000;

/// A step's name and what it does.
type Step = (&'static str, fn() -> Result<()>);

const STEPS: [Step; 9] = [
    ("format", || run_cargo(&["fmt", "--all", "--check"])),
    ("wasm", || wasm::run(&[])),
    ("lint and test", || {
        run_cargo(&["test", "--release", "--workspace"])
    }),
    ("docs", docs),
    ("measure and fuzz", measure_and_fuzz),
    ("tables", || tables::run(true)),
    ("bindings", || bindings::run(true)),
    ("demo", demo),
    ("conformance", conformance::check_built),
];

/// Clippy in place of the compiler for our own crates, since it compiles, too: what is linted and what is tested is built
/// once, tests, examples and benchmarks included. The variables are those that `cargo clippy` sets.
const LINTED: [(&str, &str); 2] = [
    ("RUSTC_WORKSPACE_WRAPPER", "clippy-driver"),
    (
        "CLIPPY_ARGS",
        "--deny__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__",
    ),
];

/// `cargo xtask ci`: runs every step and stops at the first that fails.
pub fn run() -> Result<()> {
    for (name, value) in LINTED {
        env::set_var(name, value);
    }
    let mut times = Vec::new();
    for (number, (name, step)) in STEPS.iter().enumerate() {
        println!("\n==> {}/{} {name}", number + 1, STEPS.len());
        let start = Instant::now();
        step().with_context(|| format!("step `{name}` after {}", minutes(start.elapsed())))?;
        times.push((name, start.elapsed()));
    }
    println!("\nall {} steps passed", STEPS.len());
    for (name, time) in &times {
        println!("{name:<16} {:>8}", minutes(*time));
    }
    println!(
        "{:<16} {:>8}",
        "total",
        minutes(times.iter().map(|(_, time)| *time).sum())
    );
    Ok(())
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
fn measure_and_fuzz() -> Result<()> {
    thread::scope(|scope| {
        let measured = scope.spawn(|| baselines::run(true));
        let fuzzed = fuzz::smoke(FUZZ_CALLS);
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
