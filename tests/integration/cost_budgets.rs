//! Costs stay inside the budgets: bytes and entries written, and the network's limits for whole transactions.
//!
//! They are those of `baselines/costs.json`, which `cargo xtask baselines` measures and CI compares with what it measures.

use std::sync::OnceLock;

use integration_tests::costs::{find, rescue_of, Cost, BATCHES, MANY_POLICIES};
use localnet::NetworkConfig;
use serde::Deserialize;

const BASELINES: &str = include_str!("../../baselines/costs.json");

#[derive(Deserialize)]
struct Baselines {
    operations: Vec<Cost>,
}

fn measured() -> &'static [Cost] {
    static COSTS: OnceLock<Baselines> = OnceLock::new();
    let read = || serde_json::from_str(BASELINES).expect("the committed costs");
    &COSTS.get_or_init(read).operations
}

fn assert_within(operation: &str, entries: u32, bytes: u32) {
    let cost = find(measured(), operation);
    assert!(
        cost.entries <= entries,
        "{operation}: {} of {entries} entries",
        cost.entries
    );
    assert!(
        cost.bytes <= bytes,
        "{operation}: {} of {bytes} bytes",
        cost.bytes
    );
}

#[test]
fn every_operation_writes_at_most_its_budget() {
    assert_within("stake", 6, 980);
    assert_within("request exit", 4, 580);
    assert_within("open a policy", 7, 1_750);
    assert_within("insure while opening", 7, 1_750);
    assert_within("insure while borrowing", 8, 1_750);
    assert_within("top up", 7, 1_750);
    // An allowance and a bounty come on top of the seven entries of a sale.
    assert_within("renew", 8, 1_750);
    assert_within("settle one payout, no bounty", 5, 1_240);
    assert_within("settle one payout, bounty", 6, 1_460);
}

#[test]
fn a_batch_of_24_rescues_fits_one_transaction_inside_its_budget() {
    let limits = NetworkConfig::mainnet().limits;
    for count in BATCHES {
        let n = u32::try_from(count).unwrap();
        assert_within(&rescue_of(count), 6 + 2 * n, 1_620 + 640 * n);
        // The ledger has enforced every limit; these are the ones that bind first.
        let cost = find(measured(), &rescue_of(count));
        assert!(
            cost.events <= limits.event_bytes,
            "{count}: {} bytes of events",
            cost.events
        );
        assert!(
            cost.instructions <= limits.instructions,
            "{count}: {}",
            cost.instructions
        );
    }
    assert_eq!(BATCHES.last(), Some(&24), "the largest batch");
}

#[test]
fn accrual_of_many_policies_over_60_days_costs_what_it_costs_for_one() {
    let of = |what: &str, policies: u32| {
        let suffix = if policies == 1 { "policy" } else { "policies" };
        find(
            measured(),
            &format!("{what} after 60 days, {policies} {suffix}"),
        )
    };
    let (one, many) = (of("read the books", 1), of("read the books", MANY_POLICIES));
    assert_eq!((one.entries, one.bytes), (0, 0), "one policy");
    assert_eq!((many.entries, many.bytes), (0, 0), "many policies");
    // Larger numbers have more digits to unpack; nothing else differs.
    let most = one.instructions * 103 / 100;
    assert!(
        many.instructions <= most,
        "{} of {most} instructions",
        many.instructions
    );
    let (one, many) = (of("stake", 1), of("stake", MANY_POLICIES));
    assert_eq!(one.entries, many.entries, "entries of the next stake");
    assert!(
        many.bytes - one.bytes <= 16,
        "bytes of the next stake: {} and {}",
        one.bytes,
        many.bytes
    );
}
