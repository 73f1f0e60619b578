//! Runs of the demo. Those of `--all` are played once for all tests.

use std::sync::OnceLock;

use serde_json::Value;

use super::{text, vangnet};

static ALL: OnceLock<Value> = OnceLock::new();

/// What `vangnet demo --all --json` prints.
pub fn all() -> &'static Value {
    ALL.get_or_init(|| {
        let output = vangnet(&["demo", "--all", "--json"]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    })
}

/// The run of a scenario on a platform, sound to its end.
#[track_caller]
pub fn run(scenario: &str, platform: &str) -> &'static Value {
    let mut runs = all()["runs"].as_array().unwrap().iter();
    let run = runs.find(|run| run["scenario"] == scenario && run["platform"] == platform);
    assert_sound(run.unwrap());
    run.unwrap()
}

/// A single run, sound to its end.
#[track_caller]
pub fn played(arguments: &[&str]) -> Value {
    let output = vangnet(&[&["demo", "--json"], arguments].concat());
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        text(&output.stderr)
    );
    let run = serde_json::from_slice(&output.stdout).unwrap();
    assert_sound(&run);
    run
}

#[track_caller]
fn assert_sound(run: &Value) {
    assert_eq!(amount(&run["conservation"], "residual"), 0, "residual");
    for (id, holds) in run["invariants"].as_object().unwrap() {
        assert_ne!(holds, &Value::Bool(false), "{id} is broken");
    }
}

#[track_caller]
pub fn amount(object: &Value, field: &str) -> i128 {
    let text = object[field].as_str().unwrap_or("missing");
    text.parse().map_err(|_| (field, object)).unwrap()
}

#[track_caller]
pub fn named<'a>(people: &'a Value, name: &str) -> &'a Value {
    let people = people.as_array().unwrap();
    people.iter().find(|person| person["name"] == name).unwrap()
}

pub fn fact<'a>(run: &'a Value, step: usize, name: &str) -> &'a str {
    run["steps"][step - 1]["facts"][name].as_str().unwrap_or("")
}

pub fn payouts(person: &Value) -> &[Value] {
    person["payouts"].as_array().unwrap()
}

/// The books of the LPs, to the last unit.
#[track_caller]
pub fn assert_lps_add_up(run: &Value) {
    let lp = |field| amount(&run["lp"], field);
    assert_eq!(
        lp("staked") + lp("premiums") + lp("bonds") - lp("fees") - lp("refunds") - lp("claims"),
        lp("exit") + lp("left"),
        "staked + premiums + bonds - fees - refunds - claims = exits + left"
    );
    let pool = |field| amount(&run["conservation"], field);
    assert_eq!(pool("in"), pool("out") + pool("held"), "in = out + held");
    const DEAD_SHARES_PART: i128 = 1;
    const EXITS: i128 = 2;
    assert!(
        (0..=DEAD_SHARES_PART + EXITS).contains(&lp("left")),
        "left: {}",
        lp("left")
    );
}
