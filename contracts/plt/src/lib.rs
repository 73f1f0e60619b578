#![no_std]
//! PLT, the governance token: SEP-41 with votes, of a supply that never grows. It has no owner, mints no more and its code does
//! not change, so nobody has a power over it.
//!
//! Votes follow balances by ledger, and count for whom they are delegated to: whoever wants to vote with their own delegates to
//! themselves first. Whoever counts them asks for a ledger that has passed, so tokens that are lent within one ledger vote nothing;
//! those that are lent over the end of the ledger that counts do.
//! Source: OpenZeppelin's `FungibleVotes`; an operator may bring another token that speaks `Votes`.

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

use soroban_sdk::{contract, contractimpl, Address, Env, MuxedAddress, String};
use stellar_governance::votes::Votes;
use stellar_tokens::fungible::burnable::FungibleBurnable;
use stellar_tokens::fungible::votes::FungibleVotes;
use stellar_tokens::fungible::{Base, FungibleToken};

#[cfg(test)]
mod test;

/// Decimals, as Stellar's classic assets have.
const DECIMALS: u32 = 7;

/// The governance token.
#[contract]
pub struct Plt;

#[contractimpl]
impl Plt {
    /// Mints the whole supply, in the smallest unit, to `holder`.
    pub fn __constructor(env: Env, holder: Address, supply: i128, name: String, symbol: String) {
        Base::set_metadata(&env, DECIMALS, name, symbol);
        FungibleVotes::mint(&env, &holder, supply);
    }

    /// All tokens there are, in the smallest unit. Anyone.
    pub fn total_supply(env: Env) -> i128 {
        i128::try_from(Self::get_total_supply(&env)).unwrap_or(i128::MAX)
    }
}

#[contractimpl(contracttrait)]
impl FungibleToken for Plt {
    type ContractType = FungibleVotes;
}

#[contractimpl(contracttrait)]
impl FungibleBurnable for Plt {}

#[contractimpl(contracttrait)]
impl Votes for Plt {}
