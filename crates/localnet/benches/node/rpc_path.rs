//! The RPC's code without HTTP: calls applied a second, and how long a simulation takes.

use std::time::{Duration, Instant};

use localnet::rpc::{answer, parse, render};

use crate::{
    load::Call,
    network,
    report::{Bar, Report},
    sealed::{Busy, Series},
    Outcome, Size,
};

/// Calls a second, at least.
const APPLIED: u64 = 3_000;
/// A simulation's median, microseconds.
const SIMULATED: u64 = 1_000;

pub fn measure(size: &Size, report: &mut Report) -> Outcome<()> {
    for (call, name) in [
        (Call::Transfer, "native transfer"),
        (Call::Noop, "small contract"),
    ] {
        report.progress(&format!("{name}: accounts and contracts"));
        let mut busy = Busy::open(network::config(None), size, call)?;
        let best = busy.best(size, report, name)?;
        report.add(
            &format!("{name}, applied"),
            best.rate(),
            "a second",
            Some(Bar::AtLeast(APPLIED)),
        );
        share(report, name, &best);
        report.progress(&format!("{name}: simulations"));
        let median = simulated(&busy, size.simulations)?;
        let median = u64::try_from(median.as_micros())?;
        let bar = Some(Bar::Below(SIMULATED));
        report.add(&format!("{name}, simulated"), median, "µs, median", bar);
    }
    Ok(())
}

/// What the threads had of a core, which tells how much others had.
fn share(report: &mut Report, name: &str, series: &Series) {
    for (thread, time) in [("node", series.node), ("front", series.front)] {
        let calls = u128::try_from(series.calls).unwrap_or(u128::MAX).max(1);
        let each = time.map(|time| time.as_nanos() / calls / 1_000);
        if let Some(each) = each.and_then(|each| u64::try_from(each).ok()) {
            let what = format!("  core time of a call, {thread}'s thread");
            report.add(&what, each, "µs", None);
        }
    }
    let wall = series.elapsed.as_nanos().max(1);
    if let Some(node) = series.node {
        let percent = node.as_nanos().saturating_mul(100) / wall;
        let percent = u64::try_from(percent).unwrap_or(100).min(100);
        report.note(&format!(
            "{name}: the node's thread had a core for {percent} % of the time; far below 100, others had the machine"
        ));
    }
}

/// The median of `count` simulations, on the node's thread.
fn simulated(busy: &Busy, count: usize) -> Outcome<Duration> {
    let body = busy.simulation()?;
    let terms = busy.direct.terms();
    let times = busy.direct.on_node(move |node| -> Outcome<_> {
        let mut times = Vec::with_capacity(count);
        for _ in 0..count {
            let start = Instant::now();
            let request = parse(body.as_bytes(), &terms).map_err(|no| no.0.message)?;
            let said = render(answer(node, request));
            times.push(start.elapsed());
            check_simulated(&said)?;
        }
        Ok(times)
    })??;
    median(times)
}

pub fn check_simulated(said: &[u8]) -> Outcome<()> {
    let text = std::str::from_utf8(said)?;
    match text.contains(r#""minResourceFee""#) {
        true => Ok(()),
        false => Err(format!("not simulated: {text}").into()),
    }
}

pub fn median(mut times: Vec<Duration>) -> Outcome<Duration> {
    times.sort_unstable();
    let middle = times.get(times.len() / 2).copied();
    middle.ok_or_else(|| "nothing was measured".into())
}
