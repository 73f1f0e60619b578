//! What both sides of the wire share: contract values, keys, networks, calls, signatures. Nothing of it needs a host or a
//! ledger.

pub mod authorisation;
mod call;
mod contract_types;
mod conversions;
mod created;
mod keypair;
mod network;
pub mod said;
mod signature;
pub mod value;

pub use authorisation::{sign_entry, SIGNATURE_LIFETIME};
pub use call::contract_call;
pub use created::created_address;
pub use keypair::{account_id, Keypair};
pub use network::{account_key, network_id, PUBLIC, SECONDS_PER_LEDGER, STANDALONE, TESTNET};
pub use signature::{decorated, sign_transaction};
pub use stellar_xdr as xdr;
pub use value::{contract_address, Bytes, FromScVal, IntoArgs, Symbol, ToScVal, ValueError};
