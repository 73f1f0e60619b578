#![no_std]
//! What both contracts on Blend ask of it: the adapter for borrowers, and the one for lenders.
//!
//! | room | what is in it |
//! |---|---|
//! | `answers` | what is read of Blend's answers |
//! | `platform` | asking Blend, its backstop and its oracle |
//! | `collateral` | what Blend lends against, and whether the hub can price it |
//! | `prices` | Blend's own prices beside the hub's |
//!
//! A library: nothing is stored and nothing is authorised here.

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

pub mod answers;
pub mod collateral;
pub mod platform;
pub mod prices;
