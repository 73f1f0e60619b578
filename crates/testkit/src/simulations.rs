//! Calls of the tests, held against what simulations say of them: the first of each kind and size in a process.
//!
//! The recording mode of the host counts more than the enforcing one, and after it less for what is authorised by the
//! source alone; why, the localnet's README tells. What that comes to is bounded here, and the kinds of calls for which it is more
//! than a client may expect are those of `baselines/simulation.json`, which `cargo xtask baselines` writes.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    env,
    fs::{self, OpenOptions},
    io::Write,
    path::PathBuf,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use localnet::{Comparison, Kind, Observer, Resources, Said};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Instructions that a simulation says too many for each key of the footprint, at most. It is more the more keys there are;
/// 21 446 were seen, of 87.
const SURPLUS_OF_ENTRY: u32 = 24_000;
/// What may be too little for a call without signatures, in hundredths of a percent; 96 were seen. Servers add 400 or more.
const SHORTFALL: i64 = 100;
/// What may be too much without being listed, in hundredths of a percent.
const EXPECTED: i64 = 100;
/// The same with signatures other than the transaction's own.
const EXPECTED_WITH_SIGNATURES: i64 = 200;
/// How far a call may be off what is listed, in hundredths of a percent.
const SLACK: i64 = 25;

/// Where the comparisons of each test are written, one a line, instead of being checked.
const RECORDED_IN: &str = "VANGNET_SIMULATIONS";

const LISTED: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../baselines/simulation.json"
);

/// What simulations were seen to say too much of a kind of call, in hundredths of a percent of what it uses.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Surplus {
    /// Before it is signed: the least, below zero for too little.
    least: i64,
    /// Before it is signed: the most.
    most: i64,
    /// With its signatures: the most.
    signed: i64,
}

#[derive(Deserialize)]
struct Listed {
    calls: BTreeMap<String, Surplus>,
}

/// Checks the first call of each kind and size in this process, or writes down the first of each test.
pub fn observer() -> Arc<dyn Observer> {
    match env::var_os(RECORDED_IN) {
        Some(path) => Arc::new(Recorder(path.into())),
        None => Arc::new(Checker),
    }
}

/// Kinds and sizes of the calls that were compared.
type Seen = BTreeSet<(Kind, u32)>;

/// Calls with up to twice as many keys are of one size.
fn size(entries: u32) -> u32 {
    entries.checked_ilog2().unwrap_or(0)
}

#[derive(Debug)]
struct Checker;

impl Observer for Checker {
    fn is_curious(&self, kind: &Kind, entries: u32) -> bool {
        static SEEN: Mutex<Seen> = Mutex::new(Seen::new());
        let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
        seen.insert((kind.clone(), size(entries)))
    }

    fn observe(&self, comparison: Comparison) {
        if let Err(why) = check(&comparison, listed()) {
            panic!("{}: {why}: {comparison:?}", name(&comparison));
        }
    }
}

#[derive(Debug)]
struct Recorder(PathBuf);

impl Observer for Recorder {
    fn is_curious(&self, kind: &Kind, entries: u32) -> bool {
        // Each test has a thread of its own, so that what is seen does not depend on their order.
        thread_local!(static SEEN: RefCell<Seen> = RefCell::default());
        SEEN.with_borrow_mut(|seen| seen.insert((kind.clone(), size(entries))))
    }

    fn observe(&self, comparison: Comparison) {
        let call = name(&comparison);
        let (recorded, signed) = said(&comparison).unwrap_or_else(|why| panic!("{call}: {why}"));
        let surplus = surplus(&comparison, recorded, signed);
        let is_listed = !is_expected(&comparison.kind, surplus);
        let line = json!({ "call": call, "surplus": surplus, "listed": is_listed });
        let file = OpenOptions::new().create(true).append(true).open(&self.0);
        let mut file = file.expect("the file of comparisons");
        file.write_all(format!("{line}\n").as_bytes()).unwrap();
    }
}

fn listed() -> &'static Listed {
    static CALLS: OnceLock<Listed> = OnceLock::new();
    CALLS.get_or_init(|| {
        let text = fs::read_to_string(LISTED).expect(LISTED);
        serde_json::from_str(&text).expect(LISTED)
    })
}

/// How a kind and size is listed: function, number of arguments, number of signatures if there are any, and keys of the footprint
/// at least.
fn name(comparison: &Comparison) -> String {
    let Kind {
        function,
        arguments,
        signatures,
    } = &comparison.kind;
    let keys = 1 << size(comparison.entries);
    match signatures {
        0 => format!("{function}/{arguments}, {keys}+ keys"),
        _ => format!("{function}/{arguments}, {signatures} signed, {keys}+ keys"),
    }
}

