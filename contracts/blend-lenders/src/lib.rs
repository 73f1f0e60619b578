#![no_std]
//! Blend's lenders: what they lost, to defaults and to deficits, and cover of vaults that lend there.
//!
//! | room | what is in it |
//! |---|---|
//! | `contract` | entry points: who may do what |
//! | `listing` | vaults, as the owner lists them |
//! | `loss_index` | what lenders of a reserve lost |
//! | `deficit` | whether a reserve is short of assets, looked at twice |
//! | `vault` | cover of a lender's vault |
//!
//! Blend is asked in `blend-reader`; its borrowers have a contract of their own, `blend-adapter`.
//! The trait with every entry's contract is [`interfaces::blend_lenders::BlendLenders`].

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

mod contract;
mod deficit;
mod events;
mod listing;
mod loss_index;
mod storage;
mod vault;

#[cfg(test)]
extern crate std;
#[cfg(test)]
mod test;

pub use contract::{BlendLenders, BlendLendersClient};
pub use events::{DeficitSeen, LossRecorded, VaultAdded};
pub use interfaces::adapter::AdapterError;
