//! `vangnet demo --all`

use serde_json::Value;

use super::failure;
use super::runs::{all, assert_lps_add_up, played, run};

const SCENARIOS: [&str; 6] = [
    "calm",
    "eth-2020-03-12",
    "eth-2021-05-19",
    "usdc-depeg-2023-03",
    "platform-robbed",
    "ustry-2026-02-22",
];

#[test]
fn every_scenario_is_played_on_both_platforms() {
    let runs = all().as_object().unwrap();
    assert_eq!(runs.keys().collect::<Vec<_>>(), ["runs"]);
    let told: Vec<(&str, &str)> = runs["runs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| {
            let text = |field: &str| run[field].as_str().unwrap();
            (text("scenario"), text("platform"))
        })
        .collect();
    let expected: Vec<_> = SCENARIOS
        .into_iter()
        .flat_map(|scenario| [(scenario, "blend"), (scenario, "market")])
        .collect();
    assert_eq!(told, expected, "in this order");
}

#[test]
fn each_run_has_the_five_perils_and_sound_books() {
    for scenario in SCENARIOS {
        for platform in ["blend", "market"] {
            let run = run(scenario, platform);
            assert_lps_add_up(run);
            let perils = run["perils"].as_object().unwrap();
            assert_eq!(
                perils.keys().collect::<Vec<_>>(),
                [
                    "default",
                    "depreciation",
                    "liquidation",
                    "collateral",
                    "contract"
                ],
                "{scenario} on {platform}"
            );
            for (name, peril) in perils {
                let is_paid = peril["paid"] != "0";
                let has_beneficiary = peril["beneficiary"] != Value::Null;
                assert_eq!(is_paid, has_beneficiary, "{scenario} on {platform}: {name}");
                assert_eq!(peril["asset"], run["lp"]["asset"], "{name}");
                assert_eq!(run["steps"].as_array().unwrap().len(), 7, "steps");
            }
        }
    }
}

#[test]
fn a_run_of_all_is_the_run_of_one() {
    let alone = played(&["--scenario", "eth-2021-05-19", "--platform", "market"]);
    assert_eq!(&alone, run("eth-2021-05-19", "market"));
}

#[test]
fn what_cannot_go_together_is_told() {
    for argument in [
        ["--platform", "market"],
        ["--scenario", "calm"],
        ["--prices", "own.csv"],
    ] {
        let message = failure(&[&["demo", "--all"], &argument[..]].concat());
        assert!(
            message.contains("'--all' cannot be used with") && message.contains(argument[0]),
            "{argument:?}: {message}"
        );
    }
}

#[test]
fn an_unknown_platform_names_the_known_ones() {
    let message = failure(&["demo", "--platform", "aave"]);
    assert!(
        message.contains("[possible values: blend, market]"),
        "{message}"
    );
}
