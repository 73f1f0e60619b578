//! What may be sold and what may leave: every limit is backed 1:1 at all times.

use crate::math::mul_div_down;
use crate::nav::Nav;
use crate::{Assets, MathError, Rate};

/// NAV_lo as a part of NAV_hi from which anyone may complete an exit: 99.5 %.
pub const EXIT_PARITY: Rate = Rate::from_raw(9_950_000);
/// From the request of an exit to its payment.
pub const EXIT_DELAY: u64 = 14 * crate::time::DAY;

/// What one group of policies uses of the pool, rolled to now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupUse {
    /// E_g, the limits it has to back.
    pub exposure: Assets,
    /// A_g, the principal of the advances of its policies.
    pub drawn: Assets,
    /// w_g, the part of NAV_lo it may use.
    pub cap: Rate,
}

impl GroupUse {
    /// `w_g * nav_lo`, rounded down; to compare whole units with it is exact.
    ///
    /// # Errors
    /// `Negative`, `Overflow`.
    pub fn allowance_down(&self, nav_lo: Assets) -> Result<Assets, MathError> {
        nav_lo.share_down(self.cap)
    }

    /// The largest limit the group's cap leaves for a sale that takes the place of the limit `replaced`; zero if none.
    ///
    /// # Errors
    /// `Negative`, `Overflow`.
    pub fn room(&self, nav_lo: Assets, replaced: Assets) -> Result<Assets, MathError> {
        let available = self.allowance_down(nav_lo)?.checked_add(replaced)?;
        Ok(available.sub_or_zero(self.exposure.checked_add(self.drawn)?))
    }

    /// Whether the group stays inside its cap when NAV_lo falls to `nav_lo_left`; advances do not bind here.
    ///
    /// # Errors
    /// `Negative`, `Overflow`.
    pub fn is_within_cap(&self, nav_lo_left: Assets) -> Result<bool, MathError> {
        Ok(self.exposure <= self.allowance_down(nav_lo_left)?)
    }
}

/// The largest limit the whole pool leaves for a sale that takes the place of the limit `replaced`; zero if none.
/// `queued_value` is what the queued exits would be paid, `exposure` is E.
///
/// # Errors
/// `Overflow`.
pub fn pool_room(
    nav_lo: Assets,
    queued_value: Assets,
    exposure: Assets,
    replaced: Assets,
) -> Result<Assets, MathError> {
    Ok(nav_lo
        .checked_add(replaced)?
        .sub_or_zero(queued_value.checked_add(exposure)?))
}

/// Whether an exit that pays `out` leaves every limit backed: `E <= NAV_lo - out`. The cap of each group is to be
/// checked as well: [`GroupUse::is_within_cap`].
pub fn is_exit_backed(exposure: Assets, nav_lo: Assets, out: Assets) -> bool {
    nav_lo.checked_sub(out).is_ok_and(|left| exposure <= left)
}

/// Whether anyone may complete an exit: `NAV_lo >= 99.5 % of NAV_hi`, exact. Else only the owner may.
///
/// # Errors
/// `Negative`, `Overflow`.
pub fn is_at_parity(nav: Nav) -> Result<bool, MathError> {
    Ok(nav.lo >= nav.hi.share_up(EXIT_PARITY)?)
}

/// E as a part of the capital it may use, rounded up; 100 % when there is no capital.
///
/// # Errors
/// `Negative`, `Overflow`.
pub fn utilisation_up(exposure: Assets, capital: Assets) -> Result<Rate, MathError> {
    if capital.is_zero() {
        return Ok(Rate::FULL);
    }
    crate::math::mul_div_up(exposure.raw(), crate::FULL_RATE, capital.raw()).map(Rate::from_raw)
}

/// The part of each claim that is paid when claims of `total` meet only `available`: one factor, rounded down.
///
/// # Errors
/// `Negative`.
pub fn pro_rata_down(claim: Assets, available: Assets, total: Assets) -> Result<Assets, MathError> {
    if available >= total {
        return Ok(claim);
    }
    mul_div_down(claim.raw(), available.raw(), total.raw()).map(Assets::from_raw)
}
