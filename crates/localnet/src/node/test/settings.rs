use std::rc::Rc;

use soroban_simulation::NetworkConfig as Simulated;

use super::node;
use crate::{node::settings, state::WatchedState, NetworkConfig};

#[test]
fn simulations_read_the_networks_settings_from_the_ledger() {
    let node = node();
    let network = node.network();
    let read = Simulated::load_from_snapshot(&WatchedState::new(node.ledger.state())).unwrap();
    assert_eq!(read.fee_configuration, network.fees);
    assert_eq!(read.rent_fee_configuration, network.rent);
    assert_eq!(read.tx_max_instructions, 400_000_000);
    assert_eq!(read.tx_memory_limit, 41_943_040);
    assert_eq!(read.cpu_cost_params, network.cpu_costs);
    assert_eq!(read.memory_cost_params, network.memory_costs);
    assert_eq!(read.min_temp_entry_ttl, network.ttl.min_temporary);
    assert_eq!(read.min_persistent_entry_ttl, network.ttl.min_persistent);
    assert_eq!(read.max_entry_ttl, network.ttl.max);
}

#[test]
fn settings_are_read_back_as_they_were() {
    let node = node();
    let (written, mut read) = (node.network(), blank());
    let state = node.ledger.state();
    settings::read(&state.entries, &mut read).unwrap();
    let is_same = format!("{read:?}") == format!("{written:?}");
    assert!(
        is_same,
        "{:?}, {:?}, {:?}",
        read.limits, read.ledger_limits, read.fees
    );
}

#[test]
fn a_ledger_without_a_setting_is_damaged() {
    let node = node();
    let mut entries = (*node.ledger.state().entries).clone();
    let key = entries
        .keys()
        .find(|key| matches!(&***key, soroban_env_host::xdr::LedgerKey::ConfigSetting(_)));
    let key: Rc<_> = key.unwrap().clone();
    entries.remove(&key);
    assert!(settings::read(&entries, &mut NetworkConfig::mainnet()).is_err());
}

/// Mainnet's passphrase, and nothing else that mainnet has.
fn blank() -> NetworkConfig {
    let mut blank = NetworkConfig::mainnet();
    let limits = &mut blank.limits;
    (limits.instructions, limits.memory) = (1, 1);
    (limits.footprint_entries, limits.disk_read_entries) = (1, 1);
    (
        limits.disk_read_bytes,
        limits.write_entries,
        limits.write_bytes,
    ) = (1, 1, 1);
    (
        limits.event_bytes,
        limits.transaction_bytes,
        limits.key_bytes,
    ) = (1, 1, 1);
    (limits.data_entry_bytes, limits.code_bytes) = (1, 1);
    let operations = blank.ledger_limits.operations;
    let all = &mut blank.ledger_limits;
    (
        all.transactions,
        all.transaction_bytes,
        all.instructions,
        all.clusters,
    ) = (1, 1, 1, 1);
    (all.disk_read_entries, all.disk_read_bytes) = (1, 1);
    (all.write_entries, all.write_bytes, all.operations) = (1, 1, operations);
    (
        blank.ttl.max,
        blank.ttl.min_temporary,
        blank.ttl.min_persistent,
    ) = (1, 1, 1);
    blank.fees = Default::default();
    blank.rent = Default::default();
    blank.rent_curve = Default::default();
    blank.state_size = 0;
    blank.cpu_costs = Default::default();
    blank.memory_costs = Default::default();
    blank
}
