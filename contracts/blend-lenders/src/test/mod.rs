//! Tests, a file per source file, on Blend's own wasm, with a cover pool and a hub that say what a test wants.

#[path = "../../../position/src/test/blend.rs"]
mod blend;
mod contract;
#[path = "../../../blend-adapter/src/test/cover_pool.rs"]
mod cover_pool;
mod deficit;
mod flash_loan;
#[path = "../../../blend-adapter/src/test/hub.rs"]
mod hub;
mod listing;
mod loss_index;
mod properties;
mod vault;

pub use actuary::time::HOUR;
use blend::{mint, token, Blend, UNIT};
use cover_pool::{MockCoverPool, MockCoverPoolClient};
use hub::{MockHub, MockHubClient};
use interfaces::adapter::{AdapterError, CoverRequest};
use interfaces::blend::{
    BlendPoolClient, Request, BORROW, FILL_USER_LIQUIDATION, RATE_SCALE, SUPPLY, SUPPLY_COLLATERAL,
};
use interfaces::blend_lenders::{BlendLendersClient, LendersConfig, LossIndex, VaultTerms};
use interfaces::cover::{Peril, Route};
use interfaces::price::PRICE_ONE;
use soroban_sdk::testutils::{Address as _, Ledger as _};
use soroban_sdk::token::{StellarAssetClient, TokenClient};
use soroban_sdk::{vec, Address, Env};

use crate::contract::BlendLenders;

/// Blend with 100 000 dollars to borrow against a collateral at 2 dollars.
pub struct World {
    pub env: Env,
    pub blend: Blend,
    pub collateral: Address,
    pub asset: Address,
    pub owner: Address,
    pub lender: Address,
    pub cover_pool: MockCoverPoolClient<'static>,
    pub hub: MockHubClient<'static>,
    pub lenders: BlendLendersClient<'static>,
}

impl World {
    pub fn new() -> Self {
        let env = blend::env();
        let (collateral, asset) = (token(&env), token(&env));
        let blend = Blend::new(
            &env,
            &[
                (&collateral, 7_500_000, 2 * UNIT),
                (&asset, 9_000_000, UNIT),
            ],
        );
        let cover_pool = env.register(MockCoverPool, (&asset,));
        let hub = MockHubClient::new(&env, &env.register(MockHub, ()));
        hub.set_price(&collateral, &(2 * PRICE_ONE));
        hub.set_price(&asset, &PRICE_ONE);
        let owner = Address::generate(&env);
        let config = LendersConfig {
            cover_pool: cover_pool.clone(),
            price_hub: hub.address.clone(),
            backstop: blend.backstop.clone(),
            backstop_floor: 10_000_000,
        };
        let lenders = env.register(BlendLenders, (&owner, config));
        let lender = Address::generate(&env);
        let world = Self {
            lenders: BlendLendersClient::new(&env, &lenders),
            cover_pool: MockCoverPoolClient::new(&env, &cover_pool),
            env,
            blend,
            collateral,
            asset,
            owner,
            lender,
            hub,
        };
        world.lend(&world.lender, 100_000 * UNIT);
        world
    }

    pub fn terms(&self) -> VaultTerms {
        VaultTerms {
            platform: self.blend.pool.clone(),
            asset: self.asset.clone(),
            group: 9,
        }
    }

    /// A registered vault, so that the reserve's index is kept.
    pub fn add_vault(&self) -> Address {
        let vault = Address::generate(&self.env);
        self.lenders
            .mock_all_auths()
            .add_vault(&vault, &self.terms());
        self.env.set_auths(&[]);
        vault
    }

    /// Cover of defaults up to 10 000 dollars.
    pub fn request(&self) -> CoverRequest {
        CoverRequest {
            perils: vec![&self.env, Peril::Default],
            route: Route::Repay,
            limit: 10_000 * UNIT,
            weeks: 4,
            max_premium: 20 * UNIT,
            max_rate: 0,
        }
    }

