#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // tests fail by panicking

extern crate std;

mod books;
mod contract;
mod cover;
mod errors;
mod lender;
mod liquidation;
mod loan;
mod mocks;
mod payment;
mod platform;
mod price;
mod properties;
mod solvency;
mod storage;

pub use actuary::time::DAY;
use interfaces::adapter::CoverRequest;
use interfaces::cover::Route;
use interfaces::market::{MarketConfig, MarketState, RateModel};
use interfaces::platform::{Compensation, LoanFacts};
use interfaces::price::{PairReading, PRICE_ONE};
use soroban_sdk::testutils::{Address as _, IssuerFlags, Ledger as _};
use soroban_sdk::token::{StellarAssetClient, TokenClient};
use soroban_sdk::{Address, Env, Vec};

use crate::{LoanMarket, LoanMarketClient, MarketError};
use mocks::hub::{Hub, HubClient};
use mocks::insurer::{Conduct, Insurer, InsurerClient};

/// One whole token of either asset.
pub const UNIT: i128 = 10_000_000;
pub const YEAR: u64 = 31_536_000;
/// A refusal of the insurer.
pub const REFUSAL: u32 = 7_226;

/// 2 % at no use, 6 % at 80 %, 81 % at full use.
pub const RATES: RateModel = RateModel {
    base: 200_000,
    slope: 400_000,
    steep: 7_500_000,
    target: 8_000_000,
};

/// A market, what surrounds it, a lender with 10 000 units lent, and a borrower with collateral.
pub struct World {
    pub env: Env,
    pub owner: Address,
    pub asset: TokenClient<'static>,
    pub collateral: TokenClient<'static>,
    pub hub: HubClient<'static>,
    pub insurer: InsurerClient<'static>,
    pub cover_pool: Address,
    pub market: LoanMarketClient<'static>,
    pub lender: Address,
    pub borrower: Address,
    pub liquidator: Address,
}

impl World {
    /// A market with an insurer and a price of one.
    pub fn new() -> Self {
        let world = Self::empty();
        world.market.set_insurer(&world.insurer.address);
        world.market.supply(&world.lender, &(10_000 * UNIT), &0);
        world
    }

    /// The same without an insurer, and nothing lent.
    pub fn empty() -> Self {
        let env = Env::default();
        env.mock_all_auths();
        env.cost_estimate().disable_resource_limits();
        env.ledger().set_timestamp(1_800_000_000);
        env.ledger().set_max_entry_ttl(6_312_000);
        let asset = env.register_stellar_asset_contract_v2(Address::generate(&env));
        let collateral = env.register_stellar_asset_contract_v2(Address::generate(&env));
        let issuer = asset.issuer();
        issuer.set_flag(IssuerFlags::RevocableFlag);
        issuer.set_flag(IssuerFlags::ClawbackEnabledFlag);
        let hub = env.register(Hub, ());
        let owner = Address::generate(&env);
        let cover_pool = Address::generate(&env);
        let insurer = env.register(Insurer, (asset.address(), cover_pool.clone()));
        let config = config(&asset.address(), &collateral.address(), &hub);
        let market = env.register(LoanMarket, (owner.clone(), config));
        let world = Self {
            owner,
            asset: TokenClient::new(&env, &asset.address()),
            collateral: TokenClient::new(&env, &collateral.address()),
            hub: HubClient::new(&env, &hub),
            insurer: InsurerClient::new(&env, &insurer),
            cover_pool,
            market: LoanMarketClient::new(&env, &market),
            lender: Address::generate(&env),
            borrower: Address::generate(&env),
            liquidator: Address::generate(&env),
            env,
        };
        world.set_price(PRICE_ONE);
        world.mint(&world.lender, 10_000 * UNIT);
        world.mint(&world.liquidator, 100_000 * UNIT);
        world.mint(&world.insurer.address, 100_000 * UNIT);
        world.mint_collateral(&world.borrower, 100_000 * UNIT);
        world
    }

    pub fn mint(&self, to: &Address, amount: i128) {
        StellarAssetClient::new(&self.env, &self.asset.address).mint(to, &amount);
    }

    pub fn mint_collateral(&self, to: &Address, amount: i128) {
        StellarAssetClient::new(&self.env, &self.collateral.address).mint(to, &amount);
    }

    /// Takes `amount` of the loan asset from somebody.
    pub fn claw_back(&self, from: &Address, amount: i128) {
        StellarAssetClient::new(&self.env, &self.asset.address).clawback(from, &amount);
    }

