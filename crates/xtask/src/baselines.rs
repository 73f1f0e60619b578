//! Committed measurements: `baselines/wasm.json`, `baselines/costs.json` and `baselines/simulation.json`, which tests check.
//!
//! They name the toolchain that made the wasm. Measured again on the same toolchain every number must be the same; on
//! another, within [`TOLERANCE_PERCENT`].

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{bail, Context, Result};
use serde_json::{json, Map, Value};

use crate::costs;
use crate::generated::write_if_changed;
use crate::simulations;
use crate::wasm::{Built, Contracts};
use crate::workspace::Workspace;

const TOLERANCE_PERCENT: f64 = 2.0;
const TOOLCHAIN: &str = "toolchain";

/// `cargo xtask baselines [--check]`.
pub fn run(contracts: &Contracts, check: bool) -> Result<()> {
    let Contracts {
        workspace,
        toolchain,
        built,
    } = contracts;
    let sizes = named(toolchain, sizes(built));
    let mut problems = record(workspace, "wasm.json", check, sizes)?;
    let costs = named(toolchain, costs::measure(workspace)?);
    problems += record(workspace, "costs.json", check, costs)?;
    if !check {
        let text = simulations::measure(workspace, toolchain)?;
        write_if_changed(
            &workspace.root.join("baselines/simulation.json"),
            text.as_bytes(),
        )?;
        println!("baselines/simulation.json written");
    }
    if problems > 0 {
        bail!("baselines differ in {problems} places; if that is meant, run `cargo xtask baselines` and commit baselines/");
    }
    Ok(())
}

fn sizes(built: &[Built]) -> Map<String, Value> {
    let deployed = built.iter().filter(|built| built.contract.is_deployed);
    let sizes: BTreeMap<_, _> = deployed
        .map(|built| (built.contract.name.as_str(), built.size))
        .collect();
    Map::from_iter([("contracts".to_owned(), json!(sizes))])
}

fn named(toolchain: &str, measured: Map<String, Value>) -> Value {
    let mut baseline = Map::from_iter([(TOOLCHAIN.to_owned(), json!(toolchain))]);
    baseline.extend(measured);
    Value::Object(baseline)
}

/// Writes the file, or compares with it and prints each difference; returns how many there are.
fn record(workspace: &Workspace, file: &str, check: bool, measured: Value) -> Result<usize> {
    let path = workspace.root.join("baselines").join(file);
    if !check {
        let text = serde_json::to_string_pretty(&measured)? + "\n";
        write_if_changed(&path, text.as_bytes())?;
        println!("baselines/{file} written");
        return Ok(0);
    }
    let differences = compare(&read(&path)?, &measured);
    differences
        .iter()
        .for_each(|difference| eprintln!("baselines/{file}: {difference}"));
    println!(
        "baselines/{file} checked: {} differences",
        differences.len()
    );
    Ok(differences.len())
}

fn read(path: &Path) -> Result<Value> {
    let text = fs::read_to_string(path)
        .with_context(|| format!("{}; `cargo xtask baselines` writes it", path.display()))?;
    serde_json::from_str(&text).with_context(|| path.display().to_string())
}

/// Every place where the two differ by more than the toolchains allow.
fn compare(committed: &Value, measured: &Value) -> Vec<String> {
    let same_toolchain = committed.get(TOOLCHAIN) == measured.get(TOOLCHAIN);
    let mut comparison = Comparison {
        tolerance: if same_toolchain {
            0.0
        } else {
            TOLERANCE_PERCENT / 100.0
        },
        differences: Vec::new(),
    };
    comparison.values("", committed, measured);
    comparison.differences
}

struct Comparison {
    /// The share of the committed number that a measured one may be off.
    tolerance: f64,
    differences: Vec<String>,
}

