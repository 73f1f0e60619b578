//! What of the history stays in memory.

use super::{node, payment};
use crate::node::{Node, Position, Sent};

fn kept(node: &Node) -> Vec<u32> {
    let ledgers = node.ledgers(0, usize::MAX).unwrap();
    ledgers.iter().map(|ledger| ledger.sequence).collect()
}

fn bytes(node: &Node) -> usize {
    let ledgers = node.ledgers(0, usize::MAX).unwrap();
    ledgers.iter().map(|ledger| ledger.bytes()).sum()
}

#[test]
fn history_in_memory_is_bounded_by_bytes_too() {
    let mut node = node();
    node.store.bound(20_000);
    let paid = payment(&node);
    let hash = paid.hash;
    assert_eq!(node.send(paid).unwrap(), Sent::Pending);
    node.close(None).unwrap();
    assert!(node.transaction(&hash).unwrap().is_some());
    for _ in 0..50 {
        node.close(None).unwrap();
        assert!(bytes(&node) <= 20_000);
    }
    let latest = node.latest().sequence;
    let (oldest, kept) = (node.oldest(), kept(&node));
    assert!((10..50).contains(&kept.len()), "{}", kept.len());
    assert_eq!(kept, (oldest..=latest).collect::<Vec<_>>());
    assert_eq!(
        node.transaction(&hash).unwrap(),
        None,
        "gone with its ledger"
    );
    let all = node.transactions(Position::default(), usize::MAX).unwrap();
    assert!(all.is_empty());
}

#[test]
fn what_is_gone_back_from_is_not_counted() {
    let mut node = node();
    let number = node.snapshot().unwrap();
    let first = node.latest().sequence;
    (0..8).for_each(|_| drop(node.close(None).unwrap()));
    node.store.bound(bytes(&node));
    for _ in 0..3 {
        node.revert(number).unwrap();
        (0..8).for_each(|_| drop(node.close(None).unwrap()));
        assert_eq!(node.oldest(), first, "there is room for all of them");
    }
    node.close(None).unwrap();
    assert_eq!(node.oldest(), first + 1, "and for no more");
}

#[test]
fn the_last_ledger_stays_however_long_it_is() {
    let mut node = node();
    node.store.bound(1);
    for _ in 0..3 {
        let latest = node.close(None).unwrap().sequence;
        assert_eq!(kept(&node), [latest]);
    }
}
