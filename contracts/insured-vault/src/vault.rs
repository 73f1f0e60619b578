//! OpenZeppelin's SEP-41 and SEP-56 with our values in every conversion. Deposits mint with what cover owes
//! and the premium it has not earned, withdrawals leave without both; supply is in our books. What rounding to whole bTokens costs is borne by who comes or
//! leaves.

use actuary::nav::{assets_for_down, assets_for_up, shares_for_down, shares_for_up, DEAD_SHARES};
use actuary::premium::MAX_LIMIT;
use actuary::{Assets, Shares};
use soroban_sdk::{token::TokenClient, Address, Env};
use stellar_tokens::fungible::{total_supply::TotalSupplyOverrides, Base, ContractOverrides};
use stellar_tokens::vault::{emit_deposit, emit_withdraw, VaultOverrides};

use crate::books::{adapter, Books, Vault};
use crate::errors::{or_fail, require, VaultError};
use crate::{lending, storage};

/// The most that a vault holds: what formulas count with.
const MAX_ASSETS: Assets = MAX_LIMIT;

/// Who is part of a deposit.
struct Depositor<'a> {
    receiver: &'a Address,
    from: &'a Address,
    operator: &'a Address,
}

/// Who is part of a withdrawal.
struct Leaver<'a> {
    receiver: &'a Address,
    owner: &'a Address,
    operator: &'a Address,
}

/// Mints the dead shares to the vault itself, for one unit that `funder` gives and that stays idle.
pub fn found(env: &Env, asset: &Address, funder: &Address) {
    let (this, unit) = (env.current_contract_address(), Assets::from_raw(1));
    TokenClient::new(env, asset).transfer(funder, &this, &unit.raw());
    Base::update(env, None, Some(&this), DEAD_SHARES.raw());
    storage::set_books(
        env,
        &Books {
            cash: unit,
            shares: DEAD_SHARES,
            ..Books::default()
        },
    );
    emit_deposit(env, funder, funder, &this, unit.raw(), DEAD_SHARES.raw());
}

impl Vault {
    /// The shares that a deposit mints at the value `high`: for what it adds.
    fn shares_in_down(&self, assets: Assets, high: Assets) -> Result<Shares, VaultError> {
        let added = self.market.whole_down(assets)?;
        Ok(shares_for_down(added, self.books.shares, high)?)
    }

    /// What must be deposited for so many shares at the value `high`.
    fn assets_in_up(&self, shares: Shares, high: Assets) -> Result<Assets, VaultError> {
        self.market
            .whole_up(assets_for_up(shares, self.books.shares, high)?)
    }

    /// The shares that a withdrawal burns: for what it takes from the value. Cash is used first.
    fn shares_out_up(&self, assets: Assets) -> Result<Shares, VaultError> {
        let idle = assets.min(self.books.cash);
        let taken = idle.checked_add(self.market.whole_up(assets.checked_sub(idle)?)?)?;
        Ok(shares_for_up(taken, self.books.shares, self.assets_low()?)?)
    }

    /// What so many shares are paid. Cash is used first.
    fn assets_out_down(&self, shares: Shares) -> Result<Assets, VaultError> {
        let value = assets_for_down(shares, self.books.shares, self.assets_low()?)?;
        let idle = value.min(self.books.cash);
        Ok(idle.checked_add(self.market.whole_down(value.checked_sub(idle)?)?)?)
    }

    /// What can be paid now.
    fn payable(&self, env: &Env) -> Result<Assets, VaultError> {
        Ok(self
            .books
            .cash
            .checked_add(self.market.liquid(env, &self.config)?)?)
    }
}

/// Whether deposits and investing are open: nobody buys into a loss that is coming.
pub fn is_unarmed(env: &Env, vault: &Vault) -> bool {
    let armed = adapter(env, &vault.config).try_armed_vault(&env.current_contract_address());
    matches!(armed, Ok(Ok(0)))
}

