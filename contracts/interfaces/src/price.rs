//! Prices: what a source answers, and what the price hub makes of it.
//!
//! Two public interfaces of sources are spoken here, SEP-40 ([`PriceFeed`]) and Chainlink Data Feeds
//! ([`DataFeeds`]), and our own [`PriceHub`], which answers SEP-40 outward as well.
//!
//! **Units.** A hub price is the value of one whole token in US dollars with [`PRICE_DECIMALS`] decimals; a pair's price
//! is one whole token of collateral in whole tokens of debt, with the same decimals. The tokens' own decimals are the
//! caller's business. Rates are 1e7 = 100 %. Times are seconds since 1970.

// The SDK's macros generate public items without documentation; everything written here has its own.
#![allow(missing_docs)]

use soroban_sdk::{
    contractclient, contracterror, contracttype, Address, BytesN, Env, Symbol, Vec, I256,
};

/// Decimals of every price the hub gives.
pub const PRICE_DECIMALS: u32 = 14;

/// One, as a hub price: 10^[`PRICE_DECIMALS`].
pub const PRICE_ONE: i128 = 100_000_000_000_000;

/// Decimals of every Chainlink answer on this network.
pub const CHAINLINK_DECIMALS: u32 = 18;

// ---- sources -------------------------------------------------------------------------------------------------------

/// What SEP-40 feeds name a price by.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asset {
    /// A token contract on this network.
    Stellar(Address),
    /// Anything else, by its ticker.
    Other(Symbol),
}

/// A price of SEP-40.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceData {
    /// The price, with the feed's own decimals.
    pub price: i128,
    /// When it was recorded.
    pub timestamp: u64,
}

/// SEP-40, the network's interface of price feeds.
#[contractclient(name = "PriceFeedClient")]
pub trait PriceFeed {
    /// What prices are quoted in.
    fn base(env: Env) -> Asset;

    /// Everything the feed has a price of.
    fn assets(env: Env) -> Vec<Asset>;

    /// Decimals of every price.
    fn decimals(env: Env) -> u32;

    /// Seconds between two records.
    fn resolution(env: Env) -> u32;

    /// The price recorded for a time, if there is one.
    fn price(env: Env, asset: Asset, timestamp: u64) -> Option<PriceData>;

    /// The latest records, newest first, if there are any.
    fn prices(env: Env, asset: Asset, records: u32) -> Option<Vec<PriceData>>;

    /// The latest record, if there is one.
    fn lastprice(env: Env, asset: Asset) -> Option<PriceData>;
}

/// A round of a Chainlink Data Feed.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundData {
    /// Number of the round, rising.
    pub round_id: u64,
    /// The price, with [`CHAINLINK_DECIMALS`] decimals.
    pub answer: I256,
    /// When the network of oracles agreed on it.
    pub timestamp: u64,
    /// The ledger that stored it.
    pub ledger_seq: u32,
    /// Whether the primary workflow reported it.
    pub primary: bool,
}

/// Chainlink Data Feeds: one contract for all feeds.
#[contractclient(name = "DataFeedsClient")]
pub trait DataFeeds {
    /// The latest round of each feed, in the order asked for; `None` where a feed has no round yet.
    fn latest_round(env: Env, data_ids: Vec<BytesN<32>>) -> Vec<Option<RoundData>>;
}

/// How a source is asked.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// SEP-40, by the feed's own name of the asset. Its decimals are read with every price, since they may change.
    Sep40(Asset),
    /// Chainlink Data Feeds, by feed id.
    Chainlink(BytesN<32>),
}

/// A source of one asset's price.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The feed's contract.
    pub contract: Address,
    /// How it is asked.
    pub kind: SourceKind,
    /// Who stands behind it. Sources of one venue count as one: the first in the list that has a fresh price speaks.
    pub venue: Symbol,
    /// Seconds after which its price is stale: 600 for Reflector, the heartbeat and a quarter for others.
    pub max_age: u32,
}

// ---- what the hub answers ------------------------------------------------------------------------------------------

