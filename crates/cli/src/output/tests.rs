//! The JSON is as documented.

use super::*;
use crate::sample;
use serde_json::{json, Value};

fn written() -> Value {
    serde_json::to_value(sample::run()).unwrap()
}

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn the_json_has_the_documented_fields() {
    let run = written();
    assert_eq!(
        keys(&run),
        [
            "scenario",
            "title",
            "platform",
            "notes",
            "decimals",
            "perils",
            "steps",
            "borrowers",
            "lenders",
            "lp",
            "conservation",
            "invariants",
            "costs",
            "wasm"
        ]
    );
    assert_eq!(
        keys(&run["perils"]),
        [
            "default",
            "depreciation",
            "liquidation",
            "collateral",
            "contract"
        ]
    );
    assert_eq!(
        keys(&run["perils"]["default"]),
        [
            "offered",
            "triggered",
            "asset",
            "paid",
            "beneficiary",
            "claims"
        ]
    );
    assert_eq!(
        keys(&run["perils"]["default"]["claims"][0]),
        [
            "time",
            "beneficiary",
            "asset",
            "facts",
            "loss",
            "due",
            "paid"
        ]
    );
    assert_eq!(keys(&run["steps"][0]), ["step", "title", "facts"]);
    assert_eq!(
        keys(&run["borrowers"][0]),
        [
            "name",
            "insured",
            "layer",
            "liquidated",
            "asset",
            "before",
            "after",
            "loss",
            "paid_by_cover",
            "premium",
            "limit",
            "limit_left",
            "payouts",
            "advance"
        ]
    );
    assert_eq!(
        keys(&run["borrowers"][1]["payouts"][0]),
        ["time", "asset", "amount", "health_before", "health_after"]
    );
    assert_eq!(
        keys(&run["borrowers"][1]["advance"]),
        ["asset", "drawn", "repaid", "owed"]
    );
    assert_eq!(
        keys(&run["lp"]),
        ["asset", "staked", "premiums", "fees", "refunds", "claims", "exit", "left"]
    );
    assert_eq!(
        keys(&run["conservation"]),
        ["asset", "in", "out", "held", "residual"]
    );
    assert_eq!(
        keys(&run["costs"][0]),
        ["operation", "instructions", "entries", "bytes", "events"]
    );
    assert_eq!(keys(&run["wasm"][0]), ["contract", "bytes"]);
}

#[test]
fn amounts_are_strings_and_health_factors_numbers() {
    let run = written();
    assert_eq!(run["conservation"]["residual"], json!("0"), "residual");
    assert_eq!(
        run["borrowers"][1]["payouts"][0]["amount"],
        json!("8000000000"),
        "amount"
    );
    assert_eq!(
        run["borrowers"][1]["payouts"][0]["health_after"],
        json!(1.25),
        "health"
    );
    assert_eq!(run["borrowers"][1]["layer"], json!("advance"), "layer");
    assert_eq!(
        run["borrowers"][0]["layer"],
        Value::Null,
        "no cover, no layer"
    );
    assert_eq!(
        run["steps"][0]["facts"]["rate"],
        json!("1.8 % a year"),
        "facts by name"
    );
    assert_eq!(
        run["invariants"],
        json!({"I01": true, "I07": null}),
        "true or null"
    );
}

#[test]
fn a_broken_invariant_or_a_missing_unit_is_unsound() {
    let sound = sample::run();
    assert!(sound.is_sound(), "sample");
    let mut broken = sound.clone();
    broken.invariants.insert("I05".to_owned(), Some(false));
    assert!(!broken.is_sound(), "broken invariant");
    let mut leaking = sound;
    leaking.conservation.residual = Amount(-1);
    assert!(!leaking.is_sound(), "a unit missing");
}
