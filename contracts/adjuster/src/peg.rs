//! The reference price of a collateral, which cover of failed collateral is measured by.

use actuary::loss::is_near_depeg;
use actuary::{Price, FULL_RATE};
use interfaces::adapter::{AdapterError, Market};
use interfaces::market_adapter::InsuredMarket;

use crate::refusal::no_result;

/// A reference price, and what of it the insured bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peg {
    /// One whole token of collateral in whole tokens of the debt asset, 14 decimals; 0: there is none.
    pub price: i128,
    /// 1e7 = 100 %.
    pub deductible: u32,
}

/// The reference price of one of the two kinds of market, which name it alike.
macro_rules! peg_of {
    ($market:ty) => {
        impl From<&$market> for Peg {
            fn from(market: &$market) -> Self {
                Self {
                    price: market.peg,
                    deductible: market.peg_deductible,
                }
            }
        }
    };
}
peg_of!(Market);
peg_of!(InsuredMarket);

impl Peg {
    /// Refuses one that makes no sense, or that differs from the one before, which may have been sold.
    pub fn require_listable(self, before: Option<Self>) -> Result<(), AdapterError> {
        if self.price < 0 || i128::from(self.deductible) > FULL_RATE {
            return Err(AdapterError::InvalidMarket);
        }
        if before.is_some_and(|before| before.price > 0 && before != self) {
            return Err(AdapterError::PegFixed);
        }
        Ok(())
    }

    /// Refuses a price of the pair that has left the reference.
    pub fn require_kept(self, price: i128) -> Result<(), AdapterError> {
        let (reference, now) = (Price::from_raw(self.price), Price::from_raw(price));
        if is_near_depeg(reference, now).map_err(no_result)? {
            return Err(AdapterError::BelowPeg);
        }
        Ok(())
    }
}
