//! What became of everybody, in the words and numbers of the seven steps.

use std::collections::BTreeMap;

use actuary::time::{DAY, HOUR};
use actuary::{Rate, FULL_RATE};
use testkit::wasm;

use super::borrower::Borrower;
use super::claims::Claim;
use super::play::Play;
use super::stage::Stage;
use super::{token, DemoError};
use crate::decimal::format_for_reading;
use crate::output::{
    self, Advance, Amount, Conservation, Facts, Governed, Liquidity, Participant, PerilOutcome,
    Perils, Platform, Run, Step, Wasm,
};
use crate::peril::{Peril, PerilFamily};
use crate::prices::Prices;
use crate::scenario::ASSET_DECIMALS;

mod scenes;

/// The whole result, in the seven steps of an insured loan.
pub fn tell(play: &Play<'_>, platform: Platform, prices: &Prices) -> Result<Run, DemoError> {
    let lenders = play.platform.lenders(&play.scene.stage);
    let steps = scenes::steps(play, &lenders);
    tell_in(steps, Governed::default(), play, platform, prices)
}

/// The whole result, in these steps.
pub fn tell_in(
    steps: Vec<Step>,
    governed: Governed,
    play: &Play<'_>,
    platform: Platform,
    prices: &Prices,
) -> Result<Run, DemoError> {
    let stage = &play.scene.stage;
    let mut invariants = play.scene.watch.verdicts();
    judge(play, &mut invariants);
    let assets = stage.world.assets();
    let codes = assets.iter().map(|asset| asset.code.clone());
    let voted_with = governed.governance.iter();
    let codes = codes.chain(voted_with.map(|proposal| proposal.votes.asset.clone()));
    let decimals = codes.map(|code| (code, ASSET_DECIMALS));
    let lenders = play.platform.lenders(stage);
    let borrowers = &play.scene.borrowers;
    Ok(Run {
        scenario: stage.scenario.name.clone(),
        title: stage.scenario.title.clone(),
        platform,
        notes: prices.notes.clone(),
        decimals: decimals.collect(),
        perils: perils(play),
        steps,
        governance: governed.governance,
        disputes: governed.disputes,
        refusals: governed.refusals,
        borrowers: borrowers
            .iter()
            .map(|borrower| of_borrower(play, borrower))
            .collect(),
        series: play.seen.series(stage, borrowers, &lenders),
        lenders,
        lp: liquidity(play),
        conservation: conservation(play),
        invariants,
        costs: stage.meter.costs(),
        wasm: sizes(play),
    })
}

/// The invariants that only the whole run can tell.
fn judge(play: &Play<'_>, invariants: &mut BTreeMap<String, Option<bool>>) {
    let mut also = |id: &str, holds: bool| {
        let verdict = invariants.entry(id.to_owned()).or_default();
        *verdict = Some(verdict.unwrap_or(true) && holds);
    };
    for borrower in &play.scene.borrowers {
        if let Some(cancelled) = borrower.cancelled {
            also(
                "I11",
                cancelled.refund == cancelled.expected && cancelled.refund <= cancelled.unearned,
            );
        }
        if let Some(held) = borrower.custody_held {
            also("I16", held);
        }
        if let Some(quote) = &borrower.quote {
            also("I09", borrower.given() <= quote.limit);
            let is_watched = borrower
                .peril
                .is_some_and(|peril| peril.family() == PerilFamily::Depreciation);
            for payout in borrower.payouts.iter().filter(|_| is_watched) {
                let began = began(play, borrower, payout.time);
                also(
                    "I13",
                    (quote.start + quote.waiting..=quote.end).contains(&began),
                );
            }
        }
    }
    for claim in &play.scene.claims {
        also("I09", claim.paid <= claim.due && claim.due <= claim.loss);
        if claim.paid > 0 {
            also("I13", claim.is_in_time);
        }
    }
    for (id, holds) in play.platform.verdicts() {
        also(id, holds);
    }
}

/// When what was paid for began: what was appealed for, a grant's event, or an advance's need for it.
fn began(play: &Play<'_>, borrower: &Borrower, paid_at: u64) -> u64 {
    if let Some(began) = borrower.appealed_for {
        return began;
    }
    if borrower.peril == Some(Peril::Grant) {
        let mut events = play.keeper.events.iter();
        let event = events.rfind(|event| event.at <= paid_at);
        event.map_or(0, |event| event.started)
    } else {
        paid_at
    }
}

/// What became of each peril.
fn perils(play: &Play<'_>) -> Perils {
    let stage = &play.scene.stage;
    let outcome = |family: PerilFamily| {
        let claims = play.scene.claims.iter();
        let own: Vec<&Claim> = claims.filter(|claim| claim.peril == family).collect();
        let (paid, mut beneficiaries) = match family {
            PerilFamily::Depreciation => depreciation(play),
            _ => (
                own.iter().map(|claim| claim.paid).sum(),
                own.iter().map(|claim| claim.beneficiary.as_str()).collect(),
            ),
        };
        beneficiaries.dedup();
        let outcome = PerilOutcome {
            offered: family != PerilFamily::Collateral || stage.scenario.reference.is_some(),
            triggered: !own.is_empty() || paid > 0,
            asset: stage.world.usdc.code.clone(),
            paid: Amount(paid),
            beneficiary: (paid > 0).then(|| beneficiaries.join(", ")),
            claims: own
                .into_iter()
                .map(|claim| of_claim(stage, claim))
                .collect(),
        };
        (family, outcome)
    };
    Perils(PerilFamily::ALL.map(outcome).to_vec())
}

