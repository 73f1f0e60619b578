//! A result as one self-contained HTML page: no scripts, nothing loaded from elsewhere.

mod plot;

use actuary::price::PRICE_DECIMALS;
use actuary::Price;
use maud::{html, Markup, PreEscaped, DOCTYPE};

use crate::decimal::{format, format_for_reading};
use crate::output::{date, Amount, Line, Participant, Run};
use crate::table::{governed, money, verdict, PLACES};
use plot::{Plot, Shape};

/// Beyond this, more health says nothing.
const MOST_HEALTH: f64 = 4.0;

const STYLE: &str = include_str!("report.css");

/// The page.
pub fn render(run: &Run) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (run.title) " - Vangnet" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (run.title) }
                    p.faint { "Scenario " code { (run.scenario) } " on " (run.platform.name()) ", played on the contracts themselves." }
                    @for note in &run.notes { p.faint { "Note: " (note) } }
                }
                main {
                    (outcome(run))
                    @for plot in plots(run) { (plot.render()) }
                    (steps(run))
                    @for rows in governed::tables(run) { (listed(&rows)) }
                    (perils(run))
                    (payouts(run))
                    (books(run))
                    (costs(run))
                }
            }
        }
    }
    .into_string()
}

fn outcome(run: &Run) -> Markup {
    html! {
        section {
            h2 { "Who lost what, with and without cover" }
            table {
                thead {
                    tr {
                        @for name in ["", "cover", "in"] { th scope="col" { (name) } }
                        @for name in ["before", "after", "loss", "paid by cover", "premium", "limit left"] {
                            th.number scope="col" { (name) }
                        }
                        th scope="col" { "liquidated" }
                    }
                }
                tbody { @for person in run.borrowers.iter().chain(&run.lenders) { (participant(run, person)) } }
            }
        }
    }
}

fn participant(run: &Run, person: &Participant) -> Markup {
    let amounts = [
        person.before,
        person.after,
        person.loss,
        person.paid_by_cover,
        person.premium,
        person.limit_left,
    ];
    html! {
        tr {
            th scope="row" { (person.name) }
            td { (person.peril.map_or("none", |peril| peril.name())) }
            td { (person.asset) }
            @for amount in amounts {
                td.number { (format_for_reading(amount.0, run.decimals_of(&person.asset), PLACES)) }
            }
            td class=(if person.liquidated { "bad" } else { "good" }) { (if person.liquidated { "yes" } else { "no" }) }
        }
    }
}

fn steps(run: &Run) -> Markup {
    html! {
        section {
            h2 { "Step by step" }
            ol.steps {
                @for step in &run.steps {
                    li value=(step.step) {
                        h3 { (step.title) }
                        dl { @for (name, value) in &step.facts.0 { dt { (name) } dd { (value) } } }
                    }
                }
            }
        }
    }
}