/// An asset's price now, in dollars.
///
/// `bottom <= median <= top`. All three are one when an odd number of sources agree. When two agree, `bottom` and `top`
/// are these two and `median` lies between them, so that each use can take the side that pays less; a larger even
/// number is read as its two in the middle.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Median of the agreeing sources, rounded down. Fresh: no average, no quarantine.
    pub median: i128,
    /// The lowest price still agreed.
    pub bottom: i128,
    /// The highest price still agreed.
    pub top: i128,
    /// Time-weighted mean of the last 15 minutes, rounded down; `None` with fewer than three observations in 20 minutes.
    pub twap: Option<i128>,
    /// `min(bottom, twap)`: what the asset is worth as security (`P_lo`). Without a TWAP it is `bottom`, and quarantined.
    pub low: i128,
    /// `max(top, twap)`: what a debt in the asset may cost.
    pub high: i128,
    /// Whether the window does not confirm the median: it is more than 25 % away from the last price that three
    /// observations in a row stood behind, or there is no TWAP.
    pub quarantined: bool,
    /// Whether fewer than 18 of the last 24 hours have a price. Nothing is sold then.
    pub degraded: bool,
    /// Independent sources that agree, at least two.
    pub sources: u32,
    /// Time of the newest price among them.
    pub timestamp: u64,
}

/// A pair's price now: one whole token of collateral in whole tokens of debt.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairReading {
    /// `floor(median / median)`, raw and fresh. To compare with a market's own oracle.
    pub price: i128,
    /// `ceil(top of the collateral / bottom of the debt)`, raw and fresh. What a *trigger* on a falling price reads: the
    /// side that pays less when only two sources agree, and `price` but for the rounding when three do.
    pub high: i128,
    /// `floor(low of the collateral / high of the debt)`: what the collateral is worth as *security* (`P_lo`).
    pub low: i128,
    /// Whether either asset is quarantined.
    pub quarantined: bool,
    /// Whether either asset's window is degraded.
    pub degraded: bool,
    /// The smaller number of agreeing sources, at least two.
    pub sources: u32,
    /// The older of the two assets' times.
    pub timestamp: u64,
}

/// How far a collateral has fallen against a debt within 24 hours.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Depreciation {
    /// The second highest hourly mean of the last 24 whole hours, rounded down.
    pub reference: i128,
    /// `max(15-minute TWAP, high of the pair now)`, rounded up.
    pub current: i128,
    /// `floor(1e7 * (reference - current) / reference)`, not below zero.
    pub rate: i128,
    /// When the fall began: the end of the last hour whose mean was at least the reference.
    pub started: u64,
}

/// A depreciation event on a pair, as `trigger` stored it. The latest one of each pair is kept.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepreciationEvent {
    /// Number of the event on this pair, from 1. A deepening event keeps it.
    pub id: u32,
    /// When the fall began, see [`Depreciation::started`]. What waiting periods and ends are held against.
    pub started: u64,
    /// The reference it is measured from, fixed for the event's life.
    pub reference: i128,
    /// The deepest price seen.
    pub current: i128,
    /// The deepest fall seen, `floor(1e7 * (reference - current) / reference)`.
    pub rate: i128,
    /// When it was first triggered. It may deepen for 24 hours; a later fall is a new event.
    pub at: u64,
    /// When it last deepened. The next event's reference ignores data from before.
    pub deepened: u64,
}

/// Why a pair is armed, so that cover on it is not sold.
#[contracttype]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Armed {
    /// Fewer than two independent sources agree on one of the assets.
    TooFewSources = 1,
    /// Fewer than 18 of the last 24 hours have a price.
    WindowThin = 2,
    /// The window does not confirm the price, see [`Reading::quarantined`].
    Quarantined = 3,
    /// At least half the fall that triggers an event has been seen.
    Falling = 4,
}

/// What a poke did to one asset.
#[contracttype]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Poked {
    /// Observed: the window moved.
    Observed = 1,
    /// Observed, but the jump is quarantined until three observations agree.
    Quarantined = 2,
    /// Nothing written: no source has a new round, or the last observation is less than 60 s old.
    NothingNew = 3,
    /// Nothing written: fewer than two independent sources agree, or the asset is not listed.
    NoPrice = 4,
}

/// What the price hub refuses, and why. Codes 7100 to 7199.
#[contracterror]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum PriceError {
    /// The asset has no sources.
    UnknownAsset = 7100,
    /// Fewer than two independent sources agree.
    TooFewSources = 7101,
    /// Fewer than 18 of the last 24 hours have a price, or no hour counts after the previous event.
    WindowThin = 7102,
    /// Fewer than three observations in the last 20 minutes.
    NoTwap = 7103,
    /// The fall is below the pair's threshold.
    BelowThreshold = 7104,
    /// The event is recorded already and has not deepened.
    NotDeeper = 7105,
    /// A result does not fit its type.
    Overflow = 7106,
    /// More than eight sources, or one that is never fresh.
    InvalidSources = 7107,
    /// A threshold outside 1 % to 90 %.
    InvalidThreshold = 7108,
    /// A mean over less than an hour or more than a day.
    InvalidPeriod = 7109,
    /// No source of that venue is listed for the asset.
    UnknownVenue = 7110,
    /// The guardian has dropped a venue of the asset since the owner set its sources.
    AlreadyDropped = 7111,
}

