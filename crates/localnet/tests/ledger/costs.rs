use crate::{World, ONE};

#[test]
fn a_call_costs_the_same_on_equal_ledgers() {
    let world = World::new();
    let snapshot = world.ledger.snapshot();
    let first = world.pay(ONE);
    world.ledger.revert(&snapshot);
    let again = world.pay(ONE);
    assert_eq!(first, again, "outcome");
    assert_eq!(
        first.costs,
        World::new().pay(ONE).costs,
        "on a ledger of its own"
    );
}

#[test]
fn a_call_does_not_cost_more_on_a_fuller_ledger() {
    let world = World::new();
    let snapshot = world.ledger.snapshot();
    let alone = world.pay(ONE).costs;
    world.ledger.revert(&snapshot);
    for i in 0..1_000 {
        let stranger = localnet::Keypair::named(&format!("stranger {i}"));
        world
            .ledger
            .create_account(&stranger.account_id(), 1)
            .unwrap();
    }
    assert_eq!(world.pay(ONE).costs, alone);
}

#[test]
fn a_transfer_costs_what_the_network_counts() {
    let costs = World::new().pay(ONE).costs;
    assert_eq!(costs.write_entries, 2, "two trustlines");
    assert_eq!(costs.read_entries, 3, "the contract and two trustlines");
    assert_eq!(costs.disk_read_entries, 2, "all but the contract");
    assert!(
        costs.instructions > 100_000,
        "instructions: {}",
        costs.instructions
    );
    assert!(costs.memory > 1_000, "memory: {}", costs.memory);
    assert!(costs.fee > 0, "fee: {}", costs.fee);
    assert_eq!(costs.rent, 0, "trustlines pay no rent");
}

#[test]
fn an_entry_written_without_changing_it_counts_as_written() {
    let world = World::new();
    let args = (&world.alice, &world.bob, 0_i128);
    let source = world.alice.account_id();
    let simulated = world
        .ledger
        .simulate(&source, &world.usd, "transfer", args)
        .unwrap();
    let called = world.pay(0).costs;
    assert_eq!(called.write_entries, 2, "two trustlines");
    assert_eq!(
        world.ledger.submit(&simulated.transaction).unwrap().costs,
        called,
        "as simulated"
    );
}

#[test]
fn a_call_has_the_footprint_that_a_full_simulation_gives_it() {
    let world = World::new();
    let snapshot = world.ledger.snapshot();
    let called = world.pay(ONE);
    world.ledger.revert(&snapshot);
    let args = (&world.alice, &world.bob, ONE);
    let source = world.alice.account_id();
    let simulated = world
        .ledger
        .simulate(&source, &world.usd, "transfer", args)
        .unwrap();
    assert_eq!(world.ledger.submit(&simulated.transaction).unwrap(), called);
}

#[test]
fn a_repeated_call_does_what_it_would_do_alone() {
    let (usual, world) = (World::new(), World::new());
    let repeat = |to: &localnet::Keypair, amount: i128| {
        let args = (&world.alice, to, amount);
        world
            .ledger
            .repeat(&world.alice, &world.usd, "transfer", args)
    };
    for amount in [ONE, 2 * ONE, 0] {
        let (called, repeated) = (usual.pay(amount), repeat(&world.bob, amount).unwrap());
        assert_eq!(called.events, repeated.events, "events of {amount}");
    }
    assert_eq!(usual.balance(&usual.bob), world.balance(&world.bob), "paid");
    let issuer = localnet::Keypair::named("issuer");
    repeat(&issuer, ONE).unwrap();
    assert_eq!(
        world.balance(&world.alice),
        496 * ONE,
        "outside the last footprint"
    );
    assert!(
        repeat(&world.bob, 1_000 * ONE).is_err(),
        "more than there is"
    );
    assert!(repeat(&world.mallory, ONE).is_err(), "without a trustline");
    let by_other = (&world.alice, &world.bob, ONE);
    let forged = world
        .ledger
        .repeat(&world.mallory, &world.usd, "transfer", by_other);
    assert!(forged.is_err(), "without the signature");
    assert_eq!(world.balance(&world.alice), 496 * ONE, "nothing more moved");
}

#[test]
fn what_is_looked_up_is_what_a_view_shows() {
    let world = World::new();
    let look_up = || -> i128 {
        let shown = world.ledger.look_up(&world.usd, "balance", (&world.bob,));
        shown.unwrap()
    };
    let start = world.ledger.snapshot();
    assert_eq!(look_up(), world.balance(&world.bob), "before");
    world.pay(ONE);
    assert_eq!(look_up(), world.balance(&world.bob), "after a payment");
    world.pay(ONE);
    assert_eq!(look_up(), world.balance(&world.bob), "after another");
    world.ledger.revert(&start);
    assert_eq!(look_up(), world.balance(&world.bob), "back at the start");
    let missing = world.ledger.look_up::<i128>(&world.usd, "no_such_view", ());
    assert!(missing.is_err(), "an unknown function");
}

#[test]
fn a_wide_footprint_counts_more_writes_and_does_the_same() {
    let mut config = localnet::NetworkConfig::mainnet();
    config.has_wide_footprints = true;
    let (narrow, wide) = (World::new(), World::with(config));
    let (usual, called) = (narrow.pay(ONE), wide.pay(ONE));
    assert_eq!(usual.events, called.events, "events");
    assert_eq!(narrow.balance(&narrow.bob), wide.balance(&wide.bob), "paid");
    assert_eq!(
        (usual.costs.write_entries, called.costs.write_entries),
        (2, 3),
        "the contract's instance, too"
    );
}

#[test]
fn a_call_that_is_too_wide_is_narrowed() {
    let mut config = localnet::NetworkConfig::mainnet();
    config.has_wide_footprints = true;
    config.limits.write_entries = 2;
    assert_eq!(
        World::with(config).pay(ONE).costs.write_entries,
        2,
        "as usual"
    );
}
