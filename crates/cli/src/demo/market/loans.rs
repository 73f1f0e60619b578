//! Borrowers of the insured market: a loan is a number in its books, insured in the same call that opens it.

use actuary::math::mul_div_down;
use actuary::{Rate, FULL_RATE};
use localnet::xdr::ScAddress;
use localnet::{InvokeError, Keypair};
use testkit::bindings::{
    blend_adapter as adapter, cover_pool as cover, loan_market, market_adapter as insurer, salvage,
    OnLedger,
};

use super::Market;
use crate::demo::borrower::{Borrower, Size};
use crate::demo::platform::{as_declared_by, row, Loans, Request, Settled};
use crate::demo::stage::{refused, Stage};
use crate::demo::DemoError;
use crate::peril::Peril;

impl Loans for Market<'_> {
    fn open_loan(
        &self,
        stage: &mut Stage<'_>,
        owner: &Keypair,
        size: Size,
        insure: Option<Request>,
    ) -> Result<(ScAddress, Option<cover::Quote>), DemoError> {
        let operation = match insure {
            Some(_) => "market: borrow with cover",
            None => "market: borrow",
        };
        let (platform, insure) = (
            &self.founded.platform,
            insure.map(cover_request).transpose()?,
        );
        let call = platform.borrow(owner, size.collateral, size.debt, &insure, &None);
        let (loan, quote) = stage.send(operation, call, owner)?;
        let quote = quote.as_ref().map(as_declared_by).transpose();
        Ok((loan, quote.map_err(refused("read a quote"))?))
    }

    fn insure(
        &self,
        stage: &mut Stage<'_>,
        owner: &Keypair,
        loan: &ScAddress,
        request: Request,
    ) -> Result<cover::Quote, DemoError> {
        let platform = &self.founded.platform;
        let call = platform.insure(loan, owner, &cover_request(request)?);
        let quote = stage.send("market: insure a loan", call, owner)?;
        as_declared_by(&quote).map_err(refused("read a quote"))
    }

    fn try_quote(&self, stage: &Stage<'_>, size: Size) -> Result<(), InvokeError> {
        let (ledger, market) = (&stage.world.ledger, &self.founded);
        let facts = insurer::LoanFacts {
            owner: stage.world.keeper.address(),
            collateral: size.collateral,
            debt: size.debt,
            borrow_rate: market.state(ledger).borrow_rate,
        };
        let request = Request {
            peril: Peril::Advance,
            limit: size.debt / 2,
            max_premium: size.debt,
            weeks: stage.weeks,
        };
        let (platform, request) = (
            &market.platform.0,
            request.declared(adapter::Route::Adapter)?,
        );
        let quote = market.insurer.quote_loan(platform, &facts, &request);
        quote.view(ledger).map(drop)
    }

    fn try_listing(&self, stage: &Stage<'_>) -> Result<(), InvokeError> {
        let (ledger, market) = (&stage.world.ledger, &self.founded);
        let terms = market.insurer.market(&market.platform.0).view(ledger)?;
        let Some(terms) = terms else { return Ok(()) };
        let listed = market.insurer.set_market(&terms);
        listed.send(ledger, &stage.world.owner)
    }

    fn cancel(
        &self,
        stage: &mut Stage<'_>,
        owner: &Keypair,
        loan: &ScAddress,
    ) -> Result<i128, DemoError> {
        let call = self.founded.insurer.cancel(loan);
        stage.send("market: cancel a cover", call, owner)
    }

    fn health(&self, stage: &Stage<'_>, loan: &ScAddress) -> Option<Rate> {
        health(stage, &self.founded.platform, loan)
    }

    fn withdraw_a_unit(
        &self,
        stage: &Stage<'_>,
        owner: &Keypair,
        loan: &ScAddress,
    ) -> Result<(), InvokeError> {
        let withdraw = self.founded.platform.withdraw_collateral(loan, 1, owner);
        withdraw.send(&stage.world.ledger, owner)
    }

    fn rescue(
        &self,
        stage: &mut Stage<'_>,
        peril: Peril,
        loan: &ScAddress,
    ) -> Result<Vec<Result<Settled, u32>>, InvokeError> {
        let (keeper, loans) = (stage.world.keeper.clone(), vec![loan.clone()]);
        let insurer = &self.founded.insurer;
        let (operation, call) = match peril {
            Peril::Advance => ("market: rescue one loan", insurer.rescue(&loans, &keeper)),
            _ => ("market: grant to one loan", insurer.grant(&loans, &keeper)),
        };
        row(&stage.attempt(operation, call, &keeper)?)
    }

    fn try_rescue(
        &self,
        stage: &Stage<'_>,
        loans: &[ScAddress],
    ) -> Result<Vec<Result<Settled, u32>>, InvokeError> {
        let world = &stage.world;
        let rescue = self.founded.insurer.rescue(&loans.to_vec(), &world.keeper);
        row(&rescue.view(&world.ledger)?)
    }

    fn finalize(&self, stage: &mut Stage<'_>, claim: u32) -> Result<i128, DemoError> {
        let keeper = stage.world.keeper.clone();
        let call = self.founded.insurer.finalize(claim, &keeper);
        stage.send("market: finalize a claim", call, &keeper)
    }

    fn collateral(&self, stage: &Stage<'_>, loan: &ScAddress) -> Option<i128> {
        let loan = self.founded.platform.loan(loan).view(&stage.world.ledger);
        loan.ok().map(|loan| loan.collateral)
    }

    fn surrender(
        &self,
        stage: &mut Stage<'_>,
        borrower: &Borrower,
        amount: i128,
    ) -> Result<u32, InvokeError> {
        let call = self.founded.insurer.surrender(&borrower.loan, amount, 0);
        stage.attempt("market: surrender collateral", call, &borrower.key)
    }

    fn salvage(&self, _: &Stage<'_>) -> salvage::Client {
        self.founded.salvage.clone()
    }

    fn close(
        &self,
        stage: &mut Stage<'_>,
        owner: &Keypair,
        loan: &ScAddress,
    ) -> Result<(), DemoError> {
        let (world, platform) = (&stage.world, &self.founded.platform);
        let facts = platform.loan(loan).view(&world.ledger);
        let facts = facts.map_err(refused("read a loan"))?;
        let call = match (facts.debt, facts.collateral) {
            (0, 0) => return Ok(()),
            (0, collateral) => platform.withdraw_collateral(loan, collateral, owner),
            _ => {
                let wallet = world.usdc.balance(&world.ledger, &owner.address());
                platform.close(loan, wallet)
            }
        };
        stage.send("market: close a loan", call, owner)
    }

    fn yearly_interest(&self, stage: &Stage<'_>, debt: i128) -> i128 {
        let rate = self.founded.state(&stage.world.ledger).borrow_rate;
        mul_div_down(debt, rate.into(), FULL_RATE).unwrap_or(0)
    }
}

/// A loan's health in its market; none without debt, or while there is no price.
pub fn health(stage: &Stage<'_>, platform: &loan_market::Client, loan: &ScAddress) -> Option<Rate> {
    let health = platform.health(loan).view(&stage.world.ledger).ok()?;
    (health < u32::MAX).then(|| Rate::from_raw(health.into()))
}

/// What the tick box asks for.
fn cover_request(request: Request) -> Result<loan_market::CoverRequest, DemoError> {
    let request = request.declared(adapter::Route::Adapter);
    request.map_err(refused("ask for cover"))
}