    pub fn record(&self) -> LossIndex {
        self.lenders.record(&self.blend.pool, &self.asset)
    }

    /// The index after a look, or why it was refused.
    pub fn prove(&self) -> Result<i128, AdapterError> {
        match self
            .lenders
            .try_prove_deficit(&self.blend.pool, &self.asset)
        {
            Ok(index) => Ok(index.unwrap().index),
            Err(refusal) => Err(refusal.unwrap()),
        }
    }

    /// Lends `amount` of the asset to the platform.
    pub fn lend(&self, who: &Address, amount: i128) {
        mint(&self.env, &self.asset, who, amount);
        self.submit(who, &[(SUPPLY, &self.asset, amount)]);
    }

    /// Borrows `amount` against as many units of the collateral.
    pub fn borrow(&self, amount: i128) -> Address {
        let borrower = Address::generate(&self.env);
        mint(&self.env, &self.collateral, &borrower, amount);
        let requests = [
            (SUPPLY_COLLATERAL, &self.collateral, amount),
            (BORROW, &self.asset, amount),
        ];
        self.submit(&borrower, &requests);
        borrower
    }

    /// Has a loan of `amount` end with debt that nobody repaid, which the backstop now carries.
    pub fn fail_to_repay(&self, amount: i128) {
        let borrower = self.borrow(amount);
        self.blend.set_price(&self.env, &self.collateral, UNIT / 10);
        let (bid, lot) = (
            vec![&self.env, self.asset.clone()],
            vec![&self.env, self.collateral.clone()],
        );
        self.pool().new_auction(&0, &borrower, &bid, &lot, &100);
        self.pass(2_100);
        let filler = Address::generate(&self.env);
        mint(&self.env, &self.asset, &filler, amount / 100);
        self.submit(&filler, &[(FILL_USER_LIQUIDATION, &borrower, 100)]);
        self.refresh();
    }

    /// The oracle says both prices again.
    pub fn refresh(&self) {
        self.blend.set_price(&self.env, &self.collateral, 2 * UNIT);
        self.blend.set_price(&self.env, &self.asset, UNIT);
    }

    /// The issuer takes money back from the platform, as a thief would take it.
    pub fn steal(&self, amount: i128) {
        StellarAssetClient::new(&self.env, &self.asset)
            .mock_all_auths()
            .clawback(&self.blend.pool, &amount);
        self.env.set_auths(&[]);
    }

    /// Money is given to the platform.
    pub fn refill(&self, amount: i128) {
        mint(&self.env, &self.asset, &self.blend.pool, amount);
        self.env.set_auths(&[]);
    }

    /// What `amount` is for each bToken, scaled, rounded down.
    pub fn per_b_token(&self, amount: i128) -> i128 {
        amount * RATE_SCALE / self.pool().get_reserve(&self.asset).data.b_supply
    }

    pub fn submit(&self, who: &Address, requests: &[(u32, &Address, i128)]) {
        let requests = requests
            .iter()
            .map(|(request_type, address, amount)| Request {
                request_type: *request_type,
                address: (*address).clone(),
                amount: *amount,
            });
        let requests = soroban_sdk::Vec::from_iter(&self.env, requests);
        self.pool()
            .mock_all_auths()
            .submit(who, who, who, &requests);
        self.env.set_auths(&[]);
    }

    pub fn pool(&self) -> BlendPoolClient<'static> {
        BlendPoolClient::new(&self.env, &self.blend.pool)
    }

    pub fn held_by_platform(&self) -> i128 {
        TokenClient::new(&self.env, &self.asset).balance(&self.blend.pool)
    }

    pub fn pass(&self, seconds: u64) {
        self.env.ledger().with_mut(|ledger| {
            ledger.timestamp += seconds;
            ledger.sequence_number += u32::try_from(seconds / 5).unwrap();
        });
    }

    pub fn now(&self) -> u64 {
        self.env.ledger().timestamp()
    }
}
