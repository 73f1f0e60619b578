//! Assignment: what the INS token asks of the adapter that sold a policy.

use crate::cover::Interest;
use soroban_sdk::{contractclient, Address, Env};

/// An adapter whose policies can be assigned.
#[contractclient(name = "AssignableClient")]
pub trait Assignable {
    /// Make `to` the owner of a policy and of the loan it insures, with all that the loan owes: both or neither. Refused while an advance
    /// is owed, a claim is open, an event is under way or a foreclosure was started. The owner of both. Events: `Assigned`.
    fn assign(env: Env, interest: Interest, to: Address);
}
