//! How large a draw is, and whether it may be made.

use super::book::FLAT_FEE;
use crate::health::{Loan, FLOOR, TARGET, TRIGGER};
use crate::math::{mul_div_down, mul_div_up};
use crate::time::HOUR;
use crate::{Assets, MathError, Rate, FULL_RATE};

/// From the start of a policy to its first draw.
pub const START_DELAY: u64 = 24 * HOUR;
/// The most that debt and advance may come to, as a part of the collateral at P_lo: 90 %.
pub const EQUITY_CAP: Rate = Rate::from_raw(9_000_000);
/// The same while a price is quarantined: 80 %.
pub const QUARANTINED_EQUITY_CAP: Rate = Rate::from_raw(8_000_000);
/// The least draw that does not reach the target, as a part of the debt: 2 %.
pub const MIN_DRAW: Rate = Rate::from_raw(200_000);
/// The part of the hub's price that bought collateral must be worth: 99 %.
pub const BUYING_BOUND: Rate = Rate::from_raw(9_900_000);

/// What an advance does with its money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rescue {
    /// Repays debt.
    Repay,
    /// Buys collateral, worth at least 99 % of what it costs, and deposits it.
    BuyCollateral,
}

/// The bounds of draws, as governance set them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DrawTerms {
    /// A draw needs a health factor below this.
    pub trigger: Rate,
    /// A draw lifts the health factor to this.
    pub target: Rate,
    /// A draw leaves the platform's health factor at least here.
    pub floor: Rate,
    /// The flat fee.
    pub flat_fee: Rate,
    /// The most that debt and advance may come to, as a part of the collateral at P_lo.
    pub equity_cap: Rate,
    /// The least draw that does not reach the target, as a part of the debt.
    pub min_draw: Rate,
}

impl DrawTerms {
    /// The terms to start with.
    pub const STARTING: Self = Self {
        trigger: TRIGGER,
        target: TARGET,
        floor: FLOOR,
        flat_fee: FLAT_FEE,
        equity_cap: EQUITY_CAP,
        min_draw: MIN_DRAW,
    };

    /// The same terms while a price is quarantined: the equity cap falls to 80 %.
    pub fn quarantined(self) -> Self {
        Self {
            equity_cap: self.equity_cap.min(QUARANTINED_EQUITY_CAP),
            ..self
        }
    }
}

/// A position in need, and what its advance may still lend it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DrawRequest {
    /// The loan at the platform's own price.
    pub on_platform: Loan,
    /// The loan at the hub's raw fresh median.
    pub at_hub: Loan,
    /// The value of the collateral at P_lo = min(median, TWAP), rounded down.
    pub collateral_at_low: Assets,
    /// What the advance owes already, rounded up.
    pub owed: Assets,
    /// What is left of the limit.
    pub limit: Assets,
    /// What the money does.
    pub rescue: Rescue,
}

/// A draw that may be made, and what it leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DrawPlan {
    /// What the pool lends.
    pub amount: Assets,
    /// The worse of the two health factors before, rounded down.
    pub health_before: Rate,
    /// The worse of the two after, rounded down.
    pub health_after: Rate,
    /// Whether both reach the target.
    pub reaches_target: bool,
}

/// Why no draw may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrawRefusal {
    /// The health factor is not below the trigger.
    Healthy,
    /// Nothing is left of the limit, or the draw neither reaches the target nor comes to the least draw.
    TooSmall,
    /// Debt and advance would pass their part of the collateral.
    EquityExhausted,
    /// The platform's health factor would stay below the floor.
    StillUnhealthy,
    /// The numbers have no answer.
    Math(MathError),
}

impl From<MathError> for DrawRefusal {
    fn from(error: MathError) -> Self {
        Self::Math(error)
    }
}

impl DrawRequest {
    /// The draw that lifts both health factors to the target, cut to the limit and to the equity cap.
    ///
    /// # Errors
    /// Every [`DrawRefusal`].
    pub fn plan(&self, terms: &DrawTerms) -> Result<DrawPlan, DrawRefusal> {
        let health_before = self.health(Assets::ZERO)?;
        if health_before >= terms.trigger {
            return Err(DrawRefusal::Healthy);
        }
        if self.is_without_collateral() {
            return Err(DrawRefusal::EquityExhausted);
        }
        let affordable = self.within_equity_down(terms)?;
        let amount = self
            .wanted_up(terms.target)?
            .min(self.limit)
            .min(affordable);
        let health_after = self.health(amount)?;
        let reaches_target = health_after >= terms.target;
        let least = self.on_platform.debt.share_up(terms.min_draw)?;
        if amount.is_zero() || (!reaches_target && amount < least) {
            return Err(if affordable < self.limit {
                DrawRefusal::EquityExhausted
            } else {
                DrawRefusal::TooSmall
            });
        }
        if self
            .rescued(&self.on_platform, amount)?
            .health_factor_down()?
            < terms.floor
        {
            return Err(DrawRefusal::StillUnhealthy);
        }
        Ok(DrawPlan {
            amount,
            health_before,
            health_after,
            reaches_target,
        })
    }

