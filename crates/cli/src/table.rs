//! A result as text: the seven steps, the twins side by side, the books.
//!
//! The text carries ANSI styles; whoever prints it strips them where nobody sees colours (`anstream` does).

pub(crate) mod governed;

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::{Alignment, Modify, Style as Frame};

use crate::decimal::format_for_reading;
use crate::output::{Amount, Participant, PerilOutcome, Run, Step};

const HEADLINE: Style = Style::new().bold();
const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const FAINT: Style = Style::new().dimmed();

/// Decimals shown of an amount.
pub(crate) const PLACES: u32 = 2;

/// The whole result, styled, for a terminal.
pub fn render(run: &Run) -> String {
    let mut sections = vec![heading(run)];
    sections.extend(run.steps.iter().map(step));
    sections.extend(governed::tables(run).map(framed));
    sections.push(perils(run));
    sections.push(participants(run, "Borrowers", &run.borrowers));
    sections.push(participants(run, "Lenders", &run.lenders));
    sections.push(liquidity(run));
    sections.push(books(run));
    sections.push(invariants(run));
    sections.push(costs(run));
    sections.push(sizes(run));
    sections.join("\n")
}

fn heading(run: &Run) -> String {
    let mut text = format!(
        "{}\n",
        styled(
            HEADLINE,
            &format!(
                "{} ({}), on {}",
                run.title,
                run.scenario,
                run.platform.name()
            )
        )
    );
    for note in &run.notes {
        text.push_str(&format!("{}\n", styled(FAINT, &format!("note: {note}"))));
    }
    text
}

fn step(step: &Step) -> String {
    let mut text = format!(
        "{}\n",
        styled(HEADLINE, &format!("{}  {}", step.step, step.title))
    );
    let width = step
        .facts
        .0
        .iter()
        .map(|(name, _)| name.chars().count())
        .max()
        .unwrap_or(0);
    for (name, value) in &step.facts.0 {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "   {name:<width$}  {value}");
    }
    text
}

fn perils(run: &Run) -> String {
    let heading = ["Perils", "", "cover paid", "whom"]
        .map(str::to_owned)
        .to_vec();
    let rows = run.perils.0.iter().map(|(name, peril)| {
        let paid = money(run, peril.paid, &peril.asset);
        let whom = peril.beneficiary.clone().unwrap_or_else(|| "-".to_owned());
        vec![
            name.name().to_owned(),
            verdict(peril).to_owned(),
            paid,
            whom,
        ]
    });
    framed(std::iter::once(heading).chain(rows).collect())
}

/// What became of a peril, in two words.
pub(crate) const fn verdict(peril: &PerilOutcome) -> &'static str {
    match (peril.offered, peril.triggered) {
        (_, true) => "triggered",
        (true, false) => "not triggered",
        (false, false) => "not offered here",
    }
}

fn participants(run: &Run, title: &str, people: &[Participant]) -> String {
    let mut rows: Vec<Vec<String>> =
        vec![row(title, people, |person| styled(HEADLINE, &person.name))];
    rows.push(row("cover", people, |person| {
        person.peril.map_or("none", |peril| peril.name()).to_owned()
    }));
    let mut amounts = |name, amount: fn(&Participant) -> Amount| {
        rows.push(row(name, people, |person| {
            money(run, amount(person), &person.asset)
        }));
    };
    amounts("before", |person| person.before);
    amounts("after", |person| person.after);
    amounts("loss", |person| person.loss);
    amounts("paid by cover", |person| person.paid_by_cover);
    amounts("premium", |person| person.premium);
    amounts("limit", |person| person.limit);
    amounts("limit left", |person| person.limit_left);
    rows.push(row("payouts", people, |person| {
        person.payouts.len().to_string()
    }));
    rows.push(row("advance owed", people, |person| {
        person.advance.as_ref().map_or_else(
            || "-".to_owned(),
            |advance| money(run, advance.owed, &advance.asset),
        )
    }));
    rows.push(row("liquidated", people, |person| {
        if person.liquidated {
            styled(BAD, "yes")
        } else {
            styled(GOOD, "no")
        }
    }));
    framed(rows)
}

fn row(name: &str, people: &[Participant], cell: impl Fn(&Participant) -> String) -> Vec<String> {
    std::iter::once(name.to_owned())
        .chain(people.iter().map(cell))
        .collect()
}

fn liquidity(run: &Run) -> String {
    let lp = &run.lp;
    amounts(
        run,
        "Liquidity providers",
        &lp.asset,
        &[
            ("staked", lp.staked),
            ("premiums", lp.premiums),
            ("protocol fees", lp.fees),
            ("refunds", lp.refunds),
            ("claims", lp.claims),
            ("lost bonds", lp.bonds),
            ("exit", lp.exit),
            ("left", lp.left),
        ],
    )
}

