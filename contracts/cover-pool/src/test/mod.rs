//! Unit tests, a file per source file; the world they run in is in `world`.

extern crate std;

mod admin;
mod advance;
mod auth;
mod claim;
mod costs;
mod cover;
mod differential;
mod dispute;
mod exit;
mod held;
mod identity;
mod impaired;
mod pause;
mod renewal;
mod rescue;
mod underwriting;
mod upgrade;
mod vault;
mod wind_down;
mod world;
