//! Tests, a file per source file, on a real cover pool, hub and salvage, with a platform that does what a test tells it.

mod contract;
mod cover;
mod finalize;
mod foreclosure;
mod lenders;
mod liquidation;
mod listing;
mod loan;
mod loan_market;
mod platform;
mod rescue;
mod surrender;

pub use actuary::time::{DAY, HOUR, WEEK};
use cover_pool::{CoverPool, CoverPoolClient};
use interfaces::adapter::{AdapterError, CoverRequest, Outcome};
use interfaces::cover::{
    Class, GroupTerms, Interest, Knot, Peril, PerilTerms, Policy, Route, Settlement, Terms,
};
use interfaces::market_adapter::{InsuredMarket, MarketAdapterConfig};
use interfaces::platform::{Liquidation, LoanFacts, LoanTerms};
use interfaces::price::{Asset, Source, SourceKind, PRICE_ONE};
use platform::{MockPlatform, MockPlatformClient};
use price_hub::{PriceHub, PriceHubClient};
use redstone_feed::{RedstoneFeed, RedstoneFeedClient};
use reflector_feed::{ReflectorFeed, ReflectorFeedClient};
use salvage::{Salvage, SalvageClient};
use soroban_sdk::testutils::{Address as _, EnvTestConfig, IssuerFlags, Ledger as _};
use soroban_sdk::token::{StellarAssetClient, TokenClient};
use soroban_sdk::{symbol_short, vec, Address, Env, InvokeError, String, Vec};

use crate::contract::{MarketAdapter, MarketAdapterClient};

pub const UNIT: i128 = 10_000_000;
/// The start of a week, in 2025.
pub const START: u64 = 2_900 * WEEK;

/// The group of loans.
pub const LOANS: u32 = 0;
/// The group of lenders.
pub const LENDERS: u32 = 1;

/// What is staked.
pub const STAKED: i128 = 1_000_000 * UNIT;

pub struct World {
    pub env: Env,
    pub owner: Address,
    pub borrower: Address,
    pub keeper: Address,
    pub asset: TokenClient<'static>,
    pub collateral: TokenClient<'static>,
    pub hub: PriceHubClient<'static>,
    pub reflector: ReflectorFeedClient<'static>,
    pub redstone: RedstoneFeedClient<'static>,
    pub pool: CoverPoolClient<'static>,
    pub platform: MockPlatformClient<'static>,
    pub salvage: SalvageClient<'static>,
    pub adapter: MarketAdapterClient<'static>,
}

/// Whoever needs a signature gets it while `f` runs, and nobody afterwards.
pub fn signed<T>(env: &Env, f: impl FnOnce() -> T) -> T {
    env.mock_all_auths_allowing_non_root_auth();
    let result = f();
    env.set_auths(&[]);
    result
}

impl World {
    /// A listed platform, whose collateral is worth two dollars, after a day at that price.
    pub fn new() -> Self {
        let world = Self::unlisted();
        signed(&world.env, || world.adapter.set_market(&world.market()));
        world
    }

    /// The same before the platform is listed.
    pub fn unlisted() -> Self {
        let env = Env::new_with_config(EnvTestConfig {
            capture_snapshot_at_drop: false,
        });
        env.cost_estimate().disable_resource_limits();
        env.cost_estimate().budget().reset_unlimited();
        env.ledger().set_timestamp(START);
        env.ledger().set_max_entry_ttl(10_000_000);
        env.mock_all_auths_allowing_non_root_auth();
        let address = || Address::generate(&env);
        let (owner, borrower, keeper, lp) = (address(), address(), address(), address());
        let [asset, collateral] = [(); 2].map(|()| {
            let asset = env.register_stellar_asset_contract_v2(address());
            asset.issuer().set_flag(IssuerFlags::RevocableFlag);
            TokenClient::new(&env, &asset.address())
        });
        for holder in [&owner, &lp, &borrower] {
            StellarAssetClient::new(&env, &asset.address).mint(holder, &(10 * STAKED));
        }
        let hub = PriceHubClient::new(&env, &env.register(PriceHub, (&owner,)));
        let reflector = env.register(ReflectorFeed, (&owner,));
        let redstone = env.register(RedstoneFeed, (&owner,));
        let pool = cover_pool(&env, &owner, &asset.address);
        let terms = loan_terms(&asset.address, &collateral.address);
        let platform = MockPlatformClient::new(&env, &env.register(MockPlatform, (terms,)));
        let (adapter, salvage) = (address(), address());
        env.register_at(
            &salvage,
            Salvage,
            (&pool.address, vec![&env, adapter.clone()]),
        );
        let config = MarketAdapterConfig {
            cover_pool: pool.address.clone(),
            price_hub: hub.address.clone(),
            salvage: Some(salvage.clone()),
        };
        env.register_at(&adapter, MarketAdapter, (&owner, config));
        platform.set_insurer(&adapter);
        pool.stake(&lp, &STAKED, &0);
        let world = Self {
            owner,
            borrower,
            keeper,
            asset,
            collateral,
            hub,
            reflector: ReflectorFeedClient::new(&env, &reflector),
            redstone: RedstoneFeedClient::new(&env, &redstone),
            pool,
            platform,
            salvage: SalvageClient::new(&env, &salvage),
            adapter: MarketAdapterClient::new(&env, &adapter),
            env,
        };
        for (asset, price) in [(&world.asset, 1), (&world.collateral, 2)] {
            world.list(&asset.address);
            world.say(&asset.address, price * PRICE_ONE);
        }
        let groups = [world.loan_group(), world.lender_group()];
        for (number, group) in (0..).zip(&groups) {
            world.pool.set_group(&number, group);
        }
        world.env.set_auths(&[]);
        world.watch(DAY + 2 * HOUR);
        world
    }

