//! What was measured, as a table or as JSON.

use std::{
    fs,
    io::{self, Write},
    thread,
    time::Duration,
};

use serde_json::{json, Value};

use crate::Outcome;

/// What a figure has to reach.
#[derive(Clone, Copy)]
pub enum Bar {
    AtLeast(u64),
    Below(u64),
}

impl Bar {
    fn is_met(self, figure: u64) -> bool {
        match self {
            Self::AtLeast(least) => figure >= least,
            Self::Below(end) => figure < end,
        }
    }

    fn told(self) -> String {
        match self {
            Self::AtLeast(least) => format!("at least {least}"),
            Self::Below(end) => format!("below {end}"),
        }
    }
}

struct Row {
    what: String,
    figure: u64,
    unit: &'static str,
    bar: Option<Bar>,
}

/// Figures in the order in which they were measured.
pub struct Report {
    rows: Vec<Row>,
    notes: Vec<String>,
    judges: bool,
}

impl Report {
    /// An empty report; without `judges` no bar counts.
    pub fn new(judges: bool) -> Self {
        Self {
            rows: Vec::new(),
            notes: Vec::new(),
            judges,
        }
    }

    /// Tells whoever waits what is being done.
    pub fn progress(&self, what: &str) {
        eprintln!("… {what}");
    }

    pub fn add(&mut self, what: &str, figure: u64, unit: &'static str, bar: Option<Bar>) {
        self.rows.push(Row {
            what: what.into(),
            figure,
            unit,
            bar: bar.filter(|_| self.judges),
        });
    }

    pub fn note(&mut self, note: &str) {
        self.notes.push(note.into());
    }

    pub fn is_met(&self) -> bool {
        let met = |row: &Row| row.bar.is_none_or(|bar| bar.is_met(row.figure));
        self.rows.iter().all(met)
    }

    pub fn print(&self, is_json: bool) -> Outcome<()> {
        let mut out = io::stdout().lock();
        if is_json {
            writeln!(out, "{:#}", self.json())?;
            return Ok(());
        }
        writeln!(out, "{}", machine())?;
        for row in &self.rows {
            let (bar, verdict) = match row.bar {
                Some(bar) if bar.is_met(row.figure) => (bar.told(), "met"),
                Some(bar) => (bar.told(), "MISSED"),
                None => (String::new(), ""),
            };
            let Row {
                what, figure, unit, ..
            } = row;
            let line = format!("{what:<44}{figure:>8} {unit:<12}{bar:<16}{verdict}");
            writeln!(out, "{}", line.trim_end())?;
        }
        for note in &self.notes {
            writeln!(out, "{note}")?;
        }
        Ok(())
    }

    fn json(&self) -> Value {
        let row = |row: &Row| {
            json!({
                "what": row.what.trim_start(),
                "figure": row.figure,
                "unit": row.unit,
                "bar": row.bar.map(Bar::told),
                "isMet": row.bar.map(|bar| bar.is_met(row.figure)),
            })
        };
        json!({
            "machine": machine(),
            "figures": self.rows.iter().map(row).collect::<Vec<_>>(),
            "notes": self.notes,
            "isMet": self.is_met(),
        })
    }
}

fn machine() -> String {
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let model = model.map(|model| model.trim_start_matches([' ', '\t', ':']));
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default();
    format!(
        "{cores} cores, {}, load of the last minute {load}",
        model.unwrap_or("of a kind that is not told")
    )
}

/// What the calling thread has had of a core so far, if the system tells.
pub fn cpu_time() -> Option<Duration> {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = told.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds)).filter(|time| !time.is_zero())
}
