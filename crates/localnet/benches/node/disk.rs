//! A node that keeps its ledger on disk: every ledger is synced before it counts.

use std::{path::Path, time::Instant};

use tempfile::tempdir_in;

use crate::{
    load::Call,
    network,
    report::Report,
    sealed::{per_second, Busy},
    Outcome, Size,
};

/// Empty ledgers that are closed, for each ledger of a series.
const EMPTY: usize = 5;

pub fn measure(size: &Size, report: &mut Report) -> Outcome<()> {
    report.progress("on disk: accounts and contracts");
    // Beside what was built: temporary folders are often in memory.
    let folder = tempdir_in(Path::new(env!("CARGO_TARGET_TMPDIR")))?;
    let config = network::config(Some(folder.path()));
    let mut busy = Busy::open(config, size, Call::Transfer)?;
    let best = busy.best(size, report, "on disk")?;
    report.add(
        "native transfer on disk, applied",
        best.rate(),
        "a second",
        None,
    );
    let ledgers = per_second(best.calls / size.payers.max(1), best.elapsed);
    let what = format!("  ledgers of {} transfers", size.payers);
    report.add(&what, ledgers, "a second", None);

    report.progress("on disk: empty ledgers");
    let count = size.ledgers * EMPTY;
    let start = Instant::now();
    let rounds = vec![Vec::new(); count];
    busy.direct.pipeline(&rounds, &mut |_| Ok(()))?;
    let rate = per_second(count, start.elapsed());
    report.add("  empty ledgers", rate, "a second", None);
    Ok(())
}
