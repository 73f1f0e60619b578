//! What accounts have at stake on Blend, and how close that is to a liquidation.

use actuary::loss::BLEND_SCALE;
use actuary::math::{mul_div_down, mul_div_up};
use actuary::{Rate, FULL_RATE};
use localnet::xdr::ScAddress;
use testkit::asset::Asset;
use testkit::blend::Reserve;
use testkit::feeds::PRICE_ONE;

use super::gambler::Gambler;
use crate::demo::borrower::Borrower;
use crate::demo::measured::Measured;
use crate::demo::stage::Stage;

/// What an account has at stake, at Blend's own prices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Standing {
    /// Collateral after its factor, in the loan asset.
    collateral: i128,
    /// Debt before its factor, in the loan asset.
    debt: i128,
}

impl Standing {
    /// What an account has at stake.
    fn of(stage: &Stage<'_>, reserves: &[(&Asset, Reserve)], account: &ScAddress) -> Self {
        let positions = stage.world.pool.positions(&stage.world.ledger, account);
        let mut standing = Self::default();
        for (asset, reserve) in reserves {
            let (index, price) = (
                reserve.config.index,
                stage.platform_price(&asset.code).raw(),
            );
            let value = |tokens: i128, rate| {
                let amount = mul_div_down(tokens, rate, BLEND_SCALE).unwrap_or(0);
                mul_div_down(amount, price, PRICE_ONE).unwrap_or(0)
            };
            if let Some(tokens) = positions.collateral.get(&index) {
                let factor = i128::from(reserve.config.c_factor);
                standing.collateral += value(*tokens, reserve.data.b_rate) * factor / FULL_RATE;
            }
            if let Some(tokens) = positions.liabilities.get(&index) {
                let factor = i128::from(reserve.config.l_factor);
                let debt = value(*tokens, reserve.data.d_rate);
                standing.debt += mul_div_up(debt, FULL_RATE, factor).unwrap_or(0);
            }
        }
        standing
    }

    /// The health factor, rounded down; none without debt.
    fn health(self) -> Option<Rate> {
        (self.debt > 0).then(|| {
            Rate::from_raw(mul_div_down(self.collateral, FULL_RATE, self.debt).unwrap_or(i128::MAX))
        })
    }
}

/// The reserve of each asset, accrued to now.
pub fn reserves<'a>(stage: &'a Stage<'_>) -> Vec<(&'a Asset, Reserve)> {
    let world = &stage.world;
    let reserve = |asset| (asset, world.pool.reserve(&world.ledger, asset));
    world.assets().into_iter().map(reserve).collect()
}

/// Every account with a debt, at the platform's own prices.
pub fn measure(
    stage: &Stage<'_>,
    borrowers: &[Borrower],
    gamblers: &[Gambler<'_>],
) -> Vec<Measured> {
    let reserves = reserves(stage);
    let of_borrowers = borrowers
        .iter()
        .map(|borrower| (borrower.loan.clone(), Rate::FULL));
    let of_gamblers = gamblers
        .iter()
        .filter(|gambler| gambler.has_borrowed)
        .map(|gambler| (gambler.key.address(), gambler.terms.liquidated_below_health));
    let measured = |(account, liquidated_below)| {
        let health = Standing::of(stage, &reserves, &account).health()?;
        Some(Measured {
            account,
            health,
            liquidated_below,
        })
    };
    of_borrowers
        .chain(of_gamblers)
        .filter_map(measured)
        .collect()
}
