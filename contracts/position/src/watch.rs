//! What liquidations took. Blend tells nobody when it liquidates, so a position that is watched remembers what it holds.
//!
//! Blend changes what an account holds in three ways: a call that the account itself has signed; a fill of its liquidation
//! auction, which takes collateral and debt; and moving the debt of an account without collateral to the backstop. Nobody can
//! give an account anything. Source: blend-contracts-v2, `pool/src/pool/submit.rs`, `auctions/user_liquidation_auction.rs`
//! and `pool/bad_debt.rs`.

use interfaces::blend::{BlendPoolClient, Positions};
use interfaces::position::{Account, Taken, Watch};
use soroban_sdk::{Env, Map};

use crate::storage;

/// Begins to watch, from what is held now.
pub fn begin(env: &Env, account: &Account, price: i128) {
    let (collateral, debt) = held(env, account);
    let watch = Watch {
        collateral,
        debt,
        looked_at: env.ledger().timestamp(),
        price,
        taken: Taken::default(),
    };
    storage::set_watch(env, &watch);
}

/// Looks what is missing, and remembers it; none if nobody watches.
pub fn look(env: &Env, account: &Account) -> Option<Watch> {
    let watch = storage::watch(env)?;
    let watch = looked(watch, held(env, account), env.ledger().timestamp());
    storage::set_watch(env, &watch);
    Some(watch)
}

/// Remembers what is held after a change of the position's own; what was missing before it has been looked at.
pub fn remember(env: &Env, positions: &Positions) {
    change(env, |watch| {
        let (collateral, debt) = counted(positions);
        Watch {
            collateral,
            debt,
            ..watch
        }
    });
}

/// Notes the hub's price, since the owner has just raised the risk.
pub fn note_price(env: &Env, price: i128) {
    change(env, |watch| Watch { price, ..watch });
}

/// Forgets what was taken.
pub fn forget(env: &Env) {
    change(env, |watch| Watch {
        taken: Taken::default(),
        ..watch
    });
}

fn change(env: &Env, changed: impl FnOnce(Watch) -> Watch) {
    if let Some(watch) = storage::watch(env) {
        storage::set_watch(env, &changed(watch));
    }
}

/// What a watch is when `held` are the bTokens and dTokens now. Several liquidations between two settlements count as one, which
/// began before the first and is judged at the lowest price.
fn looked(watch: Watch, (collateral, debt): (i128, i128), now: u64) -> Watch {
    let missing = |before: i128, after: i128| before.saturating_sub(after).max(0);
    let lost = missing(watch.collateral, collateral);
    let gone = missing(watch.debt, debt);
    let before = watch.taken;
    let taken = if lost == 0 && gone == 0 {
        before
    } else if collateral == 0 {
        Taken::default()
    } else {
        let is_first = before == Taken::default();
        Taken {
            collateral: before.collateral.saturating_add(lost),
            debt: before.debt.saturating_add(gone),
            price: if is_first {
                watch.price
            } else {
                before.price.min(watch.price)
            },
            began_at: if is_first {
                watch.looked_at
            } else {
                before.began_at
            },
            seen_at: now,
        }
    };
    Watch {
        collateral,
        debt,
        looked_at: now,
        price: watch.price,
        taken,
    }
}

/// The bTokens of collateral and the dTokens that the position holds.
fn held(env: &Env, account: &Account) -> (i128, i128) {
    let position = env.current_contract_address();
    counted(&BlendPoolClient::new(env, &account.platform).get_positions(&position))
}

/// A position has one collateral and one debt, so each map has at most one entry.
fn counted(positions: &Positions) -> (i128, i128) {
    let tokens = |of: &Map<u32, i128>| of.values().first().unwrap_or(0);
    (
        tokens(&positions.collateral),
        tokens(&positions.liabilities),
    )
}
