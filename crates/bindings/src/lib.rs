//! Typed clients of our contracts, written by `build.rs` from the interface in each wasm.
//!
//! A client's function makes a [`Call`]; whoever has a ledger, embedded or behind an RPC, sends it. Each contract's module
//! has its types, its error codes, its events, and an `Event` that decodes them.
#![allow(clippy::too_many_arguments, clippy::large_enum_variant)]

mod call;
mod event;

pub use call::Call;
pub use event::{own_topics, ContractEvent};
use wire::{
    value::{field, item, items},
    xdr::{ScAddress, ScVal},
    Bytes, FromScVal, Symbol, ToScVal, ValueError,
};

include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
