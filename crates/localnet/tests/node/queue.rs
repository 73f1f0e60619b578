//! What waits, and what a ledger takes.

use std::time::{SystemTime, UNIX_EPOCH};

use localnet::{
    node::{Node, NodeConfig, Pace, Sent},
    xdr::{Preconditions, TimeBounds, TimePoint},
    Keypair, LedgerLimits, NetworkConfig,
};

use crate::{create, draft, Draft, World, ONE};

fn tight(tighten: impl Fn(&mut LedgerLimits)) -> World {
    let mut network = NetworkConfig::mainnet();
    tighten(&mut network.ledger_limits);
    World::with(network, Pace::Manual)
}

/// One transfer each of Alice, Bob and Mallory, the later ones bidding more.
fn send_three(world: &mut World) -> [[u8; 32]; 3] {
    let senders = [&world.alice, &world.bob, &world.mallory].map(Keypair::clone);
    let mut bid = 0;
    senders.map(|sender| {
        let to = world.xlm.clone();
        let mut draft = draft::transfer(world, &sender, &to, ONE);
        bid += 100;
        draft.0.fee += bid;
        let submission = draft.sign(world, &[&sender]);
        let hash = submission.hash;
        assert_eq!(world.node.send(submission).unwrap(), Sent::Pending);
        hash
    })
}

#[track_caller]
fn assert_two_ledgers(mut world: World) {
    let [low, middle, high] = send_three(&mut world);
    world.node.close(None).unwrap();
    assert!(world.node.transaction(&low).unwrap().is_none(), "it waits");
    let (middle, high) = (world.outcome(&middle), world.outcome(&high));
    assert_eq!(middle.ledger, high.ledger, "two in one ledger");
    assert!(world.node.is_waiting());
    world.node.close(None).unwrap();
    assert_eq!(world.outcome(&low).ledger, middle.ledger + 1, "the next");
    assert!(!world.node.is_waiting());
    world.assert_three_paid();
}

impl World {
    fn assert_three_paid(&self) {
        let key = draft::balance_key(&self.xlm, &self.xlm);
        assert!(self.node.entry(&key).unwrap().is_some(), "paid");
    }
}

#[test]
fn what_a_ledger_does_not_take_waits_for_the_next() {
    assert_two_ledgers(tight(|limits| limits.transactions = 2));
    assert_two_ledgers(tight(|limits| limits.instructions = 10_000_000));
    assert_two_ledgers(tight(|limits| limits.write_bytes = 2_000));
    assert_two_ledgers(tight(|limits| limits.write_entries = 4));
    assert_two_ledgers(tight(|limits| limits.disk_read_bytes = 2_000));
    assert_two_ledgers(tight(|limits| limits.disk_read_entries = 2));
    assert_two_ledgers(tight(|limits| limits.transaction_bytes = 1_700));
}

#[test]
fn a_ledger_takes_so_many_operations_that_are_no_calls() {
    let mut world = tight(|limits| limits.operations = 4);
    let mut bid = 0;
    let [low, middle, high] = world.keys().map(|sender| {
        let new = |number| create(&Keypair::named(&format!("new {bid} {number}")), ONE);
        let mut draft = Draft::classic(&world, &sender, vec![new(1), new(2)]);
        bid += 100;
        draft.0.fee += bid;
        let submission = draft.sign(&world, &[&sender]);
        let hash = submission.hash;
        assert_eq!(world.node.send(submission).unwrap(), Sent::Pending);
        hash
    });
    world.node.close(None).unwrap();
    assert!(world.node.transaction(&low).unwrap().is_none(), "it waits");
    let [middle, high] = [middle, high].map(|hash| world.outcome(&hash).succeeded().ledger);
    assert_eq!(middle, high, "two of two in one ledger");
    world.node.close(None).unwrap();
    assert_eq!(world.outcome(&low).succeeded().ledger, middle + 1);
}

#[test]
fn what_no_ledger_takes_is_not_queued() {
    let mut world = tight(|limits| limits.write_bytes = 1_000);
    let draft = world
        .transfer(ONE)
        .with(|data| data.resources.write_bytes = 1_001);
    let submission = draft.sign(&world, &[&world.alice]);
    assert_eq!(world.node.send(submission).unwrap(), Sent::TryAgainLater);
}

#[test]
fn an_account_has_one_transaction_waiting() {
    let mut world = World::new();
    let first = world.transfer(ONE);
    let second = world.transfer(2 * ONE);
    let sent = world.node.send(first.sign(&world, &[&world.alice]));
    assert_eq!(sent.unwrap(), Sent::Pending);
    let sent = world.node.send(second.sign(&world, &[&world.alice]));
    assert_eq!(sent.unwrap(), Sent::TryAgainLater);
}

