//! Many sequences on as many threads as there are processors: counted, shown, resumed, and shrunk when one fails.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard},
    thread,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};

use crate::{
    draw::sequence,
    rules::Broken,
    run::{Run, Tally},
    shrink::shrink,
    stage::Stage,
    step::Step,
};

/// How often the state of a long run is written.
const SAVE_EVERY: u64 = 16;

/// What a run is to do.
#[derive(Clone, Debug)]
pub struct Campaign {
    pub calls: u64,
    pub seed: u64,
    /// Where its progress is kept, so that it can go on after an interruption.
    pub state: Option<PathBuf>,
}

/// How far a run is: all sequences below `cursor` were played.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Progress {
    seed: u64,
    cursor: u64,
    calls: u64,
}

/// What the threads share.
struct Shared {
    progress: Progress,
    next: u64,
    /// Calls of sequences that were played before an earlier one was.
    ahead: BTreeMap<u64, u64>,
    tally: BTreeMap<String, Tally>,
    failure: Option<Failure>,
}

/// A sequence that broke something.
#[derive(Clone, Debug)]
pub struct Failure {
    pub number: u64,
    pub steps: Vec<Step>,
    pub broken: Broken,
}

impl Campaign {
    /// Plays until all calls are made or one breaks something. Returns how often each action was done and refused.
    pub fn run(&self) -> Result<BTreeMap<String, Tally>, Failure> {
        let progress = self.resume();
        if progress.calls > 0 {
            println!("going on after {} calls", progress.calls);
        }
        let bar = progress_bar(self.calls);
        bar.set_position(progress.calls);
        let shared = Mutex::new(Shared {
            next: progress.cursor,
            progress,
            ahead: BTreeMap::new(),
            tally: BTreeMap::new(),
            failure: None,
        });
        let threads = thread::available_parallelism().map_or(1, usize::from);
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| self.work(&shared, &bar));
            }
        });
        bar.finish_and_clear();
        let shared = shared
            .into_inner()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(failure) = shared.failure {
            return Err(failure);
        }
        if let Some(path) = &self.state {
            // A short run has saved nothing yet.
            let _ = fs::remove_file(path);
        }
        Ok(shared.tally)
    }

    fn work(&self, shared: &Mutex<Shared>, bar: &ProgressBar) {
        let stage = Stage::build();
        while let Some(number) = self.take(shared) {
            let steps = sequence(self.seed, number);
            let mut run = Run::new(&stage);
            match run.play(&steps) {
                Ok(()) => self.finish(shared, number, &run, bar),
                Err((index, broken)) => {
                    lock(shared).next = u64::MAX;
                    let steps = steps.into_iter().take(index + 1).collect();
                    let steps = shrink(steps, |steps| breaks(&stage, steps, broken.id).is_some());
                    let broken = breaks(&stage, &steps, broken.id).unwrap_or(broken);
                    lock(shared).failure = Some(Failure {
                        number,
                        steps,
                        broken,
                    });
                    return;
                }
            }
        }
    }

    fn take(&self, shared: &Mutex<Shared>) -> Option<u64> {
        let mut shared = lock(shared);
        let made = shared.progress.calls + shared.ahead.values().sum::<u64>();
        if shared.next == u64::MAX || made >= self.calls {
            return None;
        }
        shared.next += 1;
        Some(shared.next - 1)
    }

    fn finish(&self, shared: &Mutex<Shared>, number: u64, run: &Run, bar: &ProgressBar) {
        let mut shared = lock(shared);
        for (action, tally) in &run.tally {
            shared.tally.entry(action.clone()).or_default().add(tally);
        }
        shared.ahead.insert(number, run.calls);
        bar.inc(run.calls);
        let mut cursor = shared.progress.cursor;
        while let Some(calls) = shared.ahead.remove(&cursor) {
            cursor += 1;
            shared.progress.calls += calls;
        }
        shared.progress.cursor = cursor;
        if cursor.is_multiple_of(SAVE_EVERY) {
            self.save(&shared.progress);
        }
    }

    /// Where an interrupted run of the same seed stopped.
    fn resume(&self) -> Progress {
        let saved = self.state.as_deref().and_then(saved);
        saved
            .filter(|saved| saved.seed == self.seed)
            .unwrap_or(Progress {
                seed: self.seed,
                ..Progress::default()
            })
    }

    fn save(&self, progress: &Progress) {
        let Some(path) = &self.state else { return };
        let text = serde_json::to_string(progress).expect("plain numbers");
        write(path, &text);
    }
}

fn saved(path: &Path) -> Option<Progress> {
    serde_json::from_str(&fs::read_to_string(path).ok()?).ok()
}

/// The seed of the run that was interrupted, if there is one.
pub fn saved_seed(path: &Path) -> Option<u64> {
    saved(path).map(|progress| progress.seed)
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// What `steps` break, if it is this.
fn breaks(stage: &Stage, steps: &[Step], id: &str) -> Option<Broken> {
    let broken = Run::new(stage).play(steps).err();
    broken
        .map(|(_, broken)| broken)
        .filter(|broken| broken.id == id)
}

fn write(path: &Path, text: &str) {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).expect("a folder under target");
    }
    fs::write(path, text).expect("a file under target");
}

impl Failure {
    /// The sequence as one line per step, which `VANGNET_REPLAY` plays again.
    pub fn recording(&self) -> String {
        let line = |step| serde_json::to_string(step).expect("plain data") + "\n";
        self.steps.iter().map(line).collect()
    }

    /// Writes the recording; returns what to tell.
    pub fn report(&self, seed: u64, folder: &Path) -> String {
        let path = folder.join(format!("failure-{seed}-{}.jsonl", self.number));
        write(&path, &self.recording());
        format!(
            "{}\nseed {seed}, sequence {}, {} steps:\n{}replay it: VANGNET_REPLAY={} cargo test --release -p invariants-tests",
            self.broken,
            self.number,
            self.steps.len(),
            self.recording(),
            path.display(),
        )
    }
}

/// Drawn on a terminal only.
fn progress_bar(calls: u64) -> ProgressBar {
    let bar = ProgressBar::new(calls);
    let template = "{bar:30} {human_pos}/{human_len} calls, {per_sec}, {eta} left";
    bar.set_style(ProgressStyle::with_template(template).expect("a template"));
    bar.enable_steady_tick(Duration::from_secs(1));
    bar
}