    /// The worse health factor of the two prices after a draw of `amount`, rounded down.
    ///
    /// # Errors
    /// `Negative`, `Overflow`.
    pub fn health(&self, amount: Assets) -> Result<Rate, MathError> {
        let on_platform = self
            .rescued(&self.on_platform, amount)?
            .health_factor_down()?;
        let at_hub = self.rescued(&self.at_hub, amount)?.health_factor_down()?;
        Ok(on_platform.min(at_hub))
    }

    /// The amount that reaches the target at both prices, rounded up.
    fn wanted_up(&self, target: Rate) -> Result<Assets, MathError> {
        let at_one = |loan: &Loan| match self.rescue {
            Rescue::Repay => loan.repay_to_reach_up(target),
            Rescue::BuyCollateral => {
                self.cost_up(loan.collateral_to_reach_up(target)?, loan.collateral)
            }
        };
        Ok(at_one(&self.on_platform)?.max(at_one(&self.at_hub)?))
    }

    /// The loan after the draw; collateral is bought at the worst price allowed.
    fn rescued(&self, loan: &Loan, amount: Assets) -> Result<Loan, MathError> {
        match self.rescue {
            Rescue::Repay => Ok(loan.repaid(amount)),
            Rescue::BuyCollateral => {
                loan.collateral_added(self.bought_down(amount, loan.collateral)?)
            }
        }
    }

    /// Whether there is nothing to lend against, and so no price to buy it at.
    fn is_without_collateral(&self) -> bool {
        let values = [self.on_platform.collateral, self.at_hub.collateral];
        values.into_iter().any(Assets::is_zero)
    }

    /// The value of what `amount` buys at 99 % of the hub's price, at the price that values all collateral at `all`.
    fn bought_down(&self, amount: Assets, all: Assets) -> Result<Assets, MathError> {
        if amount.is_zero() {
            return Ok(Assets::ZERO);
        }
        let at_hub = amount.share_down(BUYING_BOUND)?;
        mul_div_down(at_hub.raw(), all.raw(), self.at_hub.collateral.raw()).map(Assets::from_raw)
    }

    /// What collateral worth `value` costs, at the price that values all collateral at `all`.
    fn cost_up(&self, value: Assets, all: Assets) -> Result<Assets, MathError> {
        let at_hub = mul_div_up(value.raw(), self.at_hub.collateral.raw(), all.raw())?;
        buying_cost_up(Assets::from_raw(at_hub))
    }

    /// The largest draw with `debt + advance <= cap * collateral` afterwards, rounded down. Repaying swaps debt for
    /// advance, so it costs room only for its flat fee; buying costs all of the draw and gains what is bought.
    fn within_equity_down(&self, terms: &DrawTerms) -> Result<Assets, MathError> {
        let debt = self.on_platform.debt.max(self.at_hub.debt);
        let owes = debt.checked_add(self.owed)?;
        let room = self
            .collateral_at_low
            .share_down(terms.equity_cap)?
            .sub_or_zero(owes);
        let low = self.collateral_at_low.min(self.at_hub.collateral);
        // The flat fee is rounded up by less than a unit, what is bought is rounded down by less than two.
        let (room_per_unit, dust) = match self.rescue {
            Rescue::Repay => (terms.flat_fee, 1),
            Rescue::BuyCollateral => {
                let bought = self.bought_down(Assets::from_raw(FULL_RATE), low)?;
                let gained = Rate::from_raw(bought.share_down(terms.equity_cap)?.raw());
                (
                    Rate::FULL.checked_add(terms.flat_fee)?.sub_or_zero(gained),
                    3,
                )
            }
        };
        let room = room.sub_or_zero(Assets::from_raw(dust));
        if room.is_zero() || room_per_unit.is_zero() {
            return Ok(if room.is_zero() {
                Assets::ZERO
            } else {
                Assets::MAX
            });
        }
        mul_div_down(room.raw(), FULL_RATE, room_per_unit.raw()).map(Assets::from_raw)
    }
}

/// What to spend so that collateral worth `value` comes back even at 99 % of the hub's price, rounded up.
///
/// # Errors
/// `Negative`, `Overflow`.
pub fn buying_cost_up(value: Assets) -> Result<Assets, MathError> {
    mul_div_up(value.raw(), FULL_RATE, BUYING_BOUND.raw()).map(Assets::from_raw)
}
