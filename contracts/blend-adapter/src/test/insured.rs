//! A market on a real cover pool.

pub use actuary::time::{DAY, HOUR, WEEK};
use cover_pool::{CoverPool, CoverPoolClient};
use interfaces::adapter::{AdapterError, CoverRequest, Market};
use interfaces::blend::{FILL_USER_LIQUIDATION, RATE_SCALE, SUPPLY_COLLATERAL};
use interfaces::cover::{
    Class, GroupTerms, Interest, Knot, Peril, PerilTerms, Policy, Route, Terms,
};
use interfaces::price::PRICE_ONE;
use salvage::SalvageClient;
use soroban_sdk::testutils::Address as _;
use soroban_sdk::{vec, Address, Env, InvokeError, String, Vec};

use super::blend::{mint, UNIT};
use super::World;

/// The limit of every policy.
pub const LIMIT: i128 = 500 * UNIT;

/// A listed market whose collateral has a reference price of 2 dollars, of which 10 % are the insured's.
pub struct Insured {
    pub world: World,
    pub pool: CoverPoolClient<'static>,
    pub salvage: SalvageClient<'static>,
    pub keeper: Address,
}

impl Insured {
    pub fn new() -> Self {
        let world = World::founded(found_pool);
        let env = &world.env;
        let pool = CoverPoolClient::new(env, &world.cover_pool.address);
        let lp = Address::generate(env);
        mint(env, &world.asset, &lp, 1_000_000 * UNIT);
        let insured = Self {
            salvage: SalvageClient::new(env, &world.adapter.config().salvage.unwrap()),
            keeper: Address::generate(env),
            pool,
            world,
        };
        let admin = insured.pool.mock_all_auths_allowing_non_root_auth();
        admin.stake(&lp, &(1_000_000 * UNIT), &0);
        admin.set_group(&0, &insured.group());
        let adapter = insured.world.adapter.mock_all_auths();
        adapter.set_market(&insured.market());
        insured.world.env.set_auths(&[]);
        insured
    }

    pub fn market(&self) -> Market {
        Market {
            group: 0,
            peg: 2 * PRICE_ONE,
            peg_deductible: 1_000_000,
            ..self.world.market()
        }
    }

    fn group(&self) -> GroupTerms {
        let env = &self.world.env;
        let perils = [
            (Peril::Advance, 0),
            (Peril::Grant, 1_000_000),
            (Peril::Default, 1_000_000),
            (Peril::Liquidation, 3_000_000),
            (Peril::Collateral, 0),
        ];
        let perils = perils.map(|(peril, co_insurance)| PerilTerms {
            peril,
            base: 150_000,
            base_min: 75_000,
            base_max: 300_000,
            waiting: DAY,
            co_insurance,
            max_ltv: 8_000_000,
        });
        let knot = |ltv, factor| Knot { ltv, factor };
        GroupTerms {
            adapter: self.world.adapter.address.clone(),
            platform: Some(self.world.blend.pool.clone()),
            class: Class::Loan,
            cap: 4_000_000,
            subject_cap: 2_000_000,
            perils: Vec::from_slice(env, &perils),
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

    pub fn request(&self, perils: &[Peril]) -> CoverRequest {
        CoverRequest {
            perils: Vec::from_slice(&self.world.env, perils),
            route: Route::Repay,
            limit: LIMIT,
            weeks: 4,
            max_premium: 50 * UNIT,
            max_rate: 0,
        }
    }

    /// 1 000 of collateral against 500 dollars, insured now.
    pub fn fresh(&self, perils: &[Peril]) -> Address {
        let position = self.world.open();
        let adapter = self.world.adapter.mock_all_auths();
        adapter.insure(&position, &self.request(perils));
        self.world.env.set_auths(&[]);
        position
    }

    /// The same after its waiting period, looked at since.
    pub fn seasoned(&self, perils: &[Peril]) -> Address {
        let position = self.fresh(perils);
        self.world.pass(DAY);
        self.world.position(&position).look();
        self.world.set_price(2 * UNIT);
        position
    }

    pub fn policy(&self, position: &Address) -> Policy {
        let interest = Interest(position.clone(), Class::Loan);
        self.pool.policy(&interest).unwrap()
    }

    /// Has Blend auction `percent` of a position.
    pub fn auction(&self, position: &Address, percent: u32) {
        let world = &self.world;
        let (bid, lot) = (
            vec![&world.env, world.asset.clone()],
            vec![&world.env, world.collateral.clone()],
        );
        world.pool().new_auction(&0, position, &bid, &lot, &percent);
        world.pass(5);
    }

    /// Has someone fill `percent` of the auction, `ledgers` later.
    pub fn fill(&self, position: &Address, percent: i128, ledgers: u64) {
        let world = &self.world;
        world.pass(5 * ledgers);
        let filler = Address::generate(&world.env);
        mint(&world.env, &world.asset, &filler, 1_000 * UNIT);
        let requests = [
            (SUPPLY_COLLATERAL, &world.asset, 1_000 * UNIT),
            (FILL_USER_LIQUIDATION, position, percent),
        ];
        world.submit(&filler, &requests);
    }

    /// Has half of a position liquidated at 70 cents, by an auction that is filled after `ledgers`.
    pub fn liquidate_half(&self, position: &Address, ledgers: u64) {
        self.world.set_price(7_000_000);
        self.auction(position, 50);
        self.fill(position, 100, ledgers);
    }

    /// What a position's debt is in dollars now, rounded up.
    pub fn debt(&self, position: &Address) -> i128 {
        self.owed_up(self.world.held(position).1)
    }

    /// What so many dTokens owe now, rounded up.
    pub fn owed_up(&self, d_tokens: i128) -> i128 {
        let rate = self.world.pool().get_reserve(&self.world.asset).data.d_rate;
        (d_tokens * rate + RATE_SCALE - 1) / RATE_SCALE
    }

    /// Lets claims but rescues wait for their window.
    pub fn wait_for_claims(&self) {
        let terms = Terms {
            instant_max: 0,
            ..self.pool.terms()
        };
        self.pool.mock_all_auths().set_terms(&terms);
        self.world.env.set_auths(&[]);
    }
}

fn found_pool(env: &Env, asset: &Address) -> Address {
    let owner = Address::generate(env);
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
    // What its dead shares cost.
    mint(env, asset, &owner, 1);
    env.mock_all_auths_allowing_non_root_auth();
    let pool = env.register(CoverPool, (&owner, asset, name, symbol, terms, &owner));
    env.set_auths(&[]);
    pool
}

/// The code that a call was refused with, ours or that of a contract it called.
pub fn refused<T: std::fmt::Debug, C: std::fmt::Debug>(
    reply: Result<Result<T, C>, Result<AdapterError, InvokeError>>,
) -> u32 {
    match reply {
        Err(Ok(error)) => error as u32,
        Err(Err(InvokeError::Contract(code))) => code,
        other => panic!("not refused by a contract: {other:?}"),
    }
}
