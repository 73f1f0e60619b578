//! Disputes: every bond and every payment, to the unit.

use actuary::claim::{challenge_bond_up, split_bond};
use actuary::loss::payout_down;
use actuary::{Assets, Rate};
use serde_json::Value;

use super::{assert_in_order, proposal, refusals, story, DAY, LEDGERS, PLATFORMS, UNIT};
use crate::runs::{amount, named, payouts};

/// The dispute over somebody's claim.
#[track_caller]
fn dispute<'a>(run: &'a Value, insured: &str) -> &'a Value {
    let mut disputes = run["disputes"].as_array().unwrap().iter();
    disputes
        .find(|dispute| dispute["insured"] == insured)
        .unwrap()
}

/// Where the bond of a dispute must go: back to who gave it, or in halves.
#[derive(Clone, Copy)]
enum Bond {
    Returned,
    ToOwner,
    ToLps,
}

#[track_caller]
fn assert_settled(run: &Value, insured: &str, (decider, paid): (&str, i128), goes: Bond) {
    let dispute = dispute(run, insured);
    let part = |field: &str| amount(dispute, field);
    assert_eq!(dispute["decided_by"], decider, "{insured}: who decided");
    assert_eq!(part("granted"), paid, "{insured}: granted");
    assert_eq!(part("paid"), paid, "{insured}: paid");
    let (asked, unit) = (Assets::from_raw(part("asked")), Assets::from_raw(UNIT));
    let bond = challenge_bond_up(asked, unit).unwrap();
    assert_eq!(part("bond"), bond.raw(), "{insured}: max(100, 2 %)");
    let (winners, reserved) = split_bond(bond);
    let (winners, reserved) = (winners.raw(), reserved.raw());
    let expected = match goes {
        Bond::Returned => [bond.raw(), 0, 0, 0],
        Bond::ToOwner => [0, winners, 0, reserved],
        Bond::ToLps => [0, 0, winners, reserved],
    };
    let parts = [
        "bond_returned",
        "bond_to_owner",
        "bond_to_lps",
        "bond_to_reserve",
    ];
    assert_eq!(parts.map(part), expected, "{insured}: {parts:?}");
    let borrower = named(&run["borrowers"], insured);
    let sums: Vec<_> = payouts(borrower)
        .iter()
        .map(|one| amount(one, "amount"))
        .collect();
    let expected = if paid > 0 { vec![paid] } else { Vec::new() };
    assert_eq!(sums, expected, "{insured}: payouts");
    let left = amount(borrower, "limit") - paid;
    assert_eq!(amount(borrower, "limit_left"), left, "{insured}: limit");
}

#[test]
fn every_way_a_dispute_ends_pays_and_returns_what_it_must() {
    for platform in PLATFORMS {
        let run = story("dispute", platform);
        let asked = |insured: &str| amount(dispute(run, insured), "asked");
        assert_eq!(asked("denied"), asked("confirmed"), "equal loans");
        assert_settled(run, "denied", ("court", 0), Bond::Returned);
        let confirmed = ("court", asked("confirmed"));
        assert_settled(run, "confirmed", confirmed, Bond::ToOwner);
        let undecided = ("time", asked("undecided"));
        assert_settled(run, "undecided", undecided, Bond::ToOwner);
        assert_settled(
            run,
            "wins an appeal",
            ("court", 6_000 * UNIT),
            Bond::Returned,
        );
        assert_settled(run, "loses an appeal", ("time", 0), Bond::ToLps);
        assert_eq!(amount(&run["lp"], "bonds"), 50 * UNIT, "half of 100");
        let paid: i128 = ["confirmed", "undecided", "wins an appeal"]
            .map(|insured| amount(dispute(run, insured), "paid"))
            .iter()
            .sum();
        let depreciation = &run["perils"]["depreciation"];
        assert_eq!(amount(depreciation, "paid"), paid, "all that was paid");
    }
}

#[test]
fn appeals_ask_for_nine_tenths_of_the_loss() {
    let run = story("dispute", "blend");
    for (insured, loss) in [("wins an appeal", 10_000), ("loses an appeal", 4_000)] {
        let due = payout_down(
            Assets::from_raw(loss * UNIT),
            Assets::ZERO,
            Rate::from_raw(1_000_000),
            Assets::MAX,
        );
        let dispute = dispute(run, insured);
        assert_eq!(amount(dispute, "asked"), due.unwrap().raw(), "{insured}");
        assert_eq!(dispute["kind"], "appeal", "{insured}");
        assert_eq!(dispute["by"], insured, "the policy's owner");
    }
    assert_eq!(dispute(run, "denied")["kind"], "challenge");
    assert_eq!(dispute(run, "denied")["by"], "first challenger");
}

#[test]
fn the_court_decides_by_votes_and_a_delay_of_two_days() {
    for platform in PLATFORMS {
        let run = story("dispute", platform);
        for title in [
            "Claim 1: nothing was lost.",
            "Claim 2: all of it was lost.",
            "Claim 4: two thirds were lost.",
        ] {
            let decided = proposal(run, title);
            assert_eq!(decided["governor"], "court", "{title}");
            assert_eq!(decided["calls"][0]["function"], "resolve", "{title}");
            assert_in_order(decided, [LEDGERS / 2, 4 * LEDGERS, 2 * LEDGERS]);
        }
        let denied = proposal(run, "Claim 5: all of it was lost.");
        assert_eq!(denied["outcome"], "defeated", "voted down");
        assert_eq!(denied["executed"], Value::Null, "never executed");
    }
}

#[test]
fn time_decides_fourteen_days_after_the_challenge() {
    for platform in PLATFORMS {
        let run = story("dispute", platform);
        let mut refused = run["refusals"].as_array().unwrap().iter();
        let again = refused.find(|one| one["error"] == "NotDisputable").unwrap();
        let challenged = again["time"].as_u64().unwrap();
        let paid = &payouts(named(&run["borrowers"], "undecided"))[0];
        let paid = paid["time"].as_u64().unwrap();
        assert_eq!(paid, challenged + 14 * DAY, "{platform}");
    }
}

#[test]
fn nobody_settles_early_or_disputes_what_is_not_theirs() {
    let expected = [
        ("keeper", "NotPayable", Some(7_054)),
        ("stranger", "NotTheirs", Some(7_064)),
        ("first challenger", "NotDisputable", Some(7_061)),
        ("keeper", "NotPayable", Some(7_054)),
        ("keeper", "NotPayable", Some(7_054)),
    ];
    for platform in PLATFORMS {
        assert_eq!(refusals(story("dispute", platform)), expected, "{platform}");
    }
}
