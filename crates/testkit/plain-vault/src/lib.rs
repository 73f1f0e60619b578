#![no_std]
//! OpenZeppelin's vault as it comes, with nothing of ours: the yardstick for what staking and leaving cost.

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

use soroban_sdk::{contract, contractimpl, Address, Env, MuxedAddress, String};
use stellar_tokens::fungible::total_supply::FungibleTotalSupply;
use stellar_tokens::fungible::{Base, FungibleToken};
use stellar_tokens::vault::{FungibleVault, Vault};

/// A vault of one asset.
#[contract]
pub struct PlainVault;

#[contractimpl]
impl PlainVault {
    /// Opens a vault of `asset` whose shares have `decimals_offset` decimals more.
    pub fn __constructor(
        env: Env,
        asset: Address,
        name: String,
        symbol: String,
        decimals_offset: u32,
    ) {
        Vault::set_asset(&env, asset);
        Vault::set_decimals_offset(&env, decimals_offset);
        Base::set_metadata(&env, Vault::decimals(&env), name, symbol);
    }
}

#[contractimpl(contracttrait)]
impl FungibleToken for PlainVault {
    type ContractType = Vault;
}

#[contractimpl(contracttrait)]
impl FungibleTotalSupply for PlainVault {}

#[contractimpl(contracttrait)]
impl FungibleVault for PlainVault {}
