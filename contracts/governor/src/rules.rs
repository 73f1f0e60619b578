//! What is fixed for life: who votes, how long, how many, and the delay.

use actuary::FULL_RATE;
use entries::{found, founded, DAY_IN_LEDGERS};
use soroban_sdk::{contracttype, panic_with_error, Address, Env, String};
use stellar_governance::votes::VotesClient;
use stellar_governance::{governor, timelock};

use crate::errors::RuleError;

/// Version of the governor, as `version` tells it.
const VERSION: &str = "1";

/// The longest of each time: 90 days. Rules are for life, so a slip must not make a contract ungovernable.
const MOST_LEDGERS: u32 = 90 * DAY_IN_LEDGERS;

/// The largest quorum: a half. Tokens that are lost count for ever.
const MOST_QUORUM: u32 = 5_000_000;

/// How a governor decides. Times are ledgers, from 1 to 90 days.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The token whose votes count; it speaks OpenZeppelin's `Votes`.
    pub token: Address,
    /// From a proposal to its snapshot, after which the vote begins.
    pub voting_delay: u32,
    /// How long the vote lasts.
    pub voting_period: u32,
    /// Votes that a proposer must have had a ledger before, in the token's smallest unit; at most its supply.
    pub threshold: u128,
    /// The part of the supply at the snapshot that must have voted for or abstained, 1e7 = 100 %; at most a half.
    pub quorum: u32,
    /// From queueing to the first ledger in which it may be executed.
    pub delay: u32,
    /// How long after its vote a proposal may be queued still, and after its delay executed.
    pub grace: u32,
}

/// Keys of our own entries.
#[contracttype]
enum DataKey {
    /// Instance: the rules.
    Rules,
}

/// Founds a governor on its rules.
pub fn set(env: &Env, name: String, rules: &Rules) {
    let supply = VotesClient::new(env, &rules.token).get_total_supply();
    let times = [
        rules.voting_delay,
        rules.voting_period,
        rules.delay,
        rules.grace,
    ];
    let is_possible = times.iter().all(|time| (1..=MOST_LEDGERS).contains(time))
        && (1..=MOST_QUORUM).contains(&rules.quorum)
        && (1..=supply).contains(&rules.threshold);
    if !is_possible {
        panic_with_error!(env, RuleError::InvalidRules);
    }
    governor::set_name(env, name);
    governor::set_version(env, String::from_str(env, VERSION));
    governor::set_token_contract(env, &rules.token);
    governor::set_voting_delay(env, rules.voting_delay);
    governor::set_voting_period(env, rules.voting_period);
    governor::set_proposal_threshold(env, rules.threshold);
    timelock::set_min_delay(env, rules.delay);
    found(env, &DataKey::Rules, rules);
}

/// The rules.
pub fn get(env: &Env) -> Rules {
    founded(env, &DataKey::Rules)
}

/// The votes that a proposal with this snapshot needs, rounded up; out of reach until the snapshot has passed, when nobody can
/// know them.
pub fn quorum(env: &Env, snapshot: u32) -> u128 {
    if snapshot >= env.ledger().sequence() {
        return u128::MAX;
    }
    let rules = get(env);
    let supply = VotesClient::new(env, &rules.token).get_total_supply_at_checkpoint(&snapshot);
    let share = supply.checked_mul(rules.quorum.into());
    share.map_or(u128::MAX, |share| share.div_ceil(FULL_RATE.unsigned_abs()))
}
