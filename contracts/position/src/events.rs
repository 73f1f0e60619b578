//! What a position tells the world beyond what the lending platform tells already.

use soroban_sdk::{contractevent, Address};

/// A foreclosure made someone else the owner.
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
