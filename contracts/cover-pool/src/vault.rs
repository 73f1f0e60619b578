//! The LP side: OpenZeppelin's SEP-41 and SEP-56 with our NAV in every conversion. Deposits mint at NAV_hi, exits pay at
//! NAV_lo, so that nobody trades on an open claim or an advance; supply is in our books.

use actuary::nav::{assets_for_down, assets_for_up, shares_for_down, shares_for_up};
use actuary::premium::MAX_LIMIT;
use actuary::{Assets, Shares};
use soroban_sdk::{Address, Env, MuxedAddress};
use stellar_tokens::fungible::{total_supply::TotalSupplyOverrides, Base, ContractOverrides};
use stellar_tokens::vault::{emit_deposit, VaultOverrides};

use crate::amount::increase;
use crate::books::{Books, Pool};
use crate::errors::{require, CoverError, OrFail};
use crate::exit::{redeem, redeemable, withdraw, Redemption};
use crate::payment::{take, take_from_allowance};
use crate::types::Scope;
use crate::{identity, pause, storage};

/// The most the pool holds: what formulas count with.
const MAX_CASH: Assets = MAX_LIMIT;

/// Who is part of a deposit.
pub struct Depositor<'a> {
    pub receiver: &'a Address,
    pub from: &'a Address,
    pub operator: &'a Address,
}

/// Mints shares for `assets` at NAV_hi, rounded down, at least `min_shares` and at least one. Returns them.
pub fn deposit(env: &Env, depositor: &Depositor, assets: i128, min_shares: i128) -> i128 {
    require_welcome(env, depositor);
    let (pool, assets) = (
        Pool::load(env),
        Assets::checked_from_raw(assets).or_fail(env),
    );
    let shares = shares_for_down(assets, pool.books.shares, pool.nav(env).hi).or_fail(env);
    require(
        env,
        shares.raw() >= min_shares.max(1),
        CoverError::TooFewShares,
    );
    issue(env, pool.books, depositor, assets, shares);
    shares.raw()
}

/// Mints exactly `shares` for assets at NAV_hi, rounded up. Returns the assets.
fn mint(env: &Env, depositor: &Depositor, shares: i128) -> i128 {
    require_welcome(env, depositor);
    let (pool, shares) = (
        Pool::load(env),
        Shares::checked_from_raw(shares).or_fail(env),
    );
    require(env, !shares.is_zero(), CoverError::TooFewShares);
    let assets = assets_for_up(shares, pool.books.shares, pool.nav(env).hi).or_fail(env);
    issue(env, pool.books, depositor, assets, shares);
    assets.raw()
}

/// Refuses deposits while they are paused, and who has not shown who they are.
fn require_welcome(env: &Env, depositor: &Depositor) {
    pause::require_open(env, Scope::Deposits);
    identity::require_lp(env, depositor.receiver);
}

/// Takes assets in and books the shares minted for them.
pub fn issue(env: &Env, mut books: Books, depositor: &Depositor, assets: Assets, shares: Shares) {
    let Depositor {
        receiver,
        from,
        operator,
    } = depositor;
    if operator == from {
        take(env, &mut books, from, assets, assets);
    } else {
        take_from_allowance(env, &mut books, operator, from, assets);
    }
    require(env, books.cash <= MAX_CASH, CoverError::InvalidAmount);
    increase(env, &mut books.shares, shares);
    Base::update(env, None, Some(receiver), shares.raw());
    storage::set_books(env, &books);
    emit_deposit(env, operator, from, receiver, assets.raw(), shares.raw());
}

/// The most that may be deposited now.
fn max_deposit(env: &Env) -> Assets {
    if pause::check_open(env, Scope::Deposits).is_err() {
        return Assets::ZERO;
    }
    MAX_CASH.sub_or_zero(storage::books(env).cash)
}

/// What an amount is converted for: deposits and mints at NAV_hi, withdrawals and redemptions at NAV_lo, all of them
/// rounded in the pool's favour.
#[derive(Clone, Copy)]
enum Conversion {
    Deposit,
    Mint,
    Withdraw,
    Redeem,
}

