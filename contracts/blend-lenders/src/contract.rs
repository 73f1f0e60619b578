//! Entry points. Records and proofs are open to anyone; cover of a vault is the vault's, vaults and code are the owner's.

use adjuster::refusal::{code, Refusal};
use interfaces::adapter::{AdapterError, CoverRequest};
use interfaces::assign::Assignable;
use interfaces::blend_lenders::{
    BlendLenders as BlendLendersInterface, LendersConfig, LossIndex, VaultTerms,
};
use interfaces::cover::{CoverPoolVaultClient, Interest, Peril, Quote, Settlement};
use soroban_sdk::{contract, contractimpl, Address, BytesN, Env};
use stellar_access::ownable;
use stellar_contract_utils::upgradeable::{self, Upgradeable};
use stellar_macros::only_owner;

use crate::{deficit, listing, loss_index, storage, vault};

/// The contract for Blend's lenders.
#[contract]
pub struct BlendLenders;

#[contractimpl]
impl BlendLenders {
    /// `owner` lists vaults and may change the code.
    pub fn __constructor(env: Env, owner: Address, config: LendersConfig) {
        ownable::set_owner(&env, &owner);
        storage::set_asset(
            &env,
            &CoverPoolVaultClient::new(&env, &config.cover_pool).query_asset(),
        );
        storage::set_config(&env, &config);
    }
}

#[contractimpl]
impl BlendLendersInterface for BlendLenders {
    fn record(env: Env, platform: Address, asset: Address) -> Result<LossIndex, AdapterError> {
        Ok(loss_index::record(&env, &platform, &asset)?.1)
    }

    fn prove_deficit(
        env: Env,
        platform: Address,
        asset: Address,
    ) -> Result<LossIndex, AdapterError> {
        deficit::prove(&env, &platform, &asset)
    }

    fn loss_index(env: Env, platform: Address, asset: Address) -> Result<LossIndex, AdapterError> {
        Ok(loss_index::last(&env, &platform, &asset)?.1)
    }

    fn insure_vault(
        env: Env,
        vault: Address,
        payer: Address,
        request: CoverRequest,
    ) -> Result<Quote, AdapterError> {
        vault.require_auth();
        vault::insure(&env, &vault, &payer, request)
    }

    fn renew_vault(
        env: Env,
        vault: Address,
        limit: i128,
        weeks: u32,
        bounty_to: Address,
    ) -> Result<i128, AdapterError> {
        vault.require_auth();
        vault::renew(&env, &vault, limit, weeks, &bounty_to)
    }

    fn cancel_vault(env: Env, vault: Address) -> Result<i128, AdapterError> {
        vault.require_auth();
        vault::cancel(&env, &vault)
    }

    fn pay_vault(
        env: Env,
        vault: Address,
        peril: Peril,
        loss: i128,
        occurred_at: u64,
        bounty_to: Address,
    ) -> Result<Settlement, AdapterError> {
        vault.require_auth();
        vault::pay(&env, &vault, (peril, loss), occurred_at, &bounty_to)
    }

    fn armed_vault(env: Env, vault: Address) -> u32 {
        code(vault::require_unarmed(&env, &vault))
    }

    fn config(env: Env) -> LendersConfig {
        storage::config(&env)
    }

    #[only_owner]
    fn add_vault(env: Env, vault: Address, terms: VaultTerms) -> Result<(), AdapterError> {
        listing::add_vault(&env, vault, terms)
    }
}

/// Cover of a vault is its depositors': it is never assigned.
#[contractimpl]
impl Assignable for BlendLenders {
    fn assign(env: Env, _interest: Interest, _to: Address) {
        Refusal::from(AdapterError::NotAssignable).raise(&env)
    }
}

#[contractimpl]
impl Upgradeable for BlendLenders {
    #[only_owner]
    fn upgrade(e: &Env, new_wasm_hash: BytesN<32>, _operator: Address) {
        upgradeable::upgrade(e, &new_wasm_hash);
    }
}

/// Ownership as OpenZeppelin's `Ownable` has it, but that it cannot be renounced: vaults and code need an owner.
#[contractimpl]
impl BlendLenders {
    /// The owner.
    pub fn get_owner(env: Env) -> Option<Address> {
        ownable::get_owner(&env)
    }

    /// Offer ownership, until that ledger. The owner.
    pub fn transfer_ownership(env: Env, new_owner: Address, live_until_ledger: u32) {
        ownable::transfer_ownership(&env, &new_owner, live_until_ledger);
    }

    /// Accept it. The new owner.
    pub fn accept_ownership(env: Env) {
        ownable::accept_ownership(&env);
    }
}
