//! Entry points: a token that wallets can show, and `assign`. Every change needs the signature of the policy's owner.

use interfaces::cover::{CoverPoolVaultClient, Interest};
use soroban_sdk::token::TokenClient;
use soroban_sdk::{contract, contractimpl, panic_with_error, Address, Env, MuxedAddress, String};
use stellar_tokens::fungible::burnable::FungibleBurnable;
use stellar_tokens::fungible::{Base, FungibleToken};

use crate::errors::InsError;
use crate::{policies, storage};

/// The token.
#[contract]
pub struct Ins;

#[contractimpl]
impl Ins {
    /// A view of `cover_pool`'s policies, with the decimals of its settlement asset.
    pub fn __constructor(env: Env, cover_pool: Address, name: String, symbol: String) {
        let asset = CoverPoolVaultClient::new(&env, &cover_pool).query_asset();
        let decimals = TokenClient::new(&env, &asset).decimals();
        Base::set_metadata(&env, decimals, name, symbol);
        storage::set_cover_pool(&env, &cover_pool);
    }

    /// What is left of the limits of all policies that have not ended, in the settlement asset's smallest unit. Anyone.
    pub fn total_supply(env: Env) -> i128 {
        policies::pool(&env).books().in_force
    }

    /// Make `to` the owner of the policy on `interest` and of what it insures; whatever the adapter that sold it or the cover pool
    /// refuses ends the call under its code. Errors: `NotInForce`. Events: `transfer` with what is left of the limit. The policy's
    /// owner.
    pub fn assign(env: Env, interest: Interest, to: Address) -> Result<(), InsError> {
        policies::assign(&env, &interest, &to)
    }

    /// The cover pool. Anyone.
    pub fn cover_pool(env: Env) -> Address {
        storage::cover_pool(&env)
    }
}

// Wallets show the names that SEP-41 gives parameters, also where they change nothing.
#[allow(unused_variables)]
#[contractimpl(contracttrait)]
impl FungibleToken for Ins {
    type ContractType = Base;

    /// What is left of the limits of an account's policies that have not ended, in the settlement asset's smallest unit. Anyone.
    fn balance(e: &Env, account: Address) -> i128 {
        policies::pool(e).insured_of(&account)
    }

    /// Always 0: nobody spends for a holder. Anyone.
    fn allowance(e: &Env, owner: Address, spender: Address) -> i128 {
        0
    }

    /// Assign the one policy of `from` that has exactly `amount` left of its limit, as [`Ins::assign`] does. Errors:
    /// `NoSuchPolicy`, `SeveralPolicies`. Events: `transfer`. `from`.
    fn transfer(e: &Env, from: Address, to: MuxedAddress, amount: i128) {
        from.require_auth();
        policies::transfer(e, &from, &to, amount)
            .unwrap_or_else(|error| panic_with_error!(e, error));
    }

    /// Refused with `NotTransferableBySpender`.
    fn transfer_from(e: &Env, spender: Address, from: Address, to: Address, amount: i128) {
        panic_with_error!(e, InsError::NotTransferableBySpender)
    }

    /// Refused with `NotTransferableBySpender`.
    fn approve(e: &Env, owner: Address, spender: Address, amount: i128, live_until_ledger: u32) {
        panic_with_error!(e, InsError::NotTransferableBySpender)
    }
}

#[allow(unused_variables)]
#[contractimpl(contracttrait)]
impl FungibleBurnable for Ins {
    /// Refused with `NotBurnable`.
    fn burn(e: &Env, from: Address, amount: i128) {
        panic_with_error!(e, InsError::NotBurnable)
    }

    /// Refused with `NotBurnable`.
    fn burn_from(e: &Env, spender: Address, from: Address, amount: i128) {
        panic_with_error!(e, InsError::NotBurnable)
    }
}
