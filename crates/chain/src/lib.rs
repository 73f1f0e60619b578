//! A typed client over any Stellar RPC.
//!
//! [`Client`] takes a [`Call`] of our bindings from simulation to receipt: it assembles, collects signatures, restores what
//! is archived, sends, raises the fee when the network has no room, and waits for the ledger's word. A transaction is paid
//! for at most once, whatever is lost on the way. Every [`Error`] is either worth another try or final.
//!
//! Answers of a server are bounded in size and number, checked against what was asked, and never panicked on. Signed are only
//! the call that was asked for and calls within it that [`Client::allowing`] names, one signature for each address, and a
//! [`Signer`] sees what it signs. Addresses and hashes of what is made are reckoned here. A number that is refused does not
//! make a transaction anew where both could be applied.
//!
//! What a server can still lie about is the ledger itself: entries, events, prices, time, and what became of a transaction.
//! One that it says was refused, had no room or has expired may be one that it keeps and submits, up to its time bound: all
//! these errors are final, so that a caller who tries again whatever [`Error::is_retryable`] says pays once. An account's
//! sequence numbers are not signed backwards.
//! [`Error::Authorised`] tells up to which ledger what others signed can be used.
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
mod consent;
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
mod run;
mod signer;
mod simulate;
mod submit;
mod transaction;

pub use bindings::{Call, DecodeEvent};
pub use client::{Client, Receipt, Settings};
pub use consent::Allowed;
pub use deliver::Timing;
pub use entries::{Entry, BATCH};
pub use error::{Error, Failed};
pub use events::{ChainEvent, EventFilter, EventStart, Events};
pub use failure::Failure;
pub use fees::Fees;
pub use ledgers::LatestLedger;
pub use network::{Clock, Network};
pub use rpc::Patience;
pub use run::Allowing;
pub use signer::{Signed, Signer, SignerError, Signing};
