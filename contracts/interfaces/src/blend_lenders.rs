//! The contract for Blend's lenders: what they lost, to defaults and to deficits, and cover of vaults that lend there.

use crate::adapter::{AdapterError, CoverRequest};
use crate::cover::{Peril, Quote, Settlement};
use soroban_sdk::{contractclient, contracttype, Address, Env, Vec};

/// A loss of a reserve's lenders: a fall of its b_rate, seen between two looks, or a deficit that was seen twice.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LossStep {
    /// The loss index after this step.
    pub index: i128,
    /// The part of it that deficits are; the rest is defaults.
    pub deficits: i128,
    /// Of a fall: beginning of the interval it happened in, the look before. Of a deficit: the first look that saw it.
    pub began_at: u64,
    /// The look that counted it.
    pub seen_at: u64,
}

/// What one bToken of a reserve has lost so far, in units of the underlying asset with 12 decimals.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LossIndex {
    /// The index: grows by falls of the b_rate and by deficits, never falls. It is never above the most that a bToken has
    /// lost so far: what was counted as a deficit and is there again is set off against later falls.
    pub index: i128,
    /// The part of it that deficits are.
    pub deficits: i128,
    /// What of the deficits that were counted was missing still at the last look: a bToken is worth so much less than its
    /// b_rate says.
    pub missing: i128,
    /// When the reserve was last looked at.
    pub recorded_at: u64,
    /// The latest steps, oldest first, at most 16.
    pub steps: Vec<LossStep>,
}

/// A vault that is insured as a whole.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultTerms {
    /// The Blend pool it lends on.
    pub platform: Address,
    /// The asset it lends; equal to the cover pool's settlement asset.
    pub asset: Address,
    /// The group of the cover pool it is insured in.
    pub group: u32,
}

/// What the contract is built on.
#[contracttype]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LendersConfig {
    /// The cover pool; its settlement asset is what vaults lend.
    pub cover_pool: Address,
    /// The price hub.
    pub price_hub: Address,
    /// Blend's backstop, which serves all its pools.
    pub backstop: Address,
    /// How full a pool's backstop must be for cover to be sold: its product constant as a part of Blend's threshold,
    /// 1e7 = 100 %. It is a fifth power: twice the tokens are 32 times the product.
    pub backstop_floor: i128,
}

/// The contract for Blend's lenders. Amounts are in the smallest unit of the cover pool's asset unless said otherwise.
#[contractclient(name = "BlendLendersClient")]
pub trait BlendLenders {
    /// Look at a reserve's b_rate and book a fall in the loss index, defaulting the backstop's bad debt on the way when
    /// Blend lets it. Anyone. Events: `LossRecorded`.
    fn record(env: Env, platform: Address, asset: Address) -> Result<LossIndex, AdapterError>;
    /// Record a reserve, and look whether it is short of more than 0.1 % of what its lenders own, beyond what was counted
    /// before. What is seen twice, at least an hour and at most a day apart, goes onto the loss index, as of the first
    /// look. A look that finds nothing missing at all forgets the first one. `NoDeficit` where there is nothing to see or to
    /// count yet. Anyone. Events: `LossRecorded`, `DeficitSeen`.
    fn prove_deficit(
        env: Env,
        platform: Address,
        asset: Address,
    ) -> Result<LossIndex, AdapterError>;
    /// The loss index of a reserve as it was last recorded. Anyone.
    fn loss_index(env: Env, platform: Address, asset: Address) -> Result<LossIndex, AdapterError>;

    /// Insure a registered vault as a whole; `payer` pays. Refused while the vault is armed. The vault.
    fn insure_vault(
        env: Env,
        vault: Address,
        payer: Address,
        request: CoverRequest,
    ) -> Result<Quote, AdapterError>;
    /// Renew a vault's cover in the last three days of the term, paid from the payer's allowance. The vault. Returns the
    /// premium.
    fn renew_vault(
        env: Env,
        vault: Address,
        limit: i128,
        weeks: u32,
        bounty_to: Address,
    ) -> Result<i128, AdapterError>;
    /// Cancel a vault's cover. The vault; not while armed. Returns the refund.
    fn cancel_vault(env: Env, vault: Address) -> Result<i128, AdapterError>;
    /// Settle `loss` of a vault's deposit, a `Default` or a deficit (`Contract`), which happened after `occurred_at`. The
    /// vault.
    fn pay_vault(
        env: Env,
        vault: Address,
        peril: Peril,
        loss: i128,
        occurred_at: u64,
        bounty_to: Address,
    ) -> Result<Settlement, AdapterError>;
    /// Why cover of a vault is not sold now, as an error code; 0 when it is. Anyone.
    fn armed_vault(env: Env, vault: Address) -> u32;
    /// What the contract is built on. Anyone.
    fn config(env: Env) -> LendersConfig;

    /// Register a vault, and its reserve's loss index from now on; the hub must have two independent sources for every
    /// collateral its platform accepts. Events: `VaultAdded`. The owner.
    fn add_vault(env: Env, vault: Address, terms: VaultTerms) -> Result<(), AdapterError>;
}
