//! Liquidations of loans that are insured against them. Blend tells nobody when it liquidates: keepers have the position look
//! when an auction begins, and settle what it sees missing once the auction was filled.

use actuary::loss::{blend_incentive_down, BLEND_SCALE};
use actuary::math::{mul_div_down, mul_div_up};
use actuary::time::DAY;
use actuary::{Assets, MathError, Price, Rate};
use localnet::xdr::ScAddress;
use testkit::bindings::{
    blend_adapter as adapter, cover_pool as cover, position, price_hub as hub, OnLedger,
};
use testkit::feeds::PRICE_ONE;

use super::Blend;
use crate::demo::claims::{penalty_down, policy_of, uncountable, Claim, Terms};
use crate::demo::keeper::reserve_of;
use crate::demo::platform::{Loans, Settled};
use crate::demo::scene::Scene;
use crate::demo::stage::{refused, Stage};
use crate::demo::DemoError;
use crate::peril::{Peril, PerilFamily};

/// What was taken of a position and is not settled, and when that is final at the latest.
pub struct Unsettled {
    loan: ScAddress,
    pub final_at: u64,
}

impl Blend<'_> {
    /// Has an insured loan look at what it holds, before any of it is taken.
    pub(super) fn look_before(
        &mut self,
        scene: &mut Scene<'_>,
        loan: &ScAddress,
    ) -> Result<(), DemoError> {
        match scene.borrower(loan) {
            Some(own) if own.peril == Some(Peril::Liquidation) => {
                self.looks += 1;
                look(&mut scene.stage, loan).map(drop)
            }
            _ => Ok(()),
        }
    }

    /// Takes note that a borrower's loan was liquidated.
    pub(super) fn was_liquidated(&mut self, scene: &mut Scene<'_>, loan: &ScAddress) {
        let now = scene.stage.now();
        let Some(borrower) = scene.borrower(loan) else {
            return;
        };
        borrower.was_liquidated = true;
        if borrower.peril == Some(Peril::Liquidation) {
            self.unsettled.retain(|other| other.loan != *loan);
            self.unsettled.push(Unsettled {
                loan: loan.clone(),
                final_at: now + DAY + 1,
            });
        }
    }

    /// Settles what liquidations took. What cannot be settled now is tried again later.
    pub(super) fn settle_liquidations(&mut self, scene: &mut Scene<'_>) -> Result<(), DemoError> {
        for unsettled in std::mem::take(&mut self.unsettled) {
            if !self.settle_liquidation(scene, &unsettled.loan)? {
                self.unsettled.push(unsettled);
            }
        }
        Ok(())
    }

    /// Settles what liquidations took of a loan. Returns whether that is final.
    fn settle_liquidation(
        &self,
        scene: &mut Scene<'_>,
        loan: &ScAddress,
    ) -> Result<bool, DemoError> {
        let Some(name) = scene.borrower(loan).map(|borrower| borrower.name) else {
            return Ok(true);
        };
        let stage = &mut scene.stage;
        let taken = look(stage, loan)?.map(|watch| watch.taken);
        // A position without collateral has forgotten it: that is the lenders' loss.
        let taken = taken.filter(|taken| taken.collateral > 0 || taken.debt > 0);
        let interest = cover::Interest(loan.clone(), cover::Class::Loan);
        let (Some(taken), Some(policy)) = (taken, policy_of(stage, &interest)?) else {
            return Ok(true);
        };
        let world = &stage.world;
        let (collateral, debt) = (&world.collateral.contract, &world.usdc.contract);
        let Ok(pair) = stage.hub().pair(collateral, debt).view(&world.ledger) else {
            return Ok(false);
        };
        let claim = claim(stage, name, (&policy, &pair), &taken)?;
        let (reserve, before) = (reserve_of(stage), self.health(stage, loan));
        let Some(settled) = settle(stage, loan)? else {
            return Ok(false);
        };
        let from_reserve = reserve - reserve_of(stage);
        let health = (before, self.health(stage, loan));
        book(scene, loan, (claim, settled), from_reserve, health);
        Ok(true)
    }
}

