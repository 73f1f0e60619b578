//! Buying collateral in a rescue: at no worse than 99 % of the hub's price, or not at all.

use actuary::advance::BUYING_BOUND;
use actuary::price::Priced;
use actuary::{Assets, Price};
use interfaces::blend::{BlendPoolClient, Reserve, RATE_SCALE};
use interfaces::position::{Account, Links};
use interfaces::price::{PriceHubClient, PRICE_ONE};
use soroban_sdk::auth::ContractContext;
use soroban_sdk::{contractclient, Address, Env, IntoVal, Symbol};

use crate::loan;

/// Platform statuses up to this one take supply.
const LAST_STATUS_THAT_TAKES_SUPPLY: u32 = 3;

/// Ledgers that Comet rounds an allowance's life up to.
const ALLOWANCE_LIFE: u32 = 100_000;

/// Comet, the weighted pool that Blend's backstop is made of: the part that is called.
#[contractclient(name = "CometClient")]
#[allow(dead_code)]
trait Comet {
    /// Swap exactly `token_amount_in`; both the result and the price are bounded. Returns the amount out and the price after.
    fn swap_exact_amount_in(
        env: Env,
        token_in: Address,
        token_amount_in: i128,
        token_out: Address,
        min_amount_out: i128,
        max_price: i128,
        user: Address,
    ) -> (i128, i128);
}

/// Spends `amount` of the debt asset, which the position holds, on collateral. None if exchange, hub or platform cannot
/// serve it; then nothing has happened.
pub fn buy(env: &Env, account: &Account, links: &Links, amount: i128) -> Option<i128> {
    let exchange = links.exchange.as_ref()?;
    let least = least_bought(env, account, links, amount)?;
    authorise_allowance(env, account, exchange, amount);
    let swapped = CometClient::new(env, exchange).try_swap_exact_amount_in(
        &account.debt,
        &amount,
        &account.collateral,
        &least,
        &i128::MAX,
        &env.current_contract_address(),
    );
    swapped.ok()?.ok().map(|(bought, _price)| bought)
}

/// The least collateral that `amount` must buy, rounded up: 99 % of what it is worth at the hub's price. None without a
/// price, or if the platform would not take the collateral.
fn least_bought(env: &Env, account: &Account, links: &Links, amount: i128) -> Option<i128> {
    let hub = PriceHubClient::new(env, &links.price_hub);
    let pair = hub
        .try_pair(&account.collateral, &account.debt)
        .ok()?
        .ok()?;
    let platform = BlendPoolClient::new(env, &account.platform);
    let collateral = platform.get_reserve(&account.collateral);
    let decimals = platform.get_reserve(&account.debt).config.decimals;
    let debt = Priced {
        price: Price::from_raw(PRICE_ONE),
        decimals,
    };
    let priced = Priced {
        price: Price::from_raw(pair.price),
        decimals: collateral.config.decimals,
    };
    let worth = debt.value_up(Assets::from_raw(amount), &priced).ok()?;
    let status = platform.get_config().status;
    if status > LAST_STATUS_THAT_TAKES_SUPPLY || !has_room(&collateral, worth.raw()) {
        return None;
    }
    worth.share_up(BUYING_BOUND).ok().map(Assets::raw)
}

/// Whether the reserve takes twice `amount`, since the swap may bring more than the hub's price promises.
fn has_room(reserve: &Reserve, amount: i128) -> bool {
    let supplied = reserve
        .data
        .b_supply
        .checked_mul(reserve.data.b_rate)
        .map(|scaled| scaled / RATE_SCALE);
    let after = supplied
        .zip(amount.checked_mul(2))
        .and_then(|(now, more)| now.checked_add(more));
    reserve.config.enabled && after.is_some_and(|total| total <= reserve.config.supply_cap)
}

/// Comet pulls through an allowance that it sets itself, in the name of whoever swaps.
fn authorise_allowance(env: &Env, account: &Account, exchange: &Address, amount: i128) {
    let expires = (env.ledger().sequence() / ALLOWANCE_LIFE + 1) * ALLOWANCE_LIFE;
    let context = ContractContext {
        contract: account.debt.clone(),
        fn_name: Symbol::new(env, "approve"),
        args: (env.current_contract_address(), exchange, amount, expires).into_val(env),
    };
    loan::authorise(env, context);
}
