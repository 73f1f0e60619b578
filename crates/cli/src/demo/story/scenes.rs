//! The seven steps of an insured loan, each with what was seen of it.

use actuary::price::PRICE_DECIMALS;
use actuary::time::YEAR;
use actuary::Rate;
use testkit::bindings::blend_adapter::Quote;
use testkit::feeds::PRICE_ONE;

use super::{duration, factor, money, percent, share, step};
use crate::decimal::format_for_reading;
use crate::demo::auction::{Filled, Kind};
use crate::demo::borrower::Borrower;
use crate::demo::play::{Play, EXIT_DELAY};
use crate::demo::token;
use crate::output::{date, Facts, Health, Layer, Step};

/// All seven.
pub fn steps(play: &Play<'_>) -> Vec<Step> {
    vec![
        step(1, "A borrower asks for a loan", asking(play)),
        step(
            2,
            "They tick \"insure this loan\" and see the price",
            ticking(play),
        ),
        step(
            3,
            "The contract prices the loan, the market and the pool",
            pricing(play),
        ),
        step(
            4,
            "The premium is prepaid and earned by the second",
            earning(play),
        ),
        step(
            5,
            "Oracles and adapters watch; keepers only poke",
            watching(play),
        ),
        step(6, "A trigger is settled on chain", settling(play)),
        step(
            7,
            "Borrowers shielded, lenders made whole, LPs paid",
            ending(play),
        ),
    ]
}

fn insured<'a>(play: &'a Play<'_>) -> impl Iterator<Item = (&'a Borrower, &'a Quote)> {
    play.borrowers
        .iter()
        .filter_map(|borrower| Some((borrower, borrower.quote.as_ref()?)))
}

fn asking(play: &Play<'_>) -> Facts {
    let (loan, mut facts) = (&play.stage.scenario.loan, Facts::default());
    let (value, price) = (loan.collateral_value.raw(), play.seen.first_price);
    let debt = value * loan.ltv.raw() / actuary::FULL_RATE;
    let collateral = &play.stage.world.collateral.code;
    facts.add(
        "collateral",
        format!("{} of {collateral}", money(play, value)),
    );
    facts.add("price", price_of(play, price));
    facts.add(
        "loan",
        format!(
            "{}, {} of the collateral",
            money(play, debt),
            percent(loan.ltv.raw())
        ),
    );
    let health = play.seen.health.get(&0).and_then(|points| points.first());
    if let Some((_, health)) = health {
        facts.add("health factor", factor(*health));
    }
    let names: Vec<&str> = play
        .borrowers
        .iter()
        .map(|borrower| borrower.name)
        .collect();
    facts.add("borrowers", names.join(", "));
    facts
}

fn ticking(play: &Play<'_>) -> Facts {
    let mut facts = Facts::default();
    if let Some(refusal) = &play.seen.refusal {
        facts.add(
            "with one source of prices: listing",
            refusal.listing.clone(),
        );
        facts.add("with one source of prices: cover", refusal.sale.clone());
    }
    let interest = yearly_interest(play);
    for (borrower, quote) in insured(play).filter(|(borrower, _)| borrower.cancelled.is_none()) {
        quoted(play, &mut facts, borrower.name, quote);
        let share_of_interest = share(quote.per_day * 365, interest.max(1));
        facts.add(
            format!("{}: of the interest", borrower.name),
            percent(share_of_interest),
        );
    }
    for lender in &play.lenders {
        if let Some(insured) = &lender.insured {
            let quote = &insured.quote;
            facts.add(
                format!("{}: rate", lender.name),
                percent(quote.rate.into()) + " a year",
            );
            facts.add(
                format!("{}: total", lender.name),
                money(play, quote.premium),
            );
            facts.add(format!("{}: limit", lender.name), money(play, quote.limit));
            facts.add(
                format!("{}: waiting period", lender.name),
                duration(quote.waiting),
            );
        }
    }
    facts
}

fn quoted(play: &Play<'_>, facts: &mut Facts, name: &str, quote: &Quote) {
    let mut add = |what: &str, value: String| facts.add(format!("{name}: {what}"), value);
    add("rate", percent(quote.rate.into()) + " a year");
    add("total", money(play, quote.premium));
    add("per day", money(play, quote.per_day));
    add("per month", money(play, quote.per_month));
    add("limit", money(play, quote.limit));
    add("deductible", money(play, quote.deductible));
    add("waiting period", duration(quote.waiting));
}

