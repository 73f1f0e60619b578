//! Pauses, scope by scope. Those that keep money in end by themselves, so that nobody can hold it.

use actuary::time::{DAY, HOUR};
use soroban_sdk::Env;

use crate::errors::{require, CoverError, OrFail};
use crate::events::{Paused, Unpaused};
use crate::types::{Pause, Scope};
use crate::{impaired, storage};

/// How long exits and claims stay paused.
const SHORT_PAUSE: u64 = 72 * HOUR;
/// From the end of such a pause to the next.
const BREATHER: u64 = 7 * DAY;

/// Refuses while the scope is paused. Impaired, only claims go on.
pub fn require_open(env: &Env, scope: Scope) {
    check_open(env, scope).or_fail(env);
}

/// Says why the scope is not open.
pub fn check_open(env: &Env, scope: Scope) -> Result<(), CoverError> {
    let pause = storage::pauses(env).get(scope as u32).unwrap_or_default();
    if env.ledger().timestamp() < pause.until {
        return Err(CoverError::Paused);
    }
    match scope {
        Scope::Claims => Ok(()),
        Scope::Deposits | Scope::Sales | Scope::Exits => impaired::check_sound(env),
    }
}

/// Pauses a scope.
pub fn pause(env: &Env, scope: Scope) {
    let (now, mut pauses) = (env.ledger().timestamp(), storage::pauses(env));
    let last = pauses.get(scope as u32).unwrap_or_default();
    require(env, now >= last.again_from, CoverError::PausedTooOften);
    let pause = match scope {
        Scope::Deposits | Scope::Sales => Pause {
            until: u64::MAX,
            again_from: 0,
        },
        Scope::Exits | Scope::Claims => {
            let until = now.saturating_add(SHORT_PAUSE);
            Pause {
                until,
                again_from: until.saturating_add(BREATHER),
            }
        }
    };
    pauses.set(scope as u32, pause);
    storage::set_pauses(env, &pauses);
    Paused {
        scope,
        until: pause.until,
    }
    .publish(env);
}

/// Lifts a pause; when it may come again does not change.
pub fn unpause(env: &Env, scope: Scope) {
    let mut pauses = storage::pauses(env);
    let last = pauses.get(scope as u32).unwrap_or_default();
    pauses.set(scope as u32, Pause { until: 0, ..last });
    storage::set_pauses(env, &pauses);
    Unpaused { scope }.publish(env);
}
