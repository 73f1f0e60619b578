//! What salvage tells the world.

use soroban_sdk::{contractevent, Address};

/// Surrendered collateral has arrived.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LotBooked {
    /// The claim that it was surrendered for.
    #[topic]
    pub claim: u32,
    /// The adapter that booked it.
    pub adapter: Address,
    /// The collateral asset.
    pub asset: Address,
    /// How much of it, in its smallest unit.
    pub amount: i128,
    /// What it was worth at the reference price, in the settlement asset.
    pub value: i128,
    /// Who surrendered it.
    pub owner: Address,
}

/// The claim of a lot is closed, and its sale has begun.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LotOffered {
    /// The claim.
    #[topic]
    pub claim: u32,
}

/// A part of a lot was sold.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LotSold {
    /// The claim.
    #[topic]
    pub claim: u32,
    /// Who bought it.
    #[topic]
    pub buyer: Address,
    /// How much, in the collateral's smallest unit.
    pub amount: i128,
    /// What the cover pool got for it.
    pub price: i128,
}

/// The claim of a lot was denied, and its owner has it back.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LotReturned {
    /// The claim.
    #[topic]
    pub claim: u32,
    /// Who surrendered it.
    #[topic]
    pub owner: Address,
    /// How much, in the collateral's smallest unit.
    pub amount: i128,
}

/// The claim of a lot was denied, and its owner could not receive it: it waits for them.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LotWaits {
    /// The claim.
    #[topic]
    pub claim: u32,
}
