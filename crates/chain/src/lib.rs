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
//! use bindings::cover_pool;
//! use chain::{Client, Network, Settings};
//! use wire::{xdr::ScAddress, Keypair};
//!
//! # async fn example(contract: ScAddress, seed: [u8; 32]) -> Result<(), chain::Error> {
//! let client = Client::connect(Network::local("http://127.0.0.1:8000"), Settings::default()).await?;
//! let alice = Keypair::from_seed(seed);
//! let pool = cover_pool::Client(contract.clone());
//! let shares = client.view(pool.balance(&alice)).await?;
//! let receipt = client
//!     .send(pool.transfer(&alice, contract, shares), &alice, &[])
//!     .await?;
//! println!("applied in ledger {} for {} stroops", receipt.ledger, receipt.fee);
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

mod network;
mod operations;
mod outcome;
mod receipt;
mod rpc;
mod signer;
mod simulate;
mod transaction;

pub use bindings::{Call, DecodeEvent};
pub use client::{Client, Settings};
pub use deliver::Timing;
pub use entries::{Entry, BATCH};
pub use error::{Error, Failed};
pub use events::{ChainEvent, EventFilter, EventStart, Events};
pub use failure::Failure;
pub use fees::Fees;
pub use ledgers::LatestLedger;
pub use network::{Clock, Network};
pub use receipt::Receipt;
pub use rpc::Patience;
pub use signer::{Signer, SignerError, Signing};
