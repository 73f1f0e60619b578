//! What lenders of a Blend reserve lose when it is short of assets, on the same index as what they lose to defaults.
//!
//! Who holds one bToken has lost, at any time, all falls of its rate so far and its part of what is missing now. The index
//! is never above the highest that this sum has been. So a loss is counted once, whether it is seen as a deficit, as a
//! fall, or as both in turn; and what was counted and is made good is set off against the losses that come later.

use crate::loss::{PlatformBooks, BLEND_SCALE, DEFICIT_TRIGGER};
use crate::math::{add, mul_div_down, mul_div_up, sub};
use crate::{Assets, MathError};

/// A Blend reserve as of now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LentReserve {
    /// What its books say, and what it holds.
    pub books: PlatformBooks,
    /// All bTokens.
    pub b_tokens: i128,
    /// What a bToken is worth by the books, scaled by [`BLEND_SCALE`].
    pub b_rate: i128,
}

impl LentReserve {
    /// What a bToken has lost where so much is missing, at most all it is worth, scaled by [`BLEND_SCALE`], rounded down. Nothing
    /// without bTokens.
    ///
    /// # Errors
    /// `Negative`, `Overflow`.
    pub fn loss_per_b_token_down(&self, missing: Assets) -> Result<i128, MathError> {
        if self.b_tokens == 0 {
            return Ok(0);
        }
        let part = mul_div_down(missing.raw(), BLEND_SCALE, self.b_tokens)?;
        Ok(part.min(self.b_rate))
    }
}

/// What of a reserve's deficits is in its loss index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CountedDeficit(
    /// Per bToken, scaled by [`BLEND_SCALE`]: what was counted, less what later falls were set off against.
    pub i128,
);

impl CountedDeficit {
    /// What of `missing` is not counted; zero unless above 0.1 % of the supply.
    ///
    /// # Errors
    /// `Negative`, `Overflow`.
    pub fn uncounted(self, missing: Assets, reserve: &LentReserve) -> Result<Assets, MathError> {
        let counted = mul_div_up(self.0, reserve.b_tokens, BLEND_SCALE)?;
        let uncounted = missing.sub_or_zero(Assets::from_raw(counted));
        let tolerated = reserve.books.supply.share_down(DEFICIT_TRIGGER)?;
        Ok(if uncounted > tolerated {
            uncounted
        } else {
            Assets::ZERO
        })
    }

    /// Counts a deficit of `missing` in all. Returns what the index gains, rounded down; nothing where as much is counted.
    ///
    /// # Errors
    /// `Negative`, `Overflow`; then nothing has changed.
    pub fn count_down(
        &mut self,
        missing: Assets,
        reserve: &LentReserve,
    ) -> Result<i128, MathError> {
        let lost = reserve.loss_per_b_token_down(missing)?;
        let gained = sub(lost, self.0).unwrap_or(0);
        self.0 = add(self.0, gained)?;
        Ok(gained)
    }

    /// What of it is missing now: so much less is a bToken worth than its rate says. Rounded down.
    ///
    /// # Errors
    /// `Negative`, `Overflow`.
    pub fn missing_down(self, reserve: &LentReserve) -> Result<i128, MathError> {
        let missing = reserve.loss_per_b_token_down(reserve.books.missing()?)?;
        Ok(missing.min(self.0))
    }

    /// Sets a fall of the b_rate off against what was counted and is not missing any more. Returns what the index gains by
    /// the fall, rounded down. `reserve` is as it is after the fall.
    ///
    /// # Errors
    /// `Negative`, `Overflow`; then nothing has changed.
    pub fn set_off_down(&mut self, fall: i128, reserve: &LentReserve) -> Result<i128, MathError> {
        let set_off = sub(self.0, self.missing_down(reserve)?)?.min(fall);
        self.0 = sub(self.0, set_off)?;
        sub(fall, set_off)
    }
}
