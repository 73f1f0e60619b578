//! The platform: what bTokens are worth, supplying, withdrawing, and how much of it is liquid.

use actuary::math::{add, div_up, mul_div_down, mul_div_up};
use actuary::{Assets, FULL_RATE};
use interfaces::blend::{BlendPoolClient, Request, Reserve, RATE_SCALE, SUPPLY, WITHDRAW};
use interfaces::vault::VaultConfig;
use soroban_sdk::auth::{ContractContext, InvokerContractAuthEntry, SubContractInvocation};
use soroban_sdk::{token::TokenClient, vec, Address, Env, IntoVal, Symbol};

use crate::books::Vault;
use crate::errors::{answered, require, VaultError};

/// The reserve that the vault lends to, accrued to now.
pub struct Market(Reserve);

impl Market {
    /// Asks the platform.
    pub fn read(env: &Env, config: &VaultConfig) -> Result<Self, VaultError> {
        let reserve = BlendPoolClient::new(env, &config.platform).try_get_reserve(&config.asset);
        Ok(Self(answered(
            env,
            reserve,
            VaultError::PlatformUnavailable,
        )))
    }

    /// What bTokens are worth, rounded down.
    pub fn value_down(&self, b_tokens: i128) -> Result<Assets, VaultError> {
        Ok(Assets::from_raw(mul_div_down(
            b_tokens,
            self.0.data.b_rate,
            RATE_SCALE,
        )?))
    }

    /// What whole bTokens come to at most `assets`: the value that supplying them adds, and what giving up that much
    /// value brings back. Rounded down twice, as the platform does.
    pub fn whole_down(&self, assets: Assets) -> Result<Assets, VaultError> {
        self.value_down(mul_div_down(assets.raw(), RATE_SCALE, self.0.data.b_rate)?)
    }

    /// What whole bTokens come to at least `assets`: what must be supplied to add that much value, and the value that
    /// withdrawing them takes. Rounded up twice.
    pub fn whole_up(&self, assets: Assets) -> Result<Assets, VaultError> {
        let b_tokens = mul_div_up(assets.raw(), RATE_SCALE, self.0.data.b_rate)?;
        Ok(Assets::from_raw(mul_div_up(
            b_tokens,
            self.0.data.b_rate,
            RATE_SCALE,
        )?))
    }

    /// How much the platform takes until its supply cap.
    pub fn room(&self) -> Result<Assets, VaultError> {
        if !self.0.config.enabled {
            return Ok(Assets::ZERO);
        }
        let cap = Assets::checked_from_raw(self.0.config.supply_cap)?;
        Ok(cap.sub_or_zero(self.value_down(self.0.data.b_supply)?))
    }

    /// How much the platform can pay: what it holds, while its utilisation stays below 100 % with 7 decimals.
    pub fn liquid(&self, env: &Env, config: &VaultConfig) -> Result<Assets, VaultError> {
        let data = &self.0.data;
        let lent = mul_div_up(data.d_supply, data.d_rate, RATE_SCALE)?;
        let least = mul_div_up(lent, FULL_RATE, FULL_RATE - 1)?;
        // One bToken may be burned for a part of it.
        let rounding = div_up(data.b_rate, RATE_SCALE)?;
        let kept = if lent == 0 { 0 } else { add(least, rounding)? };
        let held = TokenClient::new(env, &config.asset).balance(&config.platform);
        let supplied = self.value_down(data.b_supply)?;
        Ok(supplied
            .sub_or_zero(Assets::from_raw(kept))
            .min(Assets::from_raw(held)))
    }
}

/// Lends `amount` of cash.
pub fn supply(env: &Env, vault: &mut Vault, amount: Assets) -> Result<(), VaultError> {
    let (config, this) = (&vault.config, env.current_contract_address());
    require(amount <= vault.books.cash, VaultError::NotEnoughCash)?;
    authorize_transfer(env, config, &config.platform, amount.raw());
    vault.books.b_tokens = submit(env, config, &this, SUPPLY, amount);
    vault.books.cash = vault.books.cash.checked_sub(amount)?;
    Ok(())
}

/// Takes `amount` from the platform into cash, at most what is lent by the books: asked for more, the platform pays less than that.
pub fn withdraw(env: &Env, vault: &mut Vault, amount: Assets) -> Result<(), VaultError> {
    let (config, this) = (&vault.config, env.current_contract_address());
    let lent = vault.market.value_down(vault.books.b_tokens)?;
    let most = vault.market.liquid(env, config)?.min(lent);
    require(amount <= most, VaultError::Illiquid)?;
    vault.books.b_tokens = submit(env, config, &this, WITHDRAW, amount);
    vault.books.cash = vault.books.cash.checked_add(amount)?;
    Ok(())
}

/// Makes sure that there are `amount` idle units.
pub fn ensure_cash(env: &Env, vault: &mut Vault, amount: Assets) -> Result<(), VaultError> {
    let missing = amount.sub_or_zero(vault.books.cash);
    if missing.is_zero() {
        return Ok(());
    }
    withdraw(env, vault, missing)
}

/// Lets the next call move exactly `amount` of the vault's asset to `to`.
pub fn authorize_transfer(env: &Env, config: &VaultConfig, to: &Address, amount: i128) {
    let context = ContractContext {
        contract: config.asset.clone(),
        fn_name: Symbol::new(env, "transfer"),
        args: (env.current_contract_address(), to, amount).into_val(env),
    };
    authorize(env, context);
}

/// Lets the next call make one call in the vault's name.
pub fn authorize(env: &Env, context: ContractContext) {
    let invocation = SubContractInvocation {
        context,
        sub_invocations: vec![env],
    };
    env.authorize_as_current_contract(vec![env, InvokerContractAuthEntry::Contract(invocation)]);
}

/// Submits one request for the vault. Returns the bTokens it then holds.
fn submit(
    env: &Env,
    config: &VaultConfig,
    this: &Address,
    request_type: u32,
    amount: Assets,
) -> i128 {
    let request = Request {
        request_type,
        address: config.asset.clone(),
        amount: amount.raw(),
    };
    let platform = BlendPoolClient::new(env, &config.platform);
    let positions = platform.try_submit(this, this, this, &vec![env, request]);
    let positions = answered(env, positions, VaultError::PlatformUnavailable);
    positions.supply.get(config.reserve).unwrap_or(0)
}
