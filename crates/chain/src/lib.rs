//! A typed client over any Stellar RPC.
//!
//! [`Client`] takes a [`Call`] of our bindings from simulation to receipt: it assembles, collects signatures, restores what
//! is archived, sends, raises the fee when the network has no room, and waits for the ledger's word. A transaction is paid
//! for at most once, whatever is lost on the way. Every [`Error`] is either worth another try or final.
//!
//! Nothing that a server says is taken on trust: answers are bounded in size and number, checked against what was asked,
//! and never panicked on. What a server can still do is to lie about the ledger itself.
//!
//! ```no_run
//! use chain::{Client, Network, Settings};
//! use wire::Keypair;
//!
//! # async fn example(pool: wire::xdr::ScAddress) -> Result<(), chain::Error> {
//! let client = Client::connect(Network::testnet(), Settings::default()).await?;
//! let call: chain::Call<u32> = chain::Call::new(&pool, "version", vec![]);
//! let version = client.view(call.clone()).await?;
//! let receipt = client.send(call, &Keypair::named("alice"), &[]).await?;
//! assert_eq!(receipt.value()?, version);
//! # Ok(())
//! # }
//! ```

mod client;
mod decode;
mod deliver;
mod entries;
mod error;
mod events;
mod failure;
mod fees;
mod lanes;
mod ledgers;
mod look;
mod network;
mod operations;
mod rpc;
mod signer;
mod simulate;
mod submit;
mod transaction;

pub use bindings::{Call, ContractEvent};
pub use client::{Client, Receipt, Settings};
pub use deliver::Timing;
pub use entries::{Entry, BATCH};
pub use error::{Error, Failed};
pub use events::{ChainEvent, EventFilter, EventStart, Events};
pub use failure::Failure;
pub use fees::Fees;
pub use ledgers::LatestLedger;
pub use network::{Clock, Network};
pub use rpc::Patience;
pub use signer::{Signer, SignerError, Signing};
