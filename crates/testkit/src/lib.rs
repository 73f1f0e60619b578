//! The world fixture: Blend, tokens, oracles, actors.
//!
//! Test code: set-up that cannot go on panics with what went wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod asset;
pub mod bindings;
pub mod blend;
pub mod feeds;
pub mod governance;
pub mod identity;
pub mod market;
pub mod model;
pub mod refusal;
pub mod scene;
pub mod simulations;
pub mod wasm;
pub mod world;
