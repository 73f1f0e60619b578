use localnet::LedgerError;

use crate::{World, ONE};

#[test]
fn time_and_sequence_move_together() {
    let world = World::new();
    let (time, sequence) = (world.ledger.now(), world.ledger.sequence());
    world.ledger.advance(60);
    assert_eq!(world.ledger.now() - time, 60, "seconds");
    assert_eq!(
        world.ledger.sequence() - sequence,
        12,
        "ledgers of five seconds"
    );
    world.ledger.advance(1);
    assert_eq!(
        world.ledger.sequence() - sequence,
        13,
        "a new second is a new ledger"
    );
    world.ledger.set_time(time + 100).unwrap();
    assert_eq!(world.ledger.now(), time + 100, "set");
}

#[test]
fn time_does_not_go_back() {
    let world = World::new();
    let now = world.ledger.now();
    let back = world.ledger.set_time(now - 1);
    assert_eq!(
        back,
        Err(LedgerError::TimeBackwards {
            now,
            wanted: now - 1
        })
    );
}

#[test]
fn restoring_a_snapshot_brings_back_balances_clock_and_log() {
    let world = World::new();
    let (snapshot, start) = (world.ledger.snapshot(), world.ledger.sequence());
    world.ledger.advance(5);
    world.pay(ONE);
    assert_eq!(world.ledger.events_since(start + 1).len(), 1, "logged");
    world.ledger.revert(&snapshot);
    assert_eq!(world.balance(&world.bob), 0, "bob");
    assert_eq!(world.ledger.sequence(), start, "sequence");
    assert!(world.ledger.events_since(start + 1).is_empty(), "log");
}

#[test]
fn the_log_tells_when_each_event_was_emitted() {
    let world = World::new();
    world.pay(ONE);
    let (time, sequence) = (world.ledger.now() + 10, world.ledger.sequence() + 2);
    world.ledger.advance(10);
    world.pay(2 * ONE);
    let log = world.ledger.events_since(sequence);
    assert_eq!(log.len(), 1, "submissions since");
    assert_eq!((log[0].sequence, log[0].time), (sequence, time), "when");
    assert_eq!(
        log[0].events[0].data,
        localnet::ToScVal::to_scval(&(2 * ONE)).unwrap(),
        "amount"
    );
}
