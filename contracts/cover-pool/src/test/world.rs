//! A pool with a group, an adapter, a token, and positions on a mock platform.

pub use actuary::time::{DAY, HOUR, WEEK};
use interfaces::cover::{
    Application, Books, Class, GroupTerms, Interest, Knot, Loss, Peril, PerilTerms, Policy, Route,
    Settlement, Terms,
};
use interfaces::position::{Links, PlatformCall};
use soroban_sdk::testutils::{Address as _, EnvTestConfig, IssuerFlags, Ledger};
use soroban_sdk::token::{StellarAssetClient, TokenClient};
use soroban_sdk::{contract, contractimpl, vec, Address, Env, IntoVal, String, Symbol, Val, Vec};

use crate::{CoverPool, CoverPoolClient};

pub const UNIT: i128 = 10_000_000;
/// The start of a week, in 2025.
pub const START: u64 = 2_900 * WEEK;

/// A lending platform that takes what it is told to, or more, or nothing.
#[contract]
pub struct Platform;

#[contractimpl]
impl Platform {
    pub fn repay(env: Env, token: Address, payer: Address, amount: i128) {
        payer.require_auth();
        let platform = env.current_contract_address();
        let taken: Option<i128> = env.storage().instance().get(&Symbol::new(&env, "taken"));
        let taken = taken.unwrap_or(amount);
        if taken > 0 {
            TokenClient::new(&env, &token).transfer(&payer, &platform, &taken);
        }
    }

    /// From now on it takes this amount.
    pub fn take(env: Env, amount: i128) {
        env.storage()
            .instance()
            .set(&Symbol::new(&env, "taken"), &amount);
    }
}

/// A position that repays on one platform, and names another one if told to.
#[contract]
pub struct MockPosition;

#[contractimpl]
impl MockPosition {
    pub fn __constructor(env: Env, token: Address, platform: Address, adapter: Address) {
        env.storage().instance().set(&0_u32, &(token, platform));
        env.storage().instance().set(&2_u32, &adapter);
    }

    pub fn links(env: Env) -> Links {
        let adapter: Address = env.storage().instance().get(&2_u32).unwrap();
        Links {
            adapter: adapter.clone(),
            cover_pool: adapter.clone(),
            price_hub: adapter,
            exchange: None,
        }
    }

    pub fn repay_call(env: Env, payer: Address, amount: i128) -> PlatformCall {
        let (token, platform): (Address, Address) = env.storage().instance().get(&0_u32).unwrap();
        env.storage().instance().set(&1_u32, &payer);
        let args: Vec<Val> = (token, payer, amount).into_val(&env);
        PlatformCall {
            contract: platform,
            function: Symbol::new(&env, "repay"),
            args,
            deletes_auction: false,
        }
    }

    pub fn rescue(env: Env, amount: i128, _deletes_auction: bool) {
        let (token, platform): (Address, Address) = env.storage().instance().get(&0_u32).unwrap();
        let payer: Address = env.storage().instance().get(&1_u32).unwrap();
        PlatformClient::new(&env, &platform).repay(&token, &payer, &amount);
    }

    pub fn buy_collateral(_env: Env, amount: i128) -> i128 {
        amount
    }
}

pub struct World {
    pub env: Env,
    pub owner: Address,
    pub adapter: Address,
    pub keeper: Address,
    pub lp: Address,
    pub borrower: Address,
    pub token: TokenClient<'static>,
    pub issuer: StellarAssetClient<'static>,
    pub platform: PlatformClient<'static>,
    pub pool: CoverPoolClient<'static>,
}

pub fn terms() -> Terms {
    Terms {
        min_premium: UNIT,
        bounty: UNIT / 2,
        bounty_prepaid: UNIT / 2,
        instant_max: 25_000 * UNIT,
        instant_share: 100_000,
        daily_share: 500_000,
        advance_fee: 50_000,
        base_max_age: 7 * DAY,
    }
}

fn peril(peril: Peril, base: u32, waiting: u64, co_insurance: u32) -> PerilTerms {
    PerilTerms {
        peril,
        base,
        base_min: base / 2,
        base_max: base * 2,
        waiting,
        co_insurance,
        max_ltv: 8_000_000,
    }
}

/// Advance without co-insurance, grant 10 %, default 5 %, collateral none; a waiting period of a day, no deductible.
pub fn group_terms(env: &Env, adapter: &Address, platform: &Address) -> GroupTerms {
    let knot = |ltv, factor| Knot { ltv, factor };
    GroupTerms {
        adapter: adapter.clone(),
        platform: Some(platform.clone()),
        class: Class::Loan,
        cap: 4_000_000,
        subject_cap: 2_000_000,
        perils: vec![
            env,
            peril(Peril::Advance, 150_000, DAY, 0),
            peril(Peril::Grant, 1_200_000, DAY, 1_000_000),
            peril(Peril::Default, 150_000, DAY, 500_000),
            peril(Peril::Collateral, 200_000, DAY, 0),
        ],
        knots: vec![
            env,
            knot(5_000_000, 10_000_000),
            knot(6_000_000, 20_000_000),
            knot(7_000_000, 30_000_000),
            knot(7_500_000, 35_000_000),
            knot(8_000_000, 40_000_000),
        ],
        rate_min: 10_000,
        rate_max: 5_000_000,
        deductible: 0,
    }
}

