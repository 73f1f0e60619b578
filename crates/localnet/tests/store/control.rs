use std::{
    io::Read,
    time::{Duration, Instant},
};

use localnet::node::{Node, NodeError, Pace, Sent};
use tempfile::tempdir;

use crate::{
    account, check, close_with_payments, config, found_payers, header, payer, payment, signed, told,
};

fn opened(folder: Option<&std::path::Path>) -> Node {
    let mut node = Node::open(config(folder)).unwrap();
    found_payers(&mut node);
    close_with_payments(&mut node, 1);
    node
}

#[test]
fn the_clock_moves_by_seconds_and_the_ledgers_that_fit() {
    let folder = tempdir().unwrap();
    let mut node = opened(Some(folder.path()));
    let before = node.info();
    node.advance(0).unwrap();
    assert_eq!(node.info().sequence_number, before.sequence_number);
    node.advance(3).unwrap();
    let after = node.info();
    assert_eq!(after.timestamp, before.timestamp + 3);
    assert_eq!(after.sequence_number, before.sequence_number + 1);
    node.advance(86_400).unwrap();
    let last = node.info();
    assert_eq!(last.timestamp, after.timestamp + 86_400);
    assert_eq!(last.sequence_number, after.sequence_number + 17_280);
    assert_eq!(node.latest().sequence, last.sequence_number - 1);
    check(&node);
    close_with_payments(&mut node, 1);
    assert_eq!(node.latest().closed_at, last.timestamp);
    drop(node);
    let node = Node::open(config(Some(folder.path()))).unwrap();
    assert_eq!(node.info().sequence_number, last.sequence_number + 1);
    check(&node);
}

#[test]
fn the_clock_on_the_wall_and_the_end_of_ledgers_do_not_move() {
    let mut walled = config(None);
    walled.pace = Pace::Every(Duration::from_secs(5));
    let mut node = Node::open(walled).unwrap();
    assert!(matches!(node.advance(5), Err(NodeError::Refused(_))));
    let mut node = opened(None);
    let before = node.latest().clone();
    for seconds in [u64::MAX, u64::MAX / 2, 5 * u64::from(u32::MAX)] {
        assert!(matches!(node.advance(seconds), Err(NodeError::Refused(_))));
    }
    assert_eq!(*node.latest(), before);
}

#[test]
fn a_snapshot_brings_everything_back_and_more_than_once() {
    let folder = tempdir().unwrap();
    for folder in [None, Some(folder.path())] {
        let mut node = opened(folder);
        let number = node.snapshot().unwrap();
        let (before, info) = (told(&node), node.info());
        let alice = payer(0).account_id();
        let paid = account(&node, &alice);
        for _ in 0..2 {
            let first = close_with_payments(&mut node, 7);
            node.advance(1_000).unwrap();
            let later = node.snapshot().unwrap();
            assert_ne!(account(&node, &alice), paid);
            node.revert(number).unwrap();
            assert!(told(&node) == before);
            assert_eq!(node.info().sequence_number, info.sequence_number);
            assert_eq!(node.info().timestamp, info.timestamp);
            assert_eq!(account(&node, &alice), paid);
            assert_eq!(node.transaction(&first[0]).unwrap(), None);
            assert!(matches!(node.revert(later), Err(NodeError::Refused(_))));
        }
        check(&node);
        if folder.is_some() {
            drop(node);
            let node = Node::open(config(folder)).unwrap();
            assert!(told(&node) == before);
        }
    }
}

/// The first payer's next payment, sent.
fn pay(node: &mut Node, amount: i64) -> [u8; 32] {
    let paid = signed(node, &payer(0), vec![payment(0, amount)]);
    let hash = paid.hash;
    assert_eq!(node.send(paid).unwrap(), Sent::Pending);
    hash
}

