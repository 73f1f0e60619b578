//! What is read of other contracts' answers. The host drops the fields that are not named here, which keeps this contract
//! small; the whole types are in `interfaces`.

use interfaces::cover::{Interest, Loss, Peril, Route, Settlement};
use interfaces::price::{Asset, PriceData};
use soroban_sdk::{contractclient, contracttype, Address, Env, Symbol, Val, Vec};

/// Of `interfaces::cover::Policy`.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its owner: of a position that was foreclosed by assignment, who lost it.
    pub owner: Address,
    /// End of cover.
    pub end: u64,
    /// The perils it covers.
    pub perils: Vec<Peril>,
    /// How rescues reach the loan.
    pub route: Route,
    /// What is left of the limit.
    pub limit: i128,
    /// Part of `limit` that is usable from `topped_up_from` on.
    pub topped_up: i128,
    /// See `topped_up`.
    pub topped_up_from: u64,
    /// Principal of its advances.
    pub drawn: i128,
    /// Fees of its advances in units, rounded up, as of now.
    pub fees_due: i128,
    /// Open claims.
    pub open_claims: u32,
    /// The event last paid for.
    pub event: u64,
    /// Gross loss of that event already settled.
    pub event_loss: i128,
}

/// Of `interfaces::cover::Claim`.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The policy.
    pub interest: Interest,
    /// What it asks.
    pub amount: i128,
}

/// Of `interfaces::position::Account`.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The borrower.
    pub owner: Address,
}

/// Of a position.
#[contractclient(name = "AccountClient")]
#[allow(dead_code)]
trait Accounts {
    /// What a position is.
    fn account(env: Env) -> Account;
}

/// Of the cover pool.
#[contractclient(name = "PoolClient")]
#[allow(dead_code)]
trait Pool {
    /// A policy as of now.
    fn policy(env: Env, interest: Interest) -> Option<Policy>;
    /// An open claim.
    fn claim(env: Env, claim: u32) -> Option<Claim>;
    /// Settle a loss.
    fn pay(env: Env, interest: Interest, loss: Loss, bounty_to: Address) -> Settlement;
    /// Lend to the subject.
    fn draw(
        env: Env,
        interest: Interest,
        amount: i128,
        rate: u32,
        sources: u32,
        bounty_to: Address,
    ) -> Settlement;
}

/// Of `interfaces::price::PairReading`.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Fresh median of the pair.
    pub price: i128,
    /// What a trigger on a falling price reads.
    pub high: i128,
    /// What the collateral is worth as security, P_lo.
    pub low: i128,
    /// Whether either asset is quarantined.
    pub quarantined: bool,
    /// The smaller number of agreeing sources.
    pub sources: u32,
}

/// Of `interfaces::price::Reading`.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The higher of the highest price agreed and the 15-minute mean.
    pub high: i128,
    /// The lower of the lowest price agreed and the 15-minute mean.
    pub low: i128,
}

/// Of `interfaces::price::Source`.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Who stands behind it.
    pub venue: Symbol,
}

/// Of `interfaces::price::DepreciationEvent`.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number on the pair.
    pub id: u32,
    /// When the fall began.
    pub started: u64,
    /// The reference it is measured from.
    pub reference: i128,
    /// The deepest fall seen, 1e7 = 100 %.
    pub rate: i128,
    /// When it was first triggered.
    pub at: u64,
}

/// Of the price hub.
#[contractclient(name = "HubClient")]
#[allow(dead_code)]
trait Hub {
    /// An asset's price now.
    fn fresh(env: Env, asset: Address) -> Reading;
    /// A pair's price now.
    fn pair(env: Env, collateral: Address, debt: Address) -> Pair;
    /// The sources of an asset.
    fn sources(env: Env, asset: Address) -> Vec<Source>;
    /// The last event recorded on a pair.
    fn event(env: Env, collateral: Address, debt: Address) -> Option<Event>;
}

/// Of `interfaces::blend::PoolConfig`.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformConfig {
    /// A SEP-40 oracle.
    pub oracle: Address,
    /// 0 and 1 are active.
    pub status: u32,
}

/// Of `interfaces::blend::ReserveConfig`; factors and rates have 7 decimals.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReserveConfig {
    /// Its number on the platform.
    pub index: u32,
    /// Decimals of the asset.
    pub decimals: u32,
    /// c, the part of a collateral's value that counts.
    pub c_factor: u32,
    /// l, which a debt is divided by.
    pub l_factor: u32,
    /// Target utilisation.
    pub util: u32,
    /// Rate at no use.
    pub r_base: u32,
    /// What it gains up to the target.
    pub r_one: u32,
    /// What it gains up to 95 %.
    pub r_two: u32,
    /// What it gains beyond.
    pub r_three: u32,
    /// Whether it takes supply and lends.
    pub enabled: bool,
}

/// Of `interfaces::blend::ReserveData`; rates have 12 decimals.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReserveData {
    /// What a dToken owes.
    pub d_rate: i128,
    /// What a bToken is worth.
    pub b_rate: i128,
    /// Modifier of the rate, 7 decimals.
    pub ir_mod: i128,
    /// All bTokens.
    pub b_supply: i128,
    /// All dTokens.
    pub d_supply: i128,
}

/// Of `interfaces::blend::Reserve`, accrued to now.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reserve {
    /// Its configuration.
    pub config: ReserveConfig,
    /// Its state.
    pub data: ReserveData,
}

/// Of `interfaces::blend::PoolBackstopData`.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackstopData {
    /// BLND held through the LP tokens.
    pub blnd: i128,
    /// USDC held through the LP tokens.
    pub usdc: i128,
}

/// Of Blend, its backstop and its oracle.
#[contractclient(name = "PlatformClient")]
#[allow(dead_code)]
trait Platform {
    /// A reserve, accrued to now.
    fn get_reserve(env: Env, asset: Address) -> Reserve;
    /// The pool's configuration.
    fn get_config(env: Env) -> PlatformConfig;
    /// An open auction, of which only the existence counts; traps when there is none.
    fn get_auction(env: Env, auction_type: u32, user: Address) -> Val;
    /// The state of a pool's backstop.
    fn pool_data(env: Env, pool: Address) -> BackstopData;
    /// The oracle's latest record.
    fn lastprice(env: Env, asset: Asset) -> Option<PriceData>;
}
