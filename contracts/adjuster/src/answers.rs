//! What is read of other contracts' answers. The host drops the fields that are not named here, which keeps an adapter
//! small; the whole types are in `interfaces`.

use interfaces::cover::{Interest, Loss, Peril, Route, Settlement};
use soroban_sdk::{contractclient, contracttype, Address, Env, Symbol, Vec};

/// Of `interfaces::cover::Policy`.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Who holds it.
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
    /// The peril.
    pub peril: Peril,
    /// What it asks.
    pub amount: i128,
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
    /// Time-weighted mean of an asset's last hours.
    fn twap(env: Env, asset: Address, hours: u32) -> i128;
    /// The sources of an asset.
    fn sources(env: Env, asset: Address) -> Vec<Source>;
    /// The last event recorded on a pair.
    fn event(env: Env, collateral: Address, debt: Address) -> Option<Event>;
}
