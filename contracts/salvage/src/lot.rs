//! Booking what was surrendered, and beginning its sale.

use actuary::math::add;
use adjuster::answers::PoolClient;
use interfaces::salvage::{Lot, SalvageError};
use soroban_sdk::token::TokenClient;
use soroban_sdk::{Address, Env};

use crate::events::{LotBooked, LotOffered};
use crate::storage;

/// Books a lot that must have arrived: the balance has to cover it on top of all that was booked before.
pub fn book(env: &Env, adapter: &Address, claim: u32, lot: &Lot) -> Result<(), SalvageError> {
    if !storage::founding(env).adapters.contains(adapter) {
        return Err(SalvageError::NotAnAdapter);
    }
    if lot.amount <= 0 || lot.amount != lot.surrendered || lot.value < 0 || lot.sold_from.is_some()
    {
        return Err(SalvageError::InvalidAmount);
    }
    if storage::lot(env, claim).is_some() {
        return Err(SalvageError::LotExists);
    }
    let held = add(storage::held(env, &lot.asset), lot.amount)?;
    let balance = TokenClient::new(env, &lot.asset).balance(&env.current_contract_address());
    if balance < held {
        return Err(SalvageError::NotDelivered);
    }
    storage::set_held(env, &lot.asset, held);
    storage::set_lot(env, claim, lot);
    LotBooked {
        claim,
        adapter: adapter.clone(),
        asset: lot.asset.clone(),
        amount: lot.amount,
        value: lot.value,
        owner: lot.owner.clone(),
    }
    .publish(env);
    Ok(())
}

/// Begins the sale of a lot whose claim is closed.
pub fn offer(env: &Env, claim: u32) -> Result<(), SalvageError> {
    let lot = storage::lot(env, claim).ok_or(SalvageError::UnknownLot)?;
    if lot.sold_from.is_some() {
        return Err(SalvageError::AlreadyOffered);
    }
    let cover_pool = storage::founding(env).cover_pool;
    if PoolClient::new(env, &cover_pool).claim(&claim).is_some() {
        return Err(SalvageError::ClaimOpen);
    }
    let offered = Lot {
        sold_from: Some(env.ledger().timestamp()),
        ..lot
    };
    storage::set_lot(env, claim, &offered);
    LotOffered { claim }.publish(env);
    Ok(())
}
