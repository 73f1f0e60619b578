//! Borrowers whose loans end badly: the same loans in both markets, in the insured one with cover against their default.

use actuary::FULL_RATE;
use localnet::xdr::ScAddress;
use localnet::InvokeError;
use testkit::bindings::{blend_adapter as adapter, cover_pool as cover};

use super::{Market, Side};
use crate::demo::platform::{as_declared_by, Request};
use crate::demo::probe;
use crate::demo::reckless::sizes;
use crate::demo::scene::Scene;
use crate::demo::stage::Stage;
use crate::peril::Peril;
use crate::scenario;

/// What a default cover may cost, as a part of the debt: a tenth.
const PREMIUM_PART: i128 = 10;

/// A borrower whose loans end badly.
pub struct Reckless<'a> {
    pub terms: &'a scenario::Reckless,
    pub has_asked: bool,
    /// What they were told, if they were refused.
    pub refusal: Option<String>,
    pub loans: Vec<BadLoan>,
}

/// One of their loans.
pub struct BadLoan {
    pub name: String,
    pub side: Side,
    pub account: ScAddress,
    pub quote: Option<cover::Quote>,
    /// The policy as it was last seen while in force.
    pub policy: Option<cover::Policy>,
}

impl<'a> Reckless<'a> {
    /// One who has not borrowed yet.
    pub fn new(terms: &'a scenario::Reckless) -> Self {
        Self {
            terms,
            has_asked: false,
            refusal: None,
            loans: Vec::new(),
        }
    }

    /// Whether the time to borrow has come.
    pub fn is_due(&self, now: u64) -> bool {
        !self.has_asked && self.terms.at.is_none_or(|at| now >= at)
    }

    /// Their loans in one of the markets.
    pub fn on(&self, side: Side) -> impl Iterator<Item = &BadLoan> {
        self.loans.iter().filter(move |loan| loan.side == side)
    }

    /// The quotes of their covers.
    pub fn quotes(&self) -> impl Iterator<Item = &cover::Quote> {
        self.loans.iter().filter_map(|loan| loan.quote.as_ref())
    }
}

impl Market<'_> {
    /// Lets a reckless borrower ask both markets, in so many loans as the scenario says. A refusal is an answer too.
    pub(super) fn ask(&mut self, scene: &mut Scene<'_>, index: usize, first: i128) {
        let Some(terms) = self.reckless.get(index).map(|reckless| reckless.terms) else {
            return;
        };
        let mut loans = Vec::new();
        let refusal = self.borrow_all(&mut scene.stage, terms, first, &mut loans);
        let refusal = refusal.err();
        if let Some(refusal) = &refusal {
            scene.tell(&terms.name, format!("refused: {refusal}"));
        }
        for quote in loans.iter().filter_map(|loan| loan.quote.as_ref()) {
            scene.flows.premiums += quote.premium;
            scene.flows.fees += quote.fee;
        }
        if let Some(reckless) = self.reckless.get_mut(index) {
            (reckless.has_asked, reckless.refusal, reckless.loans) = (true, refusal, loans);
        }
    }

    /// Lets a reckless borrower take all loans in both markets, up to the first refusal.
    fn borrow_all(
        &self,
        stage: &mut Stage<'_>,
        terms: &scenario::Reckless,
        first: i128,
        loans: &mut Vec<BadLoan>,
    ) -> Result<(), String> {
        let asset = terms.asset.as_ref().unwrap_or(&stage.world.usdc.code);
        if *asset != stage.world.usdc.code {
            return Err(format!("the market does not lend {asset}"));
        }
        for side in Side::ALL {
            for number in 1..=terms.loans {
                let loan = self.borrow(stage, terms, side, number, first);
                loans.push(loan.map_err(|error| probe::answer(Err(error)))?);
            }
        }
        Ok(())
    }

    fn borrow(
        &self,
        stage: &mut Stage<'_>,
        terms: &scenario::Reckless,
        side: Side,
        number: u32,
        first: i128,
    ) -> Result<BadLoan, InvokeError> {
        let name = match terms.loans {
            1 => terms.name.clone(),
            _ => format!("{} {number}", terms.name),
        };
        let key = stage.actor(&format!("{name}, {}", side.name()));
        let (collateral, debt) = sizes(stage, terms, first);
        let parts = i128::from(terms.loans);
        let (collateral, debt) = (collateral / parts, debt / parts);
        let world = &stage.world;
        world
            .collateral
            .mint(&world.ledger, &key.address(), collateral);
        let limit = match side {
            Side::Insured => terms.default_limit,
            Side::Twin => None,
        };
        let insure = limit.map(|share| Request {
            peril: Peril::Default,
            limit: debt * share.raw() / FULL_RATE,
            max_premium: debt / PREMIUM_PART,
            weeks: stage.weeks,
        });
        let insure = insure.map(|request| request.declared(adapter::Route::Adapter));
        let insure = insure.transpose()?;
        let operation = match insure {
            Some(_) => "market: borrow, insured against default",
            None => "market: borrow",
        };
        let platform = self.platform(side);
        let call = platform.borrow(&key, collateral, debt, &insure, &None);
        let (account, quote) = stage.attempt(operation, call, &key)?;
        Ok(BadLoan {
            name,
            side,
            account,
            quote: quote.as_ref().map(as_declared_by).transpose()?,
            policy: None,
        })
    }
}
