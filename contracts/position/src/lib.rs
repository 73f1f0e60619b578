#![no_std]
//! An insured loan account on Blend: one per loan, owned by the borrower, rescued by the cover pool.
//!
//! | room | what is in it |
//! |---|---|
//! | `contract` | entry points: who may do what |
//! | `loan` | what is asked of the lending platform |
//! | `exchange` | buying collateral in a rescue |
//! | `watch` | what liquidations took |
//! | `storage` | what is kept: the account, whom it listens to, what it holds |
//!
//! The trait with every entry's contract is [`interfaces::position::Position`]. Its code is fixed: nobody can upgrade it.

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

mod contract;
mod events;
mod exchange;
mod loan;
mod storage;
mod watch;

#[cfg(test)]
extern crate std;
#[cfg(test)]
mod test;

pub use contract::{Position, PositionClient};
pub use events::{Assigned, CollateralBought};