    pub fn market(&self) -> InsuredMarket {
        InsuredMarket {
            platform: self.platform.address.clone(),
            loans: LOANS,
            lenders: LENDERS,
            advance_trigger: 11_200_000,
            target: 12_500_000,
            grant_trigger: 1_500_000,
            grant_deductible: 1_000_000,
            grant_max: 5_000_000,
            least_rate: 400_000,
            peg: 2 * PRICE_ONE,
            peg_deductible: 500_000,
        }
    }

    fn loan_group(&self) -> GroupTerms {
        let perils = [
            (Peril::Advance, DAY, 0),
            (Peril::Grant, DAY, 1_000_000),
            (Peril::Default, DAY, 1_000_000),
            (Peril::Liquidation, DAY, 3_000_000),
            (Peril::Collateral, DAY, 0),
        ];
        self.group(Class::Loan, &perils)
    }

    fn lender_group(&self) -> GroupTerms {
        self.group(Class::Deposit, &[(Peril::Contract, 14 * DAY, 1_000_000)])
    }

    fn group(&self, class: Class, perils: &[(Peril, u64, u32)]) -> GroupTerms {
        let knot = |ltv, factor| Knot { ltv, factor };
        let perils = perils
            .iter()
            .map(|(peril, waiting, co_insurance)| PerilTerms {
                peril: *peril,
                base: 150_000,
                base_min: 75_000,
                base_max: 300_000,
                waiting: *waiting,
                co_insurance: *co_insurance,
                max_ltv: 8_000_000,
            });
        GroupTerms {
            adapter: self.adapter.address.clone(),
            platform: None,
            class,
            cap: 4_000_000,
            subject_cap: 2_000_000,
            perils: Vec::from_iter(&self.env, perils),
            knots: vec![
                &self.env,
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

    /// 1 000 of collateral, worth 2 000, against 1 000.
    pub fn facts(&self) -> LoanFacts {
        LoanFacts {
            owner: self.borrower.clone(),
            collateral: 1_000 * UNIT,
            debt: 1_000 * UNIT,
            borrow_rate: 500_000,
        }
    }

    /// Cover of one peril up to 500 for four weeks.
    pub fn request(&self, perils: &[Peril]) -> CoverRequest {
        CoverRequest {
            perils: Vec::from_slice(&self.env, perils),
            route: Route::Adapter,
            limit: 500 * UNIT,
            weeks: 4,
            max_premium: 50 * UNIT,
            max_rate: 5_000_000,
        }
    }

    /// A loan without cover, with its collateral on the platform.
    pub fn loan(&self) -> Address {
        let loan = Address::generate(&self.env);
        self.platform.set_loan(&loan, &self.facts());
        self.mint(&self.collateral, &self.platform.address, 1_000 * UNIT);
        loan
    }

    pub fn insure(&self, loan: &Address, perils: &[Peril]) {
        let request = self.request(perils);
        signed(&self.env, || {
            self.platform.insure(loan, &self.borrower, &request)
        });
    }

    /// A loan insured against one peril, whose waiting period is over.
    pub fn insured(&self, perils: &[Peril]) -> Address {
        let loan = self.loan();
        self.insure(&loan, perils);
        self.watch(DAY + HOUR);
        loan
    }

    pub fn policy(&self, loan: &Address) -> Policy {
        let interest = Interest(loan.clone(), Class::Loan);
        self.pool.policy(&interest).unwrap()
    }

    pub fn set_debt(&self, loan: &Address, debt: i128) {
        let facts = LoanFacts {
            debt,
            ..self.platform.loan(loan)
        };
        self.platform.set_loan(loan, &facts);
    }

    pub fn rescue(&self, loan: &Address) -> Outcome {
        let loans = vec![&self.env, loan.clone()];
        self.adapter.rescue(&loans, &self.keeper).get(0).unwrap()
    }

    pub fn grant(&self, loan: &Address) -> Outcome {
        let loans = vec![&self.env, loan.clone()];
        self.adapter.grant(&loans, &self.keeper).get(0).unwrap()
    }

    /// A full liquidation of the loan as it is now, at `price`, 14 decimals, that leaves `bad_debt`.
    pub fn liquidation(&self, loan: &Address, price: i128, bad_debt: i128) -> Liquidation {
        let LoanFacts {
            collateral, debt, ..
        } = self.platform.loan(loan);
        Liquidation {
            time: self.now(),
            price,
            collateral,
            debt,
            seized: collateral,
            repaid: debt - bad_debt,
            bad_debt,
        }
    }

    /// A second platform for the same assets, not listed yet.
    pub fn another_platform(&self) -> MockPlatformClient<'static> {
        let terms = self.platform.loan_terms();
        let other = self.env.register(MockPlatform, (terms,));
        let other = MockPlatformClient::new(&self.env, &other);
        other.set_insurer(&self.adapter.address);
        other
    }

    /// Lists an asset with two independent sources.
    pub fn list(&self, asset: &Address) {
        let source = |contract: &Address, venue| Source {
            contract: contract.clone(),
            kind: SourceKind::Sep40(Asset::Stellar(asset.clone())),
            venue,
            max_age: 3_600,
        };
        let sources = [
            source(&self.reflector.address, symbol_short!("reflector")),
            source(&self.redstone.address, symbol_short!("redstone")),
        ];
        self.hub
            .set_sources(asset, &Vec::from_array(&self.env, sources));
    }

    /// Both feeds say this price from now on, 14 decimals.
    fn say(&self, asset: &Address, price: i128) {
        let asset = Asset::Stellar(asset.clone());
        self.reflector.set_price(&asset, &price, &self.now());
        self.redstone
            .set_price(&asset, &(price / 1_000_000), &self.now());
    }

    /// The collateral's price in cents from now on.
    pub fn set_price(&self, cents: i128) {
        signed(&self.env, || {
            self.say(&self.collateral.address, cents * PRICE_ONE / 100);
            self.say(&self.asset.address, PRICE_ONE);
        });
    }

    /// Lets time pass at the prices that are, looked at hourly, and every five minutes at the end.
    pub fn watch(&self, seconds: u64) {
        let end = self.now() + seconds;
        let seen = 26 * HOUR;
        if seconds > seen {
            self.pass(seconds - seen);
        }
        while self.now() + HOUR < end {
            self.look_after(HOUR);
        }
        while self.now() < end {
            self.look_after((end - self.now()).min(300));
        }
    }

    fn look_after(&self, seconds: u64) {
        self.pass(seconds);
        let assets = [&self.asset, &self.collateral].map(|asset| asset.address.clone());
        signed(&self.env, || {
            for asset in &assets {
                let price = self.reflector.lastprice(&Asset::Stellar(asset.clone()));
                self.say(asset, price.unwrap().price);
            }
            self.hub.poke(&Vec::from_array(&self.env, assets));
        });
    }

    /// Lets time pass unseen.
    pub fn pass(&self, seconds: u64) {
        self.env.ledger().set_timestamp(self.now() + seconds);
    }

    pub fn now(&self) -> u64 {
        self.env.ledger().timestamp()
    }

    pub fn mint(&self, token: &TokenClient, to: &Address, amount: i128) {
        signed(&self.env, || {
            StellarAssetClient::new(&self.env, &token.address).mint(to, &amount)
        });
    }

    /// What the adapter holds between two calls: nothing.
    pub fn held_by_adapter(&self) -> i128 {
        self.asset.balance(&self.adapter.address)
    }
}

fn cover_pool(env: &Env, owner: &Address, asset: &Address) -> CoverPoolClient<'static> {
    let terms = Terms {
        min_premium: 10 * UNIT,
        bounty: UNIT / 2,
        bounty_prepaid: UNIT / 2,
        instant_max: 25_000 * UNIT,
        instant_share: 100_000,
        daily_share: 500_000,
        advance_fee: 50_000,
        base_max_age: 365 * DAY,
    };
    let [name, symbol] = ["Vangnet", "vUSDC"].map(|word| String::from_str(env, word));
    let id = env.register(CoverPool, (owner, asset, name, symbol, terms, owner));
    CoverPoolClient::new(env, &id)
}

/// Loans are safe up to 80 % of their collateral; a liquidator gets 5 % more than they repay.
fn loan_terms(asset: &Address, collateral: &Address) -> LoanTerms {
    LoanTerms {
        collateral: collateral.clone(),
        collateral_decimals: 7,
        asset: asset.clone(),
        asset_decimals: 7,
        liquidation_ltv: 8_000_000,
        incentive: 10_500_000,
    }
}

pub fn paid(outcome: &Outcome) -> i128 {
    match outcome {
        Outcome::Done(Settlement::Paid(amount)) => *amount,
        other => panic!("not paid: {other:?}"),
    }
}

/// The code that a call was refused with.
pub fn refused<T: std::fmt::Debug, C: std::fmt::Debug>(
    reply: Result<Result<T, C>, Result<AdapterError, InvokeError>>,
) -> u32 {
    match reply {
        Err(Ok(error)) => error as u32,
        Err(Err(InvokeError::Contract(code))) => code,
        other => panic!("not refused by a contract: {other:?}"),
    }
}