impl Comparison {
    fn values(&mut self, place: &str, committed: &Value, measured: &Value) {
        match (committed, measured) {
            (Value::Object(committed), Value::Object(measured)) => {
                self.objects(place, committed, measured)
            }
            (Value::Array(committed), Value::Array(measured))
                if committed.len() == measured.len() =>
            {
                for (index, (committed, measured)) in committed.iter().zip(measured).enumerate() {
                    self.values(
                        &format!("{place}[{}]", label(measured, index)),
                        committed,
                        measured,
                    );
                }
            }
            (Value::Number(was), Value::Number(is))
                if is_within(was.as_f64(), is.as_f64(), self.tolerance) => {}
            _ if committed != measured => self.note(place, committed, measured),
            _ => {}
        }
    }

    fn objects(
        &mut self,
        place: &str,
        committed: &Map<String, Value>,
        measured: &Map<String, Value>,
    ) {
        let added = measured.keys().filter(|key| !committed.contains_key(*key));
        for key in committed
            .keys()
            .chain(added)
            .filter(|key| *key != TOOLCHAIN)
        {
            let at = |side: &Map<String, Value>| side.get(key).cloned().unwrap_or(Value::Null);
            self.values(&format!("{place}/{key}"), &at(committed), &at(measured));
        }
    }

    fn note(&mut self, place: &str, committed: &Value, measured: &Value) {
        self.differences.push(format!(
            "{place}: committed {committed}, measured {measured}"
        ));
    }
}

/// How a list's item is named in a message: by its operation if it has one.
fn label(item: &Value, index: usize) -> String {
    let operation = item.get("operation").and_then(Value::as_str);
    operation.map_or_else(|| index.to_string(), str::to_owned)
}

fn is_within(committed: Option<f64>, measured: Option<f64>, tolerance: f64) -> bool {
    match (committed, measured) {
        (Some(committed), Some(measured)) => {
            (measured - committed).abs() <= committed.abs() * tolerance
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn baseline(toolchain: &str, pool: u64) -> Value {
        json!({ "toolchain": toolchain, "contracts": { "cover-pool": pool } })
    }

    #[test]
    fn the_same_toolchain_allows_no_difference() {
        let committed = baseline("rustc 1.95.0", 10_000);
        assert_eq!(
            compare(&committed, &baseline("rustc 1.95.0", 10_000)),
            Vec::<String>::new(),
            "equal"
        );
        assert_eq!(
            compare(&committed, &baseline("rustc 1.95.0", 10_001)),
            ["/contracts/cover-pool: committed 10000, measured 10001"],
            "one byte"
        );
    }

    #[test]
    fn another_toolchain_allows_two_percent_either_way() {
        let committed = baseline("rustc 1.95.0", 10_000);
        for (size, differences) in [(9_799, 1), (9_800, 0), (10_200, 0), (10_201, 1)] {
            assert_eq!(
                compare(&committed, &baseline("rustc 1.96.0", size)).len(),
                differences,
                "{size} bytes"
            );
        }
    }

    #[test]
    fn small_counts_are_exact_on_any_toolchain() {
        let costs =
            |entries: u64| json!({ "operations": [{ "operation": "stake", "entries": entries }] });
        let (mut committed, measured) = (costs(6), costs(7));
        committed[TOOLCHAIN] = json!("other");
        let differences = compare(&committed, &measured);
        assert_eq!(
            differences,
            ["/operations[stake]/entries: committed 6, measured 7"],
            "an entry more"
        );
    }

    #[test]
    fn what_appears_or_disappears_is_a_difference() {
        let one = json!({ "contracts": { "a": 1 } });
        let two = json!({ "contracts": { "a": 1, "b": 2 } });
        assert_eq!(
            compare(&one, &two),
            ["/contracts/b: committed null, measured 2"],
            "added"
        );
        assert_eq!(
            compare(&two, &one),
            ["/contracts/b: committed 2, measured null"],
            "removed"
        );
        let list = |items: Value| json!({ "operations": items });
        assert_eq!(
            compare(&list(json!([1])), &list(json!([1, 2]))).len(),
            1,
            "longer list"
        );
    }
}
