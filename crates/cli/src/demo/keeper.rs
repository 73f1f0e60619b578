//! Keepers: they look, and call what anyone may call. They decide nothing.

use actuary::claim::CHALLENGE_WINDOW;
use actuary::time::{DAY, HOUR};
use actuary::{Price, Rate};
use localnet::xdr::ScAddress;
use testkit::bindings::{blend_adapter as adapter, price_hub as hub};

use super::borrower::Borrower;
use super::flows::Flows;
use super::stage::Stage;
use super::DemoError;
use crate::output::Layer;

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
    /// Claims that wait: number, whose, when filed, and whether they are an advance's.
    pub waiting: Vec<Waiting>,
    /// All claims that ever waited.
    pub filed: Vec<u32>,
}

/// A claim in its challenge window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub claim: u32,
    pub position: ScAddress,
    pub payable_at: u64,
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
    pub fn rescue(
        &mut self,
        stage: &mut Stage<'_>,
        flows: &mut Flows,
        borrowers: &mut [Borrower],
    ) -> Result<(), DemoError> {
        for borrower in borrowers.iter_mut() {
            let Some(before) = borrower.health(stage).filter(|health| *health < TRIGGER) else {
                continue;
            };
            let positions = vec![borrower.position.0.clone()];
            let keeper = stage.world.keeper.clone();
            let (operation, call) = match borrower.layer {
                Some(Layer::Advance) => (
                    "rescue one position",
                    stage.world.adapter.rescue(&positions, &keeper),
                ),
                Some(Layer::Grant) if self.has_open_event(stage.now()) => (
                    "grant to one position",
                    stage.world.adapter.grant(&positions, &keeper),
                ),
                _ => continue,
            };
            // A batch without a payment costs little; what a payment costs is what is wanted here.
            let reserve = reserve_of(stage);
            let outcomes = stage.attempt(operation, call, &keeper).unwrap_or_default();
            for outcome in outcomes {
                match outcome {
                    adapter::Outcome::Done(adapter::Settlement::Paid(amount)) => {
                        book(stage, flows, borrower, amount, reserve);
                        borrower.was_paid(stage, amount, Some(before));
                    }
                    adapter::Outcome::Done(adapter::Settlement::Filed(claim, _)) => {
                        self.waits(stage, claim, &borrower.position.0);
                    }
                    adapter::Outcome::Skipped(_) => {}
                }
            }
        }
        Ok(())
    }

    fn waits(&mut self, stage: &Stage<'_>, claim: u32, position: &ScAddress) {
        self.filed.push(claim);
        self.waiting.push(Waiting {
            claim,
            position: position.clone(),
            payable_at: stage.now() + CHALLENGE_WINDOW,
        });
    }

    /// Settles the claims whose window has passed.
    pub fn finalize(
        &mut self,
        stage: &mut Stage<'_>,
        flows: &mut Flows,
        borrowers: &mut [Borrower],
    ) -> Result<(), DemoError> {
        let now = stage.now();
        let (due, later) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition(|waiting| waiting.payable_at <= now);
        self.waiting = later;
        let due: Vec<Waiting> = due;
        for Waiting {
            claim, position, ..
        } in due
        {
            let keeper = stage.world.keeper.clone();
            let found = borrowers
                .iter_mut()
                .find(|borrower| borrower.position.0 == position);
            let Some(borrower) = found else { continue };
            let call = match borrower.layer {
                Some(Layer::Advance) => stage.world.adapter.finalize(claim, &keeper),
                _ => stage.world.cover.finalize(claim, &keeper),
            };
            let (reserve, before) = (reserve_of(stage), borrower.health(stage));
            let amount = stage.send("finalize a claim", call, &keeper)?;
            if amount > 0 {
                book(stage, flows, borrower, amount, reserve);
                borrower.was_paid(stage, amount, before);
            }
        }
        Ok(())
    }
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
    if borrower.layer == Some(Layer::Advance) {
        borrower.drawn += amount;
        flows.drawn += amount;
    } else {
        flows.paid += amount;
        flows.from_reserve += reserve - reserve_of(stage);
    }
}
