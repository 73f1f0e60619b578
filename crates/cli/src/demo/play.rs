//! The play: who is on the stage, and what everybody does at each point of the path.

use actuary::time::{DAY, HOUR};
use localnet::xdr::ScAddress;

use super::auction::{Kind, Liquidator};
use super::borrower::Borrower;
use super::flows::Flows;
use super::gambler::{queue_backstop, Gambler};
use super::invariants::Watch;
use super::keeper::Keeper;
use super::lender::{record, Lender};
use super::liquidity::{stake, Provider};
use super::losses::Losses;
use super::measured::{measure, Measured};
use super::probe;
use super::seen::Seen;
use super::stage::{refused, Stage};
use super::DemoError;
use crate::output::Layer;
use crate::prices::{Path, PricePoint, STEP_SECONDS};

/// How long LPs wait in the queue.
pub const EXIT_DELAY: u64 = 14 * DAY;
/// While nothing happens, prices are looked at once an hour; from this change on, at once: 1 %.
const WORTH_A_LOOK: i128 = 100;
/// How long before a cancellation the hub looks at every point, so that it can tell a calm market.
const BEFORE_CANCELLING: u64 = HOUR / 2;

/// Everybody and everything.
pub struct Play<'a> {
    pub stage: Stage<'a>,
    pub flows: Flows,
    pub providers: Vec<Provider>,
    pub borrowers: Vec<Borrower>,
    pub lenders: Vec<Lender>,
    pub gamblers: Vec<Gambler<'a>>,
    pub liquidator: Liquidator,
    pub keeper: Keeper,
    pub losses: Losses,
    pub watch: Watch,
    pub seen: Seen,
    pub begins: u64,
    ends: u64,
    measured: Vec<Measured>,
    shown_at: u64,
    kept_at: u64,
    checked_at: u64,
    moved: (i128, i128),
    is_alert: bool,
}

impl<'a> Play<'a> {
    /// Sets the stage; nobody has acted yet.
    pub fn set_up(
        scenario: &'a crate::scenario::Scenario,
        path: &Path,
        seed: u64,
    ) -> Result<Self, DemoError> {
        let stage = Stage::set(scenario, path, seed);
        let liquidator = Liquidator::new(&stage);
        let gamblers = scenario
            .reckless
            .iter()
            .map(|terms| Gambler::new(&stage, terms))
            .collect();
        let begins = stage.now();
        Ok(Self {
            stage,
            flows: Flows {
                seed: 1,
                ..Flows::default()
            },
            providers: Vec::new(),
            borrowers: Vec::new(),
            lenders: Vec::new(),
            gamblers,
            liquidator,
            keeper: Keeper::default(),
            losses: Losses::default(),
            watch: Watch::default(),
            seen: Seen::default(),
            begins,
            ends: path.ends(),
            measured: Vec::new(),
            shown_at: begins,
            kept_at: begins,
            checked_at: 0,
            moved: (0, 0),
            is_alert: false,
        })
    }

    /// LPs stake, lenders lend, borrowers borrow.
    pub fn open(&mut self) -> Result<(), DemoError> {
        self.seen.refusal = probe::refusal(&self.stage)?;
        self.providers = stake(&mut self.stage, &mut self.flows)?;
        self.watch.try_rounding(&self.stage);
        for lender in &self.stage.scenario.lenders {
            let lent = Lender::lend(&mut self.stage, &mut self.flows, lender)?;
            self.lenders.push(lent);
        }
        self.seen.first_price = self.stage.market.raw();
        self.gamble()?;
        let twins = [
            ("uninsured", None),
            ("with an advance", Some(Layer::Advance)),
            ("with a grant", Some(Layer::Grant)),
        ];
        for (name, layer) in twins {
            self.borrow(name, layer)?;
        }
        if self.stage.scenario.cover.cancelled_after_days.is_some() {
            self.borrow("cancels", None)?;
            if let Some(last) = self.borrowers.last_mut() {
                last.insure(&mut self.stage, &mut self.flows, Layer::Advance)?;
            }
        }
        self.seen.begin(&self.stage);
        self.losses.look(&self.stage)?;
        self.measure();
        self.look_around()
    }

    fn borrow(&mut self, name: &'static str, layer: Option<Layer>) -> Result<(), DemoError> {
        let borrower = Borrower::borrow(&mut self.stage, &mut self.flows, name, layer)?;
        self.borrowers.push(borrower);
        Ok(())
    }

