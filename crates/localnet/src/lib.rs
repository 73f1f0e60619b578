//! The production host as an embedded ledger, a network of one node around it ([`node`]), and Stellar RPC in front ([`rpc`]).
//!
//! [`Ledger`] holds accounts, trustlines and contracts in memory and applies calls to them with
//! `soroban-env-host`, the crate that validators run: signatures, footprints, limits, fees and rent are enforced as on
//! mainnet. A call goes the way a client's goes: it is simulated, signed, and executed under its own footprint.
//! [`Ledger::on`] makes one that stands for a network instead, and sends its calls there.
//!
//! ```
//! use localnet::{Auth, Keypair, Ledger, NetworkConfig};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let ledger = Ledger::new(NetworkConfig::mainnet())?;
//! let (alice, bob) = (Keypair::named("alice"), Keypair::named("bob"));
//! ledger.create_account(&alice.account_id(), 1_000_0000000)?;
//! ledger.create_account(&bob.account_id(), 1_000_0000000)?;
//! let xlm = ledger.deploy_asset(&alice, localnet::xdr::Asset::Native)?;
//!
//! let sent = ledger.call(&alice, &xlm, "transfer", (&alice, &bob, 5_0000000_i128), Auth::Sign(&[]))?;
//! assert_eq!(sent.events.len(), 1);
//! assert_eq!(ledger.view::<i128>(&xlm, "balance", (&bob,))?, 1_005_0000000);
//! # Ok(())
//! # }
//! ```

mod auth;
mod classic;
mod compare;
mod costs;
mod deploy;
mod error;
mod events;
mod invoke;
mod ledger;
mod modules;
mod network;
pub mod node;
mod remote;
mod repeat;
pub mod rpc;
mod run;
mod settle;
mod state;
mod transaction;

pub use auth::Auth;
pub use classic::asset;
pub use compare::{Comparison, Kind, Observer, Resources, Said};
pub use costs::Costs;
pub use error::{Diagnostics, InvokeError, LedgerError, Limit};
pub use events::{Event, Record};
pub use invoke::{Outcome, Simulation};
pub use ledger::{Ledger, Snapshot};
pub use network::{
    ledgers_within, LedgerLimits, Limits, NetworkConfig, TimeToLive, PROTOCOL_VERSION,
};
pub use remote::Remote;
pub use soroban_env_host::xdr;
pub use transaction::Transaction;
pub use wire::{
    contract_address, contract_enum, contract_struct, network_id, sign_entry, value, Bytes,
    FromScVal, IntoArgs, Keypair, Symbol, ToScVal, ValueError, PUBLIC, SECONDS_PER_LEDGER,
    SIGNATURE_LIFETIME, STANDALONE, TESTNET,
};
