#![no_std]
//! Measures loans and losses the same way for every platform. Adapters differ in whom they ask for the facts of a loan and
//! how they hand the money on; what follows from the facts is decided here.
//!
//! | room | what is in it |
//! |---|---|
//! | `answers` | what is read of the cover pool's and the hub's answers |
//! | `refusal` | our errors and those of the contracts we call |
//! | `valuation` | what a loan is worth, at the hub's price of its pair |
//! | `underwriting` | what a loan is rated at, and why nothing is sold |
//! | `policy` | what is left of a limit, what an advance owes |
//! | `event` | falls of a price that the hub has recorded |
//! | `rescue` | how large an advance or a grant is |
//! | `batch` | rescues one by one, and their keeper's bounty |
//! | `foreclosure` | when a loan may be foreclosed, and who gets what |
//! | `liquidation` | what a liquidation cost a borrower |
//! | `peg` | the reference price of a collateral |
//! | `surrender` | collateral that has failed |
//! | `payment` | transfers that are signed for a contract we call, and those that wait for an owner |
//! | `storage` | what an adapter keeps of foreclosures |
//!
//! A library: nothing is authorised here but transfers of the calling contract's own money, and nothing is stored but what
//! foreclosures leave behind.

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

pub mod answers;
pub mod batch;
pub mod event;
pub mod foreclosure;
pub mod liquidation;
pub mod payment;
pub mod peg;
pub mod policy;
pub mod refusal;
pub mod rescue;
mod storage;
pub mod surrender;
pub mod underwriting;
pub mod valuation;

pub use valuation::{Holdings, Scale, Valuation};

#[cfg(test)]
mod test;
