#![no_std]
//! Blend's borrowers: insured loans, their rescues and foreclosures.
//!
//! | room | what is in it |
//! |---|---|
//! | `contract` | entry points: who may do what |
//! | `listing` | markets, as the owner lists them |
//! | `loan` | opening, insuring, renewing, cancelling |
//! | `underwriting` | what a loan is rated at, and why nothing is sold |
//! | `facts` | a market's prices and reserves, a position's health |
//! | `rescue` | advances, grants |
//! | `liquidation` | what cover owes for a liquidation |
//! | `surrender` | collateral that has failed |
//! | `finalize` | claims whose window has passed |
//! | `foreclosure` | the end of an advance that is not paid back |
//! | `assignment` | a loan and its cover become somebody else's |
//! | `borrow_rate` | what Blend charges a borrower now |
//! | `answers` | what is read of positions' answers |
//!
//! Loans and losses are measured in `adjuster`, as for every platform; Blend is asked in `blend-reader`. Its lenders have a
//! contract of their own, `blend-lenders`.
//! The trait with every entry's contract is [`interfaces::adapter::Adapter`].

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

mod answers;
mod assignment;
mod borrow_rate;
mod contract;
mod events;
mod facts;
mod finalize;
mod foreclosure;
mod liquidation;
mod listing;
mod loan;
mod rescue;
mod storage;
mod surrender;
mod underwriting;

#[cfg(test)]
extern crate std;
#[cfg(test)]
mod test;

pub use contract::{BlendAdapter, BlendAdapterClient};
pub use events::{
    CollateralSurrendered, Foreclosed, ForeclosureCured, ForeclosureStarted, LiquidationSettled,
    LoanOpened, MarketSet,
};
pub use interfaces::adapter::AdapterError;
