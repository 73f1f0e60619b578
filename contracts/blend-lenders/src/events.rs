//! What the contract tells the world. Sales and payments are told by the cover pool.

use interfaces::blend_lenders::{LossStep, VaultTerms};
use soroban_sdk::{contractevent, Address};

/// A reserve's b_rate fell, or a deficit was seen for the second time.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LossRecorded {
    /// The Blend pool.
    #[topic]
    pub platform: Address,
    /// The reserve's asset.
    #[topic]
    pub asset: Address,
    /// The step.
    pub step: LossStep,
}

/// A reserve was seen to be short of assets; seen again it counts.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeficitSeen {
    /// The Blend pool.
    #[topic]
    pub platform: Address,
    /// The reserve's asset.
    #[topic]
    pub asset: Address,
    /// What is missing, counted before or not.
    pub missing: i128,
}

/// A vault was registered.
#[contractevent(data_format = "vec")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultAdded {
    /// The vault.
    #[topic]
    pub vault: Address,
    /// Where it lends and is insured.
    pub terms: VaultTerms,
}
