//! Rescues one by one, and their keeper's bounty.

use interfaces::adapter::Outcome;
use interfaces::cover::{CoverPoolClient, Settlement};
use soroban_sdk::{Address, Env, Vec};

use crate::refusal::Refusal;

/// A row of rescues that share what they read of a market.
pub trait Batch {
    /// Settles one loan; `bounty_to` is the adapter, for whom the cover pool keeps the bounty.
    fn settle(&mut self, loan: &Address, bounty_to: &Address) -> Result<Settlement, Refusal>;
    /// The group of the market that was read last.
    fn group(&self) -> Option<u32>;
}

/// Settles the loans one by one; one that is refused does not touch the others. The cover pool keeps their bounties, to
/// pay those of a group together.
pub fn settle_all(
    env: &Env,
    cover_pool: &Address,
    batch: &mut impl Batch,
    loans: &Vec<Address>,
    bounty_to: &Address,
) -> Vec<Outcome> {
    let adapter = env.current_contract_address();
    let mut outcomes = Vec::new(env);
    for loan in loans {
        let group = batch.group();
        outcomes.push_back(match batch.settle(&loan, &adapter) {
            Ok(settlement) => Outcome::Done(settlement),
            Err(refusal) => Outcome::Skipped(refusal.0),
        });
        if batch.group() != group {
            pay_bounties(env, cover_pool, group, bounty_to);
        }
    }
    pay_bounties(env, cover_pool, batch.group(), bounty_to);
    outcomes
}

/// Has the cover pool pay the bounties of a row of loans of one group; rescues do not depend on it.
fn pay_bounties(env: &Env, cover_pool: &Address, group: Option<u32>, bounty_to: &Address) {
    if let Some(group) = group {
        let _ = CoverPoolClient::new(env, cover_pool).try_pay_bounties(&group, bounty_to);
    }
}
