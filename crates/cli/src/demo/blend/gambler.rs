//! Borrowers whose loans end badly: directly on Blend, without position or cover.

use actuary::FULL_RATE;
use localnet::{Auth, Keypair};
use testkit::blend::Request;

use crate::demo::reckless::sizes;
use crate::demo::stage::{refused, Stage};
use crate::demo::DemoError;
use crate::scenario::Reckless;

const SUPPLY_COLLATERAL: u32 = 2;
const BORROW: u32 = 4;

/// A borrower whose loan ends badly.
pub struct Gambler<'a> {
    pub terms: &'a Reckless,
    pub key: Keypair,
    pub has_borrowed: bool,
}

impl<'a> Gambler<'a> {
    /// One who has not borrowed yet.
    pub fn new(stage: &Stage<'_>, terms: &'a Reckless) -> Self {
        Self {
            terms,
            key: stage.actor(&terms.name),
            has_borrowed: false,
        }
    }

    /// Whether the time to borrow has come.
    pub fn is_due(&self, now: u64) -> bool {
        !self.has_borrowed && self.terms.at.is_none_or(|at| now >= at)
    }

    /// Borrows; a value in the terms counts at the `first` price.
    pub fn borrow(&mut self, stage: &mut Stage<'_>, first: i128) -> Result<(), DemoError> {
        let world = &stage.world;
        let debt_asset = self.terms.asset.as_ref().unwrap_or(&world.usdc.code);
        let (collateral, debt) = sizes(stage, self.terms, first);
        let address = self.key.address();
        world.collateral.mint(&world.ledger, &address, collateral);
        let request = |request_type, asset: &str, amount| Request {
            request_type,
            address: world.asset(asset).contract.clone(),
            amount,
        };
        let requests = [
            request(SUPPLY_COLLATERAL, &world.collateral.code, collateral),
            request(BORROW, debt_asset, debt),
        ];
        let submitted = world.pool.submit(&world.ledger, &self.key, &requests);
        let outcome = submitted.map_err(refused("borrow recklessly"))?;
        self.has_borrowed = true;
        stage.note("Blend: supply and borrow", outcome);
        Ok(())
    }
}

/// Queues the share of the backstop that the scenario says is about to leave.
pub fn queue_backstop(stage: &Stage<'_>) -> Result<(), DemoError> {
    let share = stage.scenario.platform.backstop_leaving;
    if share.is_zero() {
        return Ok(());
    }
    let world = &stage.world;
    let shares = world.pool.backstop_data(&world.ledger).shares;
    let (admin, backstop) = (&world.blend.admin, &world.blend.backstop);
    let args = (admin, &world.pool.address, shares * share.raw() / FULL_RATE);
    let sign = Auth::Sign(&[]);
    let queued = world
        .ledger
        .call(admin, backstop, "queue_withdrawal", args, sign);
    queued.map_err(refused("queue backstop shares")).map(drop)
}