#[test]
fn what_expires_while_it_waits_is_dropped() {
    let mut world = tight(|limits| limits.transactions = 1);
    let now = world.node.info().timestamp;
    let mut brief = world.transfer(ONE);
    brief.0.cond = Preconditions::Time(TimeBounds {
        min_time: TimePoint(0),
        max_time: TimePoint(now + 4),
    });
    let brief = brief.sign(&world, &[&world.alice]);
    let bob = world.bob.clone();
    let mut better = draft::transfer(&world, &bob, &world.alice.address(), ONE);
    better.0.fee += 1;
    let better = better.sign(&world, &[&bob]);
    let (hash, before) = (brief.hash, world.balance(&world.alice));
    for submission in [brief, better] {
        assert_eq!(world.node.send(submission).unwrap(), Sent::Pending);
    }
    world.node.close(None).unwrap();
    assert!(world.node.is_waiting());
    world.node.close(None).unwrap();
    assert!(!world.node.is_waiting(), "dropped");
    assert!(
        world.node.transaction(&hash).unwrap().is_none(),
        "not found"
    );
    assert_eq!(world.balance(&world.alice), before + ONE, "nothing charged");
}

#[test]
fn classic_transactions_come_first() {
    let mut world = World::new();
    let bob = world.bob.clone();
    let call = world.transfer(ONE).sign(&world, &[&world.alice]);
    let classic = Draft::classic(&world, &bob, vec![create(&Keypair::named("new"), ONE)]);
    let classic = classic.sign(&world, &[&bob]);
    let hashes = [call.hash, classic.hash];
    for submission in [call, classic] {
        assert_eq!(world.node.send(submission).unwrap(), Sent::Pending);
    }
    world.node.close(None).unwrap();
    let [call, classic] = hashes.map(|hash| world.node.transaction(&hash).unwrap().unwrap());
    assert!(classic.position < call.position);
}

#[test]
fn an_eager_node_applies_at_once() {
    let mut world = World::with(NetworkConfig::mainnet(), Pace::Eager);
    let ledger = world.node.latest().sequence;
    for amount in [1, 2, 3] {
        let submission = world.transfer(amount * ONE).sign(&world, &[&world.alice]);
        let hash = submission.hash;
        assert_eq!(world.node.send(submission).unwrap(), Sent::Pending);
        assert_eq!(world.outcome(&hash).succeeded().ledger, ledger + 1);
    }
    assert_eq!(world.node.latest().sequence, ledger, "still open");
    world.node.close(None).unwrap();
    world.assert_conserved();
}

#[test]
fn a_clock_on_the_wall_goes_on_between_ledgers() {
    let wall = || {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_secs()
    };
    let mut network = NetworkConfig::mainnet();
    network.start_time = wall() - 3_600;
    let config = NodeConfig {
        network,
        pace: Pace::OnDemand,
        folder: None,
        retention: 1,
        queue: 1,
        supply: ONE,
    };
    let node = Node::open(config).unwrap();
    assert_eq!(
        node.latest().closed_at,
        node.network().start_time,
        "founded"
    );
    let now = node.info().timestamp;
    assert!((wall() - 60..=wall()).contains(&now), "{now}");
}

#[test]
fn of_equal_bids_the_earlier_goes_first() {
    for is_turned in [false, true] {
        let mut world = tight(|limits| limits.transactions = 1);
        let (alice, bob) = (world.alice.clone(), world.bob.clone());
        let mut senders = [(&alice, bob.address()), (&bob, alice.address())];
        if is_turned {
            senders.reverse();
        }
        let hashes = senders.map(|(sender, to)| {
            let sent = draft::transfer(&world, sender, &to, ONE).sign(&world, &[sender]);
            let hash = sent.hash;
            assert_eq!(world.node.send(sent).unwrap(), Sent::Pending);
            hash
        });
        for hash in hashes {
            let ledger = world.node.close(None).unwrap().sequence;
            assert_eq!(world.outcome(&hash).succeeded().ledger, ledger);
        }
    }
}

#[test]
fn so_many_wait_at_once() {
    let config = NodeConfig {
        queue: 2,
        ..NodeConfig::in_memory(NetworkConfig::mainnet(), Pace::Manual)
    };
    let mut world = World::founded(Node::open(config).unwrap());
    let sent = world.keys().map(|sender| {
        let new = create(&Keypair::named("new"), ONE);
        let sent = Draft::classic(&world, &sender, vec![new]).sign(&world, &[&sender]);
        world.node.send(sent).unwrap()
    });
    assert_eq!(sent, [Sent::Pending, Sent::Pending, Sent::TryAgainLater]);
}
