//! Keepers: they look, and call what anyone may call. They decide nothing.

use actuary::time::{DAY, HOUR};
use actuary::{Price, Rate};
use testkit::bindings::{price_hub as hub, OnLedger};

use super::borrower::Borrower;
use super::flows::Flows;
use super::platform::{Platform, Settled};
use super::scene::Scene;
use super::stage::Stage;
use super::DemoError;
use crate::peril::Peril;

/// The fall that makes a keeper try a trigger; the hub decides.
const WORTH_A_TRY: i128 = 86;
/// How much deeper a fall must be to report it again, in percent of the price reported last.
const DEEPER: i128 = 98;
/// Below this health factor a grant is asked for, as an advance is.
const TRIGGER: Rate = Rate::from_raw(11_200_000);

/// What keepers remember.
#[derive(Default)]
pub struct Keeper {
    /// Prices of the last day, oldest first.
    recent: Vec<(u64, Price)>,
    /// Price and time of the last report to the hub.
    reported: Option<(u64, Price)>,
    /// The events that the hub recorded, by number; a deepening event replaces itself.
    pub events: Vec<hub::DepreciationEvent>,
}

impl Keeper {
    /// Whether an event may still be paid for.
    pub fn has_open_event(&self, now: u64) -> bool {
        self.events
            .last()
            .is_some_and(|event| now < event.at + 2 * DAY)
    }

    /// Reports a fall to the hub when there seems to be one.
    pub fn trigger(&mut self, stage: &mut Stage<'_>) {
        let (now, price) = (stage.now(), stage.market);
        self.recent.push((now, price));
        self.recent.retain(|(time, _)| time + DAY + HOUR >= now);
        let highest = self
            .recent
            .iter()
            .map(|(_, price)| price.raw())
            .max()
            .unwrap_or(0);
        let is_low = price.raw() * 100 <= highest * WORTH_A_TRY;
        let is_new = self.reported.is_none_or(|(time, last)| {
            price.raw() * 100 <= last.raw() * DEEPER || now >= time + DAY
        });
        if !is_low || !is_new {
            return;
        }
        let world = &stage.world;
        let (collateral, debt) = (
            world.collateral.contract.clone(),
            world.usdc.contract.clone(),
        );
        let (call, keeper) = (stage.hub().trigger(collateral, debt), world.keeper.clone());
        // Refused while the fall is not deep enough for the hub, which looks at means.
        if let Ok(event) = stage.attempt("trigger an event", call, &keeper) {
            self.reported = Some((now, price));
            self.events.retain(|other| other.id != event.id);
            self.events.push(event);
        }
    }

    /// Draws advances and pays grants for the borrowers that need them.
    pub fn rescue(&self, scene: &mut Scene<'_>, platform: &dyn Platform) {
        let Scene {
            stage,
            flows,
            borrowers,
            waiting,
            ..
        } = scene;
        for borrower in borrowers.iter_mut() {
            let peril = match borrower.peril {
                Some(Peril::Advance) => Peril::Advance,
                Some(Peril::Grant) if self.has_open_event(stage.now()) => Peril::Grant,
                _ => continue,
            };
            let before = platform.health(stage, &borrower.loan);
            if before.is_none_or(|health| health >= TRIGGER) {
                continue;
            }
            // A batch without a payment costs little; what a payment costs is what is wanted here.
            let reserve = reserve_of(stage);
            let outcomes = platform.rescue(stage, peril, &borrower.loan);
            for outcome in outcomes.into_iter().flatten().flatten() {
                match outcome {
                    Settled::Paid(amount) => {
                        book(stage, flows, borrower, amount, reserve);
                        let after = platform.health(stage, &borrower.loan);
                        borrower.was_paid(stage, amount, (before, after));
                    }
                    Settled::Filed(claim) => {
                        waiting.add(stage.now(), claim, borrower.loan.clone());
                    }
                }
            }
        }
    }
}

/// Settles the borrowers' claims whose window has passed.
pub fn finalize(scene: &mut Scene<'_>, platform: &dyn Platform) -> Result<(), DemoError> {
    for (claim, loan) in scene.waiting.take_due(scene.stage.now()) {
        let Scene {
            stage,
            flows,
            borrowers,
            ..
        } = scene;
        let mut all = borrowers.iter_mut();
        let Some(borrower) = all.find(|borrower| borrower.loan == loan) else {
            continue;
        };
        let (reserve, before) = (reserve_of(stage), platform.health(stage, &loan));
        let amount = platform.finalize(stage, claim)?;
        if amount > 0 {
            book(stage, flows, borrower, amount, reserve);
            let after = platform.health(stage, &loan);
            borrower.was_paid(stage, amount, (before, after));
        }
        scene.was_finalized(claim, amount);
    }
    Ok(())
}

/// The pool's reserve now.
pub fn reserve_of(stage: &Stage<'_>) -> i128 {
    let books = stage.world.cover.books().view(&stage.world.ledger);
    books.map_or(0, |books| books.reserve)
}

fn book(
    stage: &Stage<'_>,
    flows: &mut Flows,
    borrower: &mut Borrower,
    amount: i128,
    reserve: i128,
) {
    if borrower.peril == Some(Peril::Advance) {
        borrower.drawn += amount;
        flows.drawn += amount;
    } else {
        flows.was_paid(amount, reserve - reserve_of(stage));
    }
}
