//! The losses of the five perils and what of them is paid. Losses are rounded down, in the pool's favour.

use crate::health::Loan;
use crate::math::{add, mul_div_down, mul_div_up, sub};
use crate::{Assets, MathError, Price, Rate, FULL_RATE};

/// The fixed-point scale of Blend's rates: 1e12.
pub const BLEND_SCALE: i128 = 1_000_000_000_000;
/// T, the fall that is an event of `depreciation`: 15 %.
pub const DEPRECIATION_TRIGGER: Rate = Rate::from_raw(1_500_000);
/// D, the fall that the insured bears: 10 %.
pub const DEPRECIATION_DEDUCTIBLE: Rate = Rate::from_raw(1_000_000);
/// The price, as a part of the reference, at which `collateral` pays: 95 %.
pub const DEPEG_TRIGGER: Rate = Rate::from_raw(9_500_000);
/// The price, as a part of the reference, below which `collateral` is not sold: 97.5 %.
pub const DEPEG_ARMED: Rate = Rate::from_raw(9_750_000);
/// The price, as a part of that at the owner's last action, at which `liquidation` pays: 90 %.
pub const LIQUIDATION_TRIGGER: Rate = Rate::from_raw(9_000_000);
/// The part of the supply that must be missing for `contract` to pay: 0.1 %.
pub const DEFICIT_TRIGGER: Rate = Rate::from_raw(10_000);

/// `min(floor((loss - deductible) * (1 - co_insurance)), limit)`, rounded down.
///
/// # Errors
/// `Underflow` for a co-insurance above 100 %, `Negative`, `Overflow`.
pub fn payout_down(
    loss: Assets,
    deductible: Assets,
    co_insurance: Rate,
    limit: Assets,
) -> Result<Assets, MathError> {
    let borne = loss
        .sub_or_zero(deductible)
        .share_down(co_insurance.complement()?)?;
    Ok(borne.min(limit))
}

/// `default` on a loan market: `min(bad_debt, max(0, debt - ceil(collateral / incentive)))`. Debt and collateral are
/// those before the liquidation, the collateral's value at the hub's price rounded up; `incentive` is LIF >= 1.
///
/// # Errors
/// `OutOfBounds` for an incentive below 1, `Negative`, `Overflow`.
pub fn default_loss_down(
    bad_debt: Assets,
    debt: Assets,
    collateral_value_up: Assets,
    incentive: Rate,
) -> Result<Assets, MathError> {
    if incentive < Rate::FULL {
        return Err(MathError::OutOfBounds);
    }
    let recoverable = mul_div_up(collateral_value_up.raw(), FULL_RATE, incentive.raw())?;
    Ok(debt
        .sub_or_zero(Assets::from_raw(recoverable))
        .min(bad_debt))
}

/// How much of a Blend reserve's b_rate was lost to defaults, since we look. Both scaled by [`BLEND_SCALE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LossIndex {
    /// The b_rate last seen.
    pub last: i128,
    /// Λ, the sum of all falls; it never falls itself.
    pub lambda: i128,
}

impl LossIndex {
    /// An index that has seen no fall.
    pub const fn new(b_rate: i128) -> Self {
        Self {
            last: b_rate,
            lambda: 0,
        }
    }

    /// Takes note of the b_rate now and returns by how much it fell, zero if it rose.
    ///
    /// # Errors
    /// `Negative`, `Overflow`; then nothing has changed.
    pub fn record(&mut self, b_rate: i128) -> Result<i128, MathError> {
        if b_rate < 0 {
            return Err(MathError::Negative);
        }
        let fall = sub(self.last, b_rate).unwrap_or(0);
        self.lambda = add(self.lambda, fall)?;
        self.last = b_rate;
        Ok(fall)
    }

    /// `default` on Blend: `floor(b_tokens * (Λ - paid) / 1e12)`, rounded down.
    ///
    /// # Errors
    /// `Underflow` if more was paid than fell, `Negative`, `Overflow`.
    pub fn loss_down(&self, b_tokens: i128, paid: i128) -> Result<Assets, MathError> {
        mul_div_down(b_tokens, sub(self.lambda, paid)?, BLEND_SCALE).map(Assets::from_raw)
    }
}

/// The terms of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrantTerms {
    /// T, the fall that is an event.
    pub trigger: Rate,
    /// D, the fall that the insured bears.
    pub deductible: Rate,
    /// d_max, the fall beyond which nothing more is paid.
    pub most: Rate,
}

/// `depreciation`, grant: `floor(V0 * max(0, min(d, d_max) - D)) - paid`, zero for a fall d below T. `paid` is what this
/// event was already paid. See also [`grant_cap_up`].
///
/// # Errors
/// `Negative`, `Overflow`.
pub fn grant_loss_down(
    collateral_before: Assets,
    fall: Rate,
    terms: GrantTerms,
    paid: Assets,
) -> Result<Assets, MathError> {
    if fall < terms.trigger {
        return Ok(Assets::ZERO);
    }
    let covered = fall.min(terms.most).sub_or_zero(terms.deductible);
    Ok(collateral_before.share_down(covered)?.sub_or_zero(paid))
}

