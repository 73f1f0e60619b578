//! What became of everybody, in the words and numbers of the seven steps.

use std::collections::BTreeMap;

use actuary::time::{DAY, HOUR};
use actuary::{Rate, FULL_RATE};
use testkit::wasm;

use super::borrower::Borrower;
use super::lender::Lender;
use super::play::Play;
use super::{token, DemoError};
use crate::decimal::format_for_reading;
use crate::output::{
    Advance, Amount, Conservation, Facts, Layer, Liquidity, Participant, Run, Step, Wasm,
};
use crate::prices::Prices;
use crate::scenario::ASSET_DECIMALS;

mod scenes;

/// The whole result.
pub fn tell(play: &Play<'_>, prices: &Prices) -> Result<Run, DemoError> {
    let scenario = play.stage.scenario;
    let mut play_invariants = play.watch.verdicts();
    judge(play, &mut play_invariants);
    let assets = play.stage.world.assets();
    let decimals = assets
        .iter()
        .map(|asset| (asset.code.clone(), ASSET_DECIMALS));
    Ok(Run {
        scenario: scenario.name.clone(),
        title: scenario.title.clone(),
        notes: prices.notes.clone(),
        decimals: decimals.collect(),
        steps: scenes::steps(play),
        borrowers: play
            .borrowers
            .iter()
            .map(|borrower| of_borrower(play, borrower))
            .collect(),
        lenders: play.lenders.iter().map(of_lender).collect(),
        lp: liquidity(play),
        conservation: conservation(play),
        invariants: play_invariants,
        costs: play.stage.meter.costs(),
        wasm: sizes(),
        series: play
            .seen
            .series(&play.stage, &play.borrowers, &play.lenders),
    })
}

/// The invariants that only the whole run can tell.
fn judge(play: &Play<'_>, invariants: &mut BTreeMap<String, Option<bool>>) {
    let mut also = |id: &str, holds: bool| {
        let verdict = invariants.entry(id.to_owned()).or_default();
        *verdict = Some(verdict.unwrap_or(true) && holds);
    };
    for borrower in &play.borrowers {
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
            for payout in &borrower.payouts {
                let began = began(play, borrower, payout.time);
                also(
                    "I13",
                    (quote.start + quote.waiting..=quote.end).contains(&began),
                );
            }
        }
    }
    for lender in &play.lenders {
        if let Some(insured) = lender.insured.as_ref().filter(|insured| insured.paid() > 0) {
            let covered = insured.covered_loss(&play.stage);
            also(
                "I09",
                insured.paid() <= insured.quote.limit && insured.paid() <= lender.loss,
            );
            also("I13", insured.paid() <= covered);
        }
    }
}

/// When what was paid for began: a grant's event, or an advance's need for it.
fn began(play: &Play<'_>, borrower: &Borrower, paid_at: u64) -> u64 {
    if borrower.layer == Some(Layer::Grant) {
        let mut events = play.keeper.events.iter();
        let event = events.rfind(|event| event.at <= paid_at);
        event.map_or(0, |event| event.started)
    } else {
        paid_at
    }
}

fn of_borrower(play: &Play<'_>, borrower: &Borrower) -> Participant {
    let premium = borrower.premium();
    let limit = borrower.quote.as_ref().map_or(0, |quote| quote.limit);
    let has_cover = borrower.quote.is_some();
    Participant {
        name: borrower.name.to_owned(),
        insured: has_cover,
        layer: borrower.layer,
        liquidated: borrower.was_liquidated,
        asset: play.stage.world.usdc.code.clone(),
        before: Amount(borrower.before),
        after: Amount(borrower.after),
        loss: Amount((borrower.before - borrower.after - premium + borrower.given()).max(0)),
        paid_by_cover: Amount(borrower.paid()),
        premium: Amount(premium),
        limit: Amount(limit),
        limit_left: Amount(borrower.limit_left()),
        payouts: borrower.payouts.clone(),
        advance: (borrower.layer == Some(Layer::Advance)).then(|| Advance {
            asset: play.stage.world.usdc.code.clone(),
            drawn: Amount(borrower.drawn),
            repaid: Amount(borrower.repaid),
            owed: Amount(borrower.owed(&play.stage)),
        }),
    }
}

fn of_lender(lender: &Lender) -> Participant {
    let insured = lender.insured.as_ref();
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
        limit_left: Amount(
            insured
                .and_then(|insured| insured.policy.as_ref())
                .map_or(0, |policy| policy.limit),
        ),
        payouts: insured.map_or_else(Vec::new, |insured| insured.payouts.clone()),
        advance: None,
    }
}

fn liquidity(play: &Play<'_>) -> Liquidity {
    let flows = &play.flows;
    Liquidity {
        asset: play.stage.world.usdc.code.clone(),
        staked: Amount(flows.seed + flows.staked),
        premiums: Amount(flows.premiums),
        fees: Amount(flows.fees),
        refunds: Amount(flows.refunds),
        claims: Amount(flows.borne_by_lps()),
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
    let (flows, world) = (&play.flows, &play.stage.world);
    let held = world.usdc.balance(&world.ledger, &world.cover.0);
    let (into, out) = token::through_the_pool(&play.stage);
    let by_calls = flows.received() - flows.sent() - held;
    let by_events = into - out - held;
    let everybody = token::everybody(&play.stage);
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

fn sizes() -> Vec<Wasm> {
    let contracts = [
        ("cover-pool", wasm::COVER_POOL),
        ("price-hub", wasm::PRICE_HUB),
        ("blend-adapter", wasm::BLEND_ADAPTER),
        ("blend-lenders", wasm::BLEND_LENDERS),
        ("position", wasm::POSITION),
        ("insured-vault", wasm::INSURED_VAULT),
    ];
    let size = |(contract, code): (&str, &[u8])| Wasm {
        contract: contract.to_owned(),
        bytes: code.len() as u64,
    };
    contracts.map(size).to_vec()
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
fn money(play: &Play<'_>, amount: i128) -> String {
    format!(
        "{} {}",
        format_for_reading(amount, ASSET_DECIMALS, 2),
        play.stage.world.usdc.code
    )
}

/// `12.6 %`, of a rate.
fn percent(rate: i128) -> String {
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
