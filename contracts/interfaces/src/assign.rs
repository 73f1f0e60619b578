//! Assignment: what the INS token asks of the adapter that sold a policy.

use crate::cover::Interest;
use soroban_sdk::{contractclient, Address, Env};

/// An adapter whose policies can be assigned.
#[contractclient(name = "AssignableClient")]
pub trait Assignable {
    /// Make `to` the owner of a policy and of the loan it insures, with all that the loan owes: both or neither; of lenders' cover, the
    /// policy alone. Refused while armed, an event is open on the pair, a foreclosure was started and not cleared, an advance is
    /// owed, or a claim is open; and of a vault's cover. The owner of both. Events: `Assigned`.
    fn assign(env: Env, interest: Interest, to: Address);
}
