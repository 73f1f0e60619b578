//! Nonsense does not stay in memory.

use std::{
    env,
    process::{Command, Stdio},
};

use localnet::{
    node::{Node, Pace},
    rpc::Terms,
};
use rand::{rngs::StdRng, Rng, SeedableRng};
use serde_json::{json, Value};

use crate::{
    malformed::{ask, calls, Change},
    node,
};

/// Requests to each method, if said.
const REQUESTS: &str = "VANGNET_REQUESTS";
/// How much more memory may be in use after them, KiB: what an allocator keeps, not what requests leave.
const SPREAD: u64 = 24 * 1_024;
/// Of how many requests one is as long as a body may be.
const LONG: usize = 100;

#[test]
fn memory_is_as_before_after_thousands_of_bad_requests() {
    // In a process of its own: other tests take memory, too.
    let child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "memory::bad_requests", "--ignored"])
        .arg("--nocapture")
        .stdout(Stdio::piped())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success(), "{said}");
    let grown = said.lines().filter_map(|line| line.strip_prefix("KiB "));
    let grown: Vec<(&str, &str)> = grown.filter_map(|line| line.split_once(' ')).collect();
    assert_eq!(grown.len(), calls().len(), "{said}");
    let (_, first) = grown[0];
    let first: u64 = first.parse().unwrap();
    for (method, kibibytes) in grown {
        let kibibytes: u64 = kibibytes.parse().unwrap();
        assert!(kibibytes < first + SPREAD, "{method}: {said}");
    }
}

/// The child: asks badly, and tells its memory after each method.
#[test]
#[ignore = "run by the test above, in a process of its own"]
fn bad_requests() {
    let count = env::var(REQUESTS).map_or(500, |count| count.parse().unwrap());
    let run = move || {
        let mut node = Node::open(node(Pace::Manual)).unwrap();
        let terms = Terms::of(&node);
        let mut chance = StdRng::seed_from_u64(1);
        println!();
        // The first round is what a node needs at all.
        for (round, count) in [(0, 2 * LONG), (1, count)] {
            for call in calls() {
                for request in 0..count {
                    let mut call = call.clone();
                    if request % LONG == 0 {
                        lengthen(&mut call, request / LONG);
                    } else {
                        spoil(&mut call, &mut chance);
                    }
                    ask(&mut node, &terms, call.to_string().as_bytes());
                }
                if round == 1 {
                    let method = call["method"].as_str().unwrap();
                    println!("KiB {method} {}", resident());
                }
            }
        }
    };
    // The host's own depth needs more than a test's thread has.
    let thread = std::thread::Builder::new().stack_size(64 << 20);
    thread.spawn(run).unwrap().join().unwrap();
}

fn spoil(call: &mut Value, chance: &mut StdRng) {
    for _ in 0..chance.gen_range(1..4) {
        let change = match chance.gen_range(0..4) {
            0 => Change::Gone,
            1 => Change::Cut(chance.gen()),
            2 => Change::To(json!(chance.gen::<u64>())),
            _ => Change::Byte(chance.gen(), chance.gen()),
        };
        change.apply(call, chance.gen());
    }
}

/// Half a megabyte of it, in one of three ways.
fn lengthen(call: &mut Value, way: usize) {
    let long = match way % 3 {
        0 => json!("A".repeat(480_000)),
        1 => json!(vec![7; 200_000]),
        _ => json!(vec!["AAAAAQ=="; 40_000]),
    };
    let params = call.get_mut("params").and_then(Value::as_object_mut);
    let value = params.and_then(|params| params.values_mut().next());
    match value {
        Some(value) => *value = long,
        None => call["params"] = json!({ "keys": long }),
    }
}

/// KiB that this process has in memory; 0 where the system does not tell.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB"));
    line.map_or(0, |kibibytes| kibibytes.trim().parse().unwrap())
}
