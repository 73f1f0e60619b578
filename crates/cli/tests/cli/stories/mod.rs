//! `vangnet demo` with a story: votes, disputes and identities, on both platforms, each played once for all tests.

mod dispute;
mod kyc;
mod vote;

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

use serde_json::Value;

use super::failure;
use super::runs::{assert_lps_add_up, played};

type Played = Mutex<BTreeMap<(String, String), &'static OnceLock<Value>>>;

const PLATFORMS: [&str; 2] = ["blend", "market"];
const DAY: u64 = 86_400;
/// Ledgers in a day.
const LEDGERS: u64 = 17_280;
/// One PLT, and one of the settlement asset.
const UNIT: i128 = 10_000_000;

/// The run of a story, sound to its end.
#[track_caller]
fn story(scenario: &str, platform: &str) -> &'static Value {
    static PLAYED: Played = Mutex::new(BTreeMap::new());
    let key = (scenario.to_owned(), platform.to_owned());
    let run = *PLAYED
        .lock()
        .unwrap()
        .entry(key)
        .or_insert_with(|| Box::leak(Box::new(OnceLock::new())));
    let run = run.get_or_init(|| played(&["--scenario", scenario, "--platform", platform]));
    assert_eq!(run["scenario"], scenario, "scenario");
    assert_eq!(run["platform"], platform, "platform");
    assert_lps_add_up(run);
    run
}

/// The proposal of that title.
#[track_caller]
fn proposal<'a>(run: &'a Value, title: &str) -> &'a Value {
    let mut proposals = run["governance"].as_array().unwrap().iter();
    proposals
        .find(|proposal| proposal["title"] == title)
        .unwrap()
}

/// Who was refused, and on which ground, in the order it happened.
fn refusals(run: &Value) -> Vec<(&str, &str, Option<u64>)> {
    let refusals = run["refusals"].as_array().unwrap().iter();
    refusals
        .map(|refused| {
            let text = |field: &str| refused[field].as_str().unwrap();
            (text("who"), text("error"), refused["code"].as_u64())
        })
        .collect()
}

/// All that is told of somebody in a step.
fn told(run: &Value, step: usize, who: &str) -> String {
    let facts = run["steps"][step - 1]["facts"].as_object().unwrap();
    let own = facts
        .iter()
        .filter(|(name, _)| name.ends_with(&format!("  {who}")));
    let values: Vec<_> = own.map(|(_, value)| value.as_str().unwrap()).collect();
    values.join("; ")
}

#[track_caller]
fn at(moment: &Value) -> (u64, u64) {
    let number = |field: &str| moment[field].as_u64().unwrap();
    (number("time"), number("ledger"))
}

/// Every moment of a proposal that was executed is as late as its governor's rules, in days, say.
#[track_caller]
fn assert_in_order(proposal: &Value, [delay_of_vote, vote, delay]: [u64; 3]) {
    let title = &proposal["title"];
    let moments = [
        "proposed", "snapshot", "vote_end", "queued", "ready", "executed",
    ];
    let moments = moments.map(|name| at(&proposal[name]));
    for pair in moments.windows(2) {
        let ((from, first), (until, last)) = (pair[0], pair[1]);
        assert_eq!(until - from, (last - first) * 5, "{title}: five seconds");
    }
    let [proposed, snapshot, vote_end, queued, ready, executed] = moments.map(|(_, at)| at);
    assert_eq!(snapshot, proposed + delay_of_vote, "{title}: snapshot");
    assert_eq!(vote_end, snapshot + vote, "{title}: end of the vote");
    assert!(queued > vote_end, "{title}: queued after the vote");
    assert_eq!(ready, queued + delay, "{title}: the delay");
    assert!(executed >= ready, "{title}: not before its time");
    assert_eq!(proposal["outcome"], "executed", "{title}");
}

#[test]
fn a_story_has_seven_steps_and_the_hand_over_as_its_first_vote() {
    for scenario in ["vote", "dispute", "kyc"] {
        for platform in PLATFORMS {
            let run = story(scenario, platform);
            assert_eq!(run["steps"].as_array().unwrap().len(), 7, "{scenario}");
            let first = &run["governance"][0];
            let title = "The contracts become the token holders'.";
            assert_eq!(first["title"], title, "{scenario}");
            assert_in_order(first, [LEDGERS, 5 * LEDGERS, 7 * LEDGERS]);
            let calls = first["calls"].as_array().unwrap();
            let accepted = calls
                .iter()
                .filter(|call| call["function"] == "accept_ownership");
            assert!(accepted.count() >= 4, "{scenario}: {calls:?}");
            let ours = calls.iter().all(|call| call["contract"].is_string());
            assert!(ours, "{scenario}: known contracts: {calls:?}");
        }
    }
}

#[test]
fn prices_for_a_story_are_refused() {
    let message = failure(&["demo", "--scenario", "kyc", "--prices", "any.csv"]);
    let expected = "error: scenario kyc is a story that no prices are played in\n  \
         to do: leave out --prices, or choose a scenario of prices such as eth-2020-03-12\n";
    assert_eq!(message, expected);
}

#[test]
fn a_story_ends_the_same_through_the_rpc() {
    let arguments = ["--scenario", "kyc", "--platform", "market", "--via", "rpc"];
    let ended = |run: &Value| {
        let mut run = run.clone();
        // Through the RPC, what calls declare is known, not what they use.
        run["costs"].take();
        run
    };
    let embedded = ended(story("kyc", "market"));
    let through = ended(&played(&arguments));
    assert_eq!(through, embedded, "on a network of one node");
}
