//! Terms are changed through the timelock.

use serde_json::{json, Value};

use super::{assert_in_order, at, proposal, refusals, story, told, LEDGERS, PLATFORMS, UNIT};
use crate::runs::amount;

const RAISE: &str = "Advances may cost up to 4 % a year.";
const CHEAP: &str = "No cover costs more than 1 % a year.";

#[test]
fn a_bound_is_changed_after_vote_queue_and_delay() {
    for platform in PLATFORMS {
        let raise = proposal(story("vote", platform), RAISE);
        assert_in_order(raise, [LEDGERS, 5 * LEDGERS, 7 * LEDGERS]);
        assert_eq!(raise["governor"], "terms", "governor");
        assert_eq!(raise["proposer"], "first holder", "proposer");
        let calls = raise["calls"].as_array().unwrap();
        assert_eq!(calls.len(), 1, "one call");
        assert_eq!(calls[0]["contract"], "cover-pool", "contract");
        assert_eq!(calls[0]["function"], "set_group", "function");
        assert_eq!(
            at(&raise["executed"]),
            at(&raise["ready"]),
            "in the first ledger in which it may be"
        );
    }
}

#[test]
fn votes_bought_after_the_snapshot_count_nothing() {
    let votes = &proposal(story("vote", "blend"), RAISE)["votes"];
    assert_eq!(amount(votes, "for"), 400_000 * UNIT, "for");
    assert_eq!(amount(votes, "against"), 250_000 * UNIT, "against");
    assert_eq!(amount(votes, "abstain"), 350_000 * UNIT, "abstain");
    assert_eq!(amount(votes, "quorum"), 200_000 * UNIT, "a fifth");
    let cast = |name: &str, vote: &str, weight: i128| json!({"name": name, "vote": vote, "weight": (weight * UNIT).to_string()});
    let expected = [
        cast("buyer", "for", 0),
        cast("first holder", "for", 400_000),
        cast("second holder", "abstain", 350_000),
        // Who sold them has the votes of the snapshot.
        cast("third holder", "against", 250_000),
    ];
    assert_eq!(votes["voters"], json!(expected), "voters");
}

#[test]
fn what_is_voted_down_is_never_queued() {
    let cheap = proposal(story("vote", "market"), CHEAP);
    assert_eq!(cheap["outcome"], "defeated", "outcome");
    for moment in ["queued", "ready", "executed"] {
        assert_eq!(cheap[moment], Value::Null, "{moment}");
    }
    assert_eq!(amount(&cheap["votes"], "for"), 250_000 * UNIT, "for");
    assert_eq!(
        amount(&cheap["votes"], "against"),
        750_000 * UNIT,
        "against"
    );
}

#[test]
fn tries_without_votes_early_twice_and_altered_fail() {
    let expected = [
        ("founder", "Unauthorized", None),
        ("risk role", "BaseOutOfBounds", Some(7_060)),
        ("stranger", "InsufficientProposerVotes", Some(4_202)),
        ("first holder", "ProposalNotActive", Some(4_205)),
        ("first holder", "AlreadyVoted", Some(4_216)),
        ("keeper", "ProposalNotSuccessful", Some(4_206)),
        ("keeper", "ProposalNotSuccessful", Some(4_206)),
        ("keeper", "InvalidOperationState", Some(4_002)),
        ("keeper", "InvalidOperationState", Some(4_002)),
        ("keeper", "ProposalNotFound", Some(4_200)),
        ("keeper", "InvalidOperationState", Some(4_002)),
    ];
    for platform in PLATFORMS {
        assert_eq!(refusals(story("vote", platform)), expected, "{platform}");
    }
}

#[test]
fn a_ledger_early_is_five_seconds_early() {
    let run = story("vote", "blend");
    let early = run["refusals"].as_array().unwrap().iter();
    let mut early = early.filter(|refused| refused["tried"] == "execute a ledger early");
    let tried = early.next().unwrap()["time"].as_u64().unwrap();
    let (ready, _) = at(&proposal(run, RAISE)["ready"]);
    assert_eq!(tried, ready - 5, "the last ledger of the delay");
}

#[test]
fn cover_costs_what_the_new_bound_allows() {
    for platform in PLATFORMS {
        let run = story("vote", platform);
        let before = told(run, 2, "insured before");
        assert!(before.ends_with("of a base of 3.00 %"), "{before}");
        let after = told(run, 7, "insured after");
        assert!(after.ends_with("of a base of 3.50 %"), "{after}");
        let (borrowers, premium) = (&run["borrowers"], "premium");
        assert!(
            amount(&borrowers[0], premium) < amount(&borrowers[1], premium),
            "dearer"
        );
    }
}
