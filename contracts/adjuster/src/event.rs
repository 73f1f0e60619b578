//! Falls of a price that the hub has recorded.

use actuary::time::DAY;
use soroban_sdk::{Address, Env};

use crate::answers::{Event, HubClient};
use crate::underwriting::require_pair_unarmed;

/// How long an event is open: the day in which it may deepen, and a day to pay for it.
const EVENT_OPEN: u64 = 2 * DAY;

/// The event that was open on a pair at a time, as it was triggered on the hub.
pub fn open_event(
    env: &Env,
    price_hub: &Address,
    collateral: &Address,
    debt: &Address,
    time: u64,
) -> Option<Event> {
    let event = HubClient::new(env, price_hub).event(collateral, debt)?;
    (time < event.at.saturating_add(EVENT_OPEN)).then_some(event)
}

/// Whether a pair is falling, or grants may be due on it.
pub fn is_event_under_way(
    env: &Env,
    price_hub: &Address,
    collateral: &Address,
    debt: &Address,
) -> bool {
    let now = env.ledger().timestamp();
    require_pair_unarmed(env, price_hub, collateral, debt).is_err()
        || open_event(env, price_hub, collateral, debt, now).is_some()
}
