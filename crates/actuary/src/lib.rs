#![no_std]
//! Newtypes, rounding maths and every formula of the product; used on and off chain.
//!
//! Pure integers: no floats, no allocation, no dependency, nothing that panics. Every rounding is in a name (`_down`,
//! `_up`) and favours the pool; every failure is a [`MathError`]. A formula lives here once, so that a quote off chain
//! equals the charge on chain to the last unit.
//!
//! # Units
//! | quantity | unit |
//! |---|---|
//! | [`Assets`] | the smallest unit of the settlement asset |
//! | [`Shares`] | the smallest unit of the pool's share |
//! | [`Rate`] | 1e7 = 100 %; also factors (1e7 = 1) and health factors |
//! | [`Scaled`], [`ScaledRate`] | asset units times [`S`] = 1e12, and the same per second |
//! | [`Price`] | 14 decimals |
//! | times and durations | `u64` seconds, times since 1970 |
//!
//! # Bounds
//! Nothing overflows for limits up to 10^27, 10^26 of unearned premium in all, rates up to 1000 % a year and times up
//! to the year 2100; beyond them a call fails with a named error and never returns a wrong number.

mod error;
mod quantity;

pub mod advance;
pub mod auction;
pub mod capacity;
pub mod claim;
pub mod deficit;
pub mod health;
pub mod lending;
pub mod loss;
pub mod math;
pub mod nav;
pub mod premium;
pub mod price;
pub mod quote;
pub mod rate;
pub mod ring;
pub mod starting;
pub mod time;
pub mod window;

pub use error::MathError;
pub use price::Price;
pub use quantity::{Assets, Rate, Scaled, ScaledRate, Shares, FULL_RATE, S};
