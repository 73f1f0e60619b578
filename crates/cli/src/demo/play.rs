//! The play: what everybody does at each point of the path.

use actuary::time::{DAY, HOUR};
use testkit::bindings::{cover_pool as cover, OnLedger};

use super::borrower::Borrower;
use super::flows::Flows;
use super::invariants::Watch;
use super::keeper::{self, Keeper};
use super::liquidity::{stake, Provider};
use super::measured::Measured;
use super::platform::Platform;
use super::probe;
use super::refusal::Ground;
use super::scene::Scene;
use super::seen::Seen;
use super::stage::{refused, Stage};
use super::surrender::Surrender;
use super::waiting::Waiting;
use super::{blend, market, DemoError, Options};
use crate::output;
use crate::peril::Peril;
use crate::prices::{Path, PricePoint, STEP_SECONDS};
use crate::scenario::Scenario;

/// How long LPs wait in the queue.
pub const EXIT_DELAY: u64 = 14 * DAY;
/// While nothing happens, prices are looked at once an hour; from this change on, at once: 1 %.
const WORTH_A_LOOK: i128 = 100;
/// While nothing happens, invariants are checked so often.
const CHECKED_EVERY: u64 = 4 * HOUR;
/// How long before a cancellation the hub looks at every point, so that it can tell a calm market.
const BEFORE_CANCELLING: u64 = HOUR / 2;

/// The covers that a twin may have, and what the twin is called.
const TWINS: [(&str, Peril); 4] = [
    ("with an advance", Peril::Advance),
    ("with a grant", Peril::Grant),
    ("with liquidation cover", Peril::Liquidation),
    ("with collateral cover", Peril::Collateral),
];

