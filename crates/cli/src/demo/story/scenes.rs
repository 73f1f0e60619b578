//! The seven steps of an insured loan, each with what was seen of it.

use actuary::price::PRICE_DECIMALS;
use actuary::time::YEAR;
use actuary::Rate;
use testkit::bindings::cover_pool::Quote;
use testkit::feeds::PRICE_ONE;

use super::{duration, factor, money, percent, share, step};
use crate::decimal::format_for_reading;
use crate::demo::borrower::Borrower;
use crate::demo::play::{Play, EXIT_DELAY};
use crate::demo::scene::Happening;
use crate::demo::token;
use crate::output::{date, Facts, Health, Participant, Payout, Step};
use crate::peril::Peril;

/// All seven.
pub fn steps(play: &Play<'_>, lenders: &[Participant]) -> Vec<Step> {
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
            ending(play, lenders),
        ),
    ]
}

fn insured<'a>(play: &'a Play<'_>) -> impl Iterator<Item = (&'a Borrower, &'a Quote)> {
    play.scene
        .borrowers
        .iter()
        .filter_map(|borrower| Some((borrower, borrower.quote.as_ref()?)))
}

fn asking(play: &Play<'_>) -> Facts {
    let (loan, mut facts) = (&play.scene.stage.scenario.loan, Facts::default());
    let (value, price) = (loan.collateral_value.raw(), play.seen.first_price);
    let debt = value * loan.ltv.raw() / actuary::FULL_RATE;
    let collateral = &play.scene.stage.world.collateral.code;
    facts.add(
        "collateral",
        format!("{} of {collateral}", money(&play.scene.stage, value)),
    );
    facts.add("price", price_of(play, price));
    facts.add(
        "loan",
        format!(
            "{}, {} of the collateral",
            money(&play.scene.stage, debt),
            percent(loan.ltv.raw())
        ),
    );
    let health = play.seen.health.get(&0).and_then(|points| points.first());
    if let Some((_, health)) = health {
        facts.add("health factor", factor(*health));
    }
    let names: Vec<&str> = play
        .scene
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
    let interest = play.seen.interest_per_year;
    for (borrower, quote) in insured(play).filter(|(borrower, _)| borrower.cancelled.is_none()) {
        quoted(play, &mut facts, borrower.name, quote);
        let share_of_interest = share(quote.per_day * 365, interest.max(1));
        facts.add(
            format!("{}: of the interest", borrower.name),
            percent(share_of_interest),
        );
    }
    for (name, quote) in play.platform.quotes() {
        let mut add = |what: &str, value: String| facts.add(format!("{name}: {what}"), value);
        add("rate", percent(quote.rate.into()) + " a year");
        add("total", money(&play.scene.stage, quote.premium));
        add("limit", money(&play.scene.stage, quote.limit));
        add("waiting period", duration(quote.waiting));
    }
    facts
}

fn quoted(play: &Play<'_>, facts: &mut Facts, name: &str, quote: &Quote) {
    let mut add = |what: &str, value: String| facts.add(format!("{name}: {what}"), value);
    add("rate", percent(quote.rate.into()) + " a year");
    add("total", money(&play.scene.stage, quote.premium));
    add("per day", money(&play.scene.stage, quote.per_day));
    add("per month", money(&play.scene.stage, quote.per_month));
    add("limit", money(&play.scene.stage, quote.limit));
    add("deductible", money(&play.scene.stage, quote.deductible));
    add("waiting period", duration(quote.waiting));
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
        facts.add(
            "covered by the pool",
            money(&play.scene.stage, books.exposure),
        );
        let used = share(books.exposure, books.nav_lo);
        facts.add(
            "capital behind it",
            format!(
                "{}, {} used",
                money(&play.scene.stage, books.nav_lo),
                percent(used)
            ),
        );
    }
    facts
}

