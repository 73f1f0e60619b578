//! The seam: what a demo asks of the lending platform that it plays on. `blend` and `market` are the two that answer.

use actuary::{Price, Rate};
use localnet::xdr::ScAddress;
use localnet::{FromScVal, InvokeError, Keypair, ToScVal};
use testkit::bindings::{blend_adapter as adapter, cover_pool as cover, salvage};

use super::borrower::{Borrower, Size};
use super::measured::Measured;
use super::scene::Scene;
use super::stage::Stage;
use super::DemoError;
use crate::output::{Facts, Participant};
use crate::peril::Peril;

/// A lending platform with everybody who lends on it, or whose loan there ends badly.
pub trait Platform: Loans + Lending + Telling {}

impl<P: Loans + Lending + Telling> Platform for P {}

/// The cover that somebody asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    pub peril: Peril,
    pub limit: i128,
    pub max_premium: i128,
    pub weeks: u32,
}

impl Request {
    /// As a contract declares it, to be paid by `route` and not to be renewed.
    pub fn declared<T: FromScVal>(&self, route: adapter::Route) -> Result<T, InvokeError> {
        let peril = match self.peril {
            Peril::Advance => adapter::Peril::Advance,
            Peril::Grant => adapter::Peril::Grant,
            Peril::Default => adapter::Peril::Default,
            Peril::Liquidation => adapter::Peril::Liquidation,
            Peril::Collateral => adapter::Peril::Collateral,
            Peril::Contract => adapter::Peril::Contract,
        };
        as_declared_by(&adapter::CoverRequest {
            limit: self.limit,
            max_premium: self.max_premium,
            max_rate: 0,
            perils: vec![peril],
            route,
            weeks: self.weeks,
        })
    }
}

/// What came of asking for a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It was paid.
    Paid(i128),
    /// It waits as the claim of this number.
    Filed(u32),
}

impl Settled {
    /// As a contract declares it.
    pub fn declared_by(settlement: &impl ToScVal) -> Result<Self, InvokeError> {
        Ok(match as_declared_by(settlement)? {
            adapter::Settlement::Paid(amount) => Self::Paid(amount),
            adapter::Settlement::Filed(claim, _) => Self::Filed(claim),
        })
    }
}

/// What came of each loan of a row as a contract declares it: settled, or the code of the refusal.
pub fn row(outcomes: &[impl ToScVal]) -> Result<Vec<Result<Settled, u32>>, InvokeError> {
    let settled = |outcome| {
        Ok(match as_declared_by(outcome)? {
            adapter::Outcome::Done(settlement) => Ok(Settled::declared_by(&settlement)?),
            adapter::Outcome::Skipped(code) => Err(code),
        })
    };
    outcomes.iter().map(settled).collect()
}

/// The borrowers' side. A loan is known by its account: a position on Blend, an address of the market.
pub trait Loans {
    /// Opens a loan, insured in the same call when asked.
    fn open_loan(
        &self,
        stage: &mut Stage<'_>,
        owner: &Keypair,
        size: Size,
        insure: Option<Request>,
    ) -> Result<(ScAddress, Option<cover::Quote>), DemoError>;

    /// Insures a loan that has no cover yet.
    fn insure(
        &self,
        stage: &mut Stage<'_>,
        owner: &Keypair,
        loan: &ScAddress,
        request: Request,
    ) -> Result<cover::Quote, DemoError>;

