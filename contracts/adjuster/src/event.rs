//! Falls of a price that the hub has recorded.

use actuary::time::DAY;
use soroban_sdk::{Address, Env};

use crate::answers::{Event, HubClient};

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
