//! Founding and migrating the pool, and what governance and the risk role set. But for the one unit that founding takes, none of
//! it moves money; none of it changes what was sold.

use actuary::nav::DEAD_SHARES;
use actuary::premium::MAX_RATE;
use actuary::rate::is_within_daily_step;
use actuary::ring::PremiumRing;
use actuary::time::DAY;
use actuary::{Assets, Rate, FULL_RATE};
use interfaces::cover::{GroupTerms, IdentityTerms, Peril, PerilTerms, Roles, Terms};
use soroban_sdk::{Address, Env, String, Vec};
use stellar_access::ownable;
use stellar_contract_utils::upgradeable;
use stellar_tokens::fungible::Base;

use crate::books::Books;
use crate::errors::{require, CoverError, OrFail};
use crate::events::{BaseSet, CapsSet, GroupSet, IdentitySet, RolesSet, TermsSet};
use crate::insured::find_peril;
use crate::payment::token;
use crate::policy::PerilSet;
use crate::pricing::ltv_table;
use crate::storage::{self, Dates, Listing};
use crate::types::{bounds, Cap};
use crate::vault::{self, Depositor};

/// The layout of what is stored.
pub const SCHEMA: u32 = 1;
/// Decimals that a share has more than the asset.
const SHARE_OFFSET: u32 = 3;

/// The highest flat fee of an advance: 2 %. It applies to every later draw, also of policies that were sold before it was set.
const MAX_ADVANCE_FEE: u32 = 200_000;

/// Opens the pool, with every role at its owner's. `funder` gives one unit of the asset for the dead shares, which the pool holds
/// itself.
pub fn found(
    env: &Env,
    owner: &Address,
    asset: &Address,
    name: String,
    symbol: String,
    terms: &Terms,
    funder: &Address,
) {
    ownable::set_owner(env, owner);
    storage::set_asset(env, asset);
    set_terms(env, terms);
    let roles = Roles {
        risk: owner.clone(),
        guardian: owner.clone(),
        court: owner.clone(),
    };
    set_roles(env, &roles);
    upgradeable::set_schema_version(env, SCHEMA);
    let decimals = token(env).decimals().saturating_add(SHARE_OFFSET);
    Base::set_metadata(env, decimals, name, symbol);
    let (now, pool) = (env.ledger().timestamp(), env.current_contract_address());
    storage::set_premiums(env, &PremiumRing::new(now));
    let depositor = Depositor {
        receiver: &pool,
        from: funder,
        operator: funder,
    };
    let unit = Assets::from_raw(1);
    vault::issue(env, Books::new(now), &depositor, unit, DEAD_SHARES);
}

/// Brings what is stored to this code's layout, once after an upgrade.
pub fn migrate(env: &Env) {
    let is_old = upgradeable::get_schema_version(env) < SCHEMA;
    require(env, is_old, CoverError::NothingToMigrate);
    upgradeable::set_schema_version(env, SCHEMA);
}

/// Sets amounts and rates of the whole pool.
pub fn set_terms(env: &Env, terms: &Terms) {
    let amounts = [
        terms.min_premium,
        terms.bounty,
        terms.bounty_prepaid,
        terms.instant_max,
    ];
    let rates = [terms.instant_share, terms.daily_share];
    let is_valid = amounts.into_iter().all(|amount| amount >= 0)
        && rates.into_iter().all(is_share)
        && terms.min_premium > 0
        && terms.advance_fee <= MAX_ADVANCE_FEE;
    require(env, is_valid, CoverError::InvalidTerms);
    storage::set_terms(env, terms);
    TermsSet {
        terms: terms.clone(),
    }
    .publish(env);
}

/// Adds a group, the next number, or changes one. What was sold in it keeps its class, deductible, waiting periods and
/// co-insurance; other ones are another group.
pub fn set_group(env: &Env, number: u32, terms: &GroupTerms) {
    validate(env, terms);
    let now = env.ledger().timestamp();
    let is_new = number == storage::group_caps(env).len();
    if is_new {
        require(env, storage::next_group(env) == number, CoverError::TooMany);
    } else {
        require_unchanged(env, &storage::listing(env, number).terms, terms);
    }
    let dates = terms.perils.iter().map(|_| Dates {
        confirmed: now,
        changed: now,
    });
    let listing = Listing {
        terms: terms.clone(),
        dates: Vec::from_iter(env, dates),
    };
    storage::set_listing(env, number, &listing);
    GroupSet {
        group: number,
        terms: terms.clone(),
    }
    .publish(env);
}