/// The other side of an amount of assets or shares, now.
fn converted(env: &Env, conversion: Conversion, amount: i128) -> i128 {
    let pool = Pool::load(env);
    let (supply, nav) = (pool.books.shares, pool.nav(env));
    let (assets, shares) = (Assets::from_raw(amount), Shares::from_raw(amount));
    match conversion {
        Conversion::Deposit => shares_for_down(assets, supply, nav.hi).or_fail(env).raw(),
        Conversion::Mint => assets_for_up(shares, supply, nav.hi).or_fail(env).raw(),
        Conversion::Withdraw => shares_for_up(assets, supply, nav.lo).or_fail(env).raw(),
        Conversion::Redeem => assets_for_down(shares, supply, nav.lo).or_fail(env).raw(),
    }
}

/// The contract type behind the pool's SEP-41 and SEP-56 entry points.
pub struct LpShares;

impl ContractOverrides for LpShares {
    /// The pool's own balance is the dead shares and everybody's escrow, so that balances add up to the supply.
    fn balance(e: &Env, account: &Address) -> i128 {
        let balance = Base::balance(e, account);
        if *account != e.current_contract_address() {
            return balance;
        }
        balance.saturating_add(storage::books(e).queued.raw())
    }

    /// Refused to who is sanctioned: what is theirs stays theirs.
    fn transfer(e: &Env, from: &Address, to: &MuxedAddress, amount: i128) {
        identity::require_not_sanctioned(e, from);
        Base::transfer(e, from, to, amount);
    }

    /// The same by a spender.
    fn transfer_from(e: &Env, spender: &Address, from: &Address, to: &Address, amount: i128) {
        identity::require_not_sanctioned(e, from);
        Base::transfer_from(e, spender, from, to, amount);
    }
}

impl TotalSupplyOverrides for LpShares {
    fn total_supply(e: &Env) -> i128 {
        storage::books(e).shares.raw()
    }
}

impl VaultOverrides for LpShares {
    fn query_asset(e: &Env) -> Address {
        storage::asset(e)
    }

    /// NAV_lo.
    fn total_assets(e: &Env) -> i128 {
        Pool::load(e).nav(e).lo.raw()
    }

    fn convert_to_shares(e: &Env, assets: i128) -> i128 {
        Self::preview_deposit(e, assets)
    }

    fn convert_to_assets(e: &Env, shares: i128) -> i128 {
        Self::preview_redeem(e, shares)
    }

    fn max_deposit(e: &Env, _receiver: Address) -> i128 {
        max_deposit(e).raw()
    }

    fn preview_deposit(e: &Env, assets: i128) -> i128 {
        converted(e, Conversion::Deposit, assets)
    }

    fn deposit(e: &Env, assets: i128, receiver: Address, from: Address, operator: Address) -> i128 {
        operator.require_auth();
        let depositor = Depositor {
            receiver: &receiver,
            from: &from,
            operator: &operator,
        };
        deposit(e, &depositor, assets, 1)
    }

    fn max_mint(e: &Env, receiver: Address) -> i128 {
        Self::preview_deposit(e, Self::max_deposit(e, receiver))
    }

    fn preview_mint(e: &Env, shares: i128) -> i128 {
        converted(e, Conversion::Mint, shares)
    }

    fn mint(e: &Env, shares: i128, receiver: Address, from: Address, operator: Address) -> i128 {
        operator.require_auth();
        let depositor = Depositor {
            receiver: &receiver,
            from: &from,
            operator: &operator,
        };
        mint(e, &depositor, shares)
    }

    fn max_withdraw(e: &Env, owner: Address) -> i128 {
        Self::preview_redeem(e, Self::max_redeem(e, owner))
    }

    fn preview_withdraw(e: &Env, assets: i128) -> i128 {
        converted(e, Conversion::Withdraw, assets)
    }

    fn withdraw(
        e: &Env,
        assets: i128,
        receiver: Address,
        owner: Address,
        operator: Address,
    ) -> i128 {
        operator.require_auth();
        let redemption = Redemption {
            owner: &owner,
            receiver: &receiver,
            operator: &operator,
        };
        withdraw(e, &redemption, assets).raw()
    }

    fn max_redeem(e: &Env, owner: Address) -> i128 {
        redeemable(e, &owner).raw()
    }

    fn preview_redeem(e: &Env, shares: i128) -> i128 {
        converted(e, Conversion::Redeem, shares)
    }

    fn redeem(e: &Env, shares: i128, receiver: Address, owner: Address, operator: Address) -> i128 {
        operator.require_auth();
        let redemption = Redemption {
            owner: &owner,
            receiver: &receiver,
            operator: &operator,
        };
        redeem(e, &redemption, shares).raw()
    }
}
