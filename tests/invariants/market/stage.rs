//! The market on the stage: founded, lent to, with insured loans and lenders past their waiting periods.

use testkit::{
    asset::UNIT,
    bindings::{loan_market, market_adapter, OnLedger},
    market::MarketSetup,
};

use super::follow::Sources;
use crate::stage::{Stage, PEG, PEG_DEDUCTIBLE, PURSE};

/// What the market is founded on.
pub fn setup() -> MarketSetup {
    MarketSetup {
        peg: PEG,
        peg_deductible: PEG_DEDUCTIBLE,
        lent: 300_000 * UNIT,
        ..MarketSetup::default()
    }
}

impl Stage {
    /// Against what the market may come to be short of.
    pub fn insure_market_lenders(&self) {
        let (market, ledger, lender) = (&self.market, &self.world.ledger, &self.market.lender);
        self.world.usdc.mint(ledger, &lender.address(), PURSE);
        let request = market_adapter::CoverRequest {
            limit: 100_000 * UNIT,
            max_premium: 5_000 * UNIT,
            max_rate: 5_000_000,
            perils: vec![market_adapter::Peril::Contract],
            route: market_adapter::Route::Adapter,
            weeks: 12,
        };
        market
            .insurer
            .insure_lenders(&market.platform.0, lender, &request)
            .send(ledger, lender)
            .unwrap();
    }

    /// A loan with cover for every peril of a loan, and one that a sponsor insures.
    pub fn open_market_loans(&self) {
        use loan_market::Peril::{Advance, Collateral, Default, Grant, Liquidation};
        let asks = [
            (
                vec![Advance, Grant, Default, Liquidation, Collateral],
                false,
            ),
            (vec![Advance, Default], true),
        ];
        for (owner, (perils, is_sponsored)) in self.market_borrowers.iter().zip(asks) {
            let request = loan_market::CoverRequest {
                limit: 12_000 * UNIT,
                max_premium: 10_000 * UNIT,
                max_rate: 5_000_000,
                perils,
                route: loan_market::Route::Adapter,
                weeks: 8,
            };
            let payer = is_sponsored.then(|| self.sponsor.address());
            let (collateral, amount) = (20 * UNIT, 15_000 * UNIT);
            self.market
                .platform
                .borrow(owner, collateral, amount, &Some(request), &payer)
                .send_signed(&self.world.ledger, owner, &[&self.sponsor])
                .unwrap();
        }
    }

    /// Whose events tell of the market.
    pub fn market_sources(&self) -> Sources<'_> {
        Sources {
            platform: &self.market.platform.0,
            insurer: &self.market.insurer.0,
            salvage: &self.market.salvage.0,
            pool: &self.world.cover.0,
            token: &self.world.usdc.contract,
        }
    }
}
