#![no_std]
//! A small lending platform, and how its loans are insured. `docs/integrate.md` tells the story.
//!
//! | room | what is in it |
//! |---|---|
//! | `insured` | the whole integration |
//! | `contract` | what the bank did before, and where it asks its insurer |
//! | `bank` | its loans and books: no interest, one asset lent against another of seven decimals each |
//!
//! It is an example, not a product: what a lending platform needs beyond it is in `contracts/loan-market`.

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

mod bank;
mod contract;
mod insured;

pub use bank::{BankError, Books, Config, Loan};

/// The bank.
#[soroban_sdk::contract]
pub struct CornerBank;

#[cfg(test)]
extern crate std;
#[cfg(test)]
mod test;
