use localnet::{Auth, InvokeError, Limit, NetworkConfig};

use crate::{wasm, World, ONE};

/// What Alice's payment of one dollar fails with, when `tighten` has been at the limits.
fn refusal(tighten: impl Fn(&mut localnet::Limits)) -> InvokeError {
    let used = World::new();
    let mut config = NetworkConfig::mainnet();
    tighten(&mut config.limits);
    let tight = localnet::Ledger::new(config).unwrap();
    tight.revert(&used.ledger.snapshot());
    let args = (&used.alice, &used.bob, ONE);
    tight
        .call(&used.alice, &used.usd, "transfer", args, Auth::Sign(&[]))
        .unwrap_err()
}

fn over(which: Limit, used: u64, limit: u64) -> InvokeError {
    InvokeError::LimitExceeded { which, used, limit }
}

#[test]
fn each_limit_has_its_name() {
    let costs = World::new().pay(ONE).costs;
    let refused = refusal(|limits| limits.write_entries = 1);
    assert_eq!(refused, over(Limit::WriteEntries, 2, 1));
    let refused = refusal(|limits| limits.footprint_entries = 2);
    assert_eq!(refused, over(Limit::FootprintEntries, 3, 2));
    let refused = refusal(|limits| limits.disk_read_entries = 1);
    assert_eq!(refused, over(Limit::DiskReadEntries, 2, 1));
    let bytes = u64::from(costs.write_bytes);
    let refused = refusal(|limits| limits.write_bytes = costs.write_bytes - 1);
    assert_eq!(refused, over(Limit::WriteBytes, bytes, bytes - 1));
    let bytes = u64::from(costs.event_bytes);
    let refused = refusal(|limits| limits.event_bytes = costs.event_bytes - 1);
    assert_eq!(refused, over(Limit::EventBytes, bytes, bytes - 1));
    let bytes = u64::from(costs.transaction_bytes);
    let refused = refusal(|limits| limits.transaction_bytes = costs.transaction_bytes - 1);
    assert_eq!(refused, over(Limit::TransactionBytes, bytes, bytes - 1));
}

#[test]
fn the_exact_budget_suffices_and_one_instruction_less_does_not() {
    let costs = World::new().pay(ONE).costs;
    let refused = refusal(|limits| limits.instructions = costs.instructions - 1);
    let InvokeError::LimitExceeded { which, limit, .. } = refused else {
        panic!("not a limit: {refused:?}");
    };
    assert_eq!(
        (which, limit),
        (Limit::Instructions, costs.instructions - 1)
    );
    let refused = refusal(|limits| limits.memory = costs.memory - 1);
    assert!(
        matches!(
            refused,
            InvokeError::LimitExceeded {
                which: Limit::Memory,
                ..
            }
        ),
        "{refused:?}"
    );
}

#[test]
fn an_endless_loop_ends_at_the_network_limit() {
    let world = World::new();
    let contract = world
        .ledger
        .deploy(&world.alice, &wasm::module(0), ())
        .unwrap();
    let refused = world
        .ledger
        .call(&world.alice, &contract, "spin", (), Auth::Sign(&[]));
    let Err(InvokeError::LimitExceeded { which, limit, .. }) = refused else {
        panic!("not a limit: {refused:?}");
    };
    assert_eq!((which, limit), (Limit::Instructions, 400_000_000));
}

#[test]
fn wasm_over_128_kib_is_refused() {
    let world = World::new();
    let refused = world.ledger.upload(&world.alice, &wasm::module(131_072));
    assert!(
        matches!(
            refused,
            Err(InvokeError::LimitExceeded {
                which: Limit::CodeBytes,
                limit: 131_072,
                ..
            })
        ),
        "{refused:?}"
    );
}
