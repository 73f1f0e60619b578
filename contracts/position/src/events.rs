//! What a position tells the world beyond what the lending platform tells already.

use soroban_sdk::{contractevent, Address};

/// Someone else became the owner: by assignment, or in a foreclosure.
#[contractevent]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assigned {
    /// The new owner.
    #[topic]
    pub owner: Address,
}

/// A rescue bought collateral and deposited it.
#[contractevent]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollateralBought {
    /// What it cost, in the debt asset's smallest unit.
    pub spent: i128,
    /// What was bought, in the collateral's smallest unit.
    pub bought: i128,
}
