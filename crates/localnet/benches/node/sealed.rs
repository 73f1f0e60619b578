//! Ledgers full of calls, one after the other, and how long they take.

use std::time::{Duration, Instant};

use localnet::node::{NodeConfig, Position};

use crate::{
    load::{Call, Load},
    network::Direct,
    report::{cpu_time, Report},
    transactions::{check_pending, Prepared},
    Outcome, Size,
};

/// A network whose accounts have something to send.
pub struct Busy {
    pub direct: Direct,
    load: Load,
    prepared: Vec<Prepared>,
}

/// How long one series took.
#[derive(Clone, Copy)]
pub struct Series {
    pub calls: usize,
    /// From the first request to the last ledger and the last answer.
    pub elapsed: Duration,
    /// What the node's thread had of a core.
    pub node: Option<Duration>,
    /// What the thread that reads and writes requests had.
    pub front: Option<Duration>,
}

impl Series {
    /// Calls a second.
    pub fn rate(&self) -> u64 {
        per_second(self.calls, self.elapsed)
    }
}

/// So many in this time, a second.
pub fn per_second(count: usize, elapsed: Duration) -> u64 {
    let count = u128::try_from(count).unwrap_or(u128::MAX);
    let rate = count.saturating_mul(1_000_000_000) / elapsed.as_nanos().max(1);
    u64::try_from(rate).unwrap_or(u64::MAX)
}

impl Busy {
    pub fn open(config: NodeConfig, size: &Size, call: Call) -> Outcome<Self> {
        let mut direct = Direct::open(config)?;
        let network_id = direct.terms().network_id;
        let load = Load::found(&mut direct, network_id, size.payers)?;
        let prepared = load.prepare(&mut direct, call)?;
        Ok(Self {
            direct,
            load,
            prepared,
        })
    }

    /// Sends and closes, and checks that every call succeeded in the ledger it was sent for.
    pub fn series(&mut self, ledgers: usize) -> Outcome<Series> {
        let rounds = self.load.rounds(&self.prepared, ledgers)?;
        let calls = rounds.iter().map(Vec::len).sum();
        let before = self
            .direct
            .on_node(|node| (node.latest().sequence, cpu_time()))?;
        let front = cpu_time();
        let start = Instant::now();
        self.direct
            .pipeline(&rounds, &mut |said| check_pending(&said))?;
        let elapsed = start.elapsed();
        let front = spent(front, cpu_time());
        let after = Position {
            ledger: before.0.saturating_add(1),
            ..Position::default()
        };
        let (applied, node) = self.direct.on_node(move |node| {
            let cpu = cpu_time();
            (node.transactions(after, calls), cpu)
        })?;
        let succeeded = applied?.iter().filter(|found| found.is_success).count();
        if succeeded != calls {
            return Err(format!("{succeeded} of {calls} calls succeeded").into());
        }
        Ok(Series {
            calls,
            elapsed,
            node: spent(before.1, node),
            front,
        })
    }

    /// The fastest of several series.
    pub fn best(&mut self, size: &Size, report: &mut Report, what: &str) -> Outcome<Series> {
        let mut best: Option<Series> = None;
        for number in 1..=size.series {
            report.progress(&format!("{what}: series {number} of {}", size.series));
            let series = self.series(size.ledgers)?;
            if best.is_none_or(|best| series.rate() > best.rate()) {
                best = Some(series);
            }
        }
        best.ok_or_else(|| "no series".into())
    }

    /// A request that simulates an account's call.
    pub fn simulation(&self) -> Outcome<String> {
        match (self.load.payers.first(), self.prepared.first()) {
            (Some(payer), Some(prepared)) => prepared.simulating(payer),
            _ => Err("no accounts".into()),
        }
    }
}

fn spent(before: Option<Duration>, after: Option<Duration>) -> Option<Duration> {
    after?.checked_sub(before?)
}