/// Everybody and everything.
pub struct Play<'a> {
    pub scene: Scene<'a>,
    pub platform: Box<dyn Platform + 'a>,
    pub providers: Vec<Provider>,
    pub keeper: Keeper,
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
    ///
    /// # Errors
    /// [`DemoError::Network`].
    pub fn set_up(
        scenario: &'a Scenario,
        path: &Path,
        options: Options,
    ) -> Result<Self, DemoError> {
        let stage = Stage::set(scenario, path, options)?;
        let platform: Box<dyn Platform + 'a> = match options.platform {
            output::Platform::Blend => Box::new(blend::Blend::new(&stage)),
            output::Platform::Market => Box::new(market::Market::new(&stage)),
        };
        let begins = stage.now();
        let surrender = Surrender::to(platform.salvage(&stage));
        Ok(Self {
            scene: Scene {
                stage,
                flows: Flows {
                    seed: 1,
                    ..Flows::default()
                },
                borrowers: Vec::new(),
                waiting: Waiting::default(),
                surrender,
                claims: Vec::new(),
                happenings: Vec::new(),
                watch: Watch::default(),
                manipulation: None,
            },
            platform,
            providers: Vec::new(),
            keeper: Keeper::default(),
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

    /// LPs stake, lenders lend.
    pub fn fund(&mut self) -> Result<(), DemoError> {
        let Scene {
            stage,
            flows,
            watch,
            ..
        } = &mut self.scene;
        self.providers = stake(stage, flows)?;
        watch.try_rounding(stage);
        self.seen.first_price = stage.market.raw();
        self.platform.lend(&mut self.scene)
    }

    /// LPs stake, lenders lend, borrowers borrow.
    pub fn open(&mut self) -> Result<(), DemoError> {
        self.seen.refusal = probe::refusal(&self.scene.stage, self.platform.as_ref())?;
        self.fund()?;
        self.happen()?;
        self.borrow("uninsured", None)?;
        let cover = &self.scene.stage.scenario.cover;
        for (name, peril) in TWINS {
            if cover.kinds.contains(&peril) {
                self.borrow(name, Some(peril))?;
            }
        }
        if cover.cancelled_after_days.is_some() {
            self.borrow("cancels", None)?;
            let Scene {
                stage,
                flows,
                borrowers,
                ..
            } = &mut self.scene;
            if let Some(last) = borrowers.last_mut() {
                last.insure(stage, flows, self.platform.as_ref(), Peril::Advance)?;
            }
        }
        self.seen.begin(&self.scene.stage, self.platform.as_ref())?;
        self.measure();
        self.look_around()
    }

    fn borrow(&mut self, name: &'static str, peril: Option<Peril>) -> Result<(), DemoError> {
        let Scene { stage, flows, .. } = &mut self.scene;
        let borrower = Borrower::borrow(stage, flows, self.platform.as_ref(), name, peril)?;
        self.scene.borrowers.push(borrower);
        Ok(())
    }

    /// Lets everybody live through one point of the path.
    pub fn live_through(&mut self, point: PricePoint) -> Result<(), DemoError> {
        if point.time <= self.begins || !self.is_due(point) {
            return Ok(());
        }
        self.pass_time(point.time)?;
        self.scene.stage.publish(point.price)?;
        self.shown_at = point.time;
        self.happen()?;
        self.measure();
        self.keep()?;
        self.platform.liquidate(&mut self.scene, &self.measured)?;
        self.own()?;
        self.look_around()
    }

    /// Whether anything at this point is worth looking at.
    fn is_due(&self, point: PricePoint) -> bool {
        let stage = &self.scene.stage;
        let (time, price, last) = (point.time, point.price.raw(), stage.market.raw());
        let has_moved = (price - last).abs() * WORTH_A_LOOK >= last;
        let cancels = self.cancels_at().is_some_and(|at| {
            (at.saturating_sub(BEFORE_CANCELLING)..=at + STEP_SECONDS).contains(&time)
        });
        time >= self.shown_at + HOUR
            || time == self.ends
            || has_moved
            || self.is_alert
            || self.is_manipulated(time)
            || cancels
            || self.platform.is_due(stage, time)
            || self.next_bid().is_some()
            || self.scene.surrender.is_failing(stage)
            || self.keeper.has_open_event(time) && has_fallen_further(self, price)
    }

    /// Whether a feed shows something else than the market around this time.
    fn is_manipulated(&self, time: u64) -> bool {
        let mut divergences = self.scene.stage.scenario.feeds.divergences.iter();
        divergences
            .any(|other| (other.from.saturating_sub(HOUR)..other.until + HOUR).contains(&time))
    }

    fn cancels_at(&self) -> Option<u64> {
        let days = self.scene.stage.scenario.cover.cancelled_after_days?;
        Some(self.begins + u64::from(days) * DAY)
    }

    /// Moves the clock, and on the way bids in the auctions whose time has come.
    pub fn pass_time(&mut self, until: u64) -> Result<(), DemoError> {
        while let Some(due) = self.next_bid().filter(|due| *due <= until) {
            self.set_time(due)?;
            self.bid()?;
        }
        self.set_time(until)
    }

    /// When the next bid is worth making: in an auction of the platform, or for what was surrendered.
    pub fn next_bid(&self) -> Option<u64> {
        let bargain = self.scene.surrender.next_bargain(&self.scene.stage);
        self.platform.next_bid().into_iter().chain(bargain).min()
    }

    /// Bids where it is time to.
    fn bid(&mut self) -> Result<(), DemoError> {
        let now = self.scene.stage.now();
        if self.platform.next_bid().is_some_and(|at| at <= now) {
            self.platform.bid(&mut self.scene)?;
        }
        let Scene {
            stage,
            flows,
            surrender,
            happenings,
            ..
        } = &mut self.scene;
        happenings.extend(surrender.sell(stage, flows, self.platform.liquidator())?);
        Ok(())
    }

    fn set_time(&self, time: u64) -> Result<(), DemoError> {
        let ledger = &self.scene.stage.world.ledger;
        ledger
            .set_time(time.max(ledger.now()))
            .map_err(|error| DemoError::Refused {
                doing: "moving the clock".to_owned(),
                reason: error.to_string(),
                ground: Ground::Other,
            })
    }

    /// Lets happen on the platform what has its time now.
    fn happen(&mut self) -> Result<(), DemoError> {
        self.platform.happen(&mut self.scene, self.seen.first_price)
    }

    /// Keepers do what there is to do: rescues at once, the rest once an hour.
    fn keep(&mut self) -> Result<(), DemoError> {
        self.keeper.trigger(&mut self.scene.stage);
        let is_manipulated = self.is_manipulated(self.scene.stage.now());
        if self.is_alert || is_manipulated {
            self.keeper.rescue(&mut self.scene, self.platform.as_ref());
        }
        keeper::finalize(&mut self.scene, self.platform.as_ref())?;
        if self.scene.manipulation.is_none() {
            self.scene.manipulation = probe::manipulation(&self.scene, self.platform.as_ref())?;
        }
        if self.scene.stage.now() >= self.kept_at + HOUR {
            self.kept_at = self.scene.stage.now();
            self.platform.settle(&mut self.scene)?;
        }
        Ok(())
    }

    /// Measures every account's health on the platform.
    fn measure(&mut self) {
        let Scene {
            stage, borrowers, ..
        } = &self.scene;
        self.measured = self.platform.measure(stage, borrowers);
        self.is_alert = self.measured.iter().any(Measured::is_close);
        for Measured {
            account, health, ..
        } in &self.measured
        {
            self.seen.health(account, *health);
        }
    }

    /// Borrowers mind their own affairs: they pay advances back, cancel, or hand failed collateral over.
    fn own(&mut self) -> Result<(), DemoError> {
        let pays_back = self.scene.stage.scenario.loan.pay_back_at_health;
        let cancels_at = self.cancels_at();
        let Scene {
            stage,
            flows,
            borrowers,
            waiting,
            surrender,
            claims,
            happenings,
            ..
        } = &mut self.scene;
        let cancels = cancels_at.is_some_and(|at| stage.now() >= at);
        for borrower in borrowers {
            let platform = self.platform.as_ref();
            if borrower.drawn > 0 && borrower.owed(stage) > 0 {
                borrower.try_to_walk_away(stage, platform);
                if platform
                    .health(stage, &borrower.loan)
                    .is_some_and(|health| health >= pays_back)
                {
                    borrower.pay_back(stage, flows)?;
                }
            }
            if cancels && borrower.name == "cancels" && borrower.cancelled.is_none() {
                borrower.cancel(stage, flows, platform)?;
            }
            if borrower.peril == Some(Peril::Collateral) {
                let handed_over = surrender.hand_over(stage, platform, borrower)?;
                if let Some((number, claim, happening)) = handed_over {
                    waiting.add(stage.now(), number, borrower.loan.clone());
                    claims.push(claim);
                    happenings.push(happening);
                }
            }
        }
        Ok(())
    }

    /// Takes note of everything: prices, health and capital at once; policies and invariants when money has moved, and
    /// every few hours.
    pub fn look_around(&mut self) -> Result<(), DemoError> {
        let Scene {
            stage,
            flows,
            borrowers,
            waiting,
            watch,
            ..
        } = &mut self.scene;
        let (now, moved) = (stage.now(), (flows.received(), flows.sent()));
        let books = stage.world.cover.books().view(&stage.world.ledger);
        let books = books.map_err(refused("read the pool's books"))?;
        let price = self.platform.price(stage);
        self.seen
            .look(stage, price, &books, borrowers, &self.measured);
        if now < self.checked_at + CHECKED_EVERY && moved == self.moved {
            return Ok(());
        }
        (self.checked_at, self.moved) = (now, moved);
        let mut policies: Vec<cover::Policy> = borrowers
            .iter_mut()
            .filter_map(|borrower| borrower.look_at_policy(stage))
            .collect();
        policies.extend(self.platform.policies(stage));
        let mut claims = waiting.filed().to_vec();
        claims.extend(self.platform.filed());
        let exposed = self.platform.groups();
        watch.check(
            stage,
            &books,
            (&policies, exposed),
            &self.providers,
            &claims,
            flows,
        );
        Ok(())
    }
}

/// Whether a price is below the deepest that is reported.
fn has_fallen_further(play: &Play<'_>, price: i128) -> bool {
    play.keeper
        .events
        .last()
        .is_some_and(|event| price < event.current)
}
