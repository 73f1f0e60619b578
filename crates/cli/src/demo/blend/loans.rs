//! Borrowers on Blend: each loan is a position, which the adapter opens, insures and rescues.

use actuary::time::DAY;
use actuary::Rate;
use localnet::xdr::ScAddress;
use localnet::{InvokeError, Keypair};
use testkit::bindings::{blend_adapter as adapter, cover_pool as cover, position};

use super::Blend;
use crate::demo::borrower::{Borrower, Size};
use crate::demo::platform::{as_declared_by, Loans, Request, Settled};
use crate::demo::stage::{refused, Stage};
use crate::demo::DemoError;
use crate::output::Layer;
use crate::scenario::Payout;

impl Loans for Blend<'_> {
    fn sells(&self, layer: Layer) -> bool {
        peril(layer).is_some()
    }

    fn open_loan(
        &self,
        stage: &mut Stage<'_>,
        owner: &Keypair,
        size: Size,
        insure: Option<Request>,
    ) -> Result<(ScAddress, Option<cover::Quote>), DemoError> {
        let operation = match insure {
            Some(_) => "open a loan with cover",
            None => "open a loan",
        };
        let insure = insure.map(|request| cover_request(stage, request));
        let loan = loan(stage, size);
        let call = stage.world.adapter.open_loan(owner, &loan, &insure);
        let (position, quote) = stage.send(operation, call, owner)?;
        let quote = quote.as_ref().map(as_declared_by).transpose();
        Ok((position, quote.map_err(refused("read a quote"))?))
    }

    fn insure(
        &self,
        stage: &mut Stage<'_>,
        owner: &Keypair,
        loan: &ScAddress,
        request: Request,
    ) -> Result<cover::Quote, DemoError> {
        let request = cover_request(stage, request);
        let call = stage.world.adapter.insure(loan, &request);
        let quote = stage.send("insure a loan", call, owner)?;
        as_declared_by(&quote).map_err(refused("read a quote"))
    }

    fn try_quote(&self, stage: &Stage<'_>, size: Size) -> Result<(), InvokeError> {
        let request = adapter::CoverRequest {
            limit: size.debt / 2,
            max_premium: size.debt,
            max_rate: 0,
            perils: vec![adapter::Peril::Advance],
            route: adapter::Route::Repay,
            weeks: stage.weeks,
        };
        let world = &stage.world;
        let (loan, asker) = (loan(stage, size), &world.keeper);
        let quote = world.adapter.quote_loan(asker, &loan, &request);
        quote.view(&world.ledger).map(drop)
    }

    fn try_listing(&self, stage: &Stage<'_>) -> Result<(), InvokeError> {
        let world = &stage.world;
        let (platform, collateral) = (&world.pool.address, &world.collateral.contract);
        let market = world.adapter.market(platform, collateral);
        let Some(market) = market.view(&world.ledger)? else {
            return Ok(());
        };
        let listed = world.adapter.set_market(&market);
        listed.send(&world.ledger, &world.owner)
    }

    fn cancel(
        &self,
        stage: &mut Stage<'_>,
        owner: &Keypair,
        loan: &ScAddress,
    ) -> Result<i128, DemoError> {
        let call = stage.world.adapter.cancel(loan);
        stage.send("cancel a cover", call, owner)
    }

    fn health(&self, stage: &Stage<'_>, loan: &ScAddress) -> Option<Rate> {
        let health = stage.world.adapter.health(loan);
        let health = health.view(&stage.world.ledger).ok()?;
        (health.debt > 0).then(|| Rate::from_raw(health.platform.min(health.hub).into()))
    }

    fn withdraw_a_unit(
        &self,
        stage: &Stage<'_>,
        owner: &Keypair,
        loan: &ScAddress,
    ) -> Result<(), InvokeError> {
        let withdraw = position::Client(loan.clone()).withdraw(1, owner);
        withdraw.send(&stage.world.ledger, owner)
    }

    fn rescue(
        &self,
        stage: &mut Stage<'_>,
        layer: Layer,
        loan: &ScAddress,
    ) -> Result<Vec<Settled>, InvokeError> {
        let (keeper, positions) = (stage.world.keeper.clone(), vec![loan.clone()]);
        let adapter = &stage.world.adapter;
        let (operation, call) = match layer {
            Layer::Advance => ("rescue one position", adapter.rescue(&positions, &keeper)),
            _ => ("grant to one position", adapter.grant(&positions, &keeper)),
        };
        let outcomes = stage.attempt(operation, call, &keeper)?;
        let settled = outcomes.into_iter().filter_map(|outcome| match outcome {
            adapter::Outcome::Done(adapter::Settlement::Paid(amount)) => {
                Some(Settled::Paid(amount))
            }
            adapter::Outcome::Done(adapter::Settlement::Filed(claim, _)) => {
                Some(Settled::Filed(claim))
            }
            adapter::Outcome::Skipped(_) => None,
        });
        Ok(settled.collect())
    }

    fn try_rescue(
        &self,
        stage: &Stage<'_>,
        loans: &[ScAddress],
    ) -> Result<Vec<Option<u32>>, InvokeError> {
        let world = &stage.world;
        let rescue = world.adapter.rescue(&loans.to_vec(), &world.keeper);
        let outcomes = rescue.view(&world.ledger)?;
        let refusal = |outcome| match outcome {
            adapter::Outcome::Done(_) => None,
            adapter::Outcome::Skipped(code) => Some(code),
        };
        Ok(outcomes.into_iter().map(refusal).collect())
    }

    fn finalize(
        &mut self,
        stage: &mut Stage<'_>,
        layer: Layer,
        claim: u32,
    ) -> Result<i128, DemoError> {
        let (keeper, world) = (stage.world.keeper.clone(), &stage.world);
        let call = match layer {
            Layer::Advance => world.adapter.finalize(claim, &keeper),
            _ => world.cover.finalize(claim, &keeper),
        };
        stage.send("finalize a claim", call, &keeper)
    }

    fn surrender(&mut self, _: &mut Stage<'_>, _: &Borrower) -> Option<u32> {
        None
    }

    fn close(
        &self,
        stage: &mut Stage<'_>,
        owner: &Keypair,
        loan: &ScAddress,
    ) -> Result<(), DemoError> {
        let world = &stage.world;
        let wallet = world.usdc.balance(&world.ledger, &owner.address());
        let positions = world.pool.positions(&world.ledger, loan);
        if positions.liabilities.is_empty() && positions.collateral.is_empty() {
            return Ok(());
        }
        let close = position::Client(loan.clone()).close(wallet);
        stage.send("close a loan", close, owner)
    }

    fn yearly_interest(&self, stage: &Stage<'_>, debt: i128) -> i128 {
        let world = &stage.world;
        let snapshot = world.ledger.snapshot();
        let d_rate = || world.pool.reserve(&world.ledger, &world.usdc).data.d_rate;
        let now = d_rate();
        world.ledger.advance(DAY);
        let then = d_rate();
        world.ledger.restore(&snapshot);
        debt * (then - now) * 365 / now
    }
}

/// The peril of a cover that is sold for positions.
const fn peril(layer: Layer) -> Option<adapter::Peril> {
    match layer {
        Layer::Advance => Some(adapter::Peril::Advance),
        Layer::Grant => Some(adapter::Peril::Grant),
        _ => None,
    }
}

fn loan(stage: &Stage<'_>, size: Size) -> adapter::Loan {
    let world = &stage.world;
    adapter::Loan {
        collateral: size.collateral,
        collateral_asset: world.collateral.contract.clone(),
        debt: size.debt,
        platform: world.pool.address.clone(),
    }
}

fn cover_request(stage: &Stage<'_>, request: Request) -> adapter::CoverRequest {
    adapter::CoverRequest {
        limit: request.limit,
        max_premium: request.max_premium,
        max_rate: 0,
        perils: peril(request.layer).into_iter().collect(),
        route: match stage.scenario.cover.payout {
            Payout::Repay => adapter::Route::Repay,
            Payout::BuyCollateral => adapter::Route::BuyCollateral,
        },
        weeks: request.weeks,
    }
}
