#![no_std]
//! Client traits and types shared between contracts; no logic.
//!
//! Amounts are `i128` in the asset's smallest unit, rates are `u32` or `i128` with 1e7 = 100 %, times are
//! seconds since 1970. A call's way through the contracts is one direction only, since the host traps re-entry:
//! `adapter -> cover pool -> position -> platform -> token`.

pub mod adapter;
pub mod assign;
pub mod blend;
pub mod blend_lenders;
pub mod cover;
pub mod identity;
pub mod market;
pub mod market_adapter;
pub mod platform;
pub mod position;
pub mod price;
pub mod salvage;
pub mod vault;
