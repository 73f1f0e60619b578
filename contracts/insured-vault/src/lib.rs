#![no_std]
//! A SEP-56 vault that lends on Blend and is insured as a whole.
//!
//! | room | what is in it |
//! |---|---|
//! | `contract` | entry points: who may do what |
//! | `vault` | SEP-41 and SEP-56: every conversion, deposits, withdrawals |
//! | `books` | what the vault has, and what it is worth |
//! | `losses` | which losses on the platform cover owes, and what it has paid |
//! | `lending` | the platform: supplying, withdrawing, what is liquid |
//! | `cover` | the policy: insuring, renewing, cancelling, settling |
//!
//! Amounts are in the asset's smallest unit, rates 1e7 = 100 %, times seconds since 1970. What entry points promise is
//! written on [`interfaces::vault::InsuredVault`].

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

mod books;
mod contract;
mod cover;
mod errors;
mod events;
mod lending;
mod losses;
mod storage;
mod vault;

#[cfg(test)]
mod test;

pub use contract::{InsuredVault, InsuredVaultClient};
pub use errors::VaultError;
pub use events::{
    ClaimFiled, CoverCancelled, CoverPaid, CoverRenewed, Divested, Insured, Invested, LossBooked,
    LossDropped,
};
