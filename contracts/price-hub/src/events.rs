//! Everything the hub tells indexers.

use interfaces::price::{DepreciationEvent, Source};
use soroban_sdk::{contractevent, Address, Symbol, Vec};

/// A price was observed into an asset's window.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// The asset.
    #[topic]
    pub asset: Address,
    /// The median, in dollars with 14 decimals.
    pub price: i128,
    /// Independent sources that agreed.
    pub sources: u32,
    /// Whether it is a jump that waits for three observations to agree.
    pub quarantined: bool,
}

/// A depreciation event was recorded, or became deeper.
#[contractevent(data_format = "single-value")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Triggered {
    /// What fell.
    #[topic]
    pub collateral: Address,
    /// What it fell against.
    #[topic]
    pub debt: Address,
    /// The event as it is stored.
    pub event: DepreciationEvent,
}

/// The owner set an asset's sources.
#[contractevent(data_format = "single-value")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourcesSet {
    /// The asset.
    #[topic]
    pub asset: Address,
    /// All its sources; none when it was delisted.
    pub sources: Vec<Source>,
}

/// The guardian took a venue off an asset's list.
#[contractevent(data_format = "single-value")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VenueDropped {
    /// The asset.
    #[topic]
    pub asset: Address,
    /// The venue.
    #[topic]
    pub venue: Symbol,
    /// All its sources that are left; none when it was delisted.
    pub sources: Vec<Source>,
}

/// The owner set who may drop a venue.
#[contractevent(data_format = "single-value")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuardianSet {
    /// The guardian.
    pub guardian: Address,
}

/// The owner set a pair's threshold.
#[contractevent(data_format = "single-value")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThresholdSet {
    /// What may fall.
    #[topic]
    pub collateral: Address,
    /// What it may fall against.
    #[topic]
    pub debt: Address,
    /// The fall that triggers an event, 1e7 = 100 %.
    pub threshold: i128,
}
