//! A loan becomes somebody else's: with its cover when its owner assigns both, without it in a foreclosure.

use adjuster::foreclosure::good_start;
use interfaces::adapter::AdapterError;
use interfaces::cover::{CoverPoolClient, Interest};
use interfaces::position::PositionClient;
use soroban_sdk::{Address, Env};

use crate::facts::Case;
use crate::{loan, storage, underwriting};

/// More positions than this are assigned to nobody, so that the list of them stays small.
const MOST_RECEIVED: u32 = 32;

/// Makes `to` the owner of a position and of its policy. What is refused to who cancels is refused here too, and so is what
/// is open: nobody takes over a loan whose peril is under way.
pub fn assign(
    env: &Env,
    interest: &Interest,
    owner: &Address,
    to: &Address,
) -> Result<(), AdapterError> {
    let position = &interest.0;
    let case = &Case::read(env, position)?;
    let (config, facts) = (&case.config, &case.facts);
    loan::policy(env, config, position)?;
    underwriting::require_unarmed(env, config, facts, Some(position))?;
    loan::require_no_event(env, case)?;
    if good_start(env, position).is_some() {
        return Err(AdapterError::ForeclosureUnderWay);
    }
    if storage::received(env, to).len() >= MOST_RECEIVED {
        return Err(AdapterError::TooManyAssigned);
    }
    hand_on(env, position, owner, to);
    CoverPoolClient::new(env, &config.cover_pool).assign(interest, to);
    Ok(())
}

/// Makes `to` the owner of a position, and lists it with them; a list that is full keeps nobody from foreclosing.
pub fn hand_on(env: &Env, position: &Address, from: &Address, to: &Address) {
    let mut left = storage::received(env, from);
    if let Some(index) = left.first_index_of(position) {
        left.remove(index);
        storage::set_received(env, from, &left);
    }
    let mut received = storage::received(env, to);
    if received.len() < MOST_RECEIVED {
        received.push_back(position.clone());
        storage::set_received(env, to, &received);
    }
    PositionClient::new(env, position).assign(to);
}
