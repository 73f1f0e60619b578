//! The orderly end of a pool: nothing is sold any more, limits run off, LPs leave, and the reserve is theirs.

use actuary::Assets;
use soroban_sdk::Env;

use crate::books::Pool;
use crate::capacity::Capacity;
use crate::errors::{require, CoverError};
use crate::events::ReserveReleased;
use crate::impaired::require_sound;
use crate::pause;
use crate::types::Scope;

/// Ends sales and deposits.
pub fn begin(env: &Env) {
    pause::pause(env, Scope::Deposits);
    pause::pause(env, Scope::Sales);
}

/// Gives the reserve to the LPs that are left: what is not apart is theirs. Only once nothing is sold and nothing is covered.
pub fn release_reserve(env: &Env) -> Assets {
    require_sound(env);
    let mut pool = Pool::load(env);
    let open = [
        Capacity::load(env, pool.now).exposure(env),
        pool.books.pending,
        pool.books.advances.drawn,
    ];
    let is_shut = |scope| pause::check_open(env, scope).is_err();
    let is_over = is_shut(Scope::Sales)
        && is_shut(Scope::Deposits)
        && open.iter().all(|amount| amount.is_zero());
    require(env, is_over, CoverError::NotWoundDown);
    let amount = core::mem::replace(&mut pool.books.reserve, Assets::ZERO);
    pool.store(env);
    ReserveReleased {
        amount: amount.raw(),
    }
    .publish(env);
    amount
}
