//! Many runs as one table: what became of each peril, and whether the books add up.

use std::time::Duration;

use anstyle::{AnsiColor, Style};
use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::{Alignment, Modify, Style as Frame};

use crate::decimal::format_for_reading;
use crate::demo::Played;
use crate::output::{Amount, Peril, Run};
use crate::table::{styled, PLACES};

const HEADLINE: Style = Style::new().bold();
const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const FAINT: Style = Style::new().dimmed();

const HEADINGS: [&str; 10] = [
    "scenario",
    "platform",
    "default",
    "depreciation",
    "liquidation",
    "collateral",
    "contract",
    "residual",
    "invariants",
    "seconds",
];

/// The table of all runs, styled, and how long they `took` together.
pub fn render(played: &[Played], took: Duration) -> String {
    let mut table = Builder::default();
    table.push_record(HEADINGS.map(|heading| styled(HEADLINE, heading)));
    for one in played {
        table.push_record(row(one));
    }
    let mut table = table.build();
    table
        .with(Frame::rounded())
        .with(Modify::new(Columns::new(2..)).with(Alignment::right()));
    let runs = played.len();
    let seconds = took.as_secs_f64();
    let legend = "Amounts are what cover paid. \"-\": offered, nothing to pay. \"not offered\": no such cover there.";
    format!(
        "{table}\n{}\n{runs} runs in {seconds:.1} s\n",
        styled(FAINT, legend)
    )
}

fn row(one: &Played) -> Vec<String> {
    let mut cells = vec![one.scenario.clone(), one.platform.name().to_owned()];
    match &one.run {
        Ok(run) => cells.extend(verdicts(run)),
        Err(_) => {
            cells.extend((0..5).map(|_| String::new()));
            cells.extend([styled(BAD, "failed"), String::new()]);
        }
    }
    cells.push(format!("{:.1}", one.took.as_secs_f64()));
    cells
}

fn verdicts(run: &Run) -> Vec<String> {
    let perils = run.perils.0.iter();
    let mut cells: Vec<String> = perils.map(|(_, peril)| paid(run, peril)).collect();
    cells.push(match run.conservation.residual {
        Amount(0) => styled(GOOD, "0"),
        Amount(residual) => styled(BAD, &residual.to_string()),
    });
    let is_broken = |holds: &&Option<bool>| **holds == Some(false);
    cells.push(match run.invariants.values().filter(is_broken).count() {
        0 => styled(GOOD, "hold"),
        broken => styled(BAD, &format!("{broken} broken")),
    });
    cells
}

fn paid(run: &Run, peril: &Peril) -> String {
    if !peril.offered {
        return styled(FAINT, "not offered");
    }
    if !peril.triggered {
        return "-".to_owned();
    }
    let decimals = run.decimals_of(&peril.asset);
    let amount = format_for_reading(peril.paid.0, decimals, PLACES);
    format!("{amount} {}", peril.asset)
}