/// Books what came of a claim for a loan.
fn book(
    scene: &mut Scene<'_>,
    loan: &ScAddress,
    (mut claim, settled): (Claim, Settled),
    from_reserve: i128,
    health: (Option<Rate>, Option<Rate>),
) {
    match settled {
        Settled::Paid(0) => scene.tell(&claim.beneficiary, "liquidation settled, nothing is owed"),
        Settled::Paid(amount) => {
            claim.paid = amount;
            scene.flows.was_paid(amount, from_reserve);
            let mut borrowers = scene.borrowers.iter_mut();
            if let Some(own) = borrowers.find(|borrower| borrower.loan == *loan) {
                own.was_paid(&scene.stage, amount, health);
            }
        }
        Settled::Filed(number) => {
            claim.number = Some(number);
            let now = scene.stage.now();
            scene.waiting.add(now, number, loan.clone());
        }
    }
    scene.claims.push(claim);
}

/// Has a position look at what it holds; none if it does not watch.
fn look(stage: &mut Stage<'_>, loan: &ScAddress) -> Result<Option<position::Watch>, DemoError> {
    let keeper = stage.world.keeper.clone();
    stage.send(
        "look at a position",
        position::Client(loan.clone()).look(),
        &keeper,
    )
}

/// Settles on chain; none while an auction is open, or while what was taken is worth no more than the debt it went for.
fn settle(stage: &mut Stage<'_>, loan: &ScAddress) -> Result<Option<Settled>, DemoError> {
    const LATER: [adapter::AdapterError; 2] = [
        adapter::AdapterError::AuctionOpen,
        adapter::AdapterError::NothingLost,
    ];
    let keeper = stage.world.keeper.clone();
    let call = stage.world.adapter.settle_liquidation(loan, &keeper);
    let settled = match stage.attempt("settle a liquidation", call, &keeper) {
        Ok(settlement) => Settled::declared_by(&settlement).map(Some),
        Err(error) => {
            let is = |later: adapter::AdapterError| error.first_error_code() == Some(later as u32);
            if LATER.into_iter().any(is) {
                return Ok(None);
            }
            Err(error)
        }
    };
    settled.map_err(refused("settle a liquidation"))
}

/// What is claimed for what was taken, at the hub's prices of the pair.
fn claim(
    stage: &Stage<'_>,
    name: &str,
    (policy, pair): (&cover::Policy, &hub::PairReading),
    taken: &position::Taken,
) -> Result<Claim, DemoError> {
    let (seized, repaid) = in_assets(stage, taken).map_err(uncountable)?;
    let loss = mul_div_down(seized, pair.low, PRICE_ONE).and_then(|lost| {
        let prices = (Price::from_raw(taken.price), Price::from_raw(pair.price));
        penalty_down(prices, (lost, repaid), incentive(stage)?)
    });
    let is_seen_in_time = taken.seen_at <= policy.end;
    let loss = loss.map(|loss| if is_seen_in_time { loss } else { Assets::ZERO });
    let terms = Terms::of(stage, policy, cover::Peril::Liquidation)?;
    let facts = [
        ("low_price", pair.low),
        ("price", pair.price),
        ("price_before", taken.price),
        ("repaid", repaid),
        ("seized", seized),
    ];
    let whose = (PerilFamily::Liquidation, name.to_owned(), taken.began_at);
    Claim::new(whose, &terms, &facts, loss.map_err(uncountable)?)
}

/// Collateral taken, rounded down, and debt that went with it, rounded up, in their assets.
fn in_assets(stage: &Stage<'_>, taken: &position::Taken) -> Result<(i128, i128), MathError> {
    let world = &stage.world;
    let reserve = |asset| world.pool.reserve(&world.ledger, asset).data;
    let (b_rate, d_rate) = (
        reserve(&world.collateral).b_rate,
        reserve(&world.usdc).d_rate,
    );
    let seized = mul_div_down(taken.collateral, b_rate, BLEND_SCALE)?;
    let repaid = mul_div_up(taken.debt, d_rate, BLEND_SCALE)?;
    Ok((seized, repaid))
}

/// Blend's own incentive for the twins' loans.
fn incentive(stage: &Stage<'_>) -> Result<Rate, MathError> {
    let factors = &stage.scenario.platform;
    blend_incentive_down(factors.collateral_factor, factors.liability_factor)
}
