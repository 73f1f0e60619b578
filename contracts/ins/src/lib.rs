#![no_std]
//! INS: what is insured, as a token. A SEP-41 view of a cover pool's policies: a balance is what is left of the limits of a
//! holder's policies that have not ended, the supply is that of all policies.
//!
//! | room | what is in it |
//! |---|---|
//! | `contract` | entry points: the token, and `assign` |
//! | `policies` | which policy is meant, and its assignment |
//! | `storage` | the cover pool |
//! | `errors` | what is refused |
//!
//! It keeps nothing that moves, has no owner, and its code does not change: selling cover, claims and expiry are the pool's and
//! write nothing here. So there are no `mint` and `burn` events; the pool tells what is sold, paid and ended.

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

mod contract;
mod errors;
mod policies;
mod storage;

#[cfg(test)]
extern crate std;
#[cfg(test)]
mod test;

pub use contract::{Ins, InsClient};
pub use errors::InsError;