#[test]
fn what_an_eager_node_had_in_its_open_ledger_comes_back() {
    let mut eager = config(None);
    eager.pace = Pace::Eager;
    let mut node = Node::open(eager).unwrap();
    found_payers(&mut node);
    let first = pay(&mut node, 1);
    let number = node.snapshot().unwrap();
    let (reported, latest) = (node.transaction(&first).unwrap(), node.latest().clone());
    assert!(reported.is_some());
    let payers = [0, 1].map(|index| payer(index).account_id());
    let before = payers.each_ref().map(|payer| account(&node, payer));
    let second = pay(&mut node, 2);
    node.close(None).unwrap();
    let third = pay(&mut node, 3);
    node.revert(number).unwrap();
    assert_eq!(*node.latest(), latest);
    assert_eq!(node.transaction(&first).unwrap(), reported, "still open");
    for later in [second, third] {
        assert_eq!(node.transaction(&later).unwrap(), None);
    }
    assert_eq!(payers.each_ref().map(|payer| account(&node, payer)), before);
    let second = pay(&mut node, 7);
    node.close(None).unwrap();
    let places = [first, second].map(|hash| node.transaction(&hash).unwrap().unwrap().position);
    let places = places.map(|place| (place.ledger, place.transaction));
    let ledger = latest.sequence + 1;
    assert_eq!(places, [(ledger, 1), (ledger, 2)], "in one ledger");
    check(&node);
}

#[test]
fn what_waits_is_forgotten_when_a_node_goes_back() {
    let mut node = opened(None);
    let number = node.snapshot().unwrap();
    let hash = pay(&mut node, 1);
    node.revert(number).unwrap();
    assert!(!node.is_waiting());
    node.close(None).unwrap();
    assert_eq!(node.transaction(&hash).unwrap(), None);
    assert_eq!(pay(&mut node, 1), hash, "it may be sent again");
    node.close(None).unwrap();
    assert!(node.transaction(&hash).unwrap().unwrap().is_success);
}

#[test]
fn old_snapshots_go_when_there_are_too_many() {
    let mut node = opened(None);
    let numbers: Vec<_> = (0..20).map(|_| node.snapshot().unwrap()).collect();
    assert!(node.revert(numbers[3]).is_err());
    assert!(node.revert(numbers[4]).is_ok());
}

#[test]
fn a_dump_carries_a_ledger_elsewhere() {
    let folder = tempdir().unwrap();
    let mut node = opened(None);
    let mut dump = Vec::new();
    node.dump(&mut dump).unwrap();

    let mut settings = config(Some(folder.path()));
    settings.network.limits.instructions = 1_000_000;
    let mut other = Node::open(settings).unwrap();
    other.advance(1_000_000).unwrap();
    other.load(&mut dump.as_slice()).unwrap();
    assert_eq!(other.latest(), node.latest());
    assert_eq!(other.network().limits.instructions, 400_000_000);
    check(&other);
    let expected = header(node.latest()).bucket_list_hash;
    let (there, here) = (
        close_with_payments(&mut other, 5),
        close_with_payments(&mut node, 5),
    );
    assert_eq!(there, here);
    assert_eq!(
        other.latest(),
        node.latest(),
        "and it goes on as it would have"
    );
    assert_ne!(header(other.latest()).bucket_list_hash, expected);
    drop(other);
    let other = Node::open(config(Some(folder.path()))).unwrap();
    assert_eq!(other.latest(), node.latest(), "opened again");
}

/// Bytes of what comes before a dump's parts: what it is, its version, its network.
const HEAD: usize = 16 + 4 + 32;

fn part(bytes: &[u8]) -> Vec<u8> {
    let length = (bytes.len() as u64).to_be_bytes();
    [&length[..], bytes].concat()
}

/// The first part behind `place`, and where it ends.
fn part_at(dump: &[u8], place: usize) -> (&[u8], usize) {
    let length = u64::from_be_bytes(dump[place..place + 8].try_into().unwrap());
    let end = place + 8 + usize::try_from(length).unwrap();
    (&dump[place + 8..end], end)
}

