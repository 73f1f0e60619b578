//! `vangnet scenarios`

use super::{failure, text, vangnet};

#[test]
fn the_built_in_scenarios_are_listed_with_their_sources() {
    let output = vangnet(&["scenarios"]);
    let listed = text(&output.stdout);
    assert!(output.status.success(), "{}", text(&output.stderr));
    for name in [
        "calm",
        "eth-2020-03-12",
        "eth-2021-05-19",
        "usdc-depeg-2023-03",
        "platform-robbed",
        "ustry-2026-02-22",
        "vote",
        "dispute",
        "kyc",
    ] {
        assert!(listed.lines().any(|line| line == name), "{name}: {listed}");
    }
    assert!(
        listed.contains("195.55") && listed.contains("BlockSec"),
        "sources: {listed}"
    );
    assert!(!listed.contains('\u{1b}'), "colours only on a terminal");
}

#[test]
fn a_shown_scenario_is_its_file() {
    let output = vangnet(&["scenarios", "--show", "calm"]);
    assert_eq!(
        text(&output.stdout),
        include_str!("../../scenarios/calm.toml")
    );
}

#[test]
fn showing_an_unknown_scenario_names_the_known_ones() {
    let message = failure(&["scenarios", "--show", "storm"]);
    assert!(message.contains("calm, eth-2020-03-12"), "{message}");
}
