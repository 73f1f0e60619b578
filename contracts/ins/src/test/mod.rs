//! Tests on a cover pool and an adapter that say what a test wants.

mod contract;
mod mocks;
mod policies;

use interfaces::cover::{Class, Interest};
use soroban_sdk::testutils::{Address as _, Ledger as _};
use soroban_sdk::{Address, Env, String};

use self::mocks::{MockAdapter, MockAdapterClient, MockPool, MockPoolClient};
use crate::{Ins, InsClient};

/// When the tests begin.
const NOW: u64 = 1_000_000;

/// A token over a pool without policies, and a holder.
struct World {
    env: Env,
    pool: MockPoolClient<'static>,
    adapter: MockAdapterClient<'static>,
    ins: InsClient<'static>,
    holder: Address,
    other: Address,
}

impl World {
    fn new() -> Self {
        let env = Env::default();
        env.ledger().set_timestamp(NOW);
        let issuer = Address::generate(&env);
        let asset = env.register_stellar_asset_contract_v2(issuer).address();
        let adapter = env.register(MockAdapter, ());
        let pool = env.register(MockPool, (asset, &adapter));
        let text = |text| String::from_str(&env, text);
        let args = (&pool, text("Vangnet insured"), text("INS"));
        Self {
            pool: MockPoolClient::new(&env, &pool),
            adapter: MockAdapterClient::new(&env, &adapter),
            ins: InsClient::new(&env, &env.register(Ins, args)),
            holder: Address::generate(&env),
            other: Address::generate(&env),
            env,
        }
    }

    /// A loan of the holder, with so much left of its limit and so many seconds to its end.
    fn insured(&self, limit: i128, seconds: u64) -> Interest {
        let interest = Interest(Address::generate(&self.env), Class::Loan);
        self.pool
            .set_policy(&interest, &self.holder, &limit, &(NOW + seconds));
        interest
    }
}
