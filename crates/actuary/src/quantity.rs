//! Amounts and rates as types: assets, shares and debt meet only through a named conversion.

use crate::math;
use crate::MathError;

/// 100 %, or a factor of 1, as a rate.
pub const FULL_RATE: i128 = 10_000_000;

/// The scale of per-second rates and of what they add up to: 10^12.
pub const S: i128 = 1_000_000_000_000;

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i128);

        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);

            /// The largest value of the type.
            pub const MAX: Self = Self(i128::MAX);

            /// From a value of our own books or a constant, which is known not to be negative. Formulas that multiply
            /// still refuse a negative one.
            pub const fn from_raw(raw: i128) -> Self {
                Self(raw)
            }

            /// From a value that somebody else supplied.
            ///
            /// # Errors
            /// `Negative`.
            pub const fn checked_from_raw(raw: i128) -> Result<Self, $crate::MathError> {
                if raw < 0 {
                    return Err($crate::MathError::Negative);
                }
                Ok(Self(raw))
            }

            /// The value in its unit.
            pub const fn raw(self) -> i128 {
                self.0
            }

            /// Whether this is nothing.
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }

            /// The sum.
            ///
            /// # Errors
            /// `Overflow`.
            pub fn checked_add(self, other: Self) -> Result<Self, $crate::MathError> {
                $crate::math::add(self.0, other.0).map(Self)
            }

            /// The difference.
            ///
            /// # Errors
            /// `Underflow` when `other` is larger.
            pub fn checked_sub(self, other: Self) -> Result<Self, $crate::MathError> {
                $crate::math::sub(self.0, other.0).map(Self)
            }

            /// The difference, or nothing when `other` is larger.
            #[inline(never)]
            pub fn sub_or_zero(self, other: Self) -> Self {
                $crate::math::sub(self.0, other.0).map_or(Self::ZERO, Self)
            }
        }
    };
}
pub(crate) use quantity;

quantity! {
    /// An amount of an asset, in its smallest unit.
    Assets
}
quantity! {
    /// An amount of the pool's shares, in their smallest unit.
    Shares
}
quantity! {
    /// A rate, share, factor or health factor: 1e7 = 100 % = 1. Yearly where it is a price of time.
    Rate
}
quantity! {
    /// An amount of an asset times [`S`].
    Scaled
}
quantity! {
    /// An amount of an asset times [`S`], per second.
    ScaledRate
}

impl Rate {
    /// 100 %, or a factor of 1.
    pub const FULL: Self = Self(FULL_RATE);

    /// What is left to 100 %: `1 - rate`.
    ///
    /// # Errors
    /// `Underflow` above 100 %.
    pub fn complement(self) -> Result<Self, MathError> {
        Self::FULL.checked_sub(self)
    }
}

impl Assets {
    /// The same amount times [`S`], exact.
    ///
    /// # Errors
    /// `Overflow` beyond 1.7e26.
    pub fn scaled(self) -> Result<Scaled, MathError> {
        math::mul(self.0, S).map(Scaled)
    }

    /// This share of the amount, rounded down.
    ///
    /// # Errors
    /// `Negative`, `Overflow`.
    pub fn share_down(self, rate: Rate) -> Result<Self, MathError> {
        math::mul_div_down(self.0, rate.0, FULL_RATE).map(Self)
    }

    /// This share of the amount, rounded up.
    ///
    /// # Errors
    /// `Negative`, `Overflow`.
    pub fn share_up(self, rate: Rate) -> Result<Self, MathError> {
        math::mul_div_up(self.0, rate.0, FULL_RATE).map(Self)
    }
}

impl Scaled {
    /// Whole units, rounded down.
    ///
    /// # Errors
    /// `Negative`.
    pub fn units_down(self) -> Result<Assets, MathError> {
        math::div_down(self.0, S).map(Assets)
    }

    /// Whole units, rounded up.
    ///
    /// # Errors
    /// `Negative`.
    pub fn units_up(self) -> Result<Assets, MathError> {
        math::div_up(self.0, S).map(Assets)
    }
}

impl ScaledRate {
    /// What adds up over `seconds`, exact.
    ///
    /// # Errors
    /// `Overflow`.
    pub fn over(self, seconds: u64) -> Result<Scaled, MathError> {
        math::mul(self.0, i128::from(seconds)).map(Scaled)
    }
}
