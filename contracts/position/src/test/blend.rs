//! Blend's pool on its mainnet wasm, with an oracle and a backstop that say what a test wants.
//!
//! The adapter's tests share this file.

use std::format;
use std::vec::Vec;

use interfaces::blend::{PoolBackstopData, ReserveConfig};
use interfaces::price::{Asset, PriceData};
use soroban_sdk::testutils::{Address as _, EnvTestConfig, IssuerFlags, Ledger as _};
use soroban_sdk::token::StellarAssetClient;
use soroban_sdk::{
    contract, contractclient, contractimpl, contracttype, Address, Env, Map, String,
};

/// One whole token; prices of the oracle have as many decimals.
pub const UNIT: i128 = 10_000_000;

/// A Monday.
pub const START: u64 = 1_700_438_400;

/// A compiled contract out of `target/contracts`; `cargo xtask wasm` puts it there.
pub fn wasm(file: &str) -> Vec<u8> {
    let path = format!(
        "{}/../../target/contracts/{file}.wasm",
        env!("CARGO_MANIFEST_DIR")
    );
    std::fs::read(&path).unwrap_or_else(|_| panic!("{path} is missing: run `cargo xtask wasm`"))
}

/// An environment without snapshots, at [`START`].
pub fn env() -> Env {
    let env = Env::new_with_config(EnvTestConfig {
        capture_snapshot_at_drop: false,
    });
    env.ledger().with_mut(|ledger| {
        ledger.timestamp = START;
        ledger.sequence_number = 1_000;
        ledger.min_persistent_entry_ttl = 120 * 17_280;
        ledger.min_temp_entry_ttl = 17_280;
        ledger.max_entry_ttl = 180 * 17_280 + 1;
    });
    env.cost_estimate().budget().reset_unlimited();
    env
}

/// A Stellar asset whose issuer may lock balances and take them back.
pub fn token(env: &Env) -> Address {
    let asset = env.register_stellar_asset_contract_v2(Address::generate(env));
    asset.issuer().set_flag(IssuerFlags::RevocableFlag);
    asset.issuer().set_flag(IssuerFlags::ClawbackEnabledFlag);
    asset.address()
}

/// Mints `amount` of a Stellar asset.
pub fn mint(env: &Env, token: &Address, to: &Address, amount: i128) {
    StellarAssetClient::new(env, token)
        .mock_all_auths()
        .mint(to, &amount);
}

/// An oracle whose prices are set.
#[contract]
pub struct Oracle;

#[contracttype]
enum OracleKey {
    Prices,
}

#[contractimpl]
impl Oracle {
    pub fn set(env: Env, asset: Address, price: i128) {
        let mut prices: Map<Address, PriceData> = env
            .storage()
            .instance()
            .get(&OracleKey::Prices)
            .unwrap_or(Map::new(&env));
        prices.set(
            asset,
            PriceData {
                price,
                timestamp: env.ledger().timestamp(),
            },
        );
        env.storage().instance().set(&OracleKey::Prices, &prices);
    }

    pub fn decimals(_env: Env) -> u32 {
        7
    }

    pub fn lastprice(env: Env, asset: Asset) -> Option<PriceData> {
        let Asset::Stellar(asset) = asset else {
            return None;
        };
        let prices: Map<Address, PriceData> = env.storage().instance().get(&OracleKey::Prices)?;
        prices.get(asset)
    }
}

/// A backstop whose tokens are set.
#[contract]
pub struct Backstop;

#[contractimpl]
impl Backstop {
    /// Whole BLND and USDC.
    pub fn fill(env: Env, blnd: i128, usdc: i128) {
        env.storage()
            .instance()
            .set(&0, &(blnd * UNIT, usdc * UNIT));
    }

    pub fn pool_data(env: Env, _pool: Address) -> PoolBackstopData {
        let (blnd, usdc) = env.storage().instance().get(&0).unwrap_or((0, 0));
        PoolBackstopData {
            tokens: 0,
            shares: 0,
            q4w_pct: 0,
            blnd,
            usdc,
            token_spot_price: UNIT,
        }
    }
}

/// What a pool's administrator does.
#[contractclient(name = "PoolAdminClient")]
#[allow(dead_code)]
pub trait PoolAdmin {
    fn queue_set_reserve(env: Env, asset: Address, metadata: ReserveConfig);
    fn set_reserve(env: Env, asset: Address) -> u32;
    fn set_status(env: Env, pool_status: u32);
}

/// A Blend pool and what it stands on.
pub struct Blend {
    pub pool: Address,
    pub oracle: Address,
    #[allow(dead_code)] // The adapter's tests fill it.
    pub backstop: Address,
}

impl Blend {
    /// An active pool with these reserves: asset, collateral factor, price.
    pub fn new(env: &Env, reserves: &[(&Address, u32, i128)]) -> Self {
        let oracle = env.register(Oracle, ());
        let backstop = env.register(Backstop, ());
        BackstopClient::new(env, &backstop).fill(&200_000, &200_000);
        let admin = Address::generate(env);
        let name = String::from_str(env, "test");
        let (blnd, minimum) = (token(env), 0i128);
        env.mock_all_auths_allowing_non_root_auth();
        let pool = env.register(
            wasm("blend/pool").as_slice(),
            (
                &admin,
                name,
                &oracle,
                1_000_000u32,
                4u32,
                minimum,
                &backstop,
                blnd,
            ),
        );
        let client = PoolAdminClient::new(env, &pool);
        for (asset, c_factor, price) in reserves {
            OracleClient::new(env, &oracle).set(asset, price);
            client.queue_set_reserve(asset, &reserve(*c_factor));
            client.set_reserve(asset);
        }
        client.set_status(&0);
        env.set_auths(&[]);
        Self {
            pool,
            oracle,
            backstop,
        }
    }

    /// Sets the oracle's price of an asset.
    pub fn set_price(&self, env: &Env, asset: &Address, price: i128) {
        OracleClient::new(env, &self.oracle).set(asset, &price);
    }

    /// Sets the pool's status.
    pub fn set_status(&self, env: &Env, status: u32) {
        PoolAdminClient::new(env, &self.pool)
            .mock_all_auths()
            .set_status(&status);
    }
}

fn reserve(c_factor: u32) -> ReserveConfig {
    ReserveConfig {
        index: 0,
        decimals: 7,
        c_factor,
        l_factor: 9_000_000,
        util: 7_500_000,
        max_util: 9_500_000,
        r_base: 100_000,
        r_one: 500_000,
        r_two: 5_000_000,
        r_three: 15_000_000,
        reactivity: 20,
        supply_cap: i64::MAX.into(),
        enabled: true,
    }
}