fn books(run: &Run) -> String {
    let books = &run.conservation;
    let table = amounts(
        run,
        "The pool's books",
        &books.asset,
        &[
            ("in", books.received),
            ("out", books.sent),
            ("held", books.held),
        ],
    );
    let verdict = if books.residual == Amount(0) {
        styled(GOOD, "every unit is accounted for")
    } else {
        styled(
            BAD,
            &format!(
                "{} smallest units of {} are unaccounted for",
                books.residual.0, books.asset
            ),
        )
    };
    format!("{table}{verdict}\n")
}

fn amounts(run: &Run, title: &str, asset: &str, rows: &[(&str, Amount)]) -> String {
    let heading = vec![title.to_owned(), String::new()];
    let rows = rows
        .iter()
        .map(|(name, amount)| vec![(*name).to_owned(), money(run, *amount, asset)]);
    framed(std::iter::once(heading).chain(rows).collect())
}

fn invariants(run: &Run) -> String {
    let named = |wanted: Option<bool>| {
        let ids: Vec<&str> = run
            .invariants
            .iter()
            .filter(|(_, holds)| **holds == wanted)
            .map(|(id, _)| id.as_str())
            .collect();
        ids.join(" ")
    };
    let mut text = format!("{}\n", styled(HEADLINE, "Invariants"));
    for (label, wanted, style) in [
        ("held", Some(true), GOOD),
        ("broken", Some(false), BAD),
        ("not observable in one run", None, FAINT),
    ] {
        let ids = named(wanted);
        if !ids.is_empty() {
            let _ = writeln!(text, "   {label}: {}", styled(style, &ids));
        }
    }
    text
}

fn costs(run: &Run) -> String {
    let heading = ["Cost", "instructions", "entries", "bytes", "event bytes"]
        .map(str::to_owned)
        .to_vec();
    let rows = run.costs.iter().map(|cost| {
        vec![
            cost.operation.clone(),
            format_for_reading(i128::from(cost.instructions), 0, 0),
            cost.entries.to_string(),
            format_for_reading(i128::from(cost.bytes), 0, 0),
            format_for_reading(i128::from(cost.events), 0, 0),
        ]
    });
    framed(std::iter::once(heading).chain(rows).collect())
}

fn sizes(run: &Run) -> String {
    let heading = ["Contract", "bytes"].map(str::to_owned).to_vec();
    let rows = run.wasm.iter().map(|wasm| {
        let bytes = format_for_reading(i128::from(wasm.bytes), 0, 0);
        vec![wasm.contract.clone(), bytes]
    });
    framed(std::iter::once(heading).chain(rows).collect())
}

fn framed(rows: Vec<Vec<String>>) -> String {
    let mut table = Builder::from_iter(rows).build();
    table
        .with(Frame::rounded())
        .with(Modify::new(Columns::new(1..)).with(Alignment::right()));
    format!("{table}\n")
}

/// An amount for reading: `1,234.50 USDC`.
pub(crate) fn money(run: &Run, amount: Amount, asset: &str) -> String {
    format!(
        "{} {asset}",
        format_for_reading(amount.0, run.decimals_of(asset), PLACES)
    )
}

pub(crate) fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn plain(run: &Run) -> String {
        anstream::adapter::strip_str(&render(run)).to_string()
    }

    #[test]
    fn twins_stand_side_by_side() {
        let text = plain(&sample::run());
        for line in [
            "│ Borrowers     │      uninsured │ with an advance │",
            "│ cover         │           none │         advance │",
            "│ before        │ 12,800.00 USDC │  12,800.00 USDC │",
            "│ paid by cover │      0.00 USDC │     800.00 USDC │",
            "│ liquidated    │            yes │              no │",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
    }

    #[test]
    fn steps_show_their_facts_in_order() {
        let text = plain(&sample::run());
        assert!(
            text.contains(
                "1  A borrower asks for a loan\n   rate   1.8 % a year\n   total  1.00 USDC\n"
            ),
            "{text}"
        );
    }

    #[test]
    fn proposals_and_disputes_are_shown_where_there_are_any() {
        let text = plain(&sample::story());
        for line in [
            "│ Dearer    │ terms │ 400,000 │ 250,000 │       0 │ 2020-03-12 12:01 │ 2020-03-12 12:02 │ executed │",
            "│ challenge of insured │     2 │ 8,000.00 │      court │ 8,000.00 │ 160.00 │      0.00 │        80.00 │       0.00 │          80.00 │",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
        let text = plain(&sample::run());
        assert!(!text.contains("Proposals"), "no vote, no table: {text}");
        assert!(!text.contains("Disputes"), "no dispute, no table: {text}");
    }

    #[test]
    fn the_verdict_on_the_books_is_said() {
        let mut run = sample::run();
        assert!(plain(&run).contains("every unit is accounted for"), "sound");
        run.conservation.residual = Amount(3);
        run.invariants.insert("I05".to_owned(), Some(false));
        let text = plain(&run);
        assert!(
            text.contains("3 smallest units of USDC are unaccounted for"),
            "{text}"
        );
        assert!(text.contains("broken: I05"), "{text}");
    }
}