/// What the simulations said, or how one fails.
fn said(comparison: &Comparison) -> Result<(&Said, &Said), &str> {
    let recorded = comparison.recorded.as_ref().map_err(String::as_str)?;
    let signed = comparison.signed.as_ref().map_err(String::as_str)?;
    Ok((recorded, signed))
}

fn surplus(comparison: &Comparison, recorded: &Said, signed: &Said) -> Surplus {
    let recorded = comparison.surplus(&recorded.resources);
    Surplus {
        least: recorded,
        most: recorded,
        signed: comparison.surplus(&signed.resources),
    }
}

/// Whether a client would not be surprised.
fn is_expected(kind: &Kind, surplus: Surplus) -> bool {
    let most = match kind.signatures {
        0 => EXPECTED,
        _ => EXPECTED_WITH_SIGNATURES,
    };
    surplus.least >= 0 && surplus.most.max(surplus.signed) <= most
}

/// No more bytes are read than are simulated, and as many written, besides those that the simulation tells nothing of.
fn check_bytes(used: &Resources, said: &Said) -> Result<(), &'static str> {
    if used.disk_read_bytes > said.resources.disk_read_bytes {
        return Err("it reads more bytes than a simulation says");
    }
    let expected = said.resources.write_bytes.saturating_add(said.untold_bytes);
    if used.write_bytes != expected {
        return Err("it writes other bytes than a simulation leads to expect");
    }
    Ok(())
}

