//! Tests, a file per source file, on Blend's own wasm.

pub mod blend;
mod contract;
mod exchange;
mod watch;

use blend::{mint, token, Blend, UNIT};
use interfaces::adapter::ExitVerdict;
use interfaces::blend::{
    BlendPoolClient, Request, FILL_USER_LIQUIDATION, SUPPLY, SUPPLY_COLLATERAL,
};
use interfaces::position::{Account, Links};
use interfaces::price::{PairReading, PriceError, PRICE_ONE};
use soroban_sdk::testutils::{Address as _, Ledger as _};
use soroban_sdk::token::TokenClient;
use soroban_sdk::{contract, contractimpl, vec, Address, Env};

use crate::contract::{Position, PositionClient};

/// An adapter that refuses exits with the code it was told, and judges them at the price it was told.
#[contract]
pub struct MockAdapter;

#[contractimpl]
impl MockAdapter {
    pub fn refuse(env: Env, code: u32) {
        env.storage().instance().set(&0, &code);
    }

    pub fn set_price(env: Env, price: i128) {
        env.storage().instance().set(&1, &price);
    }

    pub fn judge_exit(env: Env, _position: Address) -> ExitVerdict {
        ExitVerdict {
            refusal: env.storage().instance().get(&0).unwrap_or(0),
            price: env.storage().instance().get(&1),
        }
    }
}

/// A hub with one price, or none.
#[contract]
pub struct MockHub;

#[contractimpl]
impl MockHub {
    pub fn set(env: Env, price: i128) {
        env.storage().instance().set(&0, &price);
    }

    pub fn pair(env: Env, _collateral: Address, _debt: Address) -> Result<PairReading, PriceError> {
        let price = env
            .storage()
            .instance()
            .get(&0)
            .ok_or(PriceError::TooFewSources)?;
        Ok(PairReading {
            price,
            high: price,
            low: price,
            quarantined: false,
            degraded: false,
            sources: 3,
            timestamp: env.ledger().timestamp(),
        })
    }
}

/// A position with 1 000 units of collateral at 2 dollars against 500 dollars of debt.
pub struct World {
    pub env: Env,
    pub blend: Blend,
    pub collateral: Address,
    pub debt: Address,
    pub owner: Address,
    pub adapter: Address,
    pub cover_pool: Address,
    pub hub: Address,
    pub position: PositionClient<'static>,
}

impl World {
    pub fn new() -> Self {
        Self::with_exchange(|_, _, _| None)
    }

    /// The same with the exchange that `exchange` makes for collateral and debt.
    pub fn with_exchange(
        exchange: impl FnOnce(&Env, &Address, &Address) -> Option<Address>,
    ) -> Self {
        let env = blend::env();
        let (collateral, debt) = (token(&env), token(&env));
        let blend = Blend::new(
            &env,
            &[(&collateral, 7_500_000, 2 * UNIT), (&debt, 9_000_000, UNIT)],
        );
        let (owner, cover_pool) = (Address::generate(&env), Address::generate(&env));
        let adapter = env.register(MockAdapter, ());
        let hub = env.register(MockHub, ());
        MockHubClient::new(&env, &hub).set(&(2 * PRICE_ONE));
        let account = Account {
            owner: owner.clone(),
            platform: blend.pool.clone(),
            collateral: collateral.clone(),
            debt: debt.clone(),
        };
        let links = Links {
            adapter: adapter.clone(),
            cover_pool: cover_pool.clone(),
            price_hub: hub.clone(),
            exchange: exchange(&env, &collateral, &debt),
        };
        let position = PositionClient::new(&env, &env.register(Position, (account, links)));
        let world = Self {
            env,
            blend,
            collateral,
            debt,
            owner,
            adapter,
            cover_pool,
            hub,
            position,
        };
        world.lend(100_000 * UNIT);
        mint(&world.env, &world.collateral, &world.owner, 1_000 * UNIT);
        world
            .position
            .mock_all_auths_allowing_non_root_auth()
            .open(&(1_000 * UNIT), &(500 * UNIT));
        world.env.set_auths(&[]);
        world
    }

    /// Lends `amount` of the debt asset to the pool.
    fn lend(&self, amount: i128) {
        let lender = Address::generate(&self.env);
        mint(&self.env, &self.debt, &lender, amount);
        let request = Request {
            request_type: SUPPLY,
            address: self.debt.clone(),
            amount,
        };
        self.pool()
            .mock_all_auths()
            .submit(&lender, &lender, &lender, &vec![&self.env, request]);
    }

    pub fn pool(&self) -> BlendPoolClient<'static> {
        BlendPoolClient::new(&self.env, &self.blend.pool)
    }

    pub fn refuse_exits(&self, code: u32) {
        MockAdapterClient::new(&self.env, &self.adapter).refuse(&code);
    }

    /// Collateral and debt as Blend counts them, in bTokens and dTokens, both worth one unit here.
    pub fn held(&self) -> (i128, i128) {
        let held = self.pool().get_positions(&self.position.address);
        (
            held.collateral.get(0).unwrap_or(0),
            held.liabilities.get(1).unwrap_or(0),
        )
    }

    pub fn balance(&self, token: &Address, of: &Address) -> i128 {
        TokenClient::new(&self.env, token).balance(of)
    }

    /// Puts the position under liquidation, then brings the price back to 2 dollars.
    pub fn open_auction(&self) {
        self.blend.set_price(&self.env, &self.collateral, UNIT / 2);
        let (bid, lot) = (
            vec![&self.env, self.debt.clone()],
            vec![&self.env, self.collateral.clone()],
        );
        self.pool()
            .new_auction(&0, &self.position.address, &bid, &lot, &100);
        self.blend.set_price(&self.env, &self.collateral, 2 * UNIT);
    }

    /// Has someone liquidate half of the position at 70 cents, and fill `percent` of the auction after 200 ledgers.
    pub fn liquidate(&self, percent: i128) {
        self.liquidate_at(7_000_000, percent);
    }

    /// The same at a price of so many 1e7ths of a dollar.
    pub fn liquidate_at(&self, price: i128, percent: i128) {
        self.blend.set_price(&self.env, &self.collateral, price);
        let (bid, lot) = (
            vec![&self.env, self.debt.clone()],
            vec![&self.env, self.collateral.clone()],
        );
        self.pool()
            .new_auction(&0, &self.position.address, &bid, &lot, &50);
        self.env.ledger().with_mut(|ledger| {
            ledger.timestamp += 1_005;
            ledger.sequence_number += 201;
        });
        self.fill(percent);
    }

    /// Has someone fill `percent` of the open auction.
    pub fn fill(&self, percent: i128) {
        let filler = Address::generate(&self.env);
        mint(&self.env, &self.debt, &filler, 1_000 * UNIT);
        let request = |request_type, address: &Address, amount| Request {
            request_type,
            address: address.clone(),
            amount,
        };
        let requests = vec![
            &self.env,
            request(SUPPLY_COLLATERAL, &self.debt, 1_000 * UNIT),
            request(FILL_USER_LIQUIDATION, &self.position.address, percent),
        ];
        self.pool()
            .mock_all_auths()
            .submit(&filler, &filler, &filler, &requests);
        self.env.set_auths(&[]);
    }

    pub fn now(&self) -> u64 {
        self.env.ledger().timestamp()
    }

    /// The position, for the adapter and its owner.
    pub fn commanded(&self) -> PositionClient<'static> {
        self.position.mock_all_auths_allowing_non_root_auth()
    }
}