    /// Whether somebody may receive the loan asset.
    pub fn authorise(&self, who: &Address, may_receive: bool) {
        StellarAssetClient::new(&self.env, &self.asset.address).set_authorized(who, &may_receive);
    }

    /// A price on which everybody agrees.
    pub fn set_price(&self, price: i128) {
        self.hub.set(&Some(pair(price)));
    }

    pub fn pass(&self, seconds: u64) {
        let now = self.env.ledger().timestamp();
        self.env.ledger().set_timestamp(now + seconds);
    }

    pub fn now(&self) -> u64 {
        self.env.ledger().timestamp()
    }

    pub fn state(&self) -> MarketState {
        self.market.state()
    }

    pub fn facts(&self, loan: &Address) -> LoanFacts {
        self.market.loan(loan)
    }

    pub fn debt(&self, loan: &Address) -> i128 {
        self.facts(loan).debt
    }

    /// A loan without cover: so many whole units.
    pub fn loan(&self, collateral: i128, amount: i128) -> Address {
        let (collateral, amount) = (collateral * UNIT, amount * UNIT);
        self.market
            .borrow(&self.borrower, &collateral, &amount, &None, &None)
            .0
    }

    /// A loan with cover, whose premium is one unit.
    pub fn insured(&self, collateral: i128, amount: i128) -> Address {
        let (collateral, amount) = (collateral * UNIT, amount * UNIT);
        let request = Some(self.request());
        self.market
            .borrow(&self.borrower, &collateral, &amount, &request, &None)
            .0
    }

    pub fn request(&self) -> CoverRequest {
        CoverRequest {
            perils: Vec::new(&self.env),
            route: Route::Adapter,
            limit: 100 * UNIT,
            weeks: 4,
            max_premium: UNIT,
            max_rate: 0,
        }
    }

    /// Marks a loan as insured, for an insurer that answers nothing.
    pub fn mark_insured(&self, address: &Address) {
        self.env.as_contract(&self.market.address, || {
            let mut loan = crate::storage::loan(&self.env, address);
            loan.is_insured = true;
            crate::storage::set_loan(&self.env, address, &loan);
        });
    }

    /// What the insurer does from now on.
    pub fn conduct(&self, conduct: Conduct) {
        self.insurer.set_conduct(&conduct);
    }

    /// Sends these parts, and says so.
    pub fn pays(&self, lenders: i128, borrower: i128, filed: i128) {
        let says = Compensation {
            lenders,
            borrower,
            filed,
        };
        self.conduct(Conduct::Sends(lenders + borrower, says));
    }

    /// Checks that the books agree with each other and with what the market holds.
    pub fn check_books(&self) {
        let (state, solvency) = (self.state(), self.market.solvency());
        let market = &self.market.address;
        let assets = state.cash + state.debt;
        assert_eq!(assets, state.supply + solvency.credits, "cash + debt");
        assert!(self.asset.balance(market) >= state.cash, "cash is there");
        let held = self.collateral.balance(market);
        assert!(held >= state.collateral, "collateral is there");
        assert!(state.supply_high >= state.supply, "high is no less");
    }
}

/// The terms of every test's market: safe up to 80 %, LIF 1.05.
pub fn config(asset: &Address, collateral: &Address, hub: &Address) -> MarketConfig {
    MarketConfig {
        collateral: collateral.clone(),
        asset: asset.clone(),
        price_hub: hub.clone(),
        liquidation_ltv: 8_000_000,
        incentive: 10_500_000,
        rates: RATES,
    }
}

/// A price on which everybody agrees.
pub fn pair(price: i128) -> PairReading {
    PairReading {
        price,
        high: price,
        low: price,
        quarantined: false,
        degraded: false,
        sources: 3,
        timestamp: 0,
    }
}

/// What a refused call returns.
pub fn refused<T, C, E>(
    reply: Result<Result<T, C>, Result<E, soroban_sdk::InvokeError>>,
) -> Option<u32>
where
    E: Into<soroban_sdk::Error>,
{
    match reply {
        Ok(_) => None,
        Err(Ok(error)) => Some(Into::<soroban_sdk::Error>::into(error).get_code()),
        Err(Err(soroban_sdk::InvokeError::Contract(code))) => Some(code),
        Err(Err(soroban_sdk::InvokeError::Abort)) => Some(0),
    }
}

/// The code of an error.
pub fn code(error: MarketError) -> Option<u32> {
    Some(error as u32)
}
