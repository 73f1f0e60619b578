//! What an operation must do to the books, and must leave alone.

use super::exact::product;
use super::invariants::{check, expect, expect_equal, Broken};
use super::{
    CoverPool, Operation, Outcome, Step, EXIT_PARITY, FULL_RATE, SCALE, STRANGER, VIRTUAL_SHARES,
};

/// What an operation's effect is compared with.
#[derive(Clone, Debug)]
pub struct Before {
    nav_lo: i128,
    nav_hi: i128,
    scaled_nav: i128,
    exposure: i128,
    last_id: u64,
    shares: i128,
    reserve: i128,
    bonds: i128,
}

impl Before {
    /// The books before an operation.
    pub fn of(pool: &CoverPool) -> Self {
        Self {
            nav_lo: pool.nav_lo(),
            nav_hi: pool.nav_hi(),
            scaled_nav: scaled_nav(pool),
            exposure: pool.exposure(),
            last_id: pool.last_id,
            shares: pool.shares,
            reserve: pool.reserve,
            bonds: pool.bonds,
        }
    }
}

/// NAV_lo in scaled units, before it is rounded.
fn scaled_nav(pool: &CoverPool) -> i128 {
    pool.nav_lo() * SCALE + (-pool.premiums.unearned).rem_euclid(SCALE)
}

/// Runs a step and checks everything: the passing of time, the operation's effect or that a refused one has none, and
/// the invariants.
pub fn apply_checked(pool: &mut CoverPool, step: &Step) -> Result<Outcome, Broken> {
    let before = Before::of(pool);
    pool.advance_to(step.now);
    i08_share_price_falls_only_by_claims(pool, &before, &Operation::Poke {})?;
    let (before, stored) = (Before::of(pool), pool.clone());
    let outcome = pool.apply(step);
    match outcome {
        Ok(result) => check_effects(pool, &before, &step.operation, result)?,
        Err(_) => expect(*pool == stored, "refused", "the books changed".to_owned())?,
    }
    check(pool)?;
    Ok(outcome)
}

/// Checks what an accepted operation did to the books, I08 among it. `before` is of the same time.
pub fn check_effects(
    pool: &CoverPool,
    before: &Before,
    operation: &Operation,
    result: i128,
) -> Result<(), Broken> {
    use Operation::*;
    i08_share_price_falls_only_by_claims(pool, before, operation)?;
    match operation {
        OpenPolicy { group, .. } => sale_holds(pool, before, *group),
        RenewPolicy { policy, .. } => sale_holds(pool, before, pool.policies[policy].group),
        FulfilExit { caller, .. } => exit_holds(pool, before, caller),
        PayClaim { .. } if pool.last_id > before.last_id => reserve_is_untouched(pool, before),
        PayClaim { .. } | SettleClaim { .. } => reserve_pays_first(pool, before, result),
        FileClaim { .. } | AppealClaim { .. } | DrawAdvance { .. } => {
            reserve_is_untouched(pool, before)
        }
        PayBack { policy, .. } => {
            let is_over = pool.now >= pool.policies[policy].end;
            income_holds(pool, before, result, is_over)
        }
        Foreclose { policy, .. } => foreclosure_holds(pool, before, result, *policy),
        _ => Ok(()),
    }
}

/// A draw is a claim. No claim lowers NAV_lo by more than it lowers the exposure.
fn i08_share_price_falls_only_by_claims(
    pool: &CoverPool,
    before: &Before,
    operation: &Operation,
) -> Result<(), Broken> {
    use Operation::*;
    if let PayClaim { .. } | FileClaim { .. } | AppealClaim { .. } | DrawAdvance { .. } = operation
    {
        let loss = before.nav_lo - pool.nav_lo();
        let released = before.exposure - pool.exposure();
        let detail = format!("NAV_lo falls by {loss}, E by {released}");
        return expect(loss <= released, "I08", detail);
    }
    let (assets, assets_before) = (pool.nav_lo() + 1, before.nav_lo + 1);
    let (shares, shares_before) = (pool.shares + VIRTUAL_SHARES, before.shares + VIRTUAL_SHARES);
    let holds = product(&[assets, shares_before]) >= product(&[assets_before, shares]);
    let detail = format!("from {assets_before}/{shares_before} to {assets}/{shares}");
    expect(holds, "I08", detail)
}

/// Room and group cap also hold after the sale, and its rounding costs LPs nothing.
fn sale_holds(pool: &CoverPool, before: &Before, group: usize) -> Result<(), Broken> {
    let (used, staying) = (pool.exposure(), pool.staying());
    let detail = format!("{used} of {staying} in use, exits taken off");
    expect(used <= staying, "sale", detail)?;
    let group = &pool.groups[group];
    let (used, allowance) = (group.used(), group.allowance_down(staying));
    let detail = format!("{used} in a group for {allowance}, exits taken off");
    expect(used <= allowance, "sale", detail)?;
    let detail = "books more premium than came in".to_owned();
    expect(scaled_nav(pool) >= before.scaled_nav, "sale", detail)
}

/// No group is above its cap after an exit, and nobody else completes one below parity.
fn exit_holds(pool: &CoverPool, before: &Before, caller: &str) -> Result<(), Broken> {
    for group in &pool.groups {
        let allowance = group.allowance_down(pool.nav_lo());
        let detail = format!("leaves {} in a group for {allowance}", group.exposure);
        expect(group.exposure <= allowance, "exit", detail)?;
    }
    let was_at_parity =
        product(&[before.nav_lo, FULL_RATE]) >= product(&[before.nav_hi, EXIT_PARITY]);
    let detail = "by a stranger, below parity".to_owned();
    expect(was_at_parity || caller != STRANGER, "exit", detail)
}

/// The reserve pays first, and gains nothing but the part of a lost bond that is kept.
fn reserve_pays_first(pool: &CoverPool, before: &Before, paid: i128) -> Result<(), Broken> {
    let bond = before.bonds - pool.bonds;
    let gain = pool.reserve - (before.reserve - paid).max(0);
    let detail = format!("the reserve gains {gain} of a bond of {bond}");
    expect(gain == 0 || gain == bond - bond / 2, "claim", detail)
}

fn reserve_is_untouched(pool: &CoverPool, before: &Before) -> Result<(), Broken> {
    expect_equal("reserve", pool.reserve, before.reserve)
}

/// What was recovered is the LPs', and so is the rest of the premium; nothing is covered any more.
fn foreclosure_holds(
    pool: &CoverPool,
    before: &Before,
    income: i128,
    id: u64,
) -> Result<(), Broken> {
    reserve_is_untouched(pool, before)?;
    let (nav, least) = (pool.nav_lo(), before.nav_lo + income);
    expect(nav >= least, "income", format!("{nav} of {least}"))?;
    let limit = pool.policies[&id].limit;
    expect_equal("foreclosed", limit, 0)
}

/// All that comes back from an advance is the LPs', and backs nothing unless it restores a limit that is in force.
fn income_holds(
    pool: &CoverPool,
    before: &Before,
    income: i128,
    is_over: bool,
) -> Result<(), Broken> {
    reserve_is_untouched(pool, before)?;
    expect_equal("income", pool.nav_lo(), before.nav_lo + income)?;
    if is_over {
        expect_equal("exposure", pool.exposure(), before.exposure)?;
    }
    Ok(())
}