fn earning(play: &Play<'_>) -> Facts {
    let (flows, mut facts) = (&play.scene.flows, Facts::default());
    facts.add("prepaid", money(&play.scene.stage, flows.premiums));
    facts.add("protocol fee", money(&play.scene.stage, flows.fees));
    if let Some(books) = &play.seen.opening {
        let per_second = books.earning_rate * 10_000_000 / actuary::S;
        let text = format_for_reading(per_second, 14, 8);
        facts.add(
            "earned a second",
            format!("{text} {}", play.scene.stage.world.usdc.code),
        );
    }
    for borrower in &play.scene.borrowers {
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
    for borrower in &play.scene.borrowers {
        if let Some(lowest) = seen.lowest_health_of(&borrower.loan) {
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
    if let Some(probe) = &play.scene.manipulation {
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
    facts.0.extend(play.platform.watched(&play.scene).0);
    facts
}

fn settling(play: &Play<'_>) -> Facts {
    let borrowers = play.scene.borrowers.iter();
    let payouts = borrowers.flat_map(|borrower| {
        let payouts = borrower.payouts.iter();
        payouts.map(move |payout| (borrower, payout))
    });
    // At the same time, a rescue comes before what else happened, and what a liquidation cost comes back after it.
    let (after, before): (Vec<_>, Vec<_>) =
        payouts.partition(|(borrower, _)| borrower.peril == Some(Peril::Liquidation));
    let paid = |(borrower, payout): (&Borrower, &Payout)| {
        let health = |health: Option<Health>| {
            health.map_or_else(|| "-".to_owned(), |health| factor(health.0))
        };
        let (before, after) = (health(payout.health_before), health(payout.health_after));
        let amount = money(&play.scene.stage, payout.amount.0);
        Happening {
            time: payout.time,
            who: borrower.name.to_owned(),
            what: format!("paid {amount}, health {before} -> {after}"),
        }
    };
    let mut happenings: Vec<Happening> = before.into_iter().map(paid).collect();
    happenings.extend(play.scene.happenings.iter().cloned());
    happenings.extend(after.into_iter().map(paid));
    happenings.sort_by_key(|happening| happening.time);
    let mut facts = Facts::default();
    for Happening { time, who, what } in happenings {
        let name = format!("{}  {who}", date(time));
        match facts.0.iter_mut().find(|(other, _)| *other == name) {
            Some((_, also)) => also.push_str(&format!("; {what}")),
            None => facts.add(name, what),
        }
    }
    if facts.0.is_empty() {
        facts.add("claims", "none");
    }
    facts
}

fn ending(play: &Play<'_>, lenders: &[Participant]) -> Facts {
    let mut facts = Facts::default();
    borrowers_end(play, &mut facts);
    lenders_end(lenders, &mut facts);
    lps_end(play, &mut facts);
    facts.add(
        "bounties of keepers",
        money(&play.scene.stage, play.scene.flows.bounties),
    );
    facts.add("left for nobody", precise(play, super::left_for_lps(play)));
    let everybody = token::everybody(&play.scene.stage);
    facts.add(
        format!("{} of everybody", play.scene.stage.world.usdc.code),
        format!(
            "{} held by {}, all that was minted: {}",
            precise(play, everybody.held),
            everybody.holders,
            is_all(everybody.minted == everybody.held)
        ),
    );
    facts
}

fn borrowers_end(play: &Play<'_>, facts: &mut Facts) {
    let money = |amount| money(&play.scene.stage, amount);
    for borrower in &play.scene.borrowers {
        let verdict = if borrower.was_liquidated {
            "liquidated"
        } else {
            "never liquidated"
        };
        facts.add(
            borrower.name,
            format!(
                "{verdict}, left with {} of {}",
                money(borrower.after),
                money(borrower.before)
            ),
        );
        if borrower.peril == Some(Peril::Advance) && borrower.drawn > 0 {
            let left = borrower.limit_left();
            facts.add(
                format!("{}: advance", borrower.name),
                format!(
                    "{} drawn, {} paid back, limit {} again",
                    money(borrower.drawn),
                    money(borrower.repaid),
                    money(left)
                ),
            );
        }
    }
}

fn lenders_end(lenders: &[Participant], facts: &mut Facts) {
    for lender in lenders {
        let asset = &lender.asset;
        let text = |amount| format_for_reading(amount, super::ASSET_DECIMALS, 2);
        let lost = share(lender.loss.0, lender.before.0);
        facts.add(
            lender.name.clone(),
            format!(
                "lost {} {asset} ({}), cover paid {}",
                text(lender.loss.0),
                percent(lost),
                text(lender.paid_by_cover.0)
            ),
        );
    }
}

fn lps_end(play: &Play<'_>, facts: &mut Facts) {
    let flows = &play.scene.flows;
    facts.add("LPs staked", money(&play.scene.stage, flows.staked));
    facts.add("LPs left with", money(&play.scene.stage, flows.exits));
    let result = flows.exits - flows.staked;
    let days = (play.seen.ends.saturating_sub(play.begins) + EXIT_DELAY).max(1);
    let yearly = share(result * i128::from(YEAR) / i128::from(days), flows.staked);
    facts.add(
        "LPs' result",
        format!("{}, {} a year", precise(play, result), percent(yearly)),
    );
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
        play.scene.stage.world.usdc.code
    )
}

/// A price for reading, finer where it is small.
fn price_of(play: &Play<'_>, price: i128) -> String {
    const TEN: i128 = 10 * PRICE_ONE;
    let (world, places) = (&play.scene.stage.world, if price < TEN { 4 } else { 2 });
    let number = format_for_reading(price, PRICE_DECIMALS, places);
    format!("{number} {} per {}", world.usdc.code, world.collateral.code)
}
