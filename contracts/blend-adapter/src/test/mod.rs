//! Tests, a file per source file, on Blend's own wasm and our position's, with a hub that says what a test wants; and with a
//! cover pool that does, or, where a loss is settled, the real one.

mod assignment;
#[path = "../../../position/src/test/blend.rs"]
mod blend;
mod borrow_rate;
mod contract;
mod cover_pool;
mod finalize;
mod foreclosure;
mod hub;
mod insured;
mod liquidation;
mod listing;
mod loan;
mod rescue;
mod surrender;
mod underwriting;

use self::cover_pool::{MockCoverPool, MockCoverPoolClient};
use blend::{mint, token, wasm, Blend, UNIT};
use hub::{MockHub, MockHubClient};
use interfaces::adapter::{AdapterClient, AdapterConfig, CoverRequest, Loan, Market};
use interfaces::blend::{
    BlendPoolClient, Request, BORROW, FILL_USER_LIQUIDATION, SUPPLY, SUPPLY_COLLATERAL,
};
use interfaces::cover::{Class, Interest, Peril, Policy, Route};
use interfaces::position::PositionClient;
use interfaces::price::PRICE_ONE;
use salvage::Salvage;
use soroban_sdk::testutils::{Address as _, Ledger as _};
use soroban_sdk::token::TokenClient;
use soroban_sdk::{vec, Address, BytesN, Env};

use crate::contract::BlendAdapter;

/// A listed market of a collateral at 2 dollars, with 100 000 dollars to borrow.
pub struct World {
    pub env: Env,
    pub blend: Blend,
    pub collateral: Address,
    pub asset: Address,
    pub owner: Address,
    pub borrower: Address,
    pub cover_pool: MockCoverPoolClient<'static>,
    pub hub: MockHubClient<'static>,
    pub adapter: AdapterClient<'static>,
}

impl World {
    pub fn new() -> Self {
        let world = Self::unlisted();
        world.adapter.mock_all_auths().set_market(&world.market());
        world.env.set_auths(&[]);
        world
    }

    /// The same before its market is listed.
    pub fn unlisted() -> Self {
        Self::founded(|env, asset| env.register(MockCoverPool, (asset,)))
    }

    /// The same with the cover pool that `found` makes for the asset, of whatever kind.
    pub fn founded(found: impl FnOnce(&Env, &Address) -> Address) -> Self {
        let env = blend::env();
        let (collateral, asset) = (token(&env), token(&env));
        let blend = Blend::new(
            &env,
            &[
                (&collateral, 7_500_000, 2 * UNIT),
                (&asset, 9_000_000, UNIT),
            ],
        );
        let cover_pool = found(&env, &asset);
        let hub = MockHubClient::new(&env, &env.register(MockHub, ()));
        hub.set_price(&collateral, &(2 * PRICE_ONE));
        hub.set_price(&asset, &PRICE_ONE);
        let (owner, adapter) = (Address::generate(&env), Address::generate(&env));
        let config = AdapterConfig {
            cover_pool: cover_pool.clone(),
            price_hub: hub.address.clone(),
            backstop: blend.backstop.clone(),
            backstop_floor: 10_000_000,
            exchange: None,
            position_wasm: env
                .deployer()
                .upload_contract_wasm(wasm("position").as_slice()),
            salvage: Some(env.register(Salvage, (&cover_pool, vec![&env, adapter.clone()]))),
        };
        env.register_at(&adapter, BlendAdapter, (&owner, config));
        let adapter = AdapterClient::new(&env, &adapter);
        let cover_pool = MockCoverPoolClient::new(&env, &cover_pool);
        let borrower = Address::generate(&env);
        let world = Self {
            env,
            blend,
            collateral,
            asset,
            owner,
            borrower,
            cover_pool,
            hub,
            adapter,
        };
        world.lend(100_000 * UNIT);
        world
    }

    pub fn market(&self) -> Market {
        Market {
            platform: self.blend.pool.clone(),
            collateral: self.collateral.clone(),
            group: 7,
            advance_trigger: 11_200_000,
            target: 12_500_000,
            grant_trigger: 1_500_000,
            grant_deductible: 1_000_000,
            grant_max: 5_000_000,
            least_rate: 400_000,
            peg: 0,
            peg_deductible: 0,
        }
    }

    /// 1 000 of collateral against 500 dollars.
    pub fn loan(&self) -> Loan {
        Loan {
            platform: self.blend.pool.clone(),
            collateral_asset: self.collateral.clone(),
            collateral: 1_000 * UNIT,
            debt: 500 * UNIT,
        }
    }

