//! What is told of a run on the market.

use testkit::bindings::cover_pool as cover;
use testkit::wasm;

use super::lender::Cover;
use super::{Market, Side};
use crate::demo::platform::Telling;
use crate::demo::scene::Scene;
use crate::demo::stage::Stage;
use crate::output::{Facts, Participant};
use crate::peril::Peril;

impl Market<'_> {
    /// What the lenders of a market have cover for.
    fn cover(&self, side: Side) -> Cover {
        if side == Side::Twin {
            return Cover::default();
        }
        let default = self.reckless.iter().flat_map(|one| one.quotes());
        let limits = default.chain(&self.lenders_quote).map(|quote| quote.limit);
        let loans = self.bad_loans().filter_map(|loan| loan.policy.as_ref());
        let policies = loans.chain(&self.lenders_policy);
        let limit: i128 = limits.sum();
        let peril = match self.lenders_quote {
            Some(_) => Peril::Contract,
            None => Peril::Default,
        };
        Cover {
            peril: (limit > 0).then_some(peril),
            limit,
            limit_left: policies.map(|policy| policy.limit).sum(),
        }
    }
}

impl Telling for Market<'_> {
    fn lenders(&self, stage: &Stage<'_>) -> Vec<Participant> {
        let asset = &stage.world.usdc.code;
        let told = |lender: &super::Lender| {
            let side = lender.side;
            lender.told(asset, self.books(side), self.cover(side))
        };
        self.lenders.iter().map(told).collect()
    }

    fn quotes(&self) -> Vec<(String, &cover::Quote)> {
        let loans = self.reckless.iter().filter_map(|reckless| {
            let name = match reckless.terms.loans {
                1 => reckless.terms.name.clone(),
                loans => format!("{}, each of {loans} loans", reckless.terms.name),
            };
            Some((
                format!("{name}, against default"),
                reckless.quotes().next()?,
            ))
        });
        let lenders = self.lenders_quote.as_ref();
        let lenders = lenders.map(|quote| (Side::Insured.lenders(), quote));
        loans.chain(lenders).collect()
    }

    fn watched(&self, scene: &Scene<'_>) -> Facts {
        let mut facts = Facts::default();
        if scene.manipulation.is_some() {
            facts.add(
                "the market",
                "reads the hub alone; the manipulated oracle is Blend's",
            );
        }
        for reckless in &self.reckless {
            if let Some(refusal) = &reckless.refusal {
                facts.add(reckless.terms.name.clone(), format!("refused: {refusal}"));
            }
        }
        facts
    }

    fn verdicts(&self) -> Vec<(&'static str, bool)> {
        let (lost, paid) = (self.insured_books.lost, self.insured_books.paid());
        (paid > 0)
            .then_some(("I09", paid <= lost))
            .into_iter()
            .collect()
    }

    fn contracts(&self) -> &'static [(&'static str, &'static [u8])] {
        &[
            ("loan-market", wasm::LOAN_MARKET),
            ("market-adapter", wasm::MARKET_ADAPTER),
            ("salvage", wasm::SALVAGE),
        ]
    }
}