/// What advances and grants paid, and to whose loans.
fn depreciation<'p>(play: &'p Play<'_>) -> (i128, Vec<&'p str>) {
    let is_rescued = |borrower: &&Borrower| {
        borrower.peril.map(Peril::family) == Some(PerilFamily::Depreciation) && borrower.paid() > 0
    };
    let rescued: Vec<&Borrower> = play.scene.borrowers.iter().filter(is_rescued).collect();
    let paid = rescued.iter().map(|borrower| borrower.paid()).sum();
    (paid, rescued.iter().map(|borrower| borrower.name).collect())
}

fn of_claim(stage: &Stage<'_>, claim: &Claim) -> output::Claim {
    let facts = claim.facts.iter();
    output::Claim {
        time: claim.time,
        beneficiary: claim.beneficiary.clone(),
        asset: stage.world.usdc.code.clone(),
        facts: facts
            .map(|(name, amount)| ((*name).to_owned(), Amount(*amount)))
            .collect(),
        loss: Amount(claim.loss),
        due: Amount(claim.due),
        paid: Amount(claim.paid),
    }
}

fn of_borrower(play: &Play<'_>, borrower: &Borrower) -> Participant {
    let stage = &play.scene.stage;
    let premium = borrower.premium();
    let limit = borrower.quote.as_ref().map_or(0, |quote| quote.limit);
    let has_cover = borrower.quote.is_some();
    Participant {
        name: borrower.name.to_owned(),
        insured: has_cover,
        peril: borrower.peril,
        liquidated: borrower.was_liquidated,
        asset: stage.world.usdc.code.clone(),
        before: Amount(borrower.before),
        after: Amount(borrower.after),
        loss: Amount((borrower.before - borrower.after - premium + borrower.given()).max(0)),
        paid_by_cover: Amount(borrower.paid()),
        premium: Amount(premium),
        limit: Amount(limit),
        limit_left: Amount(borrower.limit_left()),
        payouts: borrower.payouts.clone(),
        advance: (borrower.peril == Some(Peril::Advance)).then(|| Advance {
            asset: stage.world.usdc.code.clone(),
            drawn: Amount(borrower.drawn),
            repaid: Amount(borrower.repaid),
            owed: Amount(borrower.owed(stage)),
        }),
    }
}

fn liquidity(play: &Play<'_>) -> Liquidity {
    let flows = &play.scene.flows;
    Liquidity {
        asset: play.scene.stage.world.usdc.code.clone(),
        staked: Amount(flows.seed + flows.staked),
        premiums: Amount(flows.premiums),
        fees: Amount(flows.fees),
        refunds: Amount(flows.refunds),
        claims: Amount(flows.borne_by_lps()),
        bonds: Amount(flows.bonds_of_lps),
        exit: Amount(flows.exits),
        left: Amount(left_for_lps(play)),
    }
}

/// What is left of the LPs' capital in the pool.
fn left_for_lps(play: &Play<'_>) -> i128 {
    play.seen.last.as_ref().map_or(0, |books| books.nav_lo)
}

/// In, out and held by the calls' own reports. The residual is what they do not explain; or what the token's own events do
/// not; or what is missing of all that was ever minted.
fn conservation(play: &Play<'_>) -> Conservation {
    let (flows, stage) = (&play.scene.flows, &play.scene.stage);
    let world = &stage.world;
    let held = world.usdc.balance(&world.ledger, &world.cover.0);
    let (into, out) = token::through_the_pool(stage);
    let by_calls = flows.received() - flows.sent() - held;
    let by_events = into - out - held;
    let everybody = token::everybody(stage);
    let residuals = [by_calls, by_events, everybody.minted - everybody.held];
    Conservation {
        asset: world.usdc.code.clone(),
        received: Amount(flows.received()),
        sent: Amount(flows.sent()),
        held: Amount(held),
        residual: Amount(
            residuals
                .into_iter()
                .find(|residual| *residual != 0)
                .unwrap_or(0),
        ),
    }
}

fn sizes(play: &Play<'_>) -> Vec<Wasm> {
    let kernel = [
        ("cover-pool", wasm::COVER_POOL),
        ("price-hub", wasm::PRICE_HUB),
    ];
    let contracts = kernel.iter().chain(play.platform.contracts());
    let size = |(contract, code): &(&str, &[u8])| Wasm {
        contract: (*contract).to_owned(),
        bytes: code.len() as u64,
    };
    contracts.map(size).collect()
}

/// A step and its facts.
fn step(number: u8, title: &str, facts: Facts) -> Step {
    Step {
        step: number,
        title: title.to_owned(),
        facts,
    }
}

/// `1,234.50 USDC`
pub fn money(stage: &Stage<'_>, amount: i128) -> String {
    format!(
        "{} {}",
        format_for_reading(amount, ASSET_DECIMALS, 2),
        stage.world.usdc.code
    )
}

/// `12.6 %`, of a rate.
pub fn percent(rate: i128) -> String {
    format!("{} %", format_for_reading(rate * 100, ASSET_DECIMALS, 2))
}

/// `1.979`, of a factor.
fn factor(rate: Rate) -> String {
    format_for_reading(rate.raw(), ASSET_DECIMALS, 3)
}

/// `3 days`, or hours where they are no whole days.
fn duration(seconds: u64) -> String {
    if seconds.is_multiple_of(DAY) {
        let days = seconds / DAY;
        format!("{days} day{}", if days == 1 { "" } else { "s" })
    } else {
        format!("{} h", seconds / HOUR)
    }
}

/// A part of a whole, as a rate.
fn share(part: i128, whole: i128) -> i128 {
    if whole == 0 {
        0
    } else {
        part * FULL_RATE / whole
    }
}