/// Sets the caps over several groups.
pub fn set_caps(env: &Env, caps: &Vec<Cap>) {
    require(env, caps.len() <= bounds::CAPS, CoverError::TooMany);
    let count = storage::group_caps(env).len();
    for cap in caps {
        require(env, is_share(cap.rate), CoverError::InvalidTerms);
        require(
            env,
            cap.groups.iter().all(|group| group < count),
            CoverError::UnknownGroup,
        );
    }
    storage::set_caps(env, caps);
    CapsSet { caps: caps.clone() }.publish(env);
}

/// Sets who sets base rates, who pauses and delays, who decides disputes.
pub fn set_roles(env: &Env, roles: &Roles) {
    storage::set_roles(env, roles);
    RolesSet {
        roles: roles.clone(),
    }
    .publish(env);
}

/// Sets who must have shown who they are.
pub fn set_identity(env: &Env, terms: Option<IdentityTerms>) {
    let is_valid = terms.as_ref().is_none_or(|terms| {
        (0..=terms.basic_limit).contains(&terms.free_limit) && terms.free_limit >= 0
    });
    require(env, is_valid, CoverError::InvalidTerms);
    storage::set_identity(env, terms.as_ref());
    IdentitySet { terms }.publish(env);
}

/// Sets a base rate inside its bounds and by at most 25 % a day, or confirms it.
pub fn set_base(env: &Env, group: u32, peril: Peril, base: u32) {
    let now = env.ledger().timestamp();
    let mut listing = storage::listing(env, group);
    let index = listing
        .terms
        .perils
        .iter()
        .position(|sold| sold.peril == peril);
    let index = index
        .and_then(|index| u32::try_from(index).ok())
        .ok_or(CoverError::PerilNotCovered)
        .or_fail(env);
    let missing = CoverError::PerilNotCovered;
    let mut sold: PerilTerms = listing.terms.perils.get(index).ok_or(missing).or_fail(env);
    let mut dates = listing.dates.get(index).ok_or(missing).or_fail(env);
    if base != sold.base {
        let is_due = now >= dates.changed.saturating_add(DAY);
        let is_step = is_within_daily_step(rate(sold.base), rate(base)).or_fail(env);
        let is_in_bounds = (sold.base_min..=sold.base_max).contains(&base);
        require(
            env,
            is_due && is_step && is_in_bounds,
            CoverError::BaseOutOfBounds,
        );
        (sold.base, dates.changed) = (base, now);
    }
    dates.confirmed = now;
    listing.terms.perils.set(index, sold);
    listing.dates.set(index, dates);
    storage::set_listing(env, group, &listing);
    BaseSet { group, peril, base }.publish(env);
}

/// Refuses terms that contradict themselves.
fn validate(env: &Env, terms: &GroupTerms) {
    ltv_table(env, terms);
    let perils = Vec::from_iter(env, terms.perils.iter().map(|sold| sold.peril));
    let perils_are_valid = PerilSet::of(&perils).is_some()
        && terms.perils.iter().all(|sold| {
            let bounds = sold.base_min..=sold.base_max;
            sold.base > 0
                && bounds.contains(&sold.base)
                && is_rate(sold.base_max)
                && is_share(sold.co_insurance)
        });
    let asset = storage::asset(env);
    let reserved =
        [Some(&asset), Some(&env.current_contract_address())].contains(&terms.platform.as_ref());
    let is_valid = perils_are_valid
        && !reserved
        && is_share(terms.cap)
        && is_share(terms.subject_cap)
        && terms.rate_min <= terms.rate_max
        && is_rate(terms.rate_max)
        && terms.deductible >= 0;
    require(env, is_valid, CoverError::InvalidTerms)
}

/// Refuses terms that change what was sold.
fn require_unchanged(env: &Env, old: &GroupTerms, new: &GroupTerms) {
    let keeps = |sold: PerilTerms| {
        find_peril(new, sold.peril).is_some_and(|next| {
            next.waiting == sold.waiting && next.co_insurance == sold.co_insurance
        })
    };
    let is_unchanged =
        old.class == new.class && old.deductible == new.deductible && old.perils.iter().all(keeps);
    require(env, is_unchanged, CoverError::InvalidTerms)
}

fn is_share(rate: u32) -> bool {
    i128::from(rate) <= FULL_RATE
}

fn is_rate(rate: u32) -> bool {
    i128::from(rate) <= MAX_RATE.raw()
}

fn rate(rate: u32) -> Rate {
    Rate::from_raw(rate.into())
}
