#![no_std]
//! The only place that knows Blend: insured loans, their rescues and foreclosures, and what lenders lost.
//!
//! | room | what is in it |
//! |---|---|
//! | `contract` | entry points: who may do what |
//! | `listing` | markets and vaults, as the owner lists them |
//! | `loan` | opening, insuring, renewing, cancelling |
//! | `underwriting` | what a loan is rated at, and why nothing is sold |
//! | `facts` | a market's prices and reserves, a position's health |
//! | `rescue` | advances, grants |
//! | `liquidation` | what cover owes for a liquidation |
//! | `surrender` | collateral that has failed |
//! | `finalize` | claims whose window has passed |
//! | `foreclosure` | the end of an advance that is not paid back |
//! | `borrow_rate` | what Blend charges a borrower now |
//! | `loss_index` | what lenders of a reserve lost |
//! | `vault` | cover of a lender's vault |
//! | `platform` | asking Blend and its backstop |
//! | `answers` | what is read of Blend's answers |
//!
//! Loans and losses are measured in `adjuster`, as for every platform.
//! The trait with every entry's contract is [`interfaces::adapter::Adapter`].

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

mod answers;
mod borrow_rate;
mod contract;
mod events;
mod facts;
mod finalize;
mod foreclosure;
mod liquidation;
mod listing;
mod loan;
mod loss_index;
mod platform;
mod rescue;
mod storage;
mod surrender;
mod underwriting;
mod vault;

#[cfg(test)]
extern crate std;
#[cfg(test)]
mod test;

pub use contract::{BlendAdapter, BlendAdapterClient};
pub use events::{
    CollateralSurrendered, Foreclosed, ForeclosureCured, ForeclosureStarted, LiquidationSettled,
    LoanOpened, LossRecorded, MarketSet, VaultAdded,
};
pub use interfaces::adapter::AdapterError;
