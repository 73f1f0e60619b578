//! Every built-in scenario of prices on both platforms, several at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{channel, Sender};
use std::thread;
use std::time::{Duration, Instant};

use super::{play, Options, Progress, Via};
use crate::output::{Platform, Run};
use crate::scenario::{Scenario, ScenarioError, NAMES};

/// One of the runs, and what came of it.
#[derive(Clone, Debug)]
pub struct Played {
    /// The scenario's name.
    pub scenario: String,
    /// The lending platform.
    pub platform: Platform,
    /// The result, or why it could not be played to its end.
    pub run: Result<Run, String>,
    /// How long it took.
    pub took: Duration,
}

/// How far all runs together are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overall {
    /// Runs that are over.
    pub over: usize,
    /// All runs.
    pub runs: usize,
    /// Points of all paths that are played, in parts of a thousand.
    pub permille: u64,
    /// The scenario and platform of the run that was heard of last.
    pub last: String,
}

/// What a worker reports.
enum Report {
    /// Parts of a thousand of a run's path.
    Point(usize, u64),
    /// A run is over.
    Over(usize, Box<Played>),
}

/// Plays every built-in scenario of prices on both platforms, as many at once as there are `workers`, and reports how far they are. The
/// order of the results is that of [`NAMES`], Blend first. Stories are left out: they are not about perils.
///
/// # Errors
/// [`ScenarioError`], before anything is played.
pub fn play_all(
    seed: u64,
    via: Via,
    workers: usize,
    progress: &mut dyn FnMut(Overall),
) -> Result<Vec<Played>, ScenarioError> {
    let mut parts = Vec::new();
    for name in NAMES {
        let scenario = Scenario::find(name)?;
        if scenario.story.is_some() {
            continue;
        }
        parts.extend(Platform::ALL.map(|platform| (scenario.clone(), platform)));
    }
    let (next, parts) = (AtomicUsize::new(0), parts.as_slice());
    let mut results: Vec<Option<Played>> = parts.iter().map(|_| None).collect();
    let mut done: Vec<u64> = parts.iter().map(|_| 0).collect();
    thread::scope(|scope| {
        let (sender, reports) = channel();
        for _ in 0..workers.max(1) {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || work(parts, next, (seed, via), &sender));
        }
        drop(sender);
        for report in reports {
            let (index, permille) = match report {
                Report::Point(index, permille) => (index, permille),
                Report::Over(index, played) => {
                    if let Some(result) = results.get_mut(index) {
                        *result = Some(*played);
                    }
                    (index, 1_000)
                }
            };
            if let Some(own) = done.get_mut(index) {
                *own = permille;
            }
            let name = |(scenario, platform): &(Scenario, Platform)| {
                format!("{} on {}", scenario.name, platform.name())
            };
            progress(Overall {
                over: results.iter().flatten().count(),
                runs: parts.len(),
                permille: done.iter().sum::<u64>() / parts.len() as u64,
                last: parts.get(index).map(name).unwrap_or_default(),
            });
        }
    });
    Ok(results.into_iter().flatten().collect())
}

/// Plays what nobody has begun yet, until all have been.
fn work(
    parts: &[(Scenario, Platform)],
    next: &AtomicUsize,
    (seed, via): (u64, Via),
    reports: &Sender<Report>,
) {
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some((scenario, platform)) = parts.get(index) else {
            return;
        };
        let (began, mut told) = (Instant::now(), 0);
        let mut report = |progress: Progress<'_>| {
            let permille = progress.done * 1_000 / progress.total.max(1);
            if permille > told {
                told = permille;
                // Nobody listens any more when the whole is given up.
                let _ = reports.send(Report::Point(index, permille));
            }
        };
        let options = Options {
            platform: *platform,
            seed,
            via,
        };
        let run = play(scenario, &scenario.prices(), options, &mut report);
        let played = Played {
            scenario: scenario.name.clone(),
            platform: *platform,
            run: run.map_err(|error| error.to_string()),
            took: began.elapsed(),
        };
        let _ = reports.send(Report::Over(index, Box::new(played)));
    }
}
