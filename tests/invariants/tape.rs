//! The price tape: what every feed publishes, as long as it does not diverge or fall silent.

use localnet::Ledger;
use testkit::{
    asset::Asset,
    feeds::{Feed, PRICE_ONE},
    world::{World, GLANCE},
};

/// The hub's three feeds, and Blend's own oracle.
const OUTLETS: usize = 4;
/// Blend's own oracle.
const PLATFORM: usize = 3;
/// Feeds whose prices stay fresh for an hour: enough of them for the hub.
const HOURLY: [usize; 2] = [1, 2];
/// Seconds after which an unchanged price is published again: before it is stale.
const REFRESH: [u64; OUTLETS] = [300, 3_000, 3_000, 40_000];
/// All of a price, in thousandths.
const WHOLE: i128 = 1_000;

const HOUR: u64 = 3_600;

/// What one feed does with one price.
#[derive(Clone, Copy)]
struct Outlet {
    /// Its part of the true price, in thousandths.
    part: i128,
    is_silent: bool,
    published: Option<(u64, i128)>,
}

#[derive(Clone)]
struct Line {
    price: i128,
    outlets: [Outlet; OUTLETS],
}

/// The prices of USDC and of the collateral.
#[derive(Clone)]
pub struct Tape([Line; 2]);

impl Tape {
    /// Both assets at their first prices, 14 decimals.
    pub fn new(collateral: i128) -> Self {
        let outlet = Outlet {
            part: WHOLE,
            is_silent: false,
            published: None,
        };
        let line = |price| Line {
            price,
            outlets: [outlet; OUTLETS],
        };
        Self([line(PRICE_ONE), line(collateral)])
    }

    /// The true price of the collateral.
    pub fn collateral(&self) -> i128 {
        self.0[1].price
    }

    /// Moves a price to `permille` of it; every feed speaks again and agrees.
    pub fn set(&mut self, asset: usize, permille: u32) {
        let line = &mut self.0[asset % 2];
        let bounds = match asset % 2 {
            0 => (PRICE_ONE * 9 / 10, PRICE_ONE * 11 / 10),
            _ => (50 * PRICE_ONE, 20_000 * PRICE_ONE),
        };
        line.price = (line.price * i128::from(permille) / WHOLE).clamp(bounds.0, bounds.1);
        for outlet in &mut line.outlets {
            (outlet.part, outlet.is_silent) = (WHOLE, false);
        }
    }

    /// Lets one feed publish `permille` of the collateral's price from now on.
    pub fn diverge(&mut self, feed: usize, permille: u32) {
        self.0[1].outlets[feed % OUTLETS].part = permille.into();
    }

    /// Lets one feed say nothing more about an asset.
    pub fn silence(&mut self, asset: usize, feed: usize) {
        self.0[asset % 2].outlets[feed % OUTLETS].is_silent = true;
    }

    /// Publishes what is new or about to be stale, and lets the hub look.
    pub fn tick(&mut self, world: &World) {
        self.publish(world);
        self.poke(world);
    }

    /// Publishes what is new or about to be stale.
    pub fn publish(&mut self, world: &World) {
        self.publish_of(world, &[0, 1, 2, PLATFORM]);
    }

    fn publish_of(&mut self, world: &World, outlets: &[usize]) {
        for (line, asset) in self.0.iter_mut().zip([&world.usdc, &world.collateral]) {
            for index in outlets {
                line.publish(world, asset, *index);
            }
        }
    }

    fn poke(&self, world: &World) {
        let assets = [&world.usdc, &world.collateral];
        world.hub.poke(&world.ledger, &world.keeper, &assets);
    }

    /// Lets `seconds` pass, looked at every five minutes.
    pub fn watch(&mut self, world: &World, seconds: u64) {
        let end = world.ledger.now() + seconds;
        while world.ledger.now() < end {
            world.ledger.advance(300.min(end - world.ledger.now()));
            self.tick(world);
        }
    }

    /// Lets `seconds` pass so that the hub trusts its window at the end of them, if they are a day at least.
    pub fn sleep(&mut self, world: &World, seconds: u64) {
        let (ledger, dense): (&Ledger, u64) = (&world.ledger, seconds.min(HOUR / 3));
        let end = ledger.now() + (seconds - dense);
        ledger.advance((seconds - dense).saturating_sub(25 * HOUR));
        while ledger.now() < end {
            ledger.advance(GLANCE.min(end - ledger.now()));
            self.publish_of(world, &HOURLY);
            self.poke(world);
        }
        self.watch(world, dense);
    }
}

impl Line {
    fn publish(&mut self, world: &World, asset: &Asset, index: usize) {
        let outlet = &mut self.outlets[index];
        let (now, price) = (world.ledger.now(), self.price * outlet.part / WHOLE);
        let is_due = outlet
            .published
            .is_none_or(|(at, said)| said != price || now >= at + REFRESH[index]);
        if outlet.is_silent || !is_due {
            return;
        }
        outlet.published = Some((now, price));
        let (feeds, feed) = match index {
            PLATFORM => (&world.platform_oracle, Feed::Reflector),
            hub => (&world.feeds, Feed::ALL[hub]),
        };
        feeds.set(&world.ledger, feed, asset, price);
    }
}
