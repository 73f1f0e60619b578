//! A story ends where something is not refused that must be, or on another ground.

use super::*;
use crate::demo::refusal::{SANCTIONED, UNVERIFIED};
use crate::demo::Via;

const OPTIONS: Options = Options {
    platform: Platform::Market,
    seed: 1,
    via: Via::Embedded,
};

fn refused_on(ground: Ground) -> Result<(), DemoError> {
    Err(DemoError::Refused {
        doing: "insure".to_owned(),
        reason: "no".to_owned(),
        ground,
    })
}

#[test]
fn a_story_ends_where_a_refusal_does_not_happen() {
    let scenario = Scenario::find("kyc").unwrap();
    let (prices, mut progress) = (scenario.prices(), |_: Progress<'_>| ());
    let mut assembly = Assembly::found(&scenario, &prices, OPTIONS, &mut progress).unwrap();
    let identity = kyc::found(&mut assembly).unwrap();
    assembly.confirm_rates().unwrap();
    assembly.wait(WINDOW).unwrap();
    // Nobody has voted to ask who people are.
    let expected = DemoError::NotRefused {
        doing: "shows nothing: insure 1,000.0000001 USDC".to_owned(),
        found: "accepted".to_owned(),
        expected: UNVERIFIED,
    };
    assert_eq!(kyc::tiers(&mut assembly, &identity), Err(expected), "tiers");
    assert_eq!(assembly.refusals, [], "nothing was refused");
    assert_eq!(assembly.play.scene.borrowers.len(), 0, "only tried");

    let other = assembly.refuses("lp", "stake", refused_on(SANCTIONED), UNVERIFIED);
    let other = other.unwrap_err().to_string();
    let expected = "lp: stake: insure: no, where the story needs a refusal: Unverified (#7065)";
    assert_eq!(other, expected, "another ground");
    let needed = assembly.refuses("lp", "stake", refused_on(UNVERIFIED), UNVERIFIED);
    assert_eq!(needed, Ok(()), "as the story needs it");
    let codes: Vec<_> = assembly.refusals.iter().map(|one| one.code).collect();
    assert_eq!(codes, [Some(7_065)], "what was refused");
}

#[test]
fn what_the_ledger_does_not_show_is_not_told() {
    assert_eq!(require(true, "it is so"), Ok(()), "shown");
    let error = require(false, "it is so").unwrap_err().to_string();
    assert_eq!(error, "the ledger does not show that it is so", "not shown");
}

#[test]
fn a_moment_is_five_seconds_a_ledger_after_another() {
    let moment = output::Moment {
        time: 1_000,
        ledger: 10,
    };
    let later = output::Moment {
        time: 1_060,
        ledger: 22,
    };
    assert_eq!(after(moment, 22), later, "12 ledgers");
}
