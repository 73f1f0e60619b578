//! Borrowers on Blend: each loan is a position, which the adapter opens, insures and rescues.

use actuary::loss::BLEND_SCALE;
use actuary::math::mul_div_down;
use actuary::time::DAY;
use actuary::Rate;
use localnet::xdr::ScAddress;
use localnet::{InvokeError, Keypair};
use testkit::bindings::{
    blend_adapter as adapter, cover_pool as cover, position, salvage, OnLedger,
};

use super::Blend;
use crate::demo::borrower::{Borrower, Size};
use crate::demo::platform::{as_declared_by, row, Loans, Request, Settled};
use crate::demo::stage::{refused, Stage};
use crate::demo::DemoError;
use crate::peril::Peril;
use crate::scenario::Payout;

impl Loans for Blend<'_> {
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
        let insure = insure.transpose()?;
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
        let request = cover_request(stage, request)?;
        let call = stage.world.adapter.insure(loan, &request);
        let quote = stage.send("insure a loan", call, owner)?;
        as_declared_by(&quote).map_err(refused("read a quote"))
    }

    fn try_quote(&self, stage: &Stage<'_>, size: Size) -> Result<(), InvokeError> {
        let request = Request {
            peril: Peril::Advance,
            limit: size.debt / 2,
            max_premium: size.debt,
            weeks: stage.weeks,
        };
        let request = request.declared(adapter::Route::Repay)?;
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
        peril: Peril,
        loan: &ScAddress,
    ) -> Result<Vec<Result<Settled, u32>>, InvokeError> {
        let (keeper, positions) = (stage.world.keeper.clone(), vec![loan.clone()]);
        let adapter = &stage.world.adapter;
        let (operation, call) = match peril {
            Peril::Advance => ("rescue one position", adapter.rescue(&positions, &keeper)),
            _ => ("grant to one position", adapter.grant(&positions, &keeper)),
        };
        row(&stage.attempt(operation, call, &keeper)?)
    }

    fn try_rescue(
        &self,
        stage: &Stage<'_>,
        loans: &[ScAddress],
    ) -> Result<Vec<Result<Settled, u32>>, InvokeError> {
        let world = &stage.world;
        let rescue = world.adapter.rescue(&loans.to_vec(), &world.keeper);
        row(&rescue.view(&world.ledger)?)
    }

    fn finalize(&self, stage: &mut Stage<'_>, claim: u32) -> Result<i128, DemoError> {
        let keeper = stage.world.keeper.clone();
        let call = stage.world.adapter.finalize(claim, &keeper);
        stage.send("finalize a loan's claim", call, &keeper)
    }

    fn collateral(&self, stage: &Stage<'_>, loan: &ScAddress) -> Option<i128> {
        let world = &stage.world;
        let reserve = world.pool.reserve(&world.ledger, &world.collateral);
        let held = world.pool.positions(&world.ledger, loan).collateral;
        let b_tokens = held.get(&reserve.config.index)?;
        mul_div_down(*b_tokens, reserve.data.b_rate, BLEND_SCALE).ok()
    }

    fn surrender(
        &self,
        stage: &mut Stage<'_>,
        borrower: &Borrower,
        amount: i128,
    ) -> Result<u32, InvokeError> {
        let call = stage.world.adapter.surrender(&borrower.loan, amount, 0);
        stage.attempt("surrender collateral", call, &borrower.key)
    }

    fn salvage(&self, stage: &Stage<'_>) -> salvage::Client {
        stage.world.salvage.clone()
    }

    fn close(
        &self,
        stage: &mut Stage<'_>,
        owner: &Keypair,
        loan: &ScAddress,
    ) -> Result<(), DemoError> {
        let (world, position) = (&stage.world, position::Client(loan.clone()));
        let balance = |of: &ScAddress| world.usdc.balance(&world.ledger, of);
        let (wallet, left) = (balance(&owner.address()), balance(loan));
        // What cover paid beyond the debt.
        let sweep = (left > 0).then(|| position.sweep(&world.usdc.contract, owner));
        let positions = world.pool.positions(&world.ledger, loan);
        if !positions.liabilities.is_empty() || !positions.collateral.is_empty() {
            stage.send("close a loan", position.close(wallet), owner)?;
        }
        if let Some(sweep) = sweep {
            stage.send("sweep a position", sweep, owner)?;
        }
        Ok(())
    }

    fn yearly_interest(&self, stage: &Stage<'_>, debt: i128) -> i128 {
        let world = &stage.world;
        let snapshot = world.ledger.snapshot();
        let d_rate = || world.pool.reserve(&world.ledger, &world.usdc).data.d_rate;
        let now = d_rate();
        world.ledger.advance(DAY);
        let then = d_rate();
        world.ledger.revert(&snapshot);
        debt * (then - now) * 365 / now
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

fn cover_request(stage: &Stage<'_>, request: Request) -> Result<adapter::CoverRequest, DemoError> {
    let route = match stage.scenario.cover.payout {
        Payout::Repay => adapter::Route::Repay,
        Payout::BuyCollateral => adapter::Route::BuyCollateral,
    };
    request.declared(route).map_err(refused("ask for cover"))
}
