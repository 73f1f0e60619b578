//! Random sequences of all entry points on compiled wasm, with the invariants of the design checked after every call.
//!
//! `VANGNET_CALLS` says how many calls to make, `VANGNET_SEED` with which seed, `VANGNET_REPLAY` names a recording to play
//! instead, and `VANGNET_FUZZ_STATE` a file that lets a run go on where it was interrupted.

mod act;
mod audit;
mod blend;
mod campaign;
mod cover;
mod direct;
mod draw;
mod follow;
mod governance;
mod market;
mod rules;
mod run;
mod salvage;
mod shadow;
mod shrink;
mod stage;
mod step;
mod tape;

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

use campaign::Campaign;
use run::{Run, Tally};
use stage::Stage;
use step::Step;

/// Enough for every run of all tests.
const CALLS: u64 = 1_000;
/// The same sequences every time, unless asked for others.
const SEED: u64 = 2;

fn number(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is a number, not {text:?}")),
    )
}

/// The same every time; in a long run that of the one that was interrupted, or a new one.
fn usual_seed(state: Option<&Path>) -> u64 {
    let Some(state) = state else { return SEED };
    campaign::saved_seed(state).unwrap_or_else(|| rand::random::<u32>().into())
}

/// Says how often each action was done and refused.
fn print(tally: &BTreeMap<String, Tally>) {
    for (action, tally) in tally {
        println!("{action:20} {tally}");
    }
}

#[test]
fn random_calls_keep_every_invariant() {
    let state = env::var_os("VANGNET_FUZZ_STATE").map(PathBuf::from);
    let seed = number("VANGNET_SEED").unwrap_or_else(|| usual_seed(state.as_deref()));
    let calls = number("VANGNET_CALLS").unwrap_or(CALLS);
    let campaign = Campaign { calls, seed, state };
    println!("{} calls with seed {seed}", campaign.calls);
    match campaign.run() {
        Ok(tally) => print(&tally),
        Err(failure) => {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/fuzz");
            panic!("{}", failure.report(seed, &folder));
        }
    }
}

#[test]
fn recorded_sequences_keep_every_invariant() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("replays");
    let stored = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|file| file.unwrap().path());
    let stage = Stage::build();
    for path in stored.chain(env::var_os("VANGNET_REPLAY").map(Into::into)) {
        let text = fs::read_to_string(&path).unwrap();
        let steps: Vec<Step> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let mut run = Run::new(&stage);
        let played = run.play(&steps);
        println!("{}", path.display());
        print(&run.tally);
        if let Err((index, broken)) = played {
            panic!("{}, step {}: {broken}", path.display(), index + 1);
        }
    }
}
