//! What the events of Blend, of the adapter and of its salvage tell of loans, in plain integers.

use std::collections::BTreeMap;

use localnet::xdr::ScAddress;

use super::lenders::Lenders;
use crate::{
    rules::{expect, expect_equal, Broken, Rules},
    salvage::Lots,
    shadow::{div_up, FULL},
    stage::{Stage, BLEND_SCALE, C_FACTOR, L_FACTOR},
};
use testkit::{bindings::position::Watch, feeds::PRICE_ONE};

/// What liquidations took of a position and cover has not settled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// In bTokens.
    pub collateral: i128,
    /// In dTokens.
    pub debt: i128,
    /// The hub's price when the owner last raised the risk before it, or a lower one later.
    pub price: i128,
    /// When the first of it was taken.
    pub first: u64,
    /// When the last was.
    pub last: u64,
}

/// A position whose liquidations are insured, or were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Watched {
    /// The hub's price when its owner last raised the risk.
    pub price: i128,
    pub taken: Taken,
}

impl Watched {
    /// Takes in a fill of its auction.
    pub fn lose(&mut self, (collateral, debt): (i128, i128), now: u64) {
        if (collateral, debt) == (0, 0) {
            return;
        }
        let taken = &mut self.taken;
        (taken.price, taken.first) = match *taken == Taken::default() {
            true => (self.price, now),
            false => (taken.price.min(self.price), taken.first),
        };
        taken.collateral += collateral;
        taken.debt += debt;
        taken.last = now;
    }
}

/// What loans and lenders on Blend have, and what the adapter and its salvage keep.
#[derive(Clone, Debug, Default)]
pub struct Books {
    pub watched: BTreeMap<ScAddress, Watched>,
    pub lots: Lots,
    /// What foreclosures could not deliver.
    pub uncollected: BTreeMap<ScAddress, i128>,
    pub lenders: Lenders,
}

impl Books {
    /// The owner of a position has raised its risk at this price of the hub.
    pub fn raise(&mut self, position: &ScAddress, price: i128) {
        if let Some(watched) = self.watched.get_mut(position) {
            watched.price = price;
        }
    }

    /// What was taken of a position.
    pub fn taken(&self, position: &ScAddress) -> Taken {
        let watched = self.watched.get(position);
        watched.map_or_else(Taken::default, |watched| watched.taken)
    }

    /// B1: what a position shows at a look is what fills have taken of it.
    pub fn check_watch(&self, position: &ScAddress, seen: Option<&Watch>) -> Rules {
        let known = self.watched.get(position);
        expect_equal("B1", "watched", seen.is_some(), known.is_some())?;
        let (Some(known), Some(seen)) = (known, seen) else {
            return Ok(());
        };
        let (told, seen) = (known.taken, &seen.taken);
        let shown = (seen.collateral, seen.debt, seen.price);
        let taken = (told.collateral, told.debt, told.price);
        expect_equal("B1", "taken, and at what price", shown, taken)?;
        let is_between =
            told == Taken::default() || (seen.began_at <= told.first && told.last <= seen.seen_at);
        expect("B1", is_between, || format!("{told:?} between {seen:?}"))
    }

    /// M8 and M9 of the adapter and its salvage.
    pub fn check_holdings(&self, stage: &Stage) -> Rules {
        let kept = stage.holds(&stage.world.adapter.0)?;
        let uncollected = self.uncollected.values().sum();
        expect_equal("M8", "the adapter keeps", kept, (uncollected, 0))?;
        self.lots.check(stage, &stage.world.salvage)
    }
}

/// What was taken in a liquidation, in USDC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worth {
    /// Rounded down.
    pub seized: i128,
    /// Rounded up.
    pub repaid: i128,
    /// Whether the price has fallen by a tenth since the owner's last action.
    pub has_dropped: bool,
}

impl Worth {
    /// Of what was taken, at the hub's prices now.
    pub fn now(stage: &Stage, taken: &Taken) -> Result<Self, Broken> {
        let (pair, world) = (stage.pair()?, &stage.world);
        let rates = |asset| world.pool.reserve(&world.ledger, asset).data;
        let (of, unit) = (rates(&world.collateral), rates(&world.usdc));
        Ok(Self {
            seized: taken.collateral * of.b_rate / BLEND_SCALE * pair.low / PRICE_ONE,
            repaid: div_up(taken.debt * unit.d_rate, BLEND_SCALE),
            has_dropped: pair.price <= taken.price * 9 / 10,
        })
    }
}

/// What a liquidation cost beyond the debt that is gone, at most Blend's own incentive on it.
pub fn loss(worth: &Worth) -> i128 {
    let counted = div_up(C_FACTOR * L_FACTOR, FULL);
    let most = worth.repaid * ((FULL - counted) / 2) / FULL;
    (worth.seized - worth.repaid).max(0).min(most)
}
