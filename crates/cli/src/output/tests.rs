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
            "governance",
            "disputes",
            "refusals",
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
            "peril",
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
        ["asset", "staked", "premiums", "fees", "refunds", "claims", "bonds", "exit", "left"]
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
fn a_story_has_the_documented_fields() {
    let run = serde_json::to_value(sample::story()).unwrap();
    let proposal = &run["governance"][0];
    assert_eq!(
        keys(proposal),
        [
            "id", "governor", "title", "calls", "proposer", "proposed", "snapshot", "vote_end",
            "votes", "queued", "ready", "executed", "outcome"
        ]
    );
    assert_eq!(
        keys(&proposal["calls"][0]),
        ["contract", "target", "function"]
    );
    assert_eq!(
        proposal["ready"],
        json!({"time": 1_584_014_555, "ledger": 31}),
        "a moment"
    );
    assert_eq!(
        keys(&proposal["votes"]),
        ["asset", "for", "against", "abstain", "quorum", "voters"]
    );
    assert_eq!(
        proposal["votes"]["voters"][0],
        json!({"name": "first", "vote": "for", "weight": "4000000000000"}),
        "a vote"
    );
    assert_eq!(proposal["outcome"], json!("executed"), "outcome");
    assert_eq!(proposal["governor"], json!("terms"), "governor");
    assert_eq!(
        keys(&run["disputes"][0]),
        [
            "claim",
            "kind",
            "by",
            "insured",
            "asset",
            "asked",
            "granted",
            "decided_by",
            "paid",
            "bond",
            "bond_returned",
            "bond_to_owner",
            "bond_to_lps",
            "bond_to_reserve"
        ]
    );
    assert_eq!(
        keys(&run["refusals"][0]),
        ["time", "who", "tried", "code", "error"]
    );
}

#[test]
fn facts_of_one_name_are_joined_in_the_json() {
    let mut facts = Facts::default();
    for (name, value) in [("a", "1"), ("b", "2"), ("a", "3")] {
        facts.add(name, value);
    }
    let written = serde_json::to_value(facts).unwrap();
    assert_eq!(written, json!({"a": "1; 3", "b": "2"}), "in their order");
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
    assert_eq!(run["borrowers"][1]["peril"], json!("advance"), "peril");
    assert_eq!(
        run["borrowers"][0]["peril"],
        Value::Null,
        "no cover, no peril"
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
