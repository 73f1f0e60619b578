//! The stage: the world of a scenario, its clock and its prices.

use actuary::math::mul_div_down;
use actuary::time::{HOUR, MAX_WEEKS, WEEK};
use actuary::{Price, Rate, FULL_RATE};
use localnet::{Auth, Event, FromScVal, InvokeError, Keypair, Outcome};
use testkit::bindings::{price_hub as hub, Call, OnLedger};
use testkit::feeds::{Feed as HubFeed, PRICE_ONE};
use testkit::world::{Other, Setup, World};

use super::meter::Meter;
use super::refusal::Ground;
use super::surrender::BORNE;
use super::{DemoError, Options};
use crate::prices::Path;
use crate::scenario::{Feed, Scenario};

/// One of an asset with 14 decimals.
pub const ONE: Price = Price::from_raw(PRICE_ONE);
/// Backstop tokens that are just enough for Blend to activate a pool: `(10 n)^4 * n / 4` reaches 100 000^5, since one
/// share of the test exchange holds 10 BLND and a quarter of a USDC.
const BACKSTOP_THRESHOLD: i128 = 20_914 * 10_000_000;
/// Collateral factor of assets that are neither collateral nor lent to the twins.
const OTHER_FACTOR: u32 = 7_500_000;

/// Of every asset, what a liquidator can spend.
pub const PURSE: i128 = 1_000_000_000 * 10_000_000;
/// How often feeds repeat a price that does not change; Reflector does so at every look.
const HEARTBEAT: u64 = HOUR;

/// World, clock, prices and costs.
pub struct Stage<'a> {
    pub scenario: &'a Scenario,
    pub world: World,
    pub meter: Meter,
    /// The collateral's price in the market.
    pub market: Price,
    /// The term of the twins' covers.
    pub weeks: u32,
    repeated_at: u64,
    seed: u64,
}

impl<'a> Stage<'a> {
    /// The world as it is when the warm-up is over.
    ///
    /// # Errors
    /// [`DemoError::Network`].
    pub fn set(scenario: &'a Scenario, path: &Path, options: Options) -> Result<Self, DemoError> {
        let first = path.points.first();
        let market = first.map_or(ONE, |point| point.price);
        let setup = Setup {
            start_time: first.map_or(0, |point| point.time),
            collateral: scenario.assets.collateral.clone(),
            settlement: scenario.assets.loan.clone(),
            has_clawback: scenario.deficit.is_some(),
            peg: peg(scenario),
            peg_deductible: seven_decimals(BORNE),
            price: market.raw(),
            c_factor: seven_decimals(scenario.platform.collateral_factor),
            l_factor: seven_decimals(scenario.platform.liability_factor),
            take_rate: seven_decimals(scenario.platform.backstop_take_rate),
            collateral_feeds: scenario
                .feeds
                .hub
                .iter()
                .copied()
                .filter_map(of_hub)
                .collect(),
            others: others(scenario),
            backstop_shares: BACKSTOP_THRESHOLD * scenario.platform.backstop_size.raw() / FULL_RATE,
            lent: 0,
            observer: None,
            ..Setup::default()
        };
        let world = World::on(options.via.ledger(setup.network())?, &setup);
        Ok(Self {
            scenario,
            world,
            meter: Meter::default(),
            market,
            weeks: term(scenario, path),
            repeated_at: 0,
            seed: options.seed,
        })
    }

    /// Unix time.
    pub fn now(&self) -> u64 {
        self.world.ledger.now()
    }

    /// The key of somebody who trusts all assets.
    pub fn actor(&self, name: &str) -> Keypair {
        self.world.actor(&format!("{name} {}", self.seed))
    }

    /// A liquidator with enough of every asset.
    pub fn liquidator(&self) -> Keypair {
        let key = self.actor("liquidator");
        for asset in self.world.assets() {
            asset.mint(&self.world.ledger, &key.address(), PURSE);
        }
        key
    }

    /// Sends a call and takes note of its costs.
    ///
    /// # Errors
    /// What the contract refused.
    pub fn attempt<R: FromScVal>(
        &mut self,
        operation: &'static str,
        call: Call<R>,
        source: &Keypair,
    ) -> Result<R, InvokeError> {
        self.witness(operation, call, source)
            .map(|(value, _)| value)
    }

    /// As [`Stage::attempt`], with the events of the call.
    ///
    /// # Errors
    /// What the contract refused.
    pub fn witness<R: FromScVal>(
        &mut self,
        operation: &'static str,
        call: Call<R>,
        source: &Keypair,
    ) -> Result<(R, Vec<Event>), InvokeError> {
        let mut outcome = call.outcome(&self.world.ledger, source, Auth::Sign(&[]))?;
        let (value, events) = (outcome.get()?, std::mem::take(&mut outcome.events));
        self.note(operation, outcome);
        Ok((value, events))
    }