/// Takes a deposit in, of as many assets for as many shares as `amounts` makes of the vault and its high value, and
/// lends it.
fn enter(
    env: &Env,
    depositor: &Depositor,
    amounts: impl FnOnce(&Vault, Assets) -> Result<(Assets, Shares), VaultError>,
) -> Result<(Assets, Shares), VaultError> {
    let Depositor {
        receiver,
        from,
        operator,
    } = depositor;
    let (mut vault, this) = (Vault::open(env)?, env.current_contract_address());
    require(is_unarmed(env, &vault), VaultError::Armed)?;
    let high = vault.assets_high(env)?;
    let (assets, shares) = amounts(&vault, high)?;
    require(!assets.is_zero(), VaultError::InvalidAmount)?;
    require(!shares.is_zero(), VaultError::TooFewShares)?;
    let total = high.checked_add(assets)?;
    require(total <= MAX_ASSETS, VaultError::InvalidAmount)?;
    if operator == from {
        vault.token(env).transfer(from, &this, &assets.raw());
    } else {
        vault
            .token(env)
            .transfer_from(operator, from, &this, &assets.raw());
    }
    vault.books.cash = vault.books.cash.checked_add(assets)?;
    lending::supply(env, &mut vault, assets)?;
    vault.books.shares = vault.books.shares.checked_add(shares)?;
    Base::update(env, None, Some(receiver), shares.raw());
    vault.store(env);
    emit_deposit(env, operator, from, receiver, assets.raw(), shares.raw());
    Ok((assets, shares))
}

/// Pays a withdrawal, of as many assets for as many shares as `amounts` makes of the vault: from cash, then from the
/// platform.
fn leave(
    env: &Env,
    leaver: &Leaver,
    amounts: impl FnOnce(&Vault) -> Result<(Assets, Shares), VaultError>,
) -> Result<(Assets, Shares), VaultError> {
    let Leaver {
        receiver,
        owner,
        operator,
    } = leaver;
    let mut vault = Vault::open_to_leave(env)?;
    let (assets, shares) = amounts(&vault)?;
    require(
        !assets.is_zero() && !shares.is_zero(),
        VaultError::InvalidAmount,
    )?;
    if operator != owner {
        Base::spend_allowance(env, owner, operator, shares.raw());
    }
    Base::update(env, Some(owner), None, shares.raw());
    vault.books.shares = vault.books.shares.checked_sub(shares)?;
    lending::ensure_cash(env, &mut vault, assets)?;
    vault.books.cash = vault.books.cash.checked_sub(assets)?;
    vault.store(env);
    vault
        .token(env)
        .transfer(&env.current_contract_address(), *receiver, &assets.raw());
    emit_withdraw(env, operator, receiver, owner, assets.raw(), shares.raw());
    Ok((assets, shares))
}

/// The contract type behind the vault's SEP-41 and SEP-56 entry points.
pub struct VaultShares;

impl ContractOverrides for VaultShares {}

impl TotalSupplyOverrides for VaultShares {
    fn total_supply(e: &Env) -> i128 {
        or_fail(e, storage::books(e)).shares.raw()
    }
}

impl VaultOverrides for VaultShares {
    fn query_asset(e: &Env) -> Address {
        or_fail(e, storage::config(e)).asset
    }

    /// What withdrawals are paid from.
    fn total_assets(e: &Env) -> i128 {
        or_fail(e, Vault::peek(e).and_then(|vault| vault.assets_low())).raw()
    }

    fn convert_to_shares(e: &Env, assets: i128) -> i128 {
        Self::preview_deposit(e, assets)
    }

    fn convert_to_assets(e: &Env, shares: i128) -> i128 {
        Self::preview_redeem(e, shares)
    }

    /// Nothing while armed or while the cover pool does not answer, else what the platform and our formulas have room
    /// for.
    fn max_deposit(e: &Env, _receiver: Address) -> i128 {
        let most = |vault: Vault| match vault.assets_high(e) {
            Ok(high) if is_unarmed(e, &vault) => {
                Ok(MAX_ASSETS.sub_or_zero(high).min(vault.market.room()?))
            }
            _ => Ok(Assets::ZERO),
        };
        or_fail(e, Vault::peek(e).and_then(most)).raw()
    }

