//! What both sides of the wire share: contract values, keys, signed authorisations. Nothing of it needs a host or a
//! ledger.

pub mod authorisation;
mod contract_types;
mod created;
mod keypair;
pub mod value;

pub use authorisation::{sign_entry, SIGNATURE_LIFETIME};
pub use created::created_address;
pub use keypair::Keypair;
pub use stellar_xdr as xdr;
pub use value::{contract_address, Bytes, FromScVal, IntoArgs, Symbol, ToScVal, ValueError};