    /// What a loan like the twins' with an advance would be told that asks for cover now. Nothing changes.
    fn try_quote(&self, stage: &Stage<'_>, size: Size) -> Result<(), InvokeError>;

    /// Lists the twins' market as it is once more, as if it were new.
    fn try_listing(&self, stage: &Stage<'_>) -> Result<(), InvokeError>;

    /// Cancels a cover. Returns the refund.
    fn cancel(
        &self,
        stage: &mut Stage<'_>,
        owner: &Keypair,
        loan: &ScAddress,
    ) -> Result<i128, DemoError>;

    /// Health as the adapter measures it; none without debt, or while there is no price.
    fn health(&self, stage: &Stage<'_>, loan: &ScAddress) -> Option<Rate>;

    /// Takes a unit of collateral out of a loan.
    fn withdraw_a_unit(
        &self,
        stage: &Stage<'_>,
        owner: &Keypair,
        loan: &ScAddress,
    ) -> Result<(), InvokeError>;

    /// Draws a loan's advance or pays its grant, if it is due; else the code of the refusal.
    fn rescue(
        &self,
        stage: &mut Stage<'_>,
        peril: Peril,
        loan: &ScAddress,
    ) -> Result<Vec<Result<Settled, u32>>, InvokeError>;

    /// What a rescue of all these loans would come to now.
    fn try_rescue(
        &self,
        stage: &Stage<'_>,
        loans: &[ScAddress],
    ) -> Result<Vec<Result<Settled, u32>>, InvokeError>;

    /// Settles a loan's claim whose window has passed. Returns what was paid.
    fn finalize(&self, stage: &mut Stage<'_>, claim: u32) -> Result<i128, DemoError>;

    /// The collateral of a loan.
    fn collateral(&self, stage: &Stage<'_>, loan: &ScAddress) -> Option<i128>;

    /// Hands so much of a loan's failed collateral over for what it stood for. Returns the claim.
    fn surrender(
        &self,
        stage: &mut Stage<'_>,
        borrower: &Borrower,
        amount: i128,
    ) -> Result<u32, InvokeError>;

    /// Where it is sold.
    fn salvage(&self, stage: &Stage<'_>) -> salvage::Client;

    /// Repays the loan and takes all collateral out, if anything is left of it.
    fn close(
        &self,
        stage: &mut Stage<'_>,
        owner: &Keypair,
        loan: &ScAddress,
    ) -> Result<(), DemoError>;

    /// What a loan of `debt` costs in interest over a year, at the rate of today.
    fn yearly_interest(&self, stage: &Stage<'_>, debt: i128) -> i128;
}

/// The lenders' side, and what eats into it: loans that end badly, liquidations, deficits.
pub trait Lending {
    /// Lets everybody lend.
    fn lend(&mut self, scene: &mut Scene<'_>) -> Result<(), DemoError>;

    /// Whether something of this side has its time at `time`.
    fn is_due(&self, stage: &Stage<'_>, time: u64) -> bool;

    /// Lets happen what has its time now: reckless loans, a deficit. Values in terms count at the `first` price.
    fn happen(&mut self, scene: &mut Scene<'_>, first: i128) -> Result<(), DemoError>;

    /// Every account with a debt, at the platform's own prices.
    fn measure(&self, stage: &Stage<'_>, borrowers: &[Borrower]) -> Vec<Measured>;

    /// What the platform takes the collateral's price to be.
    fn price(&self, stage: &Stage<'_>) -> Price;

    /// Why cover of lenders is not sold now, as an error code; 0 when it is, or when nobody has any.
    fn armed(&self, stage: &Stage<'_>) -> u32;

    /// Lets liquidators take on who is unhealthy.
    fn liquidate(&mut self, scene: &mut Scene<'_>, measured: &[Measured]) -> Result<(), DemoError>;

    /// When the next auction is worth a bid, if one is open; never where liquidations are no auctions.
    fn next_bid(&self) -> Option<u64> {
        None
    }

    /// Bids in the auctions whose time has come.
    fn bid(&mut self, _: &mut Scene<'_>) -> Result<(), DemoError> {
        Ok(())
    }

    /// Records what lenders lost, and settles what cover owes them.
    fn settle(&mut self, scene: &mut Scene<'_>) -> Result<(), DemoError>;

    /// When the last of what waits on this side can be settled, if anything does.
    fn waits_until(&self) -> Option<u64>;

    /// Lets everybody take out what is theirs, and tells what came of claims that add up over time.
    fn leave(&mut self, scene: &mut Scene<'_>) -> Result<(), DemoError>;

    /// The policies in force of all but the twin borrowers.
    fn policies(&mut self, stage: &Stage<'_>) -> Vec<cover::Policy>;

    /// The claims of this side that ever waited.
    fn filed(&self) -> Vec<u32>;

    /// When the last of these policies ends.
    fn last_end(&self) -> Option<u64>;

    /// The groups that cover is sold in.
    fn groups(&self) -> &'static [u32];

    /// Who liquidates, and buys what was surrendered; earns bounties beside keepers.
    fn liquidator(&self) -> &Keypair;
}

/// What is told when it is over.
pub trait Telling {
    /// The lenders.
    fn lenders(&self, stage: &Stage<'_>) -> Vec<Participant>;

    /// Covers of the lenders' side and their quotes.
    fn quotes(&self) -> Vec<(String, &cover::Quote)>;

    /// What was watched: facts of step 5 that only this platform has.
    fn watched(&self, scene: &Scene<'_>) -> Facts;

    /// What only the end tells of the invariants: whether the one of this id held.
    fn verdicts(&self) -> Vec<(&'static str, bool)>;

    /// The contracts that were played on beside pool and hub, and their code.
    fn contracts(&self) -> &'static [(&'static str, &'static [u8])];
}

/// A value of a contract's type as another contract's client declares it.
pub fn as_declared_by<T: FromScVal>(value: &impl ToScVal) -> Result<T, InvokeError> {
    let value = value.to_scval()?;
    Ok(T::from_scval(&value)?)
}
