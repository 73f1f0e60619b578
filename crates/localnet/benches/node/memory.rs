//! What entries take of memory: a process of its own holds them, another one does not.

use std::{
    env, fs,
    process::{Command, Stdio},
};

use localnet::node::Position;

use crate::{
    load::{Load, OPERATIONS},
    network::{config, Direct},
    report::{Bar, Report},
    Outcome, Size,
};

/// All entries together, at most, MiB.
const MEMORY: u64 = 100;
/// Said to the process that holds entries, before their kind and number.
const HOLD: &str = "--hold";
/// Values that one call stores, and bytes of each.
const VALUES: u32 = 200;
const VALUE: usize = 128;
/// Accounts that fill a ledger together.
const SENDERS: u32 = 5;

/// What is held.
#[derive(Clone, Copy)]
pub enum Kind {
    Data,
    Accounts,
}

impl Kind {
    const ALL: [Self; 2] = [Self::Data, Self::Accounts];

    fn name(self) -> &'static str {
        match self {
            Self::Data => "contract data",
            Self::Accounts => "accounts",
        }
    }

    /// Entries of one transaction.
    fn batch(self) -> usize {
        match self {
            Self::Data => usize::try_from(VALUES).unwrap_or(usize::MAX),
            Self::Accounts => OPERATIONS,
        }
    }
}

pub fn measure(size: &Size, report: &mut Report) -> Outcome<()> {
    for kind in Kind::ALL {
        let name = kind.name();
        report.progress(&format!("memory: {} entries of {name}", size.entries));
        let (without, with) = (held(kind, 0)?, held(kind, size.entries)?);
        let (Some(without), Some(with)) = (without, with) else {
            report.note("memory is told by Linux only");
            return Ok(());
        };
        let mebibytes = with.saturating_sub(without).div_ceil(1_024);
        let what = format!("{} entries ({name})", size.entries);
        report.add(&what, mebibytes, "MiB", Some(Bar::Below(MEMORY)));
    }
    Ok(())
}

/// KiB of a process that holds that many entries, if the system tells.
fn held(kind: Kind, count: usize) -> Outcome<Option<u64>> {
    let mut command = Command::new(env::current_exe()?);
    command.args([HOLD, kind.name(), &count.to_string()]);
    let output = command.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("the process that holds entries failed: {}", output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().parse().ok())
}

/// What this process is to hold, if it was started for that.
pub fn wanted(arguments: &[String]) -> Option<(Kind, usize)> {
    let [hold, name, count] = arguments else {
        return None;
    };
    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name)?;
    (hold == HOLD).then_some((kind, count.parse().ok()?))
}

/// The process that holds entries: makes them, and tells its memory, KiB.
pub fn hold(kind: Kind, count: usize) -> Outcome<()> {
    let mut settings = config(None);
    // Of the history only what cannot be left out.
    settings.retention = 1;
    let mut direct = Direct::open(settings)?;
    let network_id = direct.terms().network_id;
    let senders = usize::try_from(SENDERS)?;
    let mut load = Load::found(&mut direct, network_id, senders)?;
    let parts = u32::try_from(count.div_ceil(kind.batch()))?;
    let mut part = 0;
    while part < parts {
        let end = parts.min(part + SENDERS);
        match kind {
            Kind::Data => load.store(&mut direct, part..end, VALUES, VALUE)?,
            Kind::Accounts => load.create_accounts(&mut direct, part..end)?,
        }
        check_last_ledger(&direct, usize::try_from(end - part)?)?;
        part = end;
    }
    if let Some(kibibytes) = resident() {
        println!("{kibibytes}");
    }
    Ok(())
}

/// Fails unless `count` transactions succeeded in the last ledger.
fn check_last_ledger(direct: &Direct, count: usize) -> Outcome<()> {
    let applied = direct.on_node(move |node| {
        let last = Position {
            ledger: node.latest().sequence,
            ..Position::default()
        };
        node.transactions(last, count)
    })??;
    let succeeded = applied.iter().filter(|found| found.is_success).count();
    if succeeded != count {
        return Err(format!("{succeeded} of {count} transactions succeeded").into());
    }
    Ok(())
}

/// KiB that this process has in memory.
fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line?.trim().strip_suffix("kB")?.trim().parse().ok()
}
