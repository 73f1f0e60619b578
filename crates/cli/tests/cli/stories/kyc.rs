//! Who has shown who they are gets cover; payments never ask.

use serde_json::Value;

use super::{assert_in_order, proposal, refusals, story, told, DAY, LEDGERS, PLATFORMS, UNIT};
use crate::runs::{amount, named, payouts};

const UNVERIFIED: (&str, Option<u64>) = ("Unverified", Some(7_065));
const SANCTIONED: (&str, Option<u64>) = ("Sanctioned", Some(7_066));

#[test]
fn a_vote_has_the_pool_ask_who_people_are() {
    for platform in PLATFORMS {
        let asked = proposal(story("kyc", platform), "People show who they are.");
        assert_in_order(asked, [LEDGERS, 5 * LEDGERS, 7 * LEDGERS]);
        assert_eq!(asked["calls"][0]["contract"], "cover-pool", "contract");
        assert_eq!(asked["calls"][0]["function"], "set_identity", "function");
    }
}

#[test]
fn tiers_refuse_beyond_their_limits_and_assignments_stakes_and_expired_claims() {
    let expected = [
        ("shows nothing", UNVERIFIED),
        ("basic tier", UNVERIFIED),
        ("full tier", UNVERIFIED),
        ("third LP", UNVERIFIED),
        // Who assigns to somebody who has shown nothing.
        ("basic tier", UNVERIFIED),
        ("lets it expire", UNVERIFIED),
        ("third LP", SANCTIONED),
        ("third LP", SANCTIONED),
    ];
    let expected = expected.map(|(who, (error, code))| (who, error, code));
    for platform in PLATFORMS {
        let run = story("kyc", platform);
        assert_eq!(refusals(run), expected, "{platform}");
        let beyond = told(run, 2, "shows nothing");
        assert!(beyond.starts_with("insure 1,000.0000001 USDC"), "{beyond}");
        let beyond = told(run, 2, "basic tier");
        assert!(beyond.contains("insure 10,000.0000001 USDC"), "{beyond}");
    }
}

#[test]
fn tiers_admit_up_to_their_limits() {
    for platform in PLATFORMS {
        let run = story("kyc", platform);
        for (name, limit) in [
            ("shows nothing", 1_000),
            ("assignee", 40_000),
            ("full tier", 60_000),
            ("lets it expire", 40_000),
            ("renews in time", 40_000),
        ] {
            let borrower = named(&run["borrowers"], name);
            assert_eq!(
                amount(borrower, "limit"),
                limit * UNIT,
                "{platform}: {name}"
            );
        }
        let assigned = told(run, 4, "basic tier");
        let expected = "assigns INS of 40,000.00 USDC, and the loan, to assignee";
        assert!(assigned.ends_with(expected), "{assigned}");
    }
}

#[test]
fn a_payout_asks_for_no_identity_claim() {
    for platform in PLATFORMS {
        let run = story("kyc", platform);
        let mut refused = run["refusals"].as_array().unwrap().iter();
        let expired = refused.find(|one| one["who"] == "lets it expire").unwrap();
        let expired = expired["time"].as_u64().unwrap();
        let borrower = named(&run["borrowers"], "lets it expire");
        let [payout] = payouts(borrower) else {
            panic!("{platform}: one payout: {borrower}");
        };
        assert!(payout["time"].as_u64().unwrap() > expired, "{platform}");
        let paid = amount(payout, "amount");
        assert_eq!(amount(&borrower["advance"], "drawn"), paid, "{platform}");
        let verified = named(&run["borrowers"], "full tier");
        assert_eq!(
            amount(verified, "paid_by_cover"),
            paid,
            "{platform}: as much as who is verified"
        );
        let over = told(run, 5, "lets it expire");
        assert!(
            over.starts_with("the identity claim is over: Expired (#8013)"),
            "{over}"
        );
    }
}

#[test]
fn a_sanctioned_payee_is_paid_to_the_unit_once_off_the_list() {
    for platform in PLATFORMS {
        let run = story("kyc", platform);
        let told = told(run, 6, "third LP");
        let between = |before: &str, after: &str| {
            let (_, rest) = told.split_once(before).unwrap();
            rest.split_once(after).map(|(amount, _)| amount.to_owned())
        };
        let waits = between("leaves; ", " is claimable later");
        assert!(waits.is_some(), "{told}");
        let (_, paid) = told.split_once("is paid ").unwrap();
        assert_eq!(waits.as_deref(), Some(paid), "{platform}: {told}");
    }
}

#[test]
fn an_identity_claim_that_is_renewed_in_time_keeps_working() {
    let run = story("kyc", "blend");
    let facts = run["steps"][4]["facts"].as_object().unwrap();
    let own: Vec<(&String, &Value)> = facts
        .iter()
        .filter(|(name, _)| name.ends_with("  renews in time"))
        .collect();
    let [(_, renewed), (_, insured)] = own[..] else {
        panic!("renewed, then insured: {facts:?}");
    };
    assert_eq!(renewed, "renews the identity claim for a year", "renewed");
    assert_eq!(insured, "insured up to 40,000.00 USDC", "insured");
    let mut refused = run["refusals"].as_array().unwrap().iter();
    let expired = refused.find(|one| one["who"] == "lets it expire").unwrap();
    let shown = proposal(run, "People show who they are.")["executed"]["time"].as_u64();
    let after = expired["time"].as_u64().unwrap() - shown.unwrap();
    assert!(after >= 10 * DAY, "both claims were of 10 days");
}
