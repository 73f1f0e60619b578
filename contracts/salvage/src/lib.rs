#![no_std]
//! Salvage: collateral that was surrendered to the cover pool, sold for the pool's benefit.
//!
//! | room | what is in it |
//! |---|---|
//! | `contract` | entry points: who may do what |
//! | `lot` | booking a lot, beginning its sale, giving it back |
//! | `sale` | what a part of a lot costs, and selling it |
//!
//! The trait with every entry's contract is [`interfaces::salvage::Salvage`]. It has no owner and its code is fixed: nobody can
//! take what it holds but for the price, and the price can only go to the cover pool; or who surrendered it, when the court has
//! denied their claim.

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

mod contract;
mod events;
mod lot;
mod sale;
mod storage;

#[cfg(test)]
extern crate std;
#[cfg(test)]
mod test;

pub use contract::{Salvage, SalvageClient};
pub use events::{LotBooked, LotOffered, LotReturned, LotSold, LotWaits};
