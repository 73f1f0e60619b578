#![no_std]
//! What token holders decide. A governor owns other contracts and calls them only after a vote and a delay: propose, vote, queue,
//! wait, execute. Proposals and votes are OpenZeppelin's `Governor`, the delay is its `timelock`.
//!
//! | room | what is in it |
//! |---|---|
//! | `contract` | entry points: who may do what |
//! | `rules` | what is fixed for life: who votes, how long, how many, and the delay |
//! | `delay` | when a vote that was won may be executed, and until when |
//!
//! Nobody has a power over a governor: its rules and its code do not change. To be governed otherwise, its contracts are handed
//! to another governor by vote. Times are ledgers, as the modules count; 17 280 are a day at five seconds each.

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

mod contract;
mod delay;
mod errors;
mod rules;

#[cfg(test)]
extern crate std;
#[cfg(test)]
mod test;

pub use contract::{TokenGovernor, TokenGovernorClient};
pub use errors::RuleError;
pub use rules::Rules;
