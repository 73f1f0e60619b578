//! Tests on a real cover pool, in whose name claims are filed by an address that stands for an adapter.

mod auth;
mod denied;
mod lot;
mod sale;

pub use actuary::time::{DAY, HOUR};
use cover_pool::{CoverPool, CoverPoolClient};
use interfaces::cover::{
    Application, Class, GroupTerms, Interest, Knot, Loss, Peril, PerilTerms, Route, Settlement,
    Terms,
};
use interfaces::salvage::{Lot, SalvageError};
use soroban_sdk::testutils::{Address as _, EnvTestConfig, IssuerFlags, Ledger as _};
use soroban_sdk::token::{StellarAssetClient, TokenClient};
use soroban_sdk::{vec, Address, Env, InvokeError, String};

use crate::contract::{Salvage, SalvageClient};

pub const UNIT: i128 = 10_000_000;
/// The start of a week, in 2025.
pub const START: u64 = 2_900 * 604_800;

pub struct World {
    pub env: Env,
    pub adapter: Address,
    pub owner: Address,
    pub buyer: Address,
    pub asset: TokenClient<'static>,
    pub collateral: TokenClient<'static>,
    pub pool: CoverPoolClient<'static>,
    pub salvage: SalvageClient<'static>,
}

/// Whoever needs a signature gets it while `f` runs, and nobody afterwards.
pub fn signed<T>(env: &Env, f: impl FnOnce() -> T) -> T {
    env.mock_all_auths_allowing_non_root_auth();
    let result = f();
    env.set_auths(&[]);
    result
}

impl World {
    /// A pool that has sold cover of failed collateral, whose first claim of 190 is open.
    pub fn new() -> Self {
        let env = Env::new_with_config(EnvTestConfig {
            capture_snapshot_at_drop: false,
        });
        env.ledger().set_timestamp(START);
        env.mock_all_auths_allowing_non_root_auth();
        let address = || Address::generate(&env);
        let (adapter, owner, buyer) = (address(), address(), address());
        let [asset, collateral] = [(); 2].map(|()| {
            let asset = env.register_stellar_asset_contract_v2(address());
            asset.issuer().set_flag(IssuerFlags::RevocableFlag);
            TokenClient::new(&env, &asset.address())
        });
        for holder in [&owner, &buyer] {
            StellarAssetClient::new(&env, &asset.address).mint(holder, &(1_000_000 * UNIT));
        }
        let [name, symbol] = ["Vangnet", "vUSDC"].map(|word| String::from_str(&env, word));
        let founding = (&owner, &asset.address, name, symbol, pool_terms(), &owner);
        let pool = CoverPoolClient::new(&env, &env.register(CoverPool, founding));
        pool.stake(&owner, &(100_000 * UNIT), &0);
        pool.set_group(&0, &group(&env, &adapter));
        let args = (&pool.address, vec![&env, adapter.clone()]);
        let salvage = SalvageClient::new(&env, &env.register(Salvage, args));
        let world = Self {
            adapter,
            owner,
            buyer,
            asset,
            collateral,
            pool,
            salvage,
            env,
        };
        world.file_claim();
        world.env.set_auths(&[]);
        world
    }

    fn file_claim(&self) {
        let env = &self.env;
        let interest = Interest(Address::generate(env), Class::Loan);
        self.pool.open(&Application {
            interest: interest.clone(),
            owner: self.owner.clone(),
            payer: self.owner.clone(),
            group: 0,
            perils: vec![env, Peril::Collateral],
            route: Route::Adapter,
            limit: 500 * UNIT,
            weeks: 4,
            ltv: 5_000_000,
            max_premium: 100 * UNIT,
            max_rate: 0,
        });
        self.pass(DAY);
        let loss = Loss {
            peril: Peril::Collateral,
            event: 0,
            amount: 190 * UNIT,
            occurred_at: self.now(),
            rescue: true,
            sources: 0,
        };
        let settled = self.pool.pay(&interest, &loss, &self.owner);
        assert_eq!(settled, Settlement::Filed(1, 190 * UNIT), "filed");
    }

    /// 100 of collateral, worth 200.
    pub fn lot(&self) -> Lot {
        Lot {
            asset: self.collateral.address.clone(),
            amount: 100 * UNIT,
            surrendered: 100 * UNIT,
            value: 200 * UNIT,
            owner: self.owner.clone(),
            sold_from: None,
            is_denied: false,
        }
    }

    pub fn deliver(&self, amount: i128) {
        signed(&self.env, || {
            StellarAssetClient::new(&self.env, &self.collateral.address)
                .mint(&self.salvage.address, &amount)
        });
    }

    pub fn book(&self, claim: u32, lot: &Lot) -> Result<(), u32> {
        outcome(signed(&self.env, || {
            self.salvage.try_book(&self.adapter, &claim, lot)
        }))
    }

    /// The lot, delivered and booked for the first claim.
    pub fn booked() -> Self {
        let world = Self::new();
        world.deliver(100 * UNIT);
        world.book(1, &world.lot()).unwrap();
        world
    }

    /// The same, once its claim is closed and its sale has just begun.
    pub fn offered() -> Self {
        let world = Self::booked();
        world.close_claim();
        world.salvage.offer(&1);
        world
    }

    /// Has the pool pay the claim.
    pub fn close_claim(&self) {
        self.pass(2 * DAY);
        signed(&self.env, || self.pool.finalize(&1, &self.owner));
    }

    pub fn buy(&self, amount: i128, max_price: i128) -> Result<i128, u32> {
        outcome(signed(&self.env, || {
            self.salvage.try_buy(&1, &self.buyer, &amount, &max_price)
        }))
    }

    pub fn pass(&self, seconds: u64) {
        self.env.ledger().set_timestamp(self.now() + seconds);
    }

    pub fn now(&self) -> u64 {
        self.env.ledger().timestamp()
    }
}

/// What a call returned, or the code it was refused with.
pub fn outcome<T, C: std::fmt::Debug>(
    reply: Result<Result<T, C>, Result<SalvageError, InvokeError>>,
) -> Result<T, u32> {
    match reply {
        Ok(answer) => Ok(answer.unwrap()),
        Err(Ok(error)) => Err(error as u32),
        Err(Err(InvokeError::Contract(code))) => Err(code),
        Err(Err(InvokeError::Abort)) => Err(0),
    }
}

fn pool_terms() -> Terms {
    Terms {
        min_premium: 10 * UNIT,
        bounty: UNIT / 2,
        bounty_prepaid: UNIT / 2,
        instant_max: 25_000 * UNIT,
        instant_share: 100_000,
        daily_share: 500_000,
        advance_fee: 50_000,
        base_max_age: 365 * DAY,
    }
}

fn group(env: &Env, adapter: &Address) -> GroupTerms {
    let knots = [5_000_000, 6_000_000, 7_000_000, 7_500_000, 8_000_000].map(|ltv| Knot {
        ltv,
        factor: 10_000_000,
    });
    let collateral = PerilTerms {
        peril: Peril::Collateral,
        base: 200_000,
        base_min: 100_000,
        base_max: 400_000,
        waiting: DAY,
        co_insurance: 0,
        max_ltv: 8_000_000,
    };
    GroupTerms {
        adapter: adapter.clone(),
        platform: None,
        class: Class::Loan,
        cap: 4_000_000,
        subject_cap: 2_000_000,
        perils: vec![env, collateral],
        knots: soroban_sdk::Vec::from_array(env, knots),
        rate_min: 10_000,
        rate_max: 5_000_000,
        deductible: 0,
    }
}
