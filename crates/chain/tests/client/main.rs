//! The client against a server that is honest, slow, busy, or lies.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod calls;
mod delivery;
mod entries;
mod events;
mod fake;
mod server;
mod untold;
