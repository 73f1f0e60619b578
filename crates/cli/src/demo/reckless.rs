//! How large the loans are that end badly.

use actuary::FULL_RATE;
use testkit::feeds::PRICE_ONE;

use super::stage::Stage;
use crate::scenario::{Reckless, Size};

/// Collateral and debt, each in its own asset; a value counts at the `first` price.
pub fn sizes(stage: &Stage<'_>, terms: &Reckless, first: i128) -> (i128, i128) {
    let debt_asset = terms.asset.as_ref().unwrap_or(&stage.world.usdc.code);
    let amount_of = |value: i128, price: i128| value * PRICE_ONE / price;
    let collateral = match terms.collateral {
        Size::Amount(amount) => amount.raw(),
        Size::Value(value) => amount_of(value.raw(), first),
        Size::Ltv(_) => 0,
    };
    let price = stage.market_price(debt_asset).raw();
    let debt = match terms.debt {
        Size::Amount(amount) => amount.raw(),
        Size::Value(value) => amount_of(value.raw(), price),
        Size::Ltv(share) => {
            let value = collateral * first / PRICE_ONE * share.raw() / FULL_RATE;
            amount_of(value, price)
        }
    };
    (collateral, debt)
}