    /// An advance of up to 250 dollars.
    pub fn request(&self) -> CoverRequest {
        CoverRequest {
            perils: vec![&self.env, Peril::Advance],
            route: Route::Repay,
            limit: 250 * UNIT,
            weeks: 4,
            max_premium: 20 * UNIT,
            max_rate: 0,
        }
    }

    /// Opens the loan without cover.
    pub fn open(&self) -> Address {
        mint(&self.env, &self.collateral, &self.borrower, 1_000 * UNIT);
        let (position, _) =
            self.adapter
                .mock_all_auths()
                .open_loan(&self.borrower, &self.loan(), &None);
        self.env.set_auths(&[]);
        position
    }

    /// Opens the loan and insures it.
    pub fn open_insured(&self) -> Address {
        let position = self.open();
        self.adapter
            .mock_all_auths()
            .insure(&position, &self.request());
        self.env.set_auths(&[]);
        position
    }

    /// Opens and insures a loan on a second market, of the asset against itself, sold in `group`.
    pub fn open_on_another_market(&self, group: u32) -> Address {
        let market = Market {
            collateral: self.asset.clone(),
            group,
            ..self.market()
        };
        let loan = Loan {
            collateral_asset: self.asset.clone(),
            ..self.loan()
        };
        mint(&self.env, &self.asset, &self.borrower, 1_000 * UNIT);
        let adapter = self.adapter.mock_all_auths();
        adapter.set_market(&market);
        let request = Some(self.request());
        let (position, _) = adapter.open_loan(&self.borrower, &loan, &request);
        self.env.set_auths(&[]);
        position
    }

    /// Sets the collateral's price in dollars, 7 decimals, on the hub and on the platform, where they are fresh again.
    pub fn set_price(&self, price: i128) {
        self.hub
            .set_price(&self.collateral, &(price * PRICE_ONE / UNIT));
        self.blend.set_price(&self.env, &self.collateral, price);
        self.blend.set_price(&self.env, &self.asset, UNIT);
    }

    /// Lends `amount` of the asset to the platform.
    pub fn lend(&self, amount: i128) -> Address {
        let lender = Address::generate(&self.env);
        mint(&self.env, &self.asset, &lender, amount);
        self.submit(&lender, &[(SUPPLY, &self.asset, amount)]);
        lender
    }

    /// Borrows all but nothing of what is left on the platform for someone else.
    pub fn borrow_elsewhere(&self, amount: i128) -> Address {
        let borrower = Address::generate(&self.env);
        mint(&self.env, &self.collateral, &borrower, amount);
        let requests = [
            (SUPPLY_COLLATERAL, &self.collateral, amount),
            (BORROW, &self.asset, amount),
        ];
        self.submit(&borrower, &requests);
        borrower
    }

    /// Has someone else's loan end with debt that nobody repaid, which the backstop now carries.
    pub fn default_elsewhere(&self) {
        let borrower = self.borrow_elsewhere(1_000 * UNIT);
        self.blend.set_price(&self.env, &self.collateral, UNIT / 10);
        let (bid, lot) = (
            vec![&self.env, self.asset.clone()],
            vec![&self.env, self.collateral.clone()],
        );
        self.pool().new_auction(&0, &borrower, &bid, &lot, &100);
        self.pass(2_100);
        let filler = Address::generate(&self.env);
        mint(&self.env, &self.asset, &filler, 10 * UNIT);
        self.submit(&filler, &[(FILL_USER_LIQUIDATION, &borrower, 100)]);
        self.blend.set_price(&self.env, &self.collateral, 2 * UNIT);
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

    pub fn position(&self, position: &Address) -> PositionClient<'static> {
        PositionClient::new(&self.env, position)
    }

    pub fn balance(&self, token: &Address, of: &Address) -> i128 {
        TokenClient::new(&self.env, token).balance(of)
    }

    /// Collateral in bTokens and debt in dTokens.
    pub fn held(&self, position: &Address) -> (i128, i128) {
        let held = self.pool().get_positions(position);
        (
            held.collateral.get(0).unwrap_or(0),
            held.liabilities.get(1).unwrap_or(0),
        )
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

    /// Changes what the cover pool says of a position's policy.
    pub fn change_policy(&self, position: &Address, change: impl FnOnce(&mut Policy)) {
        let interest = Interest(position.clone(), Class::Loan);
        let mut policy = self.cover_pool.policy(&interest).unwrap();
        change(&mut policy);
        self.cover_pool.set_policy(&interest, &policy);
    }

    /// The hash of a contract that can be upgraded to.
    pub fn some_wasm(&self) -> BytesN<32> {
        self.env
            .deployer()
            .upload_contract_wasm(wasm("position").as_slice())
    }
}
