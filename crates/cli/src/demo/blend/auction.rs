//! Liquidators on Blend: they start auctions on unhealthy accounts, fill them when that pays, and take over the backstop's
//! bad debt for its tokens.

use actuary::loss::BLEND_SCALE;
use actuary::math::mul_div_down;
use actuary::{Rate, FULL_RATE};
use localnet::xdr::ScAddress;
use localnet::{InvokeError, Keypair, Outcome, SECONDS_PER_LEDGER};
use testkit::asset::Asset;
use testkit::blend::{AuctionData, Request, Reserve};

use super::standing::reserves;
use crate::demo::stage::{refused, Stage, PURSE};
use crate::demo::DemoError;

/// What a fill must bring in beyond its cost: 1 %.
const MARGIN: Rate = Rate::from_raw(10_100_000);
/// Ledgers in which an auction's lot grows to its whole, and then its bid shrinks to nothing.
const HALF: i128 = 200;

const WITHDRAW_COLLATERAL: u32 = 3;
const REPAY: u32 = 5;
const FILL_LIQUIDATION: u32 = 6;
const FILL_BAD_DEBT: u32 = 7;

/// What is auctioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An unhealthy account.
    Liquidation = 0,
    /// The backstop's debt.
    BadDebt = 1,
}

/// An auction that waits to be filled.
struct Auction {
    kind: Kind,
    user: ScAddress,
    begins_at: u64,
    fill_at: u64,
}

/// What was filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    pub time: u64,
    pub kind: Kind,
    pub user: ScAddress,
}

/// All liquidators as one.
pub struct Liquidator {
    pub key: Keypair,
    auctions: Vec<Auction>,
    pub filled: Vec<Filled>,
}

impl Liquidator {
    /// A liquidator with enough of every asset.
    pub fn new(stage: &Stage<'_>) -> Self {
        Self {
            key: stage.liquidator(),
            auctions: Vec::new(),
            filled: Vec::new(),
        }
    }

    /// When the next fill is due.
    pub fn next_fill(&self) -> Option<u64> {
        self.auctions.iter().map(|auction| auction.fill_at).min()
    }

    /// Starts an auction on an account that the platform finds unhealthy, of the smallest part that it admits. Returns whether
    /// one was started.
    pub fn liquidate(
        &mut self,
        stage: &mut Stage<'_>,
        user: &ScAddress,
    ) -> Result<bool, DemoError> {
        if self.auctions.iter().any(|auction| auction.user == *user) {
            return Ok(false);
        }
        let positions = stage.world.pool.positions(&stage.world.ledger, user);
        let held = |map: &std::collections::BTreeMap<u32, i128>| -> Vec<ScAddress> {
            let reserves = reserves(stage);
            let held = reserves
                .iter()
                .filter(|(_, reserve)| map.contains_key(&reserve.config.index));
            held.map(|(asset, _)| asset.contract.clone()).collect()
        };
        let (bid, lot) = (held(&positions.liabilities), held(&positions.collateral));
        let admitted = std::iter::once(100).chain(1..100).find(|percent: &u32| {
            let args = (0_u32, user, bid.clone(), lot.clone(), *percent);
            let tried: Result<AuctionData, InvokeError> =
                stage
                    .world
                    .ledger
                    .view(&stage.world.pool.address, "new_auction", args);
            tried.is_ok()
        });
        let Some(percent) = admitted else {
            return Ok(false);
        };
        self.start(stage, Kind::Liquidation, user.clone(), bid, lot, percent)?;
        Ok(true)
    }

    /// Auctions the backstop's bad debt for its tokens, if it has any of both.
    pub fn auction_bad_debt(&mut self, stage: &mut Stage<'_>) -> Result<(), DemoError> {
        let world = &stage.world;
        let backstop = world.pool.backstop.clone();
        let debts = world.pool.positions(&world.ledger, &backstop).liabilities;
        let is_open = self
            .auctions
            .iter()
            .any(|auction| auction.kind == Kind::BadDebt);
        if debts.is_empty() || is_open || world.pool.backstop_data(&world.ledger).tokens == 0 {
            return Ok(());
        }
        let bid: Vec<_> = reserves(stage)
            .iter()
            .filter(|(_, reserve)| debts.contains_key(&reserve.config.index))
            .map(|(asset, _)| asset.contract.clone())
            .collect();
        let lot = vec![world.blend.comet.clone()];
        self.start(stage, Kind::BadDebt, backstop, bid, lot, 100)
    }