/// What a twin's loan costs a year at the platform's rate now, from the reserve's growth over the run.
fn yearly_interest(play: &Play<'_>) -> i128 {
    play.seen.interest_per_year
}

fn pricing(play: &Play<'_>) -> Facts {
    let mut facts = Facts::default();
    for (borrower, quote) in insured(play) {
        let factors = format!(
            "base {} x loan {} x pool {} = {}",
            percent(quote.base.into()),
            factor(Rate::from_raw(quote.ltv_factor.into())),
            factor(Rate::from_raw(quote.utilisation_factor.into())),
            percent(quote.rate.into())
        );
        facts.add(borrower.name, factors);
    }
    if let Some(books) = &play.seen.opening {
        facts.add("covered by the pool", money(play, books.exposure));
        let used = share(books.exposure, books.nav_lo);
        facts.add(
            "capital behind it",
            format!("{}, {} used", money(play, books.nav_lo), percent(used)),
        );
    }
    facts
}

fn earning(play: &Play<'_>) -> Facts {
    let (flows, mut facts) = (&play.flows, Facts::default());
    facts.add("prepaid", money(play, flows.premiums));
    facts.add("protocol fee", money(play, flows.fees));
    if let Some(books) = &play.seen.opening {
        let per_second = books.earning_rate * 10_000_000 / actuary::S;
        let text = format_for_reading(per_second, 14, 8);
        facts.add(
            "earned a second",
            format!("{text} {}", play.stage.world.usdc.code),
        );
    }
    for borrower in &play.borrowers {
        if let Some(cancelled) = borrower.cancelled {
            let exact = if cancelled.refund == cancelled.expected {
                "exactly"
            } else {
                "NOT"
            };
            facts.add(
                "cancelled",
                format!(
                    "{} of {} unearned came back, {exact} the 90 % due",
                    precise(play, cancelled.refund),
                    precise(play, cancelled.unearned)
                ),
            );
        }
    }
    facts
}

fn watching(play: &Play<'_>) -> Facts {
    let (seen, mut facts) = (&play.seen, Facts::default());
    for (name, extreme) in [
        ("highest price", seen.highest),
        ("lowest price", seen.lowest),
    ] {
        if let Some((time, price)) = extreme {
            facts.add(
                name,
                format!("{} on {}", price_of(play, price.raw()), date(time)),
            );
        }
    }
    facts.add("looked", format!("{} times", seen.looks));
    for borrower in &play.borrowers {
        if let Some(lowest) = seen.lowest_health_of(&borrower.position.0) {
            facts.add(format!("lowest health, {}", borrower.name), factor(lowest));
        }
    }
    for event in &play.keeper.events {
        facts.add(
            format!("event {}", event.id),
            format!(
                "{} down within 24 h, triggered {}",
                percent(event.rate),
                date(event.at)
            ),
        );
    }
    if let Some(probe) = &seen.manipulation {
        let (shown, market) = (
            price_of(play, probe.shown.raw()),
            price_of(play, probe.market.raw()),
        );
        facts.add(
            "manipulated",
            format!(
                "{} shown where the market pays {market}, {}",
                shown,
                date(probe.at)
            ),
        );
        facts.add("cover bought meanwhile", probe.sale.clone());
        facts.add("deposits and cover of the vault", probe.deposit.clone());
        facts.add("trigger meanwhile", probe.trigger.clone());
        facts.add("rescue meanwhile", probe.rescue.clone());
    }
    facts
}

