//! What must hold after every operation, by the numbers that the design gives. Each is computed from single entries.

use std::collections::BTreeMap;
use std::fmt::Debug;

use thiserror::Error;

use super::exact::{div_down, div_up, product};
use super::{Advances, CoverPool, Policy, SCALE, UNIT, VIRTUAL_SHARES, WEEK};

/// An invariant does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{name}: {detail}")]
pub struct Broken {
    /// Which one, by its number or by what it is about.
    pub name: &'static str,
    /// The values that break it.
    pub detail: String,
}

/// Checks I02 to I06, I12, I14 and I16 on the books as they are.
pub fn check(pool: &CoverPool) -> Result<(), Broken> {
    i02_unearned_is_what_policies_have_left(pool)?;
    i03_earning_rate_is_that_of_live_policies(pool)?;
    i04_exposure_is_the_limits_that_are_backed(pool)?;
    i05_every_limit_can_be_paid_at_once(pool)?;
    i06_buckets_are_their_entries(pool)?;
    i12_deposit_and_exit_never_profit(pool)?;
    i14_shares_are_balances_and_queue(pool)?;
    i16_advances_add_up(pool)
}

pub(super) fn expect(condition: bool, name: &'static str, detail: String) -> Result<(), Broken> {
    if condition {
        Ok(())
    } else {
        Err(Broken { name, detail })
    }
}

pub(super) fn expect_equal<T: Debug + PartialEq>(
    name: &'static str,
    actual: T,
    expected: T,
) -> Result<(), Broken> {
    let detail = format!("{actual:?} is not {expected:?}");
    expect(actual == expected, name, detail)
}

/// Sums of the amounts by key, without zeros.
fn total(pairs: impl Iterator<Item = (u64, i128)>) -> BTreeMap<u64, i128> {
    let mut sums = BTreeMap::new();
    for (key, amount) in pairs {
        *sums.entry(key).or_default() += amount;
    }
    sums.retain(|_, amount| *amount != 0);
    sums
}

fn policies(pool: &CoverPool) -> impl Iterator<Item = &Policy> {
    pool.policies.values()
}

/// Scaled premium that the policies have left.
fn unearned(pool: &CoverPool) -> i128 {
    policies(pool)
        .filter(|policy| policy.end > pool.now)
        .map(|policy| policy.earning_rate * i128::from(policy.end - pool.now))
        .sum()
}

fn i02_unearned_is_what_policies_have_left(pool: &CoverPool) -> Result<(), Broken> {
    expect_equal("I02", pool.premiums.unearned, unearned(pool))
}

fn i03_earning_rate_is_that_of_live_policies(pool: &CoverPool) -> Result<(), Broken> {
    let live = || policies(pool).filter(|policy| pool.now < policy.end);
    let rate = live().map(|policy| policy.earning_rate).sum();
    expect_equal("I03", pool.premiums.earning_rate, rate)?;
    let by_week = total(live().map(|policy| (policy.end / WEEK, policy.earning_rate)));
    expect_equal("I03 ring", pool.premiums.ending.by_week(pool.now), by_week)
}

fn i04_exposure_is_the_limits_that_are_backed(pool: &CoverPool) -> Result<(), Broken> {
    for (number, group) in pool.groups.iter().enumerate() {
        let held = || {
            policies(pool)
                .filter(move |policy| policy.group == number && pool.now < policy.end + WEEK)
        };
        let limits = held().map(|policy| policy.limit).sum();
        expect_equal("I04", group.exposure, limits)?;
        let by_week = total(held().map(|policy| (policy.end / WEEK + 1, policy.limit)));
        expect_equal("I04 ring", group.leaving.by_week(pool.now), by_week)?;
    }
    Ok(())
}

/// E <= NAV_lo.
fn i05_every_limit_can_be_paid_at_once(pool: &CoverPool) -> Result<(), Broken> {
    let claims: i128 = (pool.claims.values())
        .map(|claim| claim.amount + claim.bond)
        .sum();
    let owed = claims + pool.claimable_by.values().sum::<i128>();
    let free = pool.cash - div_up(unearned(pool), SCALE) - owed - pool.bounties - pool.reserve;
    expect_equal("I05 NAV_lo", pool.nav_lo(), free)?;
    let exposure = pool.exposure();
    let detail = format!("E = {exposure}, NAV_lo = {free}");
    expect((0..=free).contains(&exposure), "I05", detail)
}

