//! Many runs as one table: what became of each peril, and whether the books add up.

use std::time::Duration;

use anstyle::{AnsiColor, Style};
use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::{Alignment, Modify, Style as Frame};

use crate::decimal::format_for_reading;
use crate::demo::Played;
use crate::output::{Amount, PerilOutcome, Run};
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
    let runs = match played.len() {
        1 => "1 run".to_owned(),
        runs => format!("{runs} runs"),
    };
    let seconds = took.as_secs_f64();
    let legend = "Amounts are what cover paid. \"-\": offered, nothing to pay. \"not offered\": no such cover is sold for these assets.";
    format!(
        "{table}\n{}\n{runs} in {seconds:.1} s\n",
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

fn paid(run: &Run, peril: &PerilOutcome) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Platform;
    use crate::sample;

    fn played(run: Result<Run, String>) -> Played {
        Played {
            scenario: "sample".to_owned(),
            platform: Platform::Market,
            run,
            took: Duration::from_millis(1_240),
        }
    }

    fn plain(played: &[Played]) -> String {
        let text = render(played, Duration::from_millis(2_500));
        anstream::adapter::strip_str(&text).to_string()
    }

    #[test]
    fn a_run_is_one_line_of_what_each_peril_paid() {
        let text = plain(&[played(Ok(sample::run()))]);
        let line = text.lines().find(|line| line.contains("sample"));
        let cells: Vec<&str> = line.unwrap_or("").split('│').map(str::trim).collect();
        let expected = [
            "",
            "sample",
            "market",
            "1,900.00 USDC",
            "-",
            "not offered",
            "not offered",
            "not offered",
            "0",
            "hold",
            "1.2",
            "",
        ];
        assert_eq!(cells, expected, "{text}");
        assert!(text.ends_with("1 run in 2.5 s\n"), "{text}");
    }

    #[test]
    fn a_broken_run_and_one_that_failed_stand_out() {
        let mut broken = sample::run();
        broken.conservation.residual = Amount(-3);
        broken.invariants.insert("I05".to_owned(), Some(false));
        let text = plain(&[played(Ok(broken)), played(Err("no".to_owned()))]);
        for words in ["-3", "1 broken", "failed"] {
            assert!(text.contains(words), "{words}: {text}");
        }
    }
}
