//! How much is paid at once, what a challenge costs, who bears a loss.

use crate::math::mul;
use crate::{Assets, MathError, Rate};

/// The most one claim may pay at once as a part of NAV: 1 %.
pub const INSTANT_PART: Rate = Rate::from_raw(100_000);
/// The most one group may be paid at once in 24 h as a part of NAV: 5 %. With only two price sources it bounds
/// rescues too.
pub const INSTANT_DAILY_PART: Rate = Rate::from_raw(500_000);
/// The most one claim may pay at once, in whole units of the asset.
pub const INSTANT_UNITS: i128 = 25_000;
/// The least bond of a challenge, in whole units of the asset.
pub const MIN_BOND_UNITS: i128 = 100;
/// The bond of a challenge as a part of the claim: 2 %.
pub const BOND_RATE: Rate = Rate::from_raw(200_000);
/// How long a claim that waits may be challenged.
pub const CHALLENGE_WINDOW: u64 = 48 * crate::time::HOUR;
/// How long the court has, from a challenge or an appeal; then time decides.
pub const COURT_TIME: u64 = 14 * crate::time::DAY;
/// By how much the guardian puts a claim off, once.
pub const GUARDIAN_DELAY: u64 = 72 * crate::time::HOUR;

/// The largest claim that is paid at once: `min(25 000 units, 1 % of NAV_lo)`, rounded down. `unit` is one whole asset.
///
/// # Errors
/// `Negative`, `Overflow`.
pub fn instant_cap_down(nav_lo: Assets, unit: Assets) -> Result<Assets, MathError> {
    let fixed = Assets::from_raw(mul(INSTANT_UNITS, unit.raw())?);
    Ok(nav_lo.share_down(INSTANT_PART)?.min(fixed))
}

/// What a group may still be paid at once: 5 % of NAV_lo less what it was paid in the last 24 h, rounded down.
///
/// # Errors
/// `Negative`, `Overflow`.
pub fn instant_daily_room_down(nav_lo: Assets, paid_in_a_day: Assets) -> Result<Assets, MathError> {
    Ok(nav_lo
        .share_down(INSTANT_DAILY_PART)?
        .sub_or_zero(paid_in_a_day))
}

/// The bond of a challenge: `max(100 units, 2 % of the claim)`, rounded up. `unit` is one whole asset.
///
/// # Errors
/// `Negative`, `Overflow`.
pub fn challenge_bond_up(claim: Assets, unit: Assets) -> Result<Assets, MathError> {
    let least = Assets::from_raw(mul(MIN_BOND_UNITS, unit.raw())?);
    Ok(claim.share_up(BOND_RATE)?.max(least))
}

/// A lost bond: the winner's half, rounded down, and the reserve's.
pub fn split_bond(bond: Assets) -> (Assets, Assets) {
    let winners = Assets::from_raw(bond.raw() / 2);
    (winners, bond.sub_or_zero(winners))
}

/// What of a settled claim the reserve bears; the LPs bear the rest.
pub fn reserve_part(claim: Assets, reserve: Assets) -> Assets {
    claim.min(reserve)
}