    /// Lets everybody live through one point of the path.
    pub fn live_through(&mut self, point: PricePoint) -> Result<(), DemoError> {
        if point.time <= self.begins || !self.is_due(point) {
            return Ok(());
        }
        self.pass_time(point.time)?;
        self.stage.publish(point.price)?;
        self.shown_at = point.time;
        self.gamble()?;
        self.measure();
        self.keep()?;
        self.liquidate()?;
        self.own()?;
        self.look_around()
    }

    /// Whether anything at this point is worth looking at.
    fn is_due(&self, point: PricePoint) -> bool {
        let (time, price, last) = (point.time, point.price.raw(), self.stage.market.raw());
        let has_moved = (price - last).abs() * WORTH_A_LOOK >= last;
        let cancels = self.cancels_at().is_some_and(|at| {
            (at.saturating_sub(BEFORE_CANCELLING)..=at + STEP_SECONDS).contains(&time)
        });
        let gambles = self.gamblers.iter().any(|gambler| gambler.is_due(time));
        time >= self.shown_at + HOUR
            || time == self.ends
            || has_moved
            || self.is_alert
            || self.is_manipulated(time)
            || cancels
            || gambles
            || self.liquidator.is_busy()
            || self.keeper.has_open_event(time) && has_fallen_further(self, price)
    }

    /// Whether a feed shows something else than the market around this time.
    fn is_manipulated(&self, time: u64) -> bool {
        let mut divergences = self.stage.scenario.feeds.divergences.iter();
        divergences
            .any(|other| (other.from.saturating_sub(HOUR)..other.until + HOUR).contains(&time))
    }

    fn cancels_at(&self) -> Option<u64> {
        let days = self.stage.scenario.cover.cancelled_after_days?;
        Some(self.begins + u64::from(days) * DAY)
    }

    /// Moves the clock, and on the way fills the auctions whose time has come.
    pub fn pass_time(&mut self, until: u64) -> Result<(), DemoError> {
        while let Some(due) = self.liquidator.next_fill().filter(|due| *due <= until) {
            self.set_time(due)?;
            // Whoever watches lenders looks right before a default: interest since the last look would hide a part of it.
            self.record()?;
            let filled = self.liquidator.filled.len();
            self.liquidator.fill_due(&mut self.stage)?;
            for fill in self.liquidator.filled.iter().skip(filled) {
                let hit = self
                    .borrowers
                    .iter_mut()
                    .find(|borrower| borrower.position.0 == fill.user);
                if let (Kind::Liquidation, Some(borrower)) = (fill.kind, hit) {
                    borrower.was_liquidated = true;
                }
            }
            self.record()?;
            self.liquidator.auction_bad_debt(&mut self.stage)?;
        }
        self.set_time(until)
    }

    fn set_time(&self, time: u64) -> Result<(), DemoError> {
        let ledger = &self.stage.world.ledger;
        ledger
            .set_time(time.max(ledger.now()))
            .map_err(|error| DemoError::Refused {
                doing: "moving the clock".to_owned(),
                reason: error.to_string(),
            })
    }

    /// Borrowers whose loans end badly take them; before the first that has a date, backstop shares begin to leave.
    fn gamble(&mut self) -> Result<(), DemoError> {
        let now = self.stage.now();
        let is_dated = |gambler: &Gambler<'_>| gambler.terms.at.is_some();
        let mut was_quiet = !self
            .gamblers
            .iter()
            .any(|gambler| is_dated(gambler) && gambler.has_borrowed);
        for gambler in self
            .gamblers
            .iter_mut()
            .filter(|gambler| gambler.is_due(now))
        {
            if is_dated(gambler) && std::mem::take(&mut was_quiet) {
                queue_backstop(&self.stage)?;
            }
            gambler.borrow(&mut self.stage, self.seen.first_price)?;
        }
        Ok(())
    }

    /// Keepers do what there is to do: rescues at once, the rest once an hour.
    fn keep(&mut self) -> Result<(), DemoError> {
        self.keeper.trigger(&mut self.stage);
        if self.is_alert || self.is_manipulated(self.stage.now()) {
            self.keeper
                .rescue(&mut self.stage, &mut self.flows, &mut self.borrowers)?;
        }
        self.keeper
            .finalize(&mut self.stage, &mut self.flows, &mut self.borrowers)?;
        if self.seen.manipulation.is_none() {
            self.seen.manipulation =
                probe::manipulation(&self.stage, &self.borrowers, &self.lenders)?;
        }
        if self.stage.now() >= self.kept_at + HOUR {
            self.kept_at = self.stage.now();
            self.record()?;
            self.settle()?;
        }
        Ok(())
    }