    fn start(
        &mut self,
        stage: &mut Stage<'_>,
        kind: Kind,
        user: ScAddress,
        bid: Vec<ScAddress>,
        lot: Vec<ScAddress>,
        percent: u32,
    ) -> Result<(), DemoError> {
        let args = (kind as u32, &user, bid, lot, percent);
        let world = &stage.world;
        let sign = localnet::Auth::Sign(&[]);
        let started = world
            .ledger
            .call(&self.key, &world.pool.address, "new_auction", args, sign);
        let auction: AuctionData = started
            .and_then(|outcome| outcome.get())
            .map_err(refused("start an auction on Blend"))?;
        let begins_at = stage.now() + SECONDS_PER_LEDGER;
        self.auctions.push(Auction {
            kind,
            user,
            begins_at,
            fill_at: pays_at(stage, (kind, begins_at), &auction),
        });
        Ok(())
    }

    /// Fills what is due now and pays still: the price may have fallen since. An auction that a rescue has deleted is forgotten.
    pub fn fill_due(&mut self, stage: &mut Stage<'_>) -> Result<(), DemoError> {
        let now = stage.now();
        let (due, later) = std::mem::take(&mut self.auctions)
            .into_iter()
            .partition(|auction| auction.fill_at <= now);
        self.auctions = later;
        let due: Vec<Auction> = due;
        for auction in due {
            let Ok(data) = read(stage, &auction) else {
                continue;
            };
            let fill_at = pays_at(stage, (auction.kind, auction.begins_at), &data);
            if fill_at > now {
                self.auctions.push(Auction { fill_at, ..auction });
                continue;
            }
            let outcome = self
                .fill(stage, &auction, &data)
                .map_err(refused("fill an auction on Blend"))?;
            stage.note("Blend: fill an auction", outcome);
            let Auction { kind, user, .. } = auction;
            self.filled.push(Filled {
                time: now,
                kind,
                user,
            });
        }
        Ok(())
    }

    fn fill(
        &self,
        stage: &Stage<'_>,
        auction: &Auction,
        data: &AuctionData,
    ) -> Result<Outcome, InvokeError> {
        let request = |request_type, address: &ScAddress, amount| Request {
            request_type,
            address: address.clone(),
            amount,
        };
        let fill = match auction.kind {
            Kind::Liquidation => FILL_LIQUIDATION,
            Kind::BadDebt => FILL_BAD_DEBT,
        };
        let mut requests = vec![request(fill, &auction.user, 100)];
        let elapsed = i128::from(stage.world.ledger.sequence()) - i128::from(data.block);
        if elapsed < 2 * HALF {
            requests.extend(
                data.bid
                    .keys()
                    .map(|asset| request(REPAY, asset, PURSE / 2)),
            );
        }
        if auction.kind == Kind::Liquidation {
            let all = i128::from(i64::MAX);
            requests.extend(
                data.lot
                    .keys()
                    .map(|asset| request(WITHDRAW_COLLATERAL, asset, all)),
            );
        }
        stage
            .world
            .pool
            .submit(&stage.world.ledger, &self.key, &requests)
    }
}

fn read(stage: &Stage<'_>, auction: &Auction) -> Result<AuctionData, InvokeError> {
    let args = (auction.kind as u32, &auction.user);
    stage
        .world
        .ledger
        .view(&stage.world.pool.address, "get_auction", args)
}

/// When an auction that begins at that time is worth a fill.
fn pays_at(stage: &Stage<'_>, (kind, begins_at): (Kind, u64), auction: &AuctionData) -> u64 {
    begins_at + ledgers_until_it_pays(stage, kind, auction) * SECONDS_PER_LEDGER
}

/// In how many ledgers the lot is worth the bid and a margin: first the lot grows, then the bid shrinks.
fn ledgers_until_it_pays(stage: &Stage<'_>, kind: Kind, auction: &AuctionData) -> u64 {
    let reserves = reserves(stage);
    let in_market = |tokens: &std::collections::BTreeMap<ScAddress, i128>,
                     rate: fn(&Reserve) -> i128| {
        let value = |(contract, amount): (&ScAddress, &i128)| {
            let reserve = reserves
                .iter()
                .find(|(asset, _)| asset.contract == *contract);
            reserve.map_or(0, |(asset, reserve): &(&Asset, Reserve)| {
                let amount = mul_div_down(*amount, rate(reserve), BLEND_SCALE).unwrap_or(0);
                stage.worth(&asset.code, amount)
            })
        };
        tokens.iter().map(value).sum::<i128>()
    };
    let bid = in_market(&auction.bid, |reserve| reserve.data.d_rate);
    let lot = match kind {
        Kind::Liquidation => in_market(&auction.lot, |reserve| reserve.data.b_rate),
        Kind::BadDebt => {
            let price = stage
                .world
                .pool
                .backstop_data(&stage.world.ledger)
                .token_spot_price;
            auction
                .lot
                .values()
                .map(|tokens| tokens * price / FULL_RATE)
                .sum()
        }
    };
    let wanted = (bid * MARGIN.raw() / FULL_RATE).max(1);
    let ledgers = if lot >= wanted {
        (HALF * wanted + lot - 1) / lot
    } else {
        2 * HALF - HALF * lot / wanted
    };
    u64::try_from(ledgers).unwrap_or(0)
}
