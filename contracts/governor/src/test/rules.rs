use std::panic::{catch_unwind, AssertUnwindSafe};

use soroban_sdk::testutils::Address as _;
use soroban_sdk::{Address, String};

use super::{rules, World, VOTING_DELAY};
use crate::{Rules, TokenGovernor};

#[test]
fn the_quorum_is_a_part_of_the_supply_rounded_up_and_unknown_before_its_snapshot() {
    let world = World::new();
    let now = world.env.ledger().sequence();
    assert_eq!(world.governor.quorum(&(now - 1)), 400, "40 % of 1 000");
    assert_eq!(world.governor.quorum(&now), u128::MAX, "this ledger");
    assert_eq!(world.governor.quorum(&1), 0, "before there was any");
}

#[test]
fn rules_are_told_as_they_were_given() {
    let world = World::new();
    let given = rules(&world.plt.address);
    assert_eq!(world.governor.rules(), given, "rules");
    assert_eq!(world.governor.voting_delay(), VOTING_DELAY, "voting delay");
    assert_eq!(world.governor.proposal_threshold(), 200, "threshold");
}

#[test]
fn rules_that_nobody_could_be_governed_by_are_refused() {
    let founded = |change: fn(&mut Rules)| {
        let world = World::new();
        let mut rules = rules(&world.plt.address);
        change(&mut rules);
        let name = String::from_str(&world.env, "Terms");
        let found = || world.env.register(TokenGovernor, (name, rules));
        catch_unwind(AssertUnwindSafe(found)).is_ok()
    };
    assert!(founded(|_| ()), "the usual");
    assert!(
        !founded(|rules| rules.voting_delay = 0),
        "no time to prepare"
    );
    assert!(!founded(|rules| rules.voting_period = 0), "no vote");
    assert!(!founded(|rules| rules.delay = 0), "no delay");
    assert!(!founded(|rules| rules.grace = 0), "no grace");
    assert!(!founded(|rules| rules.quorum = 0), "no quorum");
    assert!(!founded(|rules| rules.quorum = 5_000_001), "above a half");
    assert!(!founded(|rules| rules.threshold = 0), "anybody's proposals");
    assert!(!founded(|rules| rules.threshold = 1_001), "nobody's");
    assert!(!founded(|rules| rules.delay = 90 * 17_280 + 1), "too long");
    let no_votes = |rules: &mut Rules| rules.token = Address::generate(rules.token.env());
    assert!(!founded(no_votes), "a token without votes");
}