fn i06_buckets_are_their_entries(pool: &CoverPool) -> Result<(), Broken> {
    let claims = || pool.claims.values();
    expect_equal(
        "I06 pending",
        pool.pending,
        claims().map(|claim| claim.amount).sum(),
    )?;
    expect_equal(
        "I06 claimable",
        pool.claimable,
        pool.claimable_by.values().sum(),
    )?;
    expect_equal(
        "I06 bonds",
        pool.bonds,
        claims().map(|claim| claim.bond).sum(),
    )?;
    let least = pool.cash.min(pool.bounties).min(pool.reserve);
    expect(least >= 0, "I06", format!("a bucket of {least}"))?;
    let unspent: i128 = policies(pool).map(|policy| policy.bounty_left).sum();
    expect_equal("I06 bounties", pool.bounties, unspent)?;
    let open_claims = pool.policies.iter();
    let open_claims = total(open_claims.map(|(&id, policy)| (id, i128::from(policy.open_claims))));
    expect_equal(
        "I06 open claims",
        open_claims,
        total(claims().map(|claim| (claim.policy, 1))),
    )
}

/// Not even if all claims are denied and all advances paid back in between.
fn i12_deposit_and_exit_never_profit(pool: &CoverPool) -> Result<(), Broken> {
    let drawn: i128 = policies(pool).map(|policy| policy.advances.drawn).sum();
    let owed = drawn + div_up(fees_owed(pool), SCALE);
    let pending: i128 = pool.claims.values().map(|claim| claim.amount).sum();
    let nav_hi = pool.nav_lo() + pending + owed;
    for assets in [1, UNIT + 1, pool.nav_lo().max(1)] {
        let shares = pool.shares_for_down(assets);
        let out = product(&[shares, nav_hi + assets + 1]);
        let out = div_down(out, pool.shares + shares + VIRTUAL_SHARES);
        expect(out <= assets, "I12", format!("{assets} in, {out} out"))?;
    }
    Ok(())
}

fn i14_shares_are_balances_and_queue(pool: &CoverPool) -> Result<(), Broken> {
    let queued = pool.requests.values().map(|request| request.shares).sum();
    expect_equal("I14 queued", pool.queued, queued)?;
    let balances: i128 = pool.balances.values().sum();
    expect_equal("I14 shares", pool.shares, balances + pool.queued)
}

fn fees_at(advances: &Advances, now: u64) -> i128 {
    advances.fees_owed + advances.fee_rate * i128::from(now - advances.last)
}

/// Scaled fees that the policies owe.
fn fees_owed(pool: &CoverPool) -> i128 {
    policies(pool)
        .map(|policy| fees_at(&policy.advances, pool.now))
        .sum()
}

/// A cancel or a renewal while something is owed, or while a claim is open, breaks one of these or I06.
fn i16_advances_add_up(pool: &CoverPool) -> Result<(), Broken> {
    let all = || policies(pool).map(|policy| &policy.advances);
    expect_equal(
        "I16 D",
        pool.advances.drawn,
        all().map(|advances| advances.drawn).sum(),
    )?;
    expect_equal("I16 F", fees_at(&pool.advances, pool.now), fees_owed(pool))?;
    let fee_rate = all().map(|advances| advances.fee_rate).sum();
    expect_equal("I16 fee rate", pool.advances.fee_rate, fee_rate)?;
    for (number, group) in pool.groups.iter().enumerate() {
        let in_group = policies(pool).filter(|policy| policy.group == number);
        let drawn = in_group.map(|policy| policy.advances.drawn).sum();
        expect_equal("I16 A_g", group.drawn, drawn)?;
    }
    for policy in policies(pool) {
        let unspent = policy.bounty_left;
        expect(unspent >= 0, "I06", format!("bounties of {unspent}"))?;
        let advances = &policy.advances;
        let is_within_sale =
            policy.limit >= 0 && policy.limit + advances.drawn <= policy.original_limit;
        expect(
            is_within_sale,
            "I16",
            format!("limit above what was sold: {policy:?}"),
        )?;
        let owes_nothing = advances.fees_owed == 0 && advances.fee_rate == 0;
        let detail = format!("fees on nothing: {policy:?}");
        expect(advances.drawn > 0 || owes_nothing, "I16", detail)?;
    }
    Ok(())
}