impl World {
    /// A pool of 100 000 staked by `lp`, and one group.
    pub fn new() -> Self {
        let world = Self::unstaked();
        world.pool.stake(&world.lp, &(100_000 * UNIT), &0);
        world
    }

    pub fn unstaked() -> Self {
        let env = Env::new_with_config(EnvTestConfig {
            capture_snapshot_at_drop: false,
        });
        env.mock_all_auths_allowing_non_root_auth();
        env.ledger().set_timestamp(START);
        let address = || Address::generate(&env);
        let (owner, adapter, keeper, lp, borrower) =
            (address(), address(), address(), address(), address());
        let asset = env.register_stellar_asset_contract_v2(address());
        asset.issuer().set_flag(IssuerFlags::RevocableFlag);
        asset.issuer().set_flag(IssuerFlags::ClawbackEnabledFlag);
        let token = TokenClient::new(&env, &asset.address());
        let issuer = StellarAssetClient::new(&env, &asset.address());
        for holder in [&owner, &lp, &borrower] {
            issuer.mint(holder, &(1_000_000_000 * UNIT));
        }
        let (name, symbol) = (
            String::from_str(&env, "Vangnet"),
            String::from_str(&env, "vUSDC"),
        );
        let id = env.register(
            CoverPool,
            (&owner, &token.address, name, symbol, terms(), &owner),
        );
        let pool = CoverPoolClient::new(&env, &id);
        let platform = PlatformClient::new(&env, &env.register(Platform, ()));
        pool.set_group(&0, &group_terms(&env, &adapter, &platform.address));
        Self {
            owner,
            adapter,
            keeper,
            lp,
            borrower,
            token,
            issuer,
            platform,
            pool,
            env,
        }
    }

    pub fn now(&self) -> u64 {
        self.env.ledger().timestamp()
    }

    pub fn pass(&self, seconds: u64) {
        self.env.ledger().set_timestamp(self.now() + seconds);
    }

    /// A position on the platform.
    pub fn position(&self) -> Interest {
        self.position_of(&self.adapter)
    }

    /// A position on the platform that another adapter deployed.
    pub fn position_of(&self, adapter: &Address) -> Interest {
        let (token, platform) = (&self.token.address, &self.platform.address);
        let args = (token.clone(), platform.clone(), adapter.clone());
        Interest(self.env.register(MockPosition, args), Class::Loan)
    }

    /// An application for 1 000 over four weeks, all perils, at l = 0.5.
    pub fn application(&self, interest: &Interest) -> Application {
        let perils = [
            Peril::Advance,
            Peril::Grant,
            Peril::Default,
            Peril::Collateral,
        ];
        Application {
            interest: interest.clone(),
            owner: self.borrower.clone(),
            payer: self.borrower.clone(),
            group: 0,
            perils: Vec::from_array(&self.env, perils),
            route: Route::Repay,
            limit: 1_000 * UNIT,
            weeks: 4,
            ltv: 5_000_000,
            max_premium: 100 * UNIT,
            max_rate: 5_000_000,
        }
    }

    /// A policy of 1 000 on a new position, a day old: its waiting period is over.
    pub fn insured(&self) -> Interest {
        let interest = self.position();
        self.pool.open(&self.application(&interest));
        self.pass(DAY);
        interest
    }

    /// A policy of `limit` on a new position, for at most 9 000.
    pub fn open_for(&self, limit: i128) -> Interest {
        let interest = self.position();
        let mut application = self.application(&interest);
        (application.limit, application.max_premium) = (limit, 9_000 * UNIT);
        self.pool.open(&application);
        interest
    }

    /// Lets renewals pull premiums from the borrower, and confirms the base rates.
    pub fn allow_renewals(&self) {
        let (pool, token) = (&self.pool, &self.token);
        token.approve(&self.borrower, &pool.address, &(9_000 * UNIT), &1_000);
        pool.set_group(&0, &pool.group(&0).unwrap());
    }

    pub fn loss(&self, peril: Peril, amount: i128) -> Loss {
        Loss {
            peril,
            event: 0,
            amount,
            occurred_at: self.now(),
            rescue: false,
            sources: 3,
        }
    }

    pub fn pay(&self, interest: &Interest, peril: Peril, amount: i128) -> Settlement {
        self.pool
            .pay(interest, &self.loss(peril, amount), &self.keeper)
    }

    pub fn draw(&self, interest: &Interest, amount: i128) -> Settlement {
        self.pool
            .draw(interest, &amount, &400_000, &3, &self.keeper)
    }

    pub fn books(&self) -> Books {
        self.pool.books()
    }

    pub fn policy(&self, interest: &Interest) -> Policy {
        self.pool.policy(interest).unwrap()
    }

    pub fn balance(&self, of: &Address) -> i128 {
        self.token.balance(of)
    }
}