#[test]
fn a_dump_that_claims_more_than_it_has_is_refused_at_once() {
    let mut node = opened(None);
    let mut dump = Vec::new();
    node.dump(&mut dump).unwrap();
    let before = told(&node);
    let head = &dump[..HEAD];
    let (latest, end) = part_at(&dump, HEAD);
    let (scanned, count_at) = part_at(&dump, end);
    let until_entries = &dump[..count_at + 8];
    let (key, end) = part_at(&dump, count_at + 8);
    let (entry, _) = part_at(&dump, end);
    let claim = |length: u64| length.to_be_bytes().to_vec();
    // A vector of 2^32 - 1 values, and values in values in values.
    let long: [&[u8]; 4] = [
        &[0, 0, 0, 6, 0, 0, 0, 1][..],
        &[7; 32],
        &[0, 0, 0, 16, 0, 0, 0, 1],
        &[255; 4],
    ];
    let deep = [0, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0, 1].repeat(100_000);
    let deep = [&[0, 0, 0, 6, 0, 0, 0, 1][..], &[7; 32], &deep].concat();
    let damaged = [
        ("a part without end", [head, &claim(u64::MAX)].concat()),
        (
            "a part beyond the most",
            [head, &claim((1 << 28) + 1)].concat(),
        ),
        ("a part that is not there", [head, &claim(1 << 28)].concat()),
        ("no ledger", [head, &part(&[0; 500])].concat()),
        (
            "more than a ledger",
            [head, &part(&[latest, &[0]].concat())].concat(),
        ),
        (
            "a scanned key that is none",
            [head, &part(latest), &part(b"key")].concat(),
        ),
        (
            "entries without end",
            [head, &part(latest), &part(scanned), &claim(u64::MAX)].concat(),
        ),
        (
            "a key that claims to be long",
            [until_entries, &part(&long.concat()), &part(entry)].concat(),
        ),
        (
            "a key that is deep",
            [until_entries, &part(&deep), &part(entry)].concat(),
        ),
        (
            "an entry of another key",
            [until_entries, &part(key), &part(&entry[1..])].concat(),
        ),
    ];
    let began = Instant::now();
    for (what, dump) in damaged {
        let error = node.load(&mut dump.as_slice()).unwrap_err();
        assert!(matches!(error, NodeError::Damaged(_)), "{what}: {error}");
    }
    // Of a part that is too long nothing is read, however much comes.
    let mut more = std::io::repeat(0).take(1 << 30);
    let endless = [head, &claim((1 << 28) + 1)].concat();
    let endless = node.load(&mut endless.as_slice().chain(more.by_ref()));
    assert!(matches!(endless, Err(NodeError::Damaged(_))), "{endless:?}");
    assert_eq!(more.limit(), 1 << 30);
    let mut newer = dump.clone();
    newer[19] += 1;
    let another = [&b"another ledger\r\n"[..], &dump[16..]].concat();
    for (what, dump) in [("of a newer version", newer), ("no dump", another)] {
        let error = node.load(&mut dump.as_slice()).unwrap_err();
        assert!(matches!(error, NodeError::Refused(_)), "{what}: {error}");
    }
    assert!(began.elapsed() < Duration::from_secs(2));
    assert!(told(&node) == before);
}

#[test]
fn a_dump_that_was_altered_or_cut_changes_nothing() {
    let mut node = opened(None);
    let mut dump = Vec::new();
    node.dump(&mut dump).unwrap();
    let before = told(&node);
    for place in (0..dump.len()).step_by(97) {
        let mut altered = dump.clone();
        altered[place] ^= 4;
        assert!(node.load(&mut altered.as_slice()).is_err(), "byte {place}");
        assert!(node.load(&mut &dump[..place]).is_err(), "cut at {place}");
    }
    assert!(told(&node) == before);
    let mut other = config(None);
    other.network.passphrase = "another".into();
    let error = Node::open(other).unwrap().load(&mut dump.as_slice());
    assert!(matches!(error, Err(NodeError::Refused(_))));
}
