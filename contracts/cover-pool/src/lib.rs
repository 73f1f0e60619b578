#![no_std]
//! The kernel: LP vault, premiums, capacity, policies, claims, money. One per settlement asset.
//!
//! Every unit of cover is prepaid and backed 1:1, expiry is passive: nothing is written when time passes. Amounts are in
//! the asset's smallest unit, rates 1e7 = 100 %, times seconds since 1970. Formulas are those of `actuary`; what entry
//! points promise is written on `interfaces::cover::CoverPool`.

mod admin;
mod advance;
mod amount;
mod books;
mod capacity;
mod claim;
mod contract;
mod cover;
mod dispute;
mod errors;
mod events;
mod exit;
mod group;
mod held;
mod identity;
mod impaired;
mod insured;
mod pause;
mod payment;
mod policy;
mod pricing;
mod renewal;
mod rescue;
mod storage;
mod types;
mod underwriting;
mod vault;
mod views;
mod wind_down;

#[cfg(test)]
mod test;

pub use contract::{CoverPool, CoverPoolClient};
pub use errors::CoverError;
pub use types::{BackedGroup, Cap, Exit, Impairment, Pause, Scope};
