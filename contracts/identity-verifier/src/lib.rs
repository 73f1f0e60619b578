#![no_std]
//! The verifier of one tier: which topics it requires, which issuers it trusts with them, and whether a wallet's identity has a
//! valid claim of each.
//!
//! | room | what is in it |
//! |---|---|
//! | `contract` | entry points: who may do what |
//! | `status` | whether an account is verified, and why not |
//!
//! Topics and issuers are OpenZeppelin's `ClaimTopicsAndIssuers`, held here rather than in a contract beside it. Unlike its
//! `verify_identity`, a topic that nobody is trusted for verifies nobody. Its code is fixed; the cover pool can be given another.

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

mod contract;
mod status;

#[cfg(test)]
extern crate std;
#[cfg(test)]
mod test;

pub use contract::{TierVerifier, TierVerifierClient};
