//! What both sides of the wire share: contract values, keys, calls, signed authorisations. Nothing of it needs a host or a
//! ledger.

pub mod authorisation;
mod call;
mod contract_types;
mod created;
mod keypair;
mod network;
pub mod said;
pub mod value;

pub use authorisation::{sign_entry, SIGNATURE_LIFETIME};
pub use call::contract_call;
pub use created::created_address;
pub use keypair::Keypair;
pub use network::{account_key, STANDALONE};
pub use stellar_xdr as xdr;
pub use value::{contract_address, Bytes, FromScVal, IntoArgs, Symbol, ToScVal, ValueError};
