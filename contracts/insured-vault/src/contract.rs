//! Entry points: each authorises and makes one call into the logic. Depositing, leaving, settling and renewing are open
//! to anyone; where money is lent, how the vault is insured and its code are the owner's, who can move none of it out.

use actuary::Assets;
use interfaces::adapter::CoverRequest;
use interfaces::blend::BlendPoolClient;
use interfaces::blend_lenders::BlendLendersClient;
use interfaces::cover::{CoverPoolVaultClient, Quote};
use interfaces::vault::{
    InsuredVault as InsuredVaultInterface, VaultConfig, VaultSetup, VaultState,
};
use soroban_sdk::{
    contract, contractimpl, token::TokenClient, Address, BytesN, Env, MuxedAddress, String,
};
use stellar_access::ownable::{self, Ownable};
use stellar_contract_utils::upgradeable::{self, Upgradeable};
use stellar_macros::only_owner;
use stellar_tokens::fungible::total_supply::FungibleTotalSupply;
use stellar_tokens::fungible::{Base, FungibleToken};
use stellar_tokens::vault::FungibleVault;

use crate::books::Vault;
use crate::errors::{require, VaultError};
use crate::events::{Divested, Invested};
use crate::vault::{is_unarmed, VaultShares};
use crate::{cover, lending, storage, vault};

/// Decimals that a share has more than the asset.
const SHARE_OFFSET: u32 = 3;

/// The insured vault.
#[contract]
pub struct InsuredVault;

#[contractimpl]
impl InsuredVault {
    /// Founds the vault: `funder` gives one unit of the asset for the dead shares, which the vault holds itself. It
    /// takes deposits once the adapter's owner has registered it.
    pub fn __constructor(
        env: Env,
        owner: Address,
        setup: VaultSetup,
        name: String,
        symbol: String,
        funder: Address,
    ) {
        let VaultSetup {
            adapter,
            platform,
            max_rate,
        } = setup;
        let cover_pool = BlendLendersClient::new(&env, &adapter).config().cover_pool;
        let asset = CoverPoolVaultClient::new(&env, &cover_pool).query_asset();
        let reserve = BlendPoolClient::new(&env, &platform)
            .get_reserve(&asset)
            .config
            .index;
        let decimals = TokenClient::new(&env, &asset)
            .decimals()
            .saturating_add(SHARE_OFFSET);
        ownable::set_owner(&env, &owner);
        Base::set_metadata(&env, decimals, name, symbol);
        vault::found(&env, &asset, &funder);
        let config = VaultConfig {
            adapter,
            cover_pool,
            platform,
            asset,
            reserve,
            max_rate,
        };
        storage::set_config(&env, &config);
    }
}

#[contractimpl]
impl InsuredVaultInterface for InsuredVault {
    fn settle(env: Env, bounty_to: Address) -> Result<i128, VaultError> {
        cover::settle(&env, &bounty_to)
    }

    #[only_owner]
    fn invest(env: Env, amount: i128) -> Result<(), VaultError> {
        let mut vault = Vault::open(&env)?;
        require(is_unarmed(&env, &vault), VaultError::Armed)?;
        lending::supply(&env, &mut vault, above_zero(amount)?)?;
        vault.store(&env);
        Invested { amount }.publish(&env);
        Ok(())
    }

    #[only_owner]
    fn divest(env: Env, amount: i128) -> Result<(), VaultError> {
        let mut vault = Vault::open_to_leave(&env)?;
        lending::withdraw(&env, &mut vault, above_zero(amount)?)?;
        vault.store(&env);
        Divested { amount }.publish(&env);
        Ok(())
    }

    #[only_owner]
    fn insure(env: Env, payer: Address, request: CoverRequest) -> Result<Quote, VaultError> {
        let has_signed = [
            Some(env.current_contract_address()),
            ownable::get_owner(&env),
        ]
        .contains(&Some(payer.clone()));
        if !has_signed {
            payer.require_auth();
        }
        cover::insure(&env, &payer, &request)
    }

    fn renew(env: Env, limit: i128, weeks: u32, bounty_to: Address) -> Result<i128, VaultError> {
        cover::renew(&env, limit, weeks, &bounty_to)
    }

    #[only_owner]
    fn cancel(env: Env) -> Result<i128, VaultError> {
        cover::cancel(&env)
    }

    fn cover_ratio(env: Env) -> Result<i128, VaultError> {
        cover::ratio_down(&env)
    }

    fn state(env: Env) -> Result<VaultState, VaultError> {
        Vault::peek(&env)?.state(&env)
    }

    fn config(env: Env) -> Result<VaultConfig, VaultError> {
        storage::config(&env)
    }
}

/// An amount that somebody wants moved.
fn above_zero(amount: i128) -> Result<Assets, VaultError> {
    require(amount > 0, VaultError::InvalidAmount)?;
    Ok(Assets::from_raw(amount))
}

#[contractimpl(contracttrait)]
impl FungibleToken for InsuredVault {
    type ContractType = VaultShares;
}

#[contractimpl(contracttrait)]
impl FungibleTotalSupply for InsuredVault {}

#[contractimpl(contracttrait)]
impl FungibleVault for InsuredVault {}

#[contractimpl(contracttrait)]
impl Ownable for InsuredVault {}

#[contractimpl]
impl Upgradeable for InsuredVault {
    #[only_owner]
    fn upgrade(e: &Env, new_wasm_hash: BytesN<32>, _operator: Address) {
        upgradeable::upgrade(e, &new_wasm_hash);
    }
}
