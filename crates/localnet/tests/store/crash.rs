//! A node that is killed at any moment has lost nothing that it reported.

use std::{
    collections::BTreeSet,
    env,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use localnet::node::Node;
use tempfile::tempdir;

use crate::{check, close_with_payments, config, found_payers};

/// Tells the child where its ledger is.
const FOLDER: &str = "VANGNET_CRASH_FOLDER";
/// How often the node is killed, if said.
const KILLS: &str = "VANGNET_KILLS";
/// The longest that a node runs before it is killed, milliseconds.
const LONGEST: u64 = 250;

#[test]
fn nothing_that_was_reported_is_lost_when_the_node_is_killed() {
    let folder = tempdir().unwrap();
    let kills = env::var(KILLS).map_or(10, |kills| kills.parse().unwrap());
    let mut chance = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_nanos();
    let (mut reported_in_all, mut last) = (0, None);
    for kill in 0..kills {
        chance = chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let moment = u64::try_from((chance >> 33) % u128::from(LONGEST)).unwrap();
        let reported = run_and_kill(folder.path(), Duration::from_millis(moment));
        let node = Node::open(config(Some(folder.path()))).unwrap();
        check(&node);
        // What came before the last twenty ledgers is beyond the retention.
        for (ledger, hash) in &reported {
            if *ledger >= node.oldest() {
                let found = node.transaction(hash).unwrap();
                let found = found.unwrap_or_else(|| panic!("kill {kill}: lost in {ledger}"));
                assert!(found.is_success && found.position.ledger == *ledger);
            }
        }
        let latest = reported.iter().map(|(ledger, _)| *ledger).max();
        assert!(Some(node.latest().sequence) >= latest, "kill {kill}");
        assert!(Some(node.latest().sequence) >= last, "kill {kill}");
        last = Some(node.latest().sequence);
        reported_in_all += reported.len();
    }
    assert!(reported_in_all > 0, "nothing was ever reported");
}

/// Runs a node under load, kills it at `moment`, and answers what it had reported: ledger and hash.
fn run_and_kill(folder: &Path, moment: Duration) -> BTreeSet<(u32, [u8; 32])> {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "crash::under_load", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let reader = thread::spawn(move || {
        let lines = output.lines().map_while(Result::ok);
        lines.filter_map(|line| reported(&line)).collect()
    });
    thread::sleep(moment);
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap()
}

fn reported(line: &str) -> Option<(u32, [u8; 32])> {
    let (ledger, hash) = line.strip_prefix("SUCCESS ")?.split_once(' ')?;
    let hash = hex::decode(hash).ok()?.try_into().ok()?;
    Some((ledger.parse().ok()?, hash))
}

/// The child: pays and reports until it is killed.
#[test]
#[ignore = "run by the test above, in a process of its own"]
fn under_load() {
    let Some(folder) = env::var_os(FOLDER) else {
        return;
    };
    let mut node = Node::open(config(Some(folder.as_ref()))).unwrap();
    println!();
    found_payers(&mut node);
    loop {
        for hash in close_with_payments(&mut node, 1) {
            let found = node.transaction(&hash).unwrap().unwrap();
            assert!(found.is_success);
            println!("SUCCESS {} {}", found.position.ledger, hex::encode(hash));
        }
    }
}
