//! Booking what was surrendered, beginning its sale, or giving it back.

use actuary::math::{add, sub};
use adjuster::answers::PoolClient;
use interfaces::salvage::{Lot, SalvageError};
use soroban_sdk::token::TokenClient;
use soroban_sdk::{Address, Env};

use crate::events::{LotBooked, LotOffered, LotReturned, LotWaits};
use crate::storage;

/// Books a lot that must have arrived: the balance has to cover it on top of all that was booked before.
pub fn book(env: &Env, adapter: &Address, claim: u32, lot: &Lot) -> Result<(), SalvageError> {
    if !storage::founding(env).adapters.contains(adapter) {
        return Err(SalvageError::NotAnAdapter);
    }
    let is_new = lot.sold_from.is_none() && !lot.is_denied;
    if lot.amount <= 0 || lot.amount != lot.surrendered || lot.value < 0 || !is_new {
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
    if lot.is_denied {
        return Err(SalvageError::OwnersLot);
    }
    if open_amount(env, claim).is_some() {
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

/// Gives a lot whose claim was denied back to its owner, or keeps it for them. Returns how much was given.
pub fn give_back(env: &Env, claim: u32) -> Result<i128, SalvageError> {
    let Some(lot) = storage::lot(env, claim) else {
        return Ok(0);
    };
    if !lot.is_denied && open_amount(env, claim) != Some(0) {
        return Err(SalvageError::NotDenied);
    }
    let (salvage, amount) = (env.current_contract_address(), lot.amount);
    let sent = TokenClient::new(env, &lot.asset).try_transfer(&salvage, &lot.owner, &amount);
    if !matches!(sent, Ok(Ok(()))) {
        keep(env, claim, lot);
        return Ok(0);
    }
    let held = sub(storage::held(env, &lot.asset), amount)?;
    storage::set_held(env, &lot.asset, held);
    storage::set_lot(
        env,
        claim,
        &Lot {
            amount: 0,
            ..lot.clone()
        },
    );
    LotReturned {
        claim,
        owner: lot.owner,
        amount,
    }
    .publish(env);
    Ok(amount)
}

/// Keeps a lot for its owner.
fn keep(env: &Env, claim: u32, lot: Lot) {
    if !lot.is_denied {
        let kept = Lot {
            is_denied: true,
            ..lot
        };
        storage::set_lot(env, claim, &kept);
        LotWaits { claim }.publish(env);
    }
}

/// What an open claim still asks: nothing once it was denied in full.
fn open_amount(env: &Env, claim: u32) -> Option<i128> {
    let cover_pool = storage::founding(env).cover_pool;
    let claim = PoolClient::new(env, &cover_pool).claim(&claim);
    claim.map(|claim| claim.amount)
}
