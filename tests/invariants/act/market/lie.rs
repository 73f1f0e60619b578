//! A platform that lies to its insurer.

use testkit::{
    asset::UNIT,
    bindings::{cover_pool as cover, market_adapter},
    feeds::PRICE_ONE,
};

use super::Run;
use crate::{
    cover::Cover,
    follow::Told,
    market::{default_loss, setup, Liquidation},
    rules::{expect_equal, Rules},
    shadow::Key,
    step::Part,
};

/// Most collateral that a lie is about: the loan's limit is enough for many.
const MOST: i128 = UNIT / 20;

impl Run<'_> {
    /// M7: whatever a platform says of prices, a default is measured at the hub's.
    pub(super) fn market_lie(&mut self, collateral: Part, debt: Part, repaid: Part) -> Rules {
        let (stage, now) = (self.stage, self.now());
        let Ok(pair) = stage.pair() else {
            return Ok(());
        };
        let loan = stage.crooked.loan.clone().expect("insured at the start");
        let collateral = collateral.of(MOST).min(MOST);
        let debt = debt.of(2 * collateral * pair.price / PRICE_ONE);
        let repaid = repaid.of(debt).min(debt);
        let lie = Liquidation {
            loan: loan.clone(),
            time: now,
            price: 1,
            collateral,
            seized: collateral,
            repaid,
            bad_debt: debt - repaid,
        };
        let told = market_adapter::Liquidation {
            bad_debt: lie.bad_debt,
            collateral,
            debt,
            price: lie.price,
            repaid,
            seized: collateral,
            time: now,
        };
        let learnt = stage.crooked.learn(&stage.world, &self.insurer(), &told);
        if lie.bad_debt == 0 || learnt.is_err() {
            return Ok(());
        }
        let loss = cover::Loss {
            amount: default_loss(&lie, pair.price, &setup()),
            event: 0,
            occurred_at: now,
            peril: cover::Peril::Default,
            rescue: false,
            sources: 0,
        };
        let key: Key = (loan, 1);
        let due =
            Cover::new(stage, &self.shadow, &[]).due(&key, loss.peril, loss.amount, (now, now));
        let limit = |run: &Self| run.policy(&key).map_or(0, |policy| policy.limit);
        let before = limit(self);
        let told = Told {
            loss: Some(loss),
            policy: None,
        };
        let keeper = stage.world.keeper.clone();
        let call = stage.crooked.speak(&stage.world);
        if self.send(call, &[&keeper], told)?.is_none() {
            return Ok(());
        }
        if due > 0 {
            self.note("paid");
        }
        expect_equal("M7", "paid for a lie", before - limit(self), due)
    }
}
