//! Tests, a file per source file, on a vault in a reduced world.

extern crate std;

mod contract;
mod cover;
mod deficits;
mod errors;
mod lending;
mod losses;
mod mocks;
mod properties;
mod storage;
mod vault;

use interfaces::adapter::CoverRequest;
use interfaces::blend::RATE_SCALE;
use interfaces::cover::{Class, Interest, Peril, Route};
use interfaces::vault::{VaultSetup, VaultState};
use soroban_sdk::testutils::{Address as _, EnvTestConfig, Ledger as _};
use soroban_sdk::token::{StellarAssetClient, TokenClient};
use soroban_sdk::{vec, Address, Env, String};

use crate::contract::{InsuredVault, InsuredVaultClient};
use mocks::adapter::{Adapter, AdapterClient};
use mocks::cover_pool::{CoverPool, CoverPoolClient, WAITING};
use mocks::platform::{Platform, PlatformClient};

/// A week boundary.
pub const START: u64 = 2_800 * 604_800;
/// One unit of the asset, which has 7 decimals.
pub const UNIT: i128 = 10_000_000;
/// Highest rate the vault pays: 5 %.
pub const MAX_RATE: u32 = 500_000;

/// Calls an entry of the vault with exactly one authorisation: `who` for this very call, with the calls below it that
/// they sign along.
macro_rules! call_as {
    ($world:expr, $who:expr, $entry:ident($($argument:expr),*)) => {
        call_as!($world, $who, $entry($($argument),*), &[])
    };
    ($world:expr, $who:expr, $entry:ident($($argument:expr),*), $below:expr) => {{
        let args: soroban_sdk::Vec<soroban_sdk::Val> =
            soroban_sdk::IntoVal::into_val(&($($argument.clone(),)*), &$world.env);
        let invoke = soroban_sdk::testutils::MockAuthInvoke {
            contract: &$world.vault.address,
            fn_name: stringify!($entry).trim_start_matches("try_"),
            args,
            sub_invokes: $below,
        };
        let auth = soroban_sdk::testutils::MockAuth { address: $who, invoke: &invoke };
        $world.vault.mock_auths(&[auth]).$entry($(&$argument),*)
    }};
}
pub(crate) use call_as;

/// A vault, what surrounds it, and who owns it.
pub struct World {
    pub env: Env,
    pub owner: Address,
    pub asset: TokenClient<'static>,
    pub platform: PlatformClient<'static>,
    pub adapter: AdapterClient<'static>,
    pub pool: CoverPoolClient<'static>,
    pub vault: InsuredVaultClient<'static>,
}

impl World {
    pub fn new() -> Self {
        let env = Env::new_with_config(EnvTestConfig {
            capture_snapshot_at_drop: false,
        });
        env.ledger().set_timestamp(START);
        env.cost_estimate().budget().reset_unlimited();
        let owner = Address::generate(&env);
        let asset = env
            .register_stellar_asset_contract_v2(owner.clone())
            .address();
        let platform = env.register(Platform, (&asset,));
        let pool = env.register(CoverPool, (&asset,));
        let adapter = env.register(Adapter, (&pool,));
        let setup = VaultSetup {
            adapter: adapter.clone(),
            platform: platform.clone(),
            max_rate: MAX_RATE,
        };
        let (name, symbol) = (
            String::from_str(&env, "Insured USDC"),
            String::from_str(&env, "iUSDC"),
        );
        env.mock_all_auths_allowing_non_root_auth();
        StellarAssetClient::new(&env, &asset).mint(&owner, &1);
        StellarAssetClient::new(&env, &asset).mint(&pool, &10_i128.pow(18));
        let vault = env.register(InsuredVault, (&owner, setup, name, symbol, &owner));
        env.set_auths(&[]);
        Self {
            owner,
            asset: TokenClient::new(&env, &asset),
            platform: PlatformClient::new(&env, &platform),
            adapter: AdapterClient::new(&env, &adapter),
            pool: CoverPoolClient::new(&env, &pool),
            vault: InsuredVaultClient::new(&env, &vault),
            env,
        }
    }

    /// A world whose vault holds a deposit of `assets` and is insured for as much, after the waiting period.
    pub fn insured(assets: i128) -> (Self, Address) {
        let world = Self::new();
        let depositor = world.funded(assets);
        world.deposit(&depositor, assets);
        world.insure(assets);
        world.pass(WAITING);
        world.record();
        (world, depositor)
    }

    pub fn now(&self) -> u64 {
        self.env.ledger().timestamp()
    }

    pub fn pass(&self, seconds: u64) {
        self.env.ledger().set_timestamp(self.now() + seconds);
    }

    /// Somebody who holds `assets`.
    pub fn funded(&self, assets: i128) -> Address {
        let who = Address::generate(&self.env);
        self.mint(&who, assets);
        who
    }

    pub fn mint(&self, to: &Address, assets: i128) {
        StellarAssetClient::new(&self.env, &self.asset.address)
            .mock_all_auths()
            .mint(to, &assets);
    }

    pub fn deposit(&self, who: &Address, assets: i128) -> i128 {
        self.vault.mock_all_auths().deposit(&assets, who, who, who)
    }

    pub fn redeem(&self, who: &Address, shares: i128) -> i128 {
        self.vault.mock_all_auths().redeem(&shares, who, who, who)
    }

    pub fn withdraw(&self, who: &Address, assets: i128) -> i128 {
        self.vault.mock_all_auths().withdraw(&assets, who, who, who)
    }

    pub fn settle(&self) -> i128 {
        self.vault.settle(&self.owner)
    }

    pub fn request(&self, limit: i128) -> CoverRequest {
        CoverRequest {
            perils: vec![&self.env, Peril::Default],
            route: Route::Repay,
            limit,
            weeks: 8,
            max_premium: limit,
            max_rate: MAX_RATE,
        }
    }

    /// Insures the vault at the expense of somebody else.
    pub fn insure(&self, limit: i128) {
        let payer = self.funded(limit);
        self.vault
            .mock_all_auths()
            .insure(&payer, &self.request(limit));
    }

    pub fn interest(&self) -> Interest {
        Interest(self.vault.address.clone(), Class::Deposit)
    }

    /// Sets the b_rate, in parts of 1e7 of its beginning; what interest adds is given to the platform.
    pub fn set_rate(&self, rate: i128) {
        let mut reserve = self.platform.get_reserve(&self.asset.address);
        let before = reserve.data.b_supply * reserve.data.b_rate / RATE_SCALE;
        reserve.data.b_rate = rate * (RATE_SCALE / UNIT);
        let after = reserve.data.b_supply * reserve.data.b_rate / RATE_SCALE;
        self.platform.set_reserve(&reserve);
        if after >= before {
            self.mint(&self.platform.address, after - before + 1);
        }
    }

    /// The adapter looks at the platform.
    pub fn record(&self) {
        self.adapter
            .record(&self.platform.address, &self.asset.address);
    }

    pub fn state(&self) -> VaultState {
        self.vault.state()
    }

    /// What the policy may still pay.
    pub fn limit(&self) -> i128 {
        self.pool
            .policy(&self.interest())
            .map_or(0, |policy| policy.limit)
    }
}
