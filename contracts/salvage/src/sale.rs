//! What a part of a lot costs, and selling it.

use actuary::auction::{lot_price_up, part_price_up};
use actuary::math::sub;
use actuary::Assets;
use adjuster::payment::authorise_transfer;
use interfaces::salvage::{Lot, SalvageError};
use soroban_sdk::token::TokenClient;
use soroban_sdk::{contractclient, Address, Env};

use crate::events::LotSold;
use crate::storage::{self, Founding};

/// Of the cover pool.
#[contractclient(name = "CapitalClient")]
#[allow(dead_code)]
trait Capital {
    /// Give capital, for which no shares are minted. `from` signs this call and in it a transfer of `amount`.
    fn recapitalise(env: Env, from: Address, amount: i128);
}

/// A part of a lot that is for sale.
struct Part {
    lot: Lot,
    amount: i128,
    price: i128,
}

/// What `amount` of a lot costs now, rounded up.
pub fn price(env: &Env, claim: u32, amount: i128) -> Result<i128, SalvageError> {
    part(env, claim, amount).map(|part| part.price)
}

fn part(env: &Env, claim: u32, amount: i128) -> Result<Part, SalvageError> {
    let lot = storage::lot(env, claim).ok_or(SalvageError::UnknownLot)?;
    let start = lot.sold_from.ok_or(SalvageError::NotOffered)?;
    if amount <= 0 {
        return Err(SalvageError::InvalidAmount);
    }
    let amount = amount.min(lot.amount);
    let now = env.ledger().timestamp();
    let whole = lot_price_up(Assets::from_raw(lot.value), start, now)?;
    let price = part_price_up(whole, amount, lot.surrendered)?.raw();
    Ok(Part { lot, amount, price })
}

/// Sells `amount` of a lot, at most what is left, and gives the price to the cover pool. Returns the price.
pub fn buy(
    env: &Env,
    claim: u32,
    buyer: &Address,
    amount: i128,
    max_price: i128,
) -> Result<i128, SalvageError> {
    let Part { lot, amount, price } = part(env, claim, amount)?;
    if price > max_price {
        return Err(SalvageError::TooExpensive);
    }
    let left = Lot {
        amount: sub(lot.amount, amount)?,
        ..lot
    };
    storage::set_lot(env, claim, &left);
    let asset = &left.asset;
    storage::set_held(env, asset, sub(storage::held(env, asset), amount)?);
    collect(env, buyer, price, max_price);
    let salvage = env.current_contract_address();
    TokenClient::new(env, asset).transfer(&salvage, buyer, &amount);
    LotSold {
        claim,
        buyer: buyer.clone(),
        amount,
        price,
    }
    .publish(env);
    Ok(price)
}

/// Takes `max_price`, which the buyer signed, gives the price to the cover pool and sends the rest back.
fn collect(env: &Env, buyer: &Address, price: i128, max_price: i128) {
    let Founding {
        cover_pool, asset, ..
    } = storage::founding(env);
    let (token, salvage) = (
        TokenClient::new(env, &asset),
        env.current_contract_address(),
    );
    if max_price > 0 {
        token.transfer(buyer, &salvage, &max_price);
    }
    if price > 0 {
        authorise_transfer(env, &asset, &cover_pool, price);
        CapitalClient::new(env, &cover_pool).recapitalise(&salvage, &price);
    }
    let rest = max_price.saturating_sub(price);
    if rest > 0 {
        token.transfer(&salvage, buyer, &rest);
    }
}