    /// Looks at what the platform lost, once with our own eyes and once with the adapter's.
    pub(super) fn record(&mut self) -> Result<(), DemoError> {
        self.losses.look(&self.stage)?;
        if self.lenders.iter().any(|lender| lender.insured.is_some()) {
            let index = record(&mut self.stage)?;
            self.losses.look(&self.stage)?;
            let own = self.losses.index(&self.stage.world.usdc.code);
            self.watch.saw_index(index.index, own);
        }
        Ok(())
    }

    pub(super) fn settle(&mut self) -> Result<(), DemoError> {
        for insured in self
            .lenders
            .iter_mut()
            .filter_map(|lender| lender.insured.as_mut())
        {
            insured.settle(&mut self.stage, &mut self.flows)?;
        }
        Ok(())
    }

    /// Measures every account's health on the platform.
    fn measure(&mut self) {
        self.measured = measure(&self.stage, &self.borrowers, &self.gamblers);
        self.is_alert = self.measured.iter().any(Measured::is_close);
        for Measured {
            account, health, ..
        } in &self.measured
        {
            self.seen.health(account, *health);
        }
    }

    /// Liquidators take on who is unhealthy on the platform.
    fn liquidate(&mut self) -> Result<(), DemoError> {
        for Measured {
            account,
            health,
            liquidated_below,
        } in &self.measured
        {
            if health < liquidated_below {
                self.liquidator.liquidate(&mut self.stage, account)?;
            }
        }
        Ok(())
    }

    /// Borrowers mind their own affairs: they pay advances back, or cancel.
    fn own(&mut self) -> Result<(), DemoError> {
        let pays_back = self.stage.scenario.loan.pay_back_at_health;
        let cancels = self.cancels_at().is_some_and(|at| self.stage.now() >= at);
        for borrower in &mut self.borrowers {
            if borrower.drawn > 0 && borrower.owed(&self.stage) > 0 {
                borrower.try_to_walk_away(&self.stage);
                if borrower
                    .health(&self.stage)
                    .is_some_and(|health| health >= pays_back)
                {
                    borrower.pay_back(&mut self.stage, &mut self.flows)?;
                }
            }
            if cancels && borrower.name == "cancels" && borrower.cancelled.is_none() {
                borrower.cancel(&mut self.stage, &mut self.flows)?;
            }
        }
        Ok(())
    }

    /// Takes note of everything: prices, health and capital at once; policies and invariants when money has moved, and
    /// once an hour.
    pub fn look_around(&mut self) -> Result<(), DemoError> {
        let (now, moved) = (self.stage.now(), (self.flows.received(), self.flows.sent()));
        let books = self
            .stage
            .world
            .cover
            .books()
            .view(&self.stage.world.ledger);
        let books = books.map_err(refused("read the pool's books"))?;
        self.seen
            .look(&self.stage, &books, &self.borrowers, &self.measured);
        if now < self.checked_at + HOUR && moved == self.moved {
            return Ok(());
        }
        (self.checked_at, self.moved) = (now, moved);
        let mut policies = Vec::new();
        for borrower in &mut self.borrowers {
            policies.extend(borrower.look_at_policy(&self.stage));
        }
        for insured in self
            .lenders
            .iter_mut()
            .filter_map(|lender| lender.insured.as_mut())
        {
            policies.extend(insured.look_at_policy(&self.stage));
        }
        let claims = self.claims();
        self.watch.check(
            &self.stage,
            &books,
            &policies,
            &self.providers,
            &claims,
            &self.flows,
        );
        Ok(())
    }

    /// The numbers of all claims that ever waited.
    fn claims(&self) -> Vec<u32> {
        let of_lenders = self
            .lenders
            .iter()
            .filter_map(|lender| lender.insured.as_ref());
        let filed = of_lenders.flat_map(|insured| insured.filed.iter().copied());
        self.keeper.filed.iter().copied().chain(filed).collect()
    }

    /// What an account is called.
    pub fn name_of(&self, account: &ScAddress) -> &str {
        let borrower = self
            .borrowers
            .iter()
            .find(|borrower| borrower.position.0 == *account);
        let gambler = self
            .gamblers
            .iter()
            .find(|gambler| gambler.key.address() == *account);
        let of_gambler = gambler.map(|gambler| gambler.terms.name.as_str());
        borrower
            .map(|borrower| borrower.name)
            .or(of_gambler)
            .unwrap_or("somebody")
    }
}

/// Whether a price is below the deepest that is reported.
fn has_fallen_further(play: &Play<'_>, price: i128) -> bool {
    play.keeper
        .events
        .last()
        .is_some_and(|event| price < event.current)
}