fn check(comparison: &Comparison, listed: &Listed) -> Result<(), &'static str> {
    let Comparison {
        kind,
        entries,
        used,
        ..
    } = comparison;
    let (recorded, signed) = said(comparison).map_err(|_| "its simulation fails")?;
    check_bytes(used, recorded)?;
    check_bytes(used, signed)?;
    let surplus = surplus(comparison, recorded, signed);
    let shortfall = if kind.signatures == 0 { SHORTFALL } else { 0 };
    if surplus.least.min(surplus.signed) < -shortfall {
        return Err("it takes more instructions than a simulation says");
    }
    let most = SURPLUS_OF_ENTRY.saturating_mul(*entries);
    let (recorded, signed) = (&recorded.resources, &signed.resources);
    if recorded.instructions.max(signed.instructions) > used.instructions.saturating_add(most) {
        return Err("a simulation says far more instructions than its footprint explains");
    }
    if is_expected(kind, surplus) {
        return Ok(());
    }
    let Some(known) = listed.calls.get(&name(comparison)) else {
        return Err("it should be in baselines/simulation.json: run `cargo xtask baselines`");
    };
    let is_known = known.least - SLACK <= surplus.least
        && surplus.most <= known.most + SLACK
        && surplus.signed <= known.signed + SLACK;
    is_known
        .then_some(())
        .ok_or("it is off more than baselines/simulation.json says: run `cargo xtask baselines`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resources(instructions: u32) -> Resources {
        Resources {
            instructions,
            disk_read_bytes: 100,
            write_bytes: 100,
        }
    }

    fn told(instructions: u32) -> Said {
        Said {
            resources: resources(instructions),
            untold_bytes: 0,
        }
    }

    /// A call of a million instructions and 10 keys.
    fn comparison(signatures: usize, recorded: u32, signed: u32) -> Comparison {
        Comparison {
            kind: Kind {
                function: "pay".into(),
                arguments: 2,
                signatures,
            },
            entries: 10,
            used: resources(1_000_000),
            recorded: Ok(told(recorded)),
            signed: Ok(told(signed)),
        }
    }

    fn listed(call: &str, surplus: Surplus) -> Listed {
        Listed {
            calls: BTreeMap::from([(call.into(), surplus)]),
        }
    }

    fn verdict(comparison: &Comparison) -> Result<(), &'static str> {
        let known = Surplus {
            least: -20,
            most: 300,
            signed: 250,
        };
        check(comparison, &listed("pay/2, 8+ keys", known))
    }

    #[track_caller]
    fn assert_refused(comparison: &Comparison, why: &str) {
        let refused = verdict(comparison).expect_err("refused");
        assert!(refused.contains(why), "{refused}");
    }

    #[test]
    fn what_a_client_expects_needs_no_listing() {
        assert_eq!(verdict(&comparison(1, 1_000_000, 1_020_000)), Ok(()));
        assert_eq!(verdict(&comparison(1, 1_020_000, 1_000_000)), Ok(()));
        assert_refused(&comparison(1, 1_020_001, 1_000_000), "should be in");
        assert_refused(&comparison(1, 1_000_000, 1_020_001), "should be in");
    }

    #[test]
    fn what_is_listed_may_be_off_as_far_as_it_says() {
        assert_eq!(verdict(&comparison(0, 1_032_500, 1_027_500)), Ok(()));
        assert_refused(&comparison(0, 1_032_501, 1_027_500), "is off more");
        assert_refused(&comparison(0, 1_032_500, 1_027_501), "is off more");
    }

    #[test]
    fn too_few_instructions_are_borne_without_signatures_only() {
        let known = Surplus {
            least: -100,
            most: 0,
            signed: 0,
        };
        let few = |recorded| {
            check(
                &comparison(0, recorded, 1_000_000),
                &listed("pay/2, 8+ keys", known),
            )
        };
        assert_eq!(few(990_000), Ok(()));
        assert!(few(989_999).is_err_and(|why| why.contains("more instructions")));
        assert_refused(&comparison(1, 1_000_000, 999_999), "more instructions");
        assert_refused(&comparison(1, 999_999, 1_000_000), "more instructions");
    }

    #[test]
    fn too_many_instructions_are_bounded_by_the_footprint() {
        let known = Surplus {
            least: 0,
            most: 10_000,
            signed: 10_000,
        };
        let listed = listed("pay/2, 8+ keys", known);
        let most = 1_000_000 + 10 * SURPLUS_OF_ENTRY;
        assert_eq!(check(&comparison(0, most, most), &listed), Ok(()));
        let more = check(&comparison(0, most + 1, most), &listed);
        assert!(more.is_err_and(|why| why.contains("footprint explains")));
    }

    #[test]
    fn too_few_bytes_are_never_borne() {
        let mut little = comparison(0, 1_000_000, 1_000_000);
        little.used.write_bytes = 101;
        assert_refused(&little, "other bytes");
        let mut little = comparison(1, 1_000_000, 1_000_000);
        little.used.disk_read_bytes = 101;
        assert_refused(&little, "more bytes");
    }

    #[test]
    fn bytes_written_are_more_by_what_is_not_told() {
        let with = |written, recorded, signed| {
            let untold = |untold_bytes| {
                Ok(Said {
                    untold_bytes,
                    ..told(1_000_000)
                })
            };
            let mut caught = comparison(1, 1_000_000, 1_000_000);
            caught.used.write_bytes = written;
            (caught.recorded, caught.signed) = (untold(recorded), untold(signed));
            caught
        };
        assert_eq!(verdict(&with(324, 224, 224)), Ok(()));
        assert_refused(&with(325, 224, 224), "other bytes");
        assert_refused(&with(323, 224, 224), "other bytes");
        assert_refused(&with(324, 223, 224), "other bytes");
        assert_refused(&with(324, 224, 223), "other bytes");
        assert_refused(&with(99, 0, 0), "other bytes");
    }

    #[test]
    fn a_kind_is_compared_once_more_with_twice_as_many_keys() {
        let kind = comparison(0, 0, 0).kind;
        let observers: [&dyn Observer; 2] = [&Checker, &Recorder(PathBuf::new())];
        for observer in observers {
            let entries = [5, 7, 8, 15, 16, 4, 0, 1];
            let curious = entries.map(|entries| observer.is_curious(&kind, entries));
            assert_eq!(
                curious,
                [true, false, true, false, true, false, true, false],
                "{observer:?}"
            );
        }
    }

    #[test]
    fn a_simulation_never_fails() {
        let failed = || Err("Error(Budget, ExceededLimit)".into());
        let mut failing = comparison(0, 0, 0);
        failing.recorded = failed();
        assert_refused(&failing, "its simulation fails");
        let mut failing = comparison(0, 1_000_000, 0);
        failing.signed = failed();
        assert_refused(&failing, "its simulation fails");
    }

    #[test]
    fn a_surplus_is_rounded_away_from_zero() {
        let surplus = |instructions| comparison(0, 0, 0).surplus(&resources(instructions));
        let of = [
            1_000_000, 1_000_001, 1_000_100, 1_000_101, 999_999, 999_900, 999_899,
        ];
        assert_eq!(of.map(surplus), [0, 1, 1, 2, -1, -1, -2]);
    }
}
