//! Who has shown who they are: asked when cover is sold, raised or assigned, and when LPs stake. Payments ask only whether they are
//! sanctioned, and one that cannot tell pays.

use actuary::Assets;
use interfaces::identity::{IdentityVerifierClient, SanctionsClient};
use soroban_sdk::{Address, Env};

use crate::errors::{require, CoverError, OrFail};
use crate::held::insured_of;
use crate::storage;

/// Refuses `more` cover of a subject to an owner who has not shown who they are, at the tier that all their cover needs. A vault
/// that holds its own policy is nobody, and was registered by its adapter's owner.
pub fn require_cover(env: &Env, subject: &Address, owner: &Address, more: Assets) {
    let Some(terms) = storage::identity(env).filter(|_| subject != owner) else {
        return;
    };
    let total = insured_of(env, owner).checked_add(more).or_fail(env).raw();
    let is_known = total <= terms.free_limit
        || (total <= terms.basic_limit && is_verified(env, &terms.basic, owner))
        || is_verified(env, &terms.full, owner);
    require(env, is_known, CoverError::Unverified);
    require_not_sanctioned(env, owner);
}

/// Refuses shares to an LP who has not shown who they are.
pub fn require_lp(env: &Env, lp: &Address) {
    if let Some(terms) = storage::identity(env) {
        let is_known = is_verified(env, &terms.basic, lp) || is_verified(env, &terms.full, lp);
        require(env, is_known, CoverError::Unverified);
        require_not_sanctioned(env, lp);
    }
}

/// Refuses who is sanctioned.
pub fn require_not_sanctioned(env: &Env, account: &Address) {
    require(env, !is_sanctioned(env, account), CoverError::Sanctioned);
}

/// Whether a list says so. One that fails says nothing: it must not hold up what is paid.
pub fn is_sanctioned(env: &Env, account: &Address) -> bool {
    let list = storage::identity(env).and_then(|terms| terms.sanctions);
    list.is_some_and(|list| {
        let answer = SanctionsClient::new(env, &list).try_is_sanctioned(account);
        matches!(answer, Ok(Ok(true)))
    })
}

fn is_verified(env: &Env, verifier: &Address, account: &Address) -> bool {
    let answer = IdentityVerifierClient::new(env, verifier).try_verify_identity(account);
    matches!(answer, Ok(Ok(())))
}
