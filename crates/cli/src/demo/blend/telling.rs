//! What is told of a run on Blend.

use testkit::bindings::cover_pool as cover;
use testkit::wasm;

use super::auction::{Filled, Kind};
use super::lender::Lender;
use super::Blend;
use crate::demo::platform::Telling;
use crate::demo::scene::{Happening, Scene};
use crate::demo::stage::Stage;
use crate::demo::story::money;
use crate::output::{date, Amount, Facts, Participant};

impl Blend<'_> {
    /// What was liquidated, and what lenders were paid.
    pub(super) fn happenings(&self, scene: &Scene<'_>) -> Vec<Happening> {
        let mut happenings = self.auctions(scene);
        for lender in &self.lenders {
            for payout in lender.insured.iter().flat_map(|insured| &insured.payouts) {
                let (paid, lost) = (
                    money(&scene.stage, payout.amount.0),
                    money(&scene.stage, lender.loss),
                );
                happenings.push(Happening {
                    time: payout.time,
                    who: lender.name.clone(),
                    what: format!("paid {paid} of {lost} lost"),
                });
            }
        }
        happenings
    }

    /// Liquidations and the backstop's bad debt: all auctions of an account in one line.
    fn auctions(&self, scene: &Scene<'_>) -> Vec<Happening> {
        let filled = &self.liquidator.filled;
        let mut happenings = Vec::new();
        for (index, fill) in filled.iter().enumerate() {
            let is_same = |other: &&Filled| other.user == fill.user;
            if filled.iter().take(index).any(|other| is_same(&other)) {
                continue;
            }
            let fills: Vec<&Filled> = filled.iter().filter(is_same).collect();
            let until = fills.last().map_or(fill.time, |last| last.time);
            let how_often = match fills.len() {
                1 => String::new(),
                times => format!(", in {times} auctions until {}", date(until)),
            };
            let (who, what) = match fill.kind {
                Kind::BadDebt => ("backstop", "emptied by bad debt, lenders bear the rest"),
                Kind::Liquidation => (self.name_of(scene, fill), "liquidated"),
            };
            happenings.push(Happening {
                time: fill.time,
                who: who.to_owned(),
                what: format!("{what}{how_often}"),
            });
        }
        happenings
    }

    fn name_of<'b>(&'b self, scene: &'b Scene<'_>, fill: &Filled) -> &'b str {
        let mut borrowers = scene.borrowers.iter();
        let borrower = borrowers.find(|borrower| borrower.loan == fill.user);
        let mut gamblers = self.gamblers.iter();
        let gambler = gamblers.find(|gambler| gambler.key.address() == fill.user);
        borrower
            .map(|borrower| borrower.name)
            .or(gambler.map(|gambler| gambler.terms.name.as_str()))
            .unwrap_or("somebody")
    }
}

impl Telling for Blend<'_> {
    fn lenders(&self, _: &Stage<'_>) -> Vec<Participant> {
        self.lenders.iter().map(participant).collect()
    }

    fn quotes(&self) -> Vec<(String, &cover::Quote)> {
        let lenders = self.lenders.iter();
        let quote = |lender: &'_ Lender| lender.name.clone();
        lenders
            .filter_map(|lender| Some((quote(lender), &lender.insured.as_ref()?.quote)))
            .collect()
    }

    fn watched(&self, _: &Scene<'_>) -> Facts {
        let mut facts = Facts::default();
        let times = match self.looks {
            0 => return facts,
            1 => "once".to_owned(),
            looks => format!("{looks} times"),
        };
        facts.add(
            "insured positions looked at",
            format!("{times} before a liquidation, which Blend tells nobody about"),
        );
        facts
    }

    fn verdicts(&self) -> Vec<(&'static str, bool)> {
        let verdict = |lender: &Lender| {
            let insured = lender.insured.as_ref()?;
            let paid = insured.paid();
            (paid > 0).then_some(("I09", paid <= insured.quote.limit && paid <= lender.loss))
        };
        self.lenders.iter().filter_map(verdict).collect()
    }

    fn contracts(&self) -> &'static [(&'static str, &'static [u8])] {
        &[
            ("blend-adapter", wasm::BLEND_ADAPTER),
            ("blend-lenders", wasm::BLEND_LENDERS),
            ("position", wasm::POSITION),
            ("insured-vault", wasm::INSURED_VAULT),
            ("salvage", wasm::SALVAGE),
        ]
    }
}

fn participant(lender: &Lender) -> Participant {
    let insured = lender.insured.as_ref();
    let policy = insured.and_then(|insured| insured.policy.as_ref());
    Participant {
        name: lender.name.clone(),
        insured: insured.is_some(),
        peril: insured.map(|insured| insured.peril),
        liquidated: false,
        asset: lender.asset.clone(),
        before: Amount(lender.deposit),
        after: Amount(lender.after),
        loss: Amount(lender.loss),
        paid_by_cover: Amount(insured.map_or(0, |insured| insured.paid())),
        premium: Amount(insured.map_or(0, |insured| insured.quote.premium)),
        limit: Amount(insured.map_or(0, |insured| insured.quote.limit)),
        limit_left: Amount(policy.map_or(0, |policy| policy.limit)),
        payouts: insured.map_or_else(Vec::new, |insured| insured.payouts.clone()),
        advance: None,
    }
}