/// The price hub. Views compute from the sources *now* and the stored window brought up to now; they write nothing.
#[contractclient(name = "PriceHubClient")]
pub trait PriceHub {
    /// An asset's price now, with its sides, its TWAP and its state.
    ///
    /// Errors: `UnknownAsset`, `TooFewSources`. Anyone.
    fn fresh(env: Env, asset: Address) -> Result<Reading, PriceError>;

    /// A pair's price now, one whole token of `collateral` in `debt`.
    ///
    /// Errors: `UnknownAsset`, `TooFewSources`, `Overflow`. Anyone.
    fn pair(env: Env, collateral: Address, debt: Address) -> Result<PairReading, PriceError>;

    /// Time-weighted mean of an asset's last 1 to 24 `hours`, rounded down, from its hourly cells.
    ///
    /// Errors: `InvalidPeriod`; `WindowThin` when less than three quarters of that time have a price. Anyone.
    fn twap(env: Env, asset: Address, hours: u32) -> Result<i128, PriceError>;

    /// How far `collateral` has fallen against `debt`, measured from hours that began after `after` (0 for all of them).
    ///
    /// Errors: `UnknownAsset`, `TooFewSources`, `WindowThin`, `NoTwap`, `Overflow`. Anyone.
    fn depreciation(
        env: Env,
        collateral: Address,
        debt: Address,
        after: u64,
    ) -> Result<Depreciation, PriceError>;

    /// Records the event that is under way on a pair: a new one, or the last one deeper. An event lasts 24 hours; a fall
    /// after that is a new one, measured only from what came after the last one's deepest point.
    ///
    /// Errors: those of `depreciation`, `BelowThreshold`, `NotDeeper`. Events: `Triggered`. Anyone.
    fn trigger(
        env: Env,
        collateral: Address,
        debt: Address,
    ) -> Result<DepreciationEvent, PriceError>;

    /// The last event recorded on a pair.
    fn event(env: Env, collateral: Address, debt: Address) -> Option<DepreciationEvent>;

    /// Why cover on a pair is not sold now; `None` when it may be. Never fails.
    fn armed(env: Env, collateral: Address, debt: Address) -> Option<Armed>;

    /// Observes the assets' prices into their windows. One asset's trouble does not touch the others; the answers keep
    /// the order of `assets`.
    ///
    /// Events: `Observed`. Anyone.
    fn poke(env: Env, assets: Vec<Address>) -> Vec<Poked>;

    /// The sources of an asset; empty when it is not listed.
    fn sources(env: Env, asset: Address) -> Vec<Source>;

    /// Sets the sources of an asset, in order of preference within a venue. An empty list delists it; its window stays.
    ///
    /// Errors: `InvalidSources`. Events: `SourcesSet`. Owner only: a source is as sensitive as the code.
    fn set_sources(env: Env, asset: Address, sources: Vec<Source>) -> Result<(), PriceError>;

    /// Takes all sources of one venue off an asset's list, once until the owner sets the list again. With fewer than two venues left the
    /// asset has no price, with none it is delisted; its window stays.
    ///
    /// Errors: `UnknownVenue`, `AlreadyDropped`. Events: `VenueDropped`. The guardian only.
    fn drop_venue(env: Env, asset: Address, venue: Symbol) -> Result<(), PriceError>;

    /// Who may drop a venue: the first owner until another is set.
    fn guardian(env: Env) -> Address;

    /// Sets who may drop a venue.
    ///
    /// Events: `GuardianSet`. Owner only.
    fn set_guardian(env: Env, guardian: Address);

    /// The fall that triggers an event on a pair, 1e7 = 100 %: 15 % unless set.
    fn threshold(env: Env, collateral: Address, debt: Address) -> i128;

    /// Sets the fall that triggers an event on a pair, 1 % to 90 %.
    ///
    /// Errors: `InvalidThreshold`. Events: `ThresholdSet`. Owner only.
    fn set_threshold(
        env: Env,
        collateral: Address,
        debt: Address,
        threshold: i128,
    ) -> Result<(), PriceError>;
}