    /// As [`Stage::attempt`], where a refusal ends the demo.
    pub fn send<R: FromScVal>(
        &mut self,
        operation: &'static str,
        call: Call<R>,
        source: &Keypair,
    ) -> Result<R, DemoError> {
        self.attempt(operation, call, source)
            .map_err(refused(operation))
    }

    /// Takes note of what a call cost.
    pub fn note(&mut self, operation: &'static str, outcome: Outcome) {
        self.meter.note(operation, outcome.costs);
    }

    /// Shows the market's price, or what a feed makes of it, on all feeds as of now, and lets the hub look.
    pub fn publish(&mut self, market: Price) -> Result<(), DemoError> {
        self.market = market;
        let world = &self.world;
        let now = world.ledger.now();
        let shown = |feed| self.scenario.shown_by(feed, now, market).raw();
        let collateral = &world.collateral;
        for feed in self.scenario.feeds.hub.iter().copied() {
            if let Some(own) = of_hub(feed) {
                world.feeds.set(&world.ledger, own, collateral, shown(feed));
            }
        }
        let oracle = &world.platform_oracle;
        oracle.set(
            &world.ledger,
            HubFeed::Reflector,
            collateral,
            shown(Feed::Blend),
        );
        let repeats = now >= self.repeated_at + HEARTBEAT;
        for asset in world.assets() {
            let price = self.constant_price(&asset.code).raw();
            if asset.code == collateral.code {
                continue;
            }
            if repeats {
                world.feeds.set_all(&world.ledger, asset, price);
                oracle.set(&world.ledger, HubFeed::Reflector, asset, price);
            } else {
                world
                    .feeds
                    .set(&world.ledger, HubFeed::Reflector, asset, price);
            }
        }
        let assets = world
            .assets()
            .iter()
            .map(|asset| asset.contract.clone())
            .collect();
        let keeper = world.keeper.clone();
        let poke = self.hub().poke(&assets);
        self.send("poke prices", poke, &keeper)?;
        if repeats {
            self.repeated_at = now;
        }
        Ok(())
    }

    /// The price hub.
    pub fn hub(&self) -> hub::Client {
        hub::Client(self.world.hub.address.clone())
    }

    /// The price of an asset other than the collateral.
    fn constant_price(&self, code: &str) -> Price {
        self.scenario
            .assets
            .others
            .get(code)
            .copied()
            .unwrap_or(ONE)
    }

    /// What an asset costs in the market.
    pub fn market_price(&self, code: &str) -> Price {
        if code == self.world.collateral.code {
            self.market
        } else {
            self.constant_price(code)
        }
    }

    /// What an asset costs for Blend's pool.
    pub fn platform_price(&self, code: &str) -> Price {
        if code == self.world.collateral.code {
            self.scenario.shown_by(Feed::Blend, self.now(), self.market)
        } else {
            self.constant_price(code)
        }
    }

    /// What so many of an asset are worth in the market, rounded down.
    pub fn worth(&self, code: &str, amount: i128) -> i128 {
        mul_div_down(amount, self.market_price(code).raw(), PRICE_ONE).unwrap_or(0)
    }
}

/// The scenario's term, or as many weeks as the path needs, as far as a cover goes.
fn term(scenario: &Scenario, path: &Path) -> u32 {
    let needed = path.ends().saturating_sub(path.begins) / WEEK + 1;
    let needed = u32::try_from(needed).unwrap_or(MAX_WEEKS).min(MAX_WEEKS);
    scenario.cover.weeks.max(needed)
}

/// Makes a refusal the end of the demo.
pub fn refused(doing: &str) -> impl Fn(InvokeError) -> DemoError + '_ {
    move |error| DemoError::Refused {
        doing: doing.to_owned(),
        reason: error.to_string(),
        ground: Ground::of(&error),
    }
}

/// The hub's feed of that kind; none for the platform's own oracle.
pub const fn of_hub(feed: Feed) -> Option<HubFeed> {
    match feed {
        Feed::Reflector => Some(HubFeed::Reflector),
        Feed::Redstone => Some(HubFeed::Redstone),
        Feed::Chainlink => Some(HubFeed::Chainlink),
        Feed::Blend => None,
    }
}

/// The collateral's reference price; 0 without one.
pub fn peg(scenario: &Scenario) -> i128 {
    let reference = scenario.reference.as_ref();
    reference.map_or(0, |reference| reference.price.raw())
}

fn others(scenario: &Scenario) -> Vec<Other> {
    let other = |(code, price): (&String, &Price)| Other {
        code: code.clone(),
        price: price.raw(),
        c_factor: OTHER_FACTOR,
        feeds: HubFeed::ALL.to_vec(),
    };
    scenario.assets.others.iter().map(other).collect()
}

/// A checked fraction as contracts take it.
pub fn seven_decimals(rate: Rate) -> u32 {
    u32::try_from(rate.raw()).unwrap_or(u32::MAX)
}