fn settling(play: &Play<'_>) -> Facts {
    let mut scenes: Vec<(u64, &str, String)> = Vec::new();
    for borrower in &play.borrowers {
        for payout in &borrower.payouts {
            let health = |health: Option<Health>| {
                health.map_or_else(|| "-".to_owned(), |health| factor(health.0))
            };
            let (before, after) = (health(payout.health_before), health(payout.health_after));
            let amount = money(play, payout.amount.0);
            let text = format!("paid {amount}, health {before} -> {after}");
            scenes.push((payout.time, borrower.name, text));
        }
    }
    for (index, fill) in play.liquidator.filled.iter().enumerate() {
        let is_same = |other: &&Filled| other.user == fill.user;
        if play
            .liquidator
            .filled
            .iter()
            .take(index)
            .any(|other| is_same(&other))
        {
            continue;
        }
        let fills: Vec<&Filled> = play.liquidator.filled.iter().filter(is_same).collect();
        let until = fills.last().map_or(fill.time, |last| last.time);
        let how_often = match fills.len() {
            1 => String::new(),
            times => format!(", in {times} auctions until {}", date(until)),
        };
        let (who, what) = match fill.kind {
            Kind::BadDebt => ("backstop", "emptied by bad debt, lenders bear the rest"),
            Kind::Liquidation => (play.name_of(&fill.user), "liquidated"),
        };
        scenes.push((fill.time, who, format!("{what}{how_often}")));
    }
    for lender in &play.lenders {
        for payout in lender.insured.iter().flat_map(|insured| &insured.payouts) {
            let (paid, lost) = (money(play, payout.amount.0), money(play, lender.loss));
            scenes.push((
                payout.time,
                &lender.name,
                format!("paid {paid} of {lost} lost"),
            ));
        }
    }
    scenes.sort_by_key(|(time, ..)| *time);
    let mut facts = Facts::default();
    for (time, who, what) in scenes {
        facts.add(format!("{}  {who}", date(time)), what);
    }
    if facts.0.is_empty() {
        facts.add("claims", "none");
    }
    facts
}

fn ending(play: &Play<'_>) -> Facts {
    let (flows, mut facts) = (&play.flows, Facts::default());
    for borrower in &play.borrowers {
        let verdict = if borrower.was_liquidated {
            "liquidated"
        } else {
            "never liquidated"
        };
        facts.add(
            borrower.name,
            format!(
                "{verdict}, left with {} of {}",
                money(play, borrower.after),
                money(play, borrower.before)
            ),
        );
        if borrower.layer == Some(Layer::Advance) && borrower.drawn > 0 {
            let left = borrower.limit_left();
            facts.add(
                format!("{}: advance", borrower.name),
                format!(
                    "{} drawn, {} paid back, limit {} again",
                    money(play, borrower.drawn),
                    money(play, borrower.repaid),
                    money(play, left)
                ),
            );
        }
    }
    for lender in &play.lenders {
        let paid = lender.insured.as_ref().map_or(0, |insured| insured.paid());
        let asset = &lender.asset;
        let text = |amount| format_for_reading(amount, super::ASSET_DECIMALS, 2);
        let lost = share(lender.loss, lender.deposit);
        facts.add(
            lender.name.clone(),
            format!(
                "lost {} {asset} ({}), cover paid {}",
                text(lender.loss),
                percent(lost),
                text(paid)
            ),
        );
    }
    facts.add("LPs staked", money(play, flows.staked));
    facts.add("LPs left with", money(play, flows.exits));
    let result = flows.exits - flows.staked;
    let days = (play.seen.ends.saturating_sub(play.begins) + EXIT_DELAY).max(1);
    let yearly = share(result * i128::from(YEAR) / i128::from(days), flows.staked);
    facts.add(
        "LPs' result",
        format!("{}, {} a year", precise(play, result), percent(yearly)),
    );
    facts.add("bounties of keepers", money(play, flows.bounties));
    facts.add("left for nobody", precise(play, super::left_for_lps(play)));
    let everybody = token::everybody(&play.stage);
    facts.add(
        format!("{} of everybody", play.stage.world.usdc.code),
        format!(
            "{} held by {}, all that was minted: {}",
            precise(play, everybody.held),
            everybody.holders,
            is_all(everybody.minted == everybody.held)
        ),
    );
    facts
}

const fn is_all(holds: bool) -> &'static str {
    if holds {
        "yes"
    } else {
        "NO"
    }
}

fn precise(play: &Play<'_>, amount: i128) -> String {
    format!(
        "{} {}",
        format_for_reading(amount, super::ASSET_DECIMALS, 7),
        play.stage.world.usdc.code
    )
}

/// A price for reading, finer where it is small.
fn price_of(play: &Play<'_>, price: i128) -> String {
    const TEN: i128 = 10 * PRICE_ONE;
    let (world, places) = (&play.stage.world, if price < TEN { 4 } else { 2 });
    let number = format_for_reading(price, PRICE_DECIMALS, places);
    format!("{number} {} per {}", world.usdc.code, world.collateral.code)
}
