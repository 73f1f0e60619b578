#![no_std]
//! Prices: sources, median, freshness, 24 h window, triggers.
//!
//! | room | what is in it |
//! |---|---|
//! | `contract` | entry points: who may do what |
//! | `source` | asks the feeds, drops what is stale, absurd or broken, and says what the rest agrees on |
//! | `cells` | time-weighted means of equal stretches of time |
//! | `window` | one asset's last hours: observations, quarantine, means |
//! | `packed` | a window in 347 bytes |
//! | `reading` | an asset's and a pair's price now |
//! | `depreciation` | how far a pair has fallen, events, armed |
//! | `feed` | the hub as a SEP-40 feed |
//!
//! Every formula is `actuary`'s. The trait with every entry's contract is [`interfaces::price::PriceHub`].

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

mod cells;
mod contract;
mod depreciation;
mod errors;
mod events;
mod feed;
mod packed;
mod reading;
mod source;
mod storage;
mod types;
mod window;

#[cfg(test)]
mod test;

pub use contract::{PriceHub, PriceHubClient};
pub use errors::PriceError;
pub use events::{GuardianSet, Observed, SourcesSet, ThresholdSet, Triggered, VenueDropped};
