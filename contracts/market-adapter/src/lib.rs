#![no_std]
//! The insurer of lending platforms that speak `InsuredPlatform`: what the Blend adapter is for Blend.
//!
//! | room | what is in it |
//! |---|---|
//! | `contract` | entry points: who may do what |
//! | `listing` | platforms, as the owner lists them |
//! | `facts` | a platform's price, a loan's health |
//! | `underwriting` | why nothing is sold |
//! | `loan` | insuring a loan, and what its owner may take out |
//! | `cover` | renewing, topping up and cancelling what was sold |
//! | `rescue` | advances, grants |
//! | `liquidation` | what cover owes for a liquidation |
//! | `finalize` | claims whose window has passed |
//! | `surrender` | collateral that has failed |
//! | `lenders` | cover of a platform's lenders, and the proof of a deficit |
//! | `foreclosure` | the end of an advance that is not paid back |
//! | `payment` | handing money on to a platform |
//!
//! Loans and losses are measured in `adjuster`. The traits with every entry's contract are
//! [`interfaces::market_adapter::MarketAdapter`] and [`interfaces::platform::Insurer`].

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

mod contract;
mod cover;
mod events;
mod facts;
mod finalize;
mod foreclosure;
mod lenders;
mod liquidation;
mod listing;
mod loan;
mod payment;
mod rescue;
mod storage;
mod surrender;
mod underwriting;

#[cfg(test)]
extern crate std;
#[cfg(test)]
mod test;

pub use contract::{MarketAdapter, MarketAdapterClient};
pub use events::{
    CollateralSurrendered, DeficitSeen, DeficitSettled, Foreclosed, ForeclosureCured,
    ForeclosureStarted, MarketSet,
};
pub use interfaces::adapter::AdapterError;