    fn preview_deposit(e: &Env, assets: i128) -> i128 {
        let shares = |vault: Vault| {
            vault.shares_in_down(Assets::checked_from_raw(assets)?, vault.assets_high(e)?)
        };
        or_fail(e, Vault::peek(e).and_then(shares)).raw()
    }

    fn deposit(e: &Env, assets: i128, receiver: Address, from: Address, operator: Address) -> i128 {
        operator.require_auth();
        let depositor = Depositor {
            receiver: &receiver,
            from: &from,
            operator: &operator,
        };
        let entered = enter(e, &depositor, |vault, high| {
            let assets = Assets::checked_from_raw(assets)?;
            Ok((assets, vault.shares_in_down(assets, high)?))
        });
        or_fail(e, entered).1.raw()
    }

    fn max_mint(e: &Env, receiver: Address) -> i128 {
        match Self::max_deposit(e, receiver) {
            0 => 0,
            most => Self::preview_deposit(e, most),
        }
    }

    fn preview_mint(e: &Env, shares: i128) -> i128 {
        let assets = |vault: Vault| {
            vault.assets_in_up(Shares::checked_from_raw(shares)?, vault.assets_high(e)?)
        };
        or_fail(e, Vault::peek(e).and_then(assets)).raw()
    }

    fn mint(e: &Env, shares: i128, receiver: Address, from: Address, operator: Address) -> i128 {
        operator.require_auth();
        let depositor = Depositor {
            receiver: &receiver,
            from: &from,
            operator: &operator,
        };
        let entered = enter(e, &depositor, |vault, high| {
            let shares = Shares::checked_from_raw(shares)?;
            Ok((vault.assets_in_up(shares, high)?, shares))
        });
        or_fail(e, entered).0.raw()
    }

    /// What the owner's shares are paid, as far as cash and the platform's liquidity go.
    fn max_withdraw(e: &Env, owner: Address) -> i128 {
        let most = |vault: Vault| {
            let shares = Shares::from_raw(Base::balance(e, &owner));
            Ok(vault.assets_out_down(shares)?.min(vault.payable(e)?))
        };
        or_fail(e, Vault::peek(e).and_then(most)).raw()
    }

    fn preview_withdraw(e: &Env, assets: i128) -> i128 {
        let shares = |vault: Vault| vault.shares_out_up(Assets::checked_from_raw(assets)?);
        or_fail(e, Vault::peek(e).and_then(shares)).raw()
    }

    fn withdraw(
        e: &Env,
        assets: i128,
        receiver: Address,
        owner: Address,
        operator: Address,
    ) -> i128 {
        operator.require_auth();
        let leaver = Leaver {
            receiver: &receiver,
            owner: &owner,
            operator: &operator,
        };
        let left = leave(e, &leaver, |vault| {
            let assets = Assets::checked_from_raw(assets)?;
            Ok((assets, vault.shares_out_up(assets)?))
        });
        or_fail(e, left).1.raw()
    }

    /// The owner's shares, as far as cash and the platform's liquidity go.
    fn max_redeem(e: &Env, owner: Address) -> i128 {
        let most = |vault: Vault| {
            let shares = Shares::from_raw(Base::balance(e, &owner));
            let payable = vault.payable(e)?;
            if vault.assets_out_down(shares)? <= payable {
                return Ok(shares);
            }
            Ok(shares_for_down(
                payable,
                vault.books.shares,
                vault.assets_low()?,
            )?)
        };
        or_fail(e, Vault::peek(e).and_then(most)).raw()
    }

    fn preview_redeem(e: &Env, shares: i128) -> i128 {
        let assets = |vault: Vault| vault.assets_out_down(Shares::checked_from_raw(shares)?);
        or_fail(e, Vault::peek(e).and_then(assets)).raw()
    }

    fn redeem(e: &Env, shares: i128, receiver: Address, owner: Address, operator: Address) -> i128 {
        operator.require_auth();
        let leaver = Leaver {
            receiver: &receiver,
            owner: &owner,
            operator: &operator,
        };
        let left = leave(e, &leaver, |vault| {
            let shares = Shares::checked_from_raw(shares)?;
            Ok((vault.assets_out_down(shares)?, shares))
        });
        or_fail(e, left).0.raw()
    }
}