/// The most that a grant pays by repaying: what brings the health factor back to `target`, rounded up to reach it.
///
/// # Errors
/// Those of [`Loan::repay_to_reach_up`].
pub fn grant_cap_up(loan: &Loan, target: Rate) -> Result<Assets, MathError> {
    loan.repay_to_reach_up(target)
}

/// `liquidation`: the penalty `collateral_lost - debt_gone`, at most the platform's incentive on the debt, less the loss that
/// `depreciation` settled for the same fall. The collateral's value is rounded down, the debt's up.
///
/// # Errors
/// `Negative`, `Overflow`.
pub fn liquidation_loss_down(
    collateral_lost_down: Assets,
    debt_gone_up: Assets,
    incentive: Rate,
    paid_for_depreciation: Assets,
) -> Result<Assets, MathError> {
    let bonus = Rate::from_raw(incentive.raw()).sub_or_zero(Rate::FULL);
    let penalty = collateral_lost_down
        .sub_or_zero(debt_gone_up)
        .min(debt_gone_up.share_down(bonus)?);
    Ok(penalty.sub_or_zero(paid_for_depreciation))
}

/// Blend's own incentive of a liquidation, LIF: `1 + (1 - c * l) / 2`, rounded down, with the collateral factor c and the
/// liability factor l. It sizes what an auction offers for the debt it asks, all of it after 200 ledgers; earlier fills take
/// less. Source: blend-contracts-v2, `pool/src/auctions/user_liquidation_auction.rs`, `est_incentive`.
///
/// # Errors
/// `Negative`, `Overflow`.
pub fn blend_incentive_down(
    collateral_factor: Rate,
    liability_factor: Rate,
) -> Result<Rate, MathError> {
    let counted = mul_div_up(collateral_factor.raw(), liability_factor.raw(), FULL_RATE)?;
    let uncounted = Rate::FULL.sub_or_zero(Rate::from_raw(counted));
    Ok(Rate::from_raw(FULL_RATE + uncounted.raw() / 2))
}

/// Whether a price has fallen to 90 % of what it was before, so that `liquidation` pays.
///
/// # Errors
/// `Negative`, `Overflow`.
pub fn has_dropped(before: Price, now: Price) -> Result<bool, MathError> {
    let trigger = mul_div_down(before.raw(), LIQUIDATION_TRIGGER.raw(), FULL_RATE)?;
    Ok(now.raw() <= trigger)
}

/// Whether a price is below 97.5 % of its reference, so that `collateral` is not sold; never without a reference.
///
/// # Errors
/// `Negative`, `Overflow`.
pub fn is_near_depeg(reference: Price, now: Price) -> Result<bool, MathError> {
    let armed = mul_div_up(reference.raw(), DEPEG_ARMED.raw(), FULL_RATE)?;
    Ok(now.raw() < armed)
}

/// `collateral`: `P_ref * (1 - D)` for what is surrendered, rounded down; zero unless `twap <= 95 % of the reference`.
/// `surrendered_value_down` is what is surrendered at the reference price.
///
/// # Errors
/// `Underflow` for a deductible above 100 %, `Negative`, `Overflow`.
pub fn collateral_loss_down(
    surrendered_value_down: Assets,
    reference: Price,
    twap: Price,
    deductible: Rate,
) -> Result<Assets, MathError> {
    if twap.raw() > mul_div_down(reference.raw(), DEPEG_TRIGGER.raw(), FULL_RATE)? {
        return Ok(Assets::ZERO);
    }
    surrendered_value_down.share_down(deductible.complement()?)
}

/// What the books of a lending platform say of one asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlatformBooks {
    /// What lenders supplied, with interest.
    pub supply: Assets,
    /// What it owes others, as Blend its backstop.
    pub credits: Assets,
    /// What borrowers owe it.
    pub liabilities: Assets,
    /// What it holds.
    pub balance: Assets,
}

impl PlatformBooks {
    /// What is missing, `supply + credits - liabilities - balance`, however little.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn missing(&self) -> Result<Assets, MathError> {
        let owed = self.supply.checked_add(self.credits)?;
        Ok(owed.sub_or_zero(self.liabilities.checked_add(self.balance)?))
    }

    /// `contract`: what is missing; zero unless above 0.1 % of the supply.
    ///
    /// # Errors
    /// `Negative`, `Overflow`.
    pub fn deficit(&self) -> Result<Assets, MathError> {
        let missing = self.missing()?;
        let tolerated = self.supply.share_down(DEFICIT_TRIGGER)?;
        Ok(if missing > tolerated {
            missing
        } else {
            Assets::ZERO
        })
    }
}
