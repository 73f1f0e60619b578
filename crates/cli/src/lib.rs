//! The `vangnet` command as a library: scenarios, prices, the demo, its tables, its report; a local
//! network; certificates of policies; claims of issuers.
//!
//! Nothing here prints or reads the environment; `main.rs` does. A demo is three calls:
//! [`scenario::Scenario::find`], [`demo::play`], and [`table::render`], [`report::render`] or JSON.

#![warn(missing_docs)]

pub mod decimal;
pub mod demo;
pub mod kyc;
pub mod localnet_options;
pub mod output;
mod over_rpc;
pub mod peril;
pub mod policy;
pub mod prices;
pub mod report;
pub mod scenario;
pub mod summary;
pub mod table;

#[cfg(test)]
mod sample;
