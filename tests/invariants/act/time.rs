//! Time and prices.

use testkit::bindings::{price_hub, OnLedger};

use super::Run;
use crate::{
    audit::Auditor,
    rules::Rules,
    shadow::{DAY, EXIT_DELAY, WEEK},
};

/// How often base rates are confirmed.
const CONFIRM_EVERY: u64 = 10 * DAY;

impl Run<'_> {
    /// Nothing happens on the way that could break anything; it is checked at the end all the same.
    fn passed(&mut self) -> Rules {
        self.shadow.now = self.now();
        Auditor {
            stage: self.stage,
            shadow: &self.shadow,
        }
        .check_totals()
    }

    pub(super) fn wait(&mut self, seconds: u64) -> Rules {
        self.stage.world.ledger.advance(seconds);
        self.passed()
    }

    pub(super) fn watch(&mut self, steps: u8) -> Rules {
        self.tape.watch(&self.stage.world, u64::from(steps) * 300);
        self.passed()
    }

    pub(super) fn sleep(&mut self, hours: u32) -> Rules {
        self.tape.sleep(&self.stage.world, u64::from(hours) * 3_600);
        self.confirm_bases();
        self.passed()
    }

    /// The risk role does its work now and then, or nothing is sold after a month.
    fn confirm_bases(&mut self) {
        if self.now() < self.confirmed_at + CONFIRM_EVERY {
            return;
        }
        self.confirmed_at = self.now();
        let (world, risk) = (&self.stage.world, &self.stage.governance.risk);
        for (number, group) in (0..).zip(&self.shadow.groups) {
            for sold in &group.perils {
                let confirmed = world
                    .cover
                    .set_base(number, &sold.peril, sold.base)
                    .repeat(&world.ledger, risk);
                confirmed.expect("a base rate may always be confirmed");
            }
        }
    }

    /// A moment at which something begins or ends.
    pub(super) fn until(&mut self, nth: u8, early: u8, warm: bool) -> Rules {
        let now = self.now();
        let of_policies = self.shadow.policies.values().flat_map(|policy| {
            let (start, end) = (policy.start, policy.end);
            [
                start + DAY,
                start + 3 * DAY,
                start + 7 * DAY,
                end - 3 * DAY,
                end,
                end + WEEK,
            ]
        });
        let of_claims = self.shadow.claims.values().map(|claim| claim.payable_from);
        let of_exits = self
            .shadow
            .exits
            .values()
            .map(|exit| exit.requested_at + EXIT_DELAY);
        let mut coming: Vec<_> = of_policies
            .chain(of_claims)
            .chain(of_exits)
            .filter(|moment| *moment > now)
            .collect();
        coming.sort_unstable();
        let Some(moment) = coming.get(usize::from(nth) % coming.len().max(1)) else {
            return Ok(());
        };
        let seconds = (moment - now).saturating_sub(early.into());
        if warm {
            self.tape.sleep(&self.stage.world, seconds);
            self.confirm_bases();
        } else {
            self.stage.world.ledger.advance(seconds);
            self.tape.tick(&self.stage.world);
        }
        self.passed()
    }

    pub(super) fn price(&mut self, asset: u8, permille: u32) -> Rules {
        self.tape.set(asset.into(), permille);
        self.tape.publish(&self.stage.world);
        Ok(())
    }

    pub(super) fn sink(&mut self, loan: u8, health: u32) -> Rules {
        let position = self.position(loan);
        let Some(now) = self.health(&position).filter(|health| health.debt > 0) else {
            return Ok(());
        };
        let permille = u64::from(health) * 10_000_000 / u64::from(now.hub.max(1));
        self.tape.set(
            1,
            u32::try_from(permille).unwrap_or(1_000).clamp(200, 5_000),
        );
        self.tape.tick(&self.stage.world);
        Ok(())
    }

    pub(super) fn diverge(&mut self, feed: u8, permille: u32) -> Rules {
        self.tape.diverge(feed.into(), permille);
        self.tape.publish(&self.stage.world);
        Ok(())
    }

    pub(super) fn silence(&mut self, asset: u8, feed: u8) -> Rules {
        self.tape.silence(asset.into(), feed.into());
        Ok(())
    }

    fn hub(&self) -> price_hub::Client {
        price_hub::Client(self.stage.world.hub.address.clone())
    }

    pub(super) fn poke(&mut self) -> Rules {
        let world = &self.stage.world;
        let assets = vec![
            world.usdc.contract.clone(),
            world.collateral.contract.clone(),
        ];
        self.anyone(self.hub().poke(&assets)).map(drop)
    }

    pub(super) fn trigger(&mut self) -> Rules {
        let world = &self.stage.world;
        let (collateral, debt) = (
            world.collateral.contract.clone(),
            world.usdc.contract.clone(),
        );
        self.anyone(self.hub().trigger(&collateral, &debt))
            .map(drop)
    }

    pub(super) fn set_threshold(&mut self, threshold: u32) -> Rules {
        let world = &self.stage.world;
        let (collateral, debt) = (
            world.collateral.contract.clone(),
            world.usdc.contract.clone(),
        );
        let call = self
            .hub()
            .set_threshold(&collateral, &debt, threshold.into());
        self.by_owner(call, false).map(drop)
    }
}