/// Rows under headings, whose first is the title.
fn listed(rows: &[Vec<String>]) -> Markup {
    let Some(([title, headings @ ..], rows)) = rows
        .split_first()
        .map(|(first, rest)| (first.as_slice(), rest))
    else {
        return html! {};
    };
    html! {
        section {
            h2 { (title) }
            table {
                thead { tr { th scope="col" { "" } @for name in headings { th.number scope="col" { (name) } } } }
                tbody {
                    @for row in rows {
                        tr {
                            @for (index, cell) in row.iter().enumerate() {
                                @if index == 0 { th scope="row" { (cell) } } @else { td.number { (cell) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn perils(run: &Run) -> Markup {
    html! {
        section {
            h2 { "The five perils" }
            table {
                thead {
                    tr {
                        @for name in ["peril", "", "whom"] { th scope="col" { (name) } }
                        th.number scope="col" { "cover paid" }
                    }
                }
                tbody {
                    @for (name, peril) in &run.perils.0 {
                        tr {
                            th scope="row" { (name.name()) }
                            td { (verdict(peril)) }
                            td { (peril.beneficiary.as_deref().unwrap_or("-")) }
                            td.number { (money(run, peril.paid, &peril.asset)) }
                        }
                    }
                }
            }
        }
    }
}

fn payouts(run: &Run) -> Markup {
    let paid: Vec<_> = run
        .borrowers
        .iter()
        .chain(&run.lenders)
        .flat_map(|person| person.payouts.iter().map(move |payout| (person, payout)))
        .collect();
    html! {
        @if !paid.is_empty() {
            section {
                h2 { "Payouts" }
                table {
                    thead { tr { @for name in ["time", "to"] { th scope="col" { (name) } } @for name in ["amount", "health before", "health after"] { th.number scope="col" { (name) } } } }
                    tbody {
                        @for (person, payout) in paid {
                            tr {
                                td { (date(payout.time)) }
                                td { (person.name) }
                                td.number { (money(run, payout.amount, &payout.asset)) }
                                @for health in [payout.health_before, payout.health_after] {
                                    td.number { (health.map_or_else(|| "-".to_owned(), |health| format_for_reading(health.0.raw(), 7, 3))) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn books(run: &Run) -> Markup {
    let (lp, books) = (&run.lp, &run.conservation);
    let rows = [
        ("LPs staked", lp.staked),
        ("premiums paid in", lp.premiums),
        ("protocol fees", lp.fees),
        ("refunds", lp.refunds),
        ("claims borne by LPs", lp.claims),
        ("lost bonds of appeals", lp.bonds),
        ("LPs left with", lp.exit),
        ("left of their capital", lp.left),
        ("into the pool", books.received),
        ("out of the pool", books.sent),
        ("held by the pool", books.held),
    ];
    let broken: Vec<&str> = run
        .invariants
        .iter()
        .filter(|(_, holds)| **holds == Some(false))
        .map(|(id, _)| id.as_str())
        .collect();
    html! {
        section {
            h2 { "The books" }
            table { tbody { @for (name, amount) in rows { tr { th scope="row" { (name) } td.number { (money(run, amount, &books.asset)) } } } } }
            @if books.residual == Amount(0) {
                p.good { "Every unit is accounted for." }
            } @else {
                p.bad { "Unaccounted for: " (books.residual.0) " smallest units of " (books.asset) "." }
            }
            @if broken.is_empty() { p.good { "No invariant was broken." } } @else { p.bad { "Broken: " (broken.join(", ")) } }
        }
    }
}

fn costs(run: &Run) -> Markup {
    html! {
        section {
            h2 { "Costs" }
            table {
                thead { tr { th scope="col" { "call" } @for name in ["instructions", "entries", "bytes", "event bytes"] { th.number scope="col" { (name) } } } }
                tbody {
                    @for cost in &run.costs {
                        tr {
                            th scope="row" { (cost.operation) }
                            @for value in [cost.instructions, cost.entries.into(), cost.bytes.into(), cost.events.into()] {
                                td.number { (format_for_reading(value.into(), 0, 0)) }
                            }
                        }
                    }
                }
            }
            table {
                thead { tr { th scope="col" { "contract" } th.number scope="col" { "bytes" } } }
                tbody { @for wasm in &run.wasm { tr { th scope="row" { (wasm.contract) } td.number { (format_for_reading(wasm.bytes.into(), 0, 0)) } } } }
            }
        }
    }
}

fn plots(run: &Run) -> [Plot; 4] {
    let series = &run.series;
    let decimals = run.decimals_of(&run.lp.asset);
    let amount = |amount: Amount| for_drawing(amount.0, decimals);
    let span = span(&series.prices);
    [
        Plot {
            title: "Price",
            shape: Shape::Line,
            span,
            mark: None,
            lines: drawn(&series.prices, |price| {
                for_drawing(price.raw(), PRICE_DECIMALS)
            }),
        },
        Plot {
            title: "Health factors, up to 4",
            shape: Shape::Line,
            span,
            mark: Some((1.0, "liquidation")),
            lines: drawn(&series.health, |health| {
                for_drawing(health.raw(), 7).min(MOST_HEALTH)
            }),
        },
        Plot {
            title: "NAV of the cover pool",
            shape: Shape::Line,
            span,
            mark: None,
            lines: drawn(&series.nav, amount),
        },
        Plot {
            title: "Payouts",
            shape: Shape::Stems,
            span,
            mark: None,
            lines: drawn(&series.payouts, amount),
        },
    ]
}

/// From the first to the last price, so that all plots show the same time.
fn span(prices: &[Line<Price>]) -> Option<(u64, u64)> {
    let times = || {
        prices
            .iter()
            .flat_map(|line| &line.points)
            .map(|(time, _)| *time)
    };
    Some((times().min()?, times().max()?))
}

fn drawn<Value: Copy>(lines: &[Line<Value>], number: impl Fn(Value) -> f64) -> Vec<Line<f64>> {
    lines
        .iter()
        .map(|line| Line {
            name: line.name.clone(),
            points: line
                .points
                .iter()
                .map(|(time, value)| (*time, number(*value)))
                .collect(),
        })
        .collect()
}

/// A float, for a pixel only.
fn for_drawing(value: i128, decimals: u32) -> f64 {
    format(value, decimals).parse().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn the_page_needs_nothing_from_elsewhere() {
        let page = render(&sample::run());
        for outside in [
            "http:", "https:", "src=", "href=", "url(", "@import", "<script",
        ] {
            assert!(!page.contains(outside), "{outside}");
        }
    }

    #[test]
    fn foreign_words_are_escaped() {
        let page = render(&sample::run());
        assert!(
            page.contains("<h1>Twins &lt;in&gt; a &quot;crash&quot; &amp; after</h1>"),
            "title"
        );
        assert!(!page.contains("<in>"), "markup out of a title");
    }

    #[test]
    fn price_health_nav_and_payouts_are_plotted() {
        let page = render(&sample::run());
        for title in [
            "Price",
            "Health factors, up to 4",
            "NAV of the cover pool",
            "Payouts",
        ] {
            assert!(
                page.contains(&format!("<figcaption>{title}</figcaption><svg")),
                "{title}"
            );
        }
        assert_eq!(page.matches("<path").count(), 4, "a line in each");
        assert!(!page.contains("NaN"), "coordinates are numbers");
    }

    #[test]
    fn proposals_and_disputes_are_told_where_there_are_any() {
        let page = render(&sample::story());
        for told in [
            "<h2>Proposals</h2>",
            "<th scope=\"row\">Dearer</th>",
            "<td class=\"number\">400,000</td>",
            "<h2>Disputes</h2>",
            "<th scope=\"row\">challenge of insured</th>",
        ] {
            assert!(page.contains(told), "{told}");
        }
        assert!(!render(&sample::run()).contains("Proposals"), "no vote");
    }

    #[test]
    fn payouts_and_verdicts_are_told() {
        let mut run = sample::run();
        let page = render(&run);
        assert!(page.contains("2020-03-12 12:05"), "time of the payout");
        assert!(
            page.contains("<td class=\"number\">1.119</td><td class=\"number\">1.250</td>"),
            "health around it"
        );
        assert!(page.contains("Every unit is accounted for."), "sound");
        run.conservation.residual = Amount(5);
        assert!(
            render(&run).contains("Unaccounted for: 5 smallest units of USDC."),
            "unsound"
        );
    }
}
