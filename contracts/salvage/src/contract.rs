//! Entry points. Adapters book lots, anyone begins their sale and buys, or has one given back.

use interfaces::cover::CoverPoolVaultClient;
use interfaces::salvage::{Lot, Salvage as SalvageInterface, SalvageError};
use soroban_sdk::{contract, contractimpl, Address, Env, Vec};

use crate::storage::{self, Founding};
use crate::{lot, sale};

/// The salvage of one cover pool.
#[contract]
pub struct Salvage;

#[contractimpl]
impl Salvage {
    /// Whom it sells for and who may book lots, both for life.
    pub fn __constructor(env: Env, cover_pool: Address, adapters: Vec<Address>) {
        let asset = CoverPoolVaultClient::new(&env, &cover_pool).query_asset();
        storage::set_founding(
            &env,
            &Founding {
                cover_pool,
                asset,
                adapters,
            },
        );
    }
}

#[contractimpl]
impl SalvageInterface for Salvage {
    fn book(env: Env, adapter: Address, claim: u32, lot: Lot) -> Result<(), SalvageError> {
        adapter.require_auth();
        lot::book(&env, &adapter, claim, &lot)
    }

    fn offer(env: Env, claim: u32) -> Result<(), SalvageError> {
        lot::offer(&env, claim)
    }

    fn give_back(env: Env, claim: u32) -> Result<i128, SalvageError> {
        lot::give_back(&env, claim)
    }

    fn buy(
        env: Env,
        claim: u32,
        buyer: Address,
        amount: i128,
        max_price: i128,
    ) -> Result<i128, SalvageError> {
        buyer.require_auth();
        sale::buy(&env, claim, &buyer, amount, max_price)
    }

    fn price(env: Env, claim: u32, amount: i128) -> Result<i128, SalvageError> {
        sale::price(&env, claim, amount)
    }

    fn lot(env: Env, claim: u32) -> Option<Lot> {
        storage::lot(&env, claim)
    }

    fn cover_pool(env: Env) -> Address {
        storage::founding(&env).cover_pool
    }
}
