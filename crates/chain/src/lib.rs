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
//! Calls that go on after one of theirs failed write more than simulations count. [`Client`] declares that, too, and the fee for it,
//! unless it is archived: then it has to be restored before.
//!
//! What a server can still lie about is the ledger itself: entries, events, prices, time, what is archived, and what became of a
//! transaction. One that it says was refused, had no room or has expired may be one that it keeps and submits, up to its time
//! bound: all these errors are final, so that a caller who tries again whatever [`Error::is_retryable`] says pays once. An
//! account's sequence numbers are not signed backwards as long as what was signed may be applied.
//! [`Error::Authorised`] tells up to which ledger what others signed can be used.
//!
//! | room | what is in it |
//! |---|---|
//! | `client`, `network` | what is spoken to |
//! | `run`, `operations` | calls, from what they need to their receipt; what is sent besides calls |
//! | `simulate`, `untold` | what a call needs, and what it writes without a simulation counting it |
//! | `consent`, `signer` | what is signed, and who signs |
//! | `submit`, `lanes`, `fees` | one transaction of an account after the other, its number, its offer |
//! | `transaction`, `deliver`, `outcome`, `receipt` | making one, getting it applied once, and what became of it |
//! | `entries`, `events`, `ledgers` | what is read of the ledger |
//! | `rpc`, `decode` | asking the server, and reading what it sent |
//! | `error`, `failure` | what went wrong, and where inside a call |
//!
//! ```no_run
//! use bindings::sanctions;
//! use chain::{Client, Network, Settings, Signer};
//! use wire::xdr::ScAddress;
//!
//! /// Puts an account on a list, unless it is there.
//! async fn screen(list: &sanctions::Client, account: ScAddress, screener: &dyn Signer) -> Result<(), chain::Error> {
//!     let network = Network::local("http://127.0.0.1:8000");
//!     let client = Client::connect(network, Settings::default()).await?;
//!     if !client.view(list.is_sanctioned(&account)).await? {
//!         let receipt = client.send(list.add(&vec![account]), screener, &[]).await?;
//!         assert_eq!(receipt.events.len(), 1);
//!     }
//!     Ok(())
//! }
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
mod network;
mod operations;
mod outcome;
mod receipt;
mod rpc;
mod run;
mod signer;
mod simulate;
mod submit;
mod transaction;
mod untold;

pub use bindings::{Call, DecodeEvent};
pub use client::{Client, Settings};
pub use consent::Allowed;
pub use deliver::Timing;
pub use entries::{Entry, BATCH};
pub use error::{Error, Failed};
pub use events::{ChainEvent, EventFilter, EventPage, EventStart, Events};
pub use failure::Failure;
pub use fees::Fees;
pub use ledgers::LatestLedger;
pub use network::{Clock, Network};
pub use receipt::Receipt;
pub use rpc::Patience;
pub use run::Allowing;
pub use signer::{Signed, Signer, SignerError, Signing};
