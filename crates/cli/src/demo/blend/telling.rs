//! What is told of a run on Blend.

use actuary::Assets;
use testkit::bindings::cover_pool as cover;
use testkit::wasm;

use super::auction::{Filled, Kind};
use super::lender::Lender;
use super::Blend;
use crate::demo::claims::{Claim, Terms};
use crate::demo::platform::Telling;
use crate::demo::scene::{Happening, Scene};
use crate::demo::stage::Stage;
use crate::demo::story::money;
use crate::output::{date, Amount, Facts, Layer, Participant, PerilName};

impl Blend<'_> {
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

    fn watched(&self, scene: &Scene<'_>) -> Facts {
        let mut facts = Facts::default();
        if scene.stage.scenario.deficit.is_some() {
            facts.add("deficit", "not played: the demo robs the loan market alone");
        }
        facts
    }

    fn happenings(&self, scene: &Scene<'_>) -> Vec<Happening> {
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

    fn claims(&self, scene: &Scene<'_>) -> Vec<Claim> {
        let claim = |lender: &Lender| {
            let insured = lender.insured.as_ref()?;
            let (first, policy) = (insured.payouts.first()?, insured.policy.as_ref()?);
            let terms = Terms::of(&scene.stage, policy, cover::Peril::Default).ok()?;
            let limit = insured.quote.limit;
            let loss = insured.covered_loss(&scene.stage);
            let due = Terms { limit, ..terms }.due(Assets::from_raw(loss));
            Some(Claim {
                peril: PerilName::Default,
                time: first.time,
                beneficiary: lender.name.clone(),
                facts: vec![("b_tokens", insured.b_tokens), ("limit", limit)],
                loss,
                due: due.unwrap_or_default(),
                paid: insured.paid(),
            })
        };
        self.lenders.iter().filter_map(claim).collect()
    }

    fn offers(&self, _: &Stage<'_>, peril: PerilName) -> bool {
        matches!(peril, PerilName::Default | PerilName::Depreciation)
    }

    fn verdicts(&self, scene: &Scene<'_>) -> Vec<(&'static str, bool)> {
        let mut verdicts = Vec::new();
        for lender in &self.lenders {
            let Some(insured) = lender.insured.as_ref().filter(|insured| insured.paid() > 0) else {
                continue;
            };
            let is_within = insured.paid() <= insured.quote.limit && insured.paid() <= lender.loss;
            verdicts.push(("I09", is_within));
            let covered = insured.covered_loss(&scene.stage);
            verdicts.push(("I13", insured.paid() <= covered));
        }
        verdicts
    }

    fn contracts(&self) -> &'static [(&'static str, &'static [u8])] {
        &[
            ("blend-adapter", wasm::BLEND_ADAPTER),
            ("blend-lenders", wasm::BLEND_LENDERS),
            ("position", wasm::POSITION),
            ("insured-vault", wasm::INSURED_VAULT),
        ]
    }
}

fn participant(lender: &Lender) -> Participant {
    let insured = lender.insured.as_ref();
    let policy = insured.and_then(|insured| insured.policy.as_ref());
    Participant {
        name: lender.name.clone(),
        insured: insured.is_some(),
        layer: insured.map(|_| Layer::Default),
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
