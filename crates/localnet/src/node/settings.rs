//! The network's settings as config entries of the ledger, where clients and simulations read them.

use std::collections::BTreeSet;

use soroban_env_host::xdr::{
    self, ConfigSettingContractBandwidthV0, ConfigSettingContractComputeV0,
    ConfigSettingContractEventsV0, ConfigSettingContractExecutionLanesV0,
    ConfigSettingContractHistoricalDataV0, ConfigSettingContractLedgerCostExtV0,
    ConfigSettingContractLedgerCostV0, ConfigSettingContractParallelComputeV0, ConfigSettingEntry,
    ConfigSettingScpTiming, EvictionIterator, LedgerEntryData, LedgerKey, StateArchivalSettings,
};

use super::{
    damage::{damaged, unreadable},
    NodeError,
};
use crate::{
    network::{rent_rate, NetworkConfig},
    state::Entries,
};

// As on mainnet, from the source that `network.rs` names.
/// Samples of the live state's size whose mean sets the rent rate.
const STATE_SIZE_SAMPLES: u32 = 30;
/// Ledgers between two samples.
const STATE_SIZE_PERIOD: u32 = 64;
/// Persistent entries archived by one ledger at most.
const ARCHIVED_PER_LEDGER: u32 = 1_000;
/// Bytes scanned for expired entries by one ledger.
const EVICTION_SCAN_BYTES: u32 = 500_000;
/// Bucket level at which that scan starts.
const EVICTION_SCAN_LEVEL: u32 = 7;
/// Between two ledgers, milliseconds.
const CLOSE_TIME: u32 = 5_000;
/// Time-outs of the consensus, first and growth, milliseconds.
const CONSENSUS_TIMEOUT: u32 = 1_000;
/// Settings that [`entries`] makes.
const SETTINGS: usize = 17;

/// `network`'s settings as the ledger stores them.
///
/// # Errors
/// When a number has no room in its field.
pub(crate) fn entries(network: &NetworkConfig) -> Result<Vec<ConfigSettingEntry>, xdr::Error> {
    use ConfigSettingEntry as Setting;
    let limits = &network.limits;
    let samples: Vec<_> = (0..STATE_SIZE_SAMPLES)
        .map(|_| network.state_size)
        .collect();
    Ok(vec![
        Setting::ContractMaxSizeBytes(limits.code_bytes),
        Setting::ContractComputeV0(compute(network)?),
        Setting::ContractLedgerCostV0(ledger_cost(network)),
        Setting::ContractHistoricalDataV0(ConfigSettingContractHistoricalDataV0 {
            fee_historical1_kb: network.fees.fee_per_historical_1kb,
        }),
        Setting::ContractEventsV0(events(network)),
        Setting::ContractBandwidthV0(bandwidth(network)),
        Setting::ContractCostParamsCpuInstructions(network.cpu_costs.clone()),
        Setting::ContractCostParamsMemoryBytes(network.memory_costs.clone()),
        Setting::ContractDataKeySizeBytes(limits.key_bytes),
        Setting::ContractDataEntrySizeBytes(limits.data_entry_bytes),
        Setting::StateArchival(state_archival(network)),
        Setting::ContractExecutionLanes(ConfigSettingContractExecutionLanesV0 {
            ledger_max_tx_count: network.ledger_limits.transactions,
        }),
        Setting::LiveSorobanStateSizeWindow(samples.try_into()?),
        Setting::EvictionIterator(EvictionIterator {
            bucket_list_level: EVICTION_SCAN_LEVEL,
            is_curr_bucket: true,
            bucket_file_offset: 0,
        }),
        Setting::ContractParallelComputeV0(ConfigSettingContractParallelComputeV0 {
            ledger_max_dependent_tx_clusters: network.ledger_limits.clusters,
        }),
        Setting::ContractLedgerCostExtV0(ConfigSettingContractLedgerCostExtV0 {
            tx_max_footprint_entries: limits.footprint_entries,
            fee_write1_kb: network.fees.fee_per_write_1kb,
        }),
        Setting::ScpTiming(consensus_timing()),
    ])
}

fn compute(network: &NetworkConfig) -> Result<ConfigSettingContractComputeV0, xdr::Error> {
    Ok(ConfigSettingContractComputeV0 {
        ledger_max_instructions: fits(network.ledger_limits.instructions)?,
        tx_max_instructions: fits(network.limits.instructions)?,
        fee_rate_per_instructions_increment: network.fees.fee_per_instruction_increment,
        tx_memory_limit: fits(network.limits.memory)?,
    })
}

fn events(network: &NetworkConfig) -> ConfigSettingContractEventsV0 {
    ConfigSettingContractEventsV0 {
        tx_max_contract_events_size_bytes: network.limits.event_bytes,
        fee_contract_events1_kb: network.fees.fee_per_contract_event_1kb,
    }
}

fn bandwidth(network: &NetworkConfig) -> ConfigSettingContractBandwidthV0 {
    ConfigSettingContractBandwidthV0 {
        ledger_max_txs_size_bytes: network.ledger_limits.transaction_bytes,
        tx_max_size_bytes: network.limits.transaction_bytes,
        fee_tx_size1_kb: network.fees.fee_per_transaction_size_1kb,
    }
}

fn ledger_cost(network: &NetworkConfig) -> ConfigSettingContractLedgerCostV0 {
    let (all, one) = (&network.ledger_limits, &network.limits);
    let (fees, curve) = (&network.fees, &network.rent_curve);
    ConfigSettingContractLedgerCostV0 {
        ledger_max_disk_read_entries: all.disk_read_entries,
        ledger_max_disk_read_bytes: all.disk_read_bytes,
        ledger_max_write_ledger_entries: all.write_entries,
        ledger_max_write_bytes: all.write_bytes,
        tx_max_disk_read_entries: one.disk_read_entries,
        tx_max_disk_read_bytes: one.disk_read_bytes,
        tx_max_write_ledger_entries: one.write_entries,
        tx_max_write_bytes: one.write_bytes,
        fee_disk_read_ledger_entry: fees.fee_per_disk_read_entry,
        fee_write_ledger_entry: fees.fee_per_write_entry,
        fee_disk_read1_kb: fees.fee_per_disk_read_1kb,
        soroban_state_target_size_bytes: curve.state_target_size_bytes,
        rent_fee1_kb_soroban_state_size_low: curve.rent_fee_1kb_state_size_low,
        rent_fee1_kb_soroban_state_size_high: curve.rent_fee_1kb_state_size_high,
        soroban_state_rent_fee_growth_factor: curve.state_size_rent_fee_growth_factor,
    }
}

fn state_archival(network: &NetworkConfig) -> StateArchivalSettings {
    StateArchivalSettings {
        max_entry_ttl: network.ttl.max,
        min_temporary_ttl: network.ttl.min_temporary,
        min_persistent_ttl: network.ttl.min_persistent,
        persistent_rent_rate_denominator: network.rent.persistent_rent_rate_denominator,
        temp_rent_rate_denominator: network.rent.temporary_rent_rate_denominator,
        max_entries_to_archive: ARCHIVED_PER_LEDGER,
        live_soroban_state_size_window_sample_size: STATE_SIZE_SAMPLES,
        live_soroban_state_size_window_sample_period: STATE_SIZE_PERIOD,
        eviction_scan_size: EVICTION_SCAN_BYTES,
        starting_eviction_scan_level: EVICTION_SCAN_LEVEL,
    }
}

fn consensus_timing() -> ConfigSettingScpTiming {
    ConfigSettingScpTiming {
        ledger_target_close_time_milliseconds: CLOSE_TIME,
        nomination_timeout_initial_milliseconds: CONSENSUS_TIMEOUT,
        nomination_timeout_increment_milliseconds: CONSENSUS_TIMEOUT,
        ballot_timeout_initial_milliseconds: CONSENSUS_TIMEOUT,
        ballot_timeout_increment_milliseconds: CONSENSUS_TIMEOUT,
    }
}

fn fits<T>(number: impl TryInto<T>) -> Result<T, xdr::Error> {
    number.try_into().map_err(|_| xdr::Error::LengthExceedsMax)
}

/// Puts the settings among `entries` in the place of `network`'s: a ledger's own win.
///
/// # Errors
/// [`NodeError::Damaged`] when one is missing or out of range.
pub(crate) fn read(entries: &Entries, network: &mut NetworkConfig) -> Result<(), NodeError> {
    let mut found = BTreeSet::new();
    for (key, entry) in entries {
        let LedgerKey::ConfigSetting(key) = &**key else {
            continue;
        };
        let entry = entry.decoded().map_err(|_| unreadable("a setting"))?;
        if let LedgerEntryData::ConfigSetting(setting) = &entry.data {
            take(setting, network)?;
            found.insert(key.config_setting_id);
        }
    }
    if found.len() != SETTINGS {
        return Err(damaged("settings are missing"));
    }
    network.rent.fee_per_rent_1kb = rent_rate(network.state_size, &network.rent_curve);
    Ok(())
}

fn take(setting: &ConfigSettingEntry, network: &mut NetworkConfig) -> Result<(), NodeError> {
    use ConfigSettingEntry as Setting;
    let (all, one, fees) = (
        &mut network.ledger_limits,
        &mut network.limits,
        &mut network.fees,
    );
    match setting {
        Setting::ContractMaxSizeBytes(bytes) => one.code_bytes = *bytes,
        Setting::ContractComputeV0(compute) => take_compute(compute, network)?,
        Setting::ContractLedgerCostV0(cost) => take_ledger_cost(cost, network),
        Setting::ContractHistoricalDataV0(data) => {
            fees.fee_per_historical_1kb = data.fee_historical1_kb;
        }
        Setting::ContractEventsV0(events) => {
            one.event_bytes = events.tx_max_contract_events_size_bytes;
            fees.fee_per_contract_event_1kb = events.fee_contract_events1_kb;
        }
        Setting::ContractBandwidthV0(bandwidth) => {
            all.transaction_bytes = bandwidth.ledger_max_txs_size_bytes;
            one.transaction_bytes = bandwidth.tx_max_size_bytes;
            fees.fee_per_transaction_size_1kb = bandwidth.fee_tx_size1_kb;
        }
        Setting::ContractCostParamsCpuInstructions(costs) => network.cpu_costs = costs.clone(),
        Setting::ContractCostParamsMemoryBytes(costs) => network.memory_costs = costs.clone(),
        Setting::ContractDataKeySizeBytes(bytes) => one.key_bytes = *bytes,
        Setting::ContractDataEntrySizeBytes(bytes) => one.data_entry_bytes = *bytes,
        Setting::StateArchival(archival) => take_archival(archival, network),
        Setting::ContractExecutionLanes(lanes) => all.transactions = lanes.ledger_max_tx_count,
        Setting::LiveSorobanStateSizeWindow(samples) => network.state_size = mean(samples)?,
        Setting::ContractParallelComputeV0(parallel) => {
            all.clusters = parallel.ledger_max_dependent_tx_clusters;
        }
        Setting::ContractLedgerCostExtV0(cost) => take_ledger_cost_ext(cost, network),
        _ => {}
    }
    Ok(())
}

fn take_compute(
    compute: &ConfigSettingContractComputeV0,
    network: &mut NetworkConfig,
) -> Result<(), NodeError> {
    let (all, one) = (&mut network.ledger_limits, &mut network.limits);
    all.instructions = in_range(compute.ledger_max_instructions)?;
    one.instructions = in_range(compute.tx_max_instructions)?;
    one.memory = compute.tx_memory_limit.into();
    network.fees.fee_per_instruction_increment = compute.fee_rate_per_instructions_increment;
    Ok(())
}

fn take_ledger_cost_ext(cost: &ConfigSettingContractLedgerCostExtV0, network: &mut NetworkConfig) {
    network.limits.footprint_entries = cost.tx_max_footprint_entries;
    network.fees.fee_per_write_1kb = cost.fee_write1_kb;
    network.rent.fee_per_write_1kb = cost.fee_write1_kb;
}

/// The mean of `samples`, rounded down; 0 of none.
fn mean(samples: &[u64]) -> Result<u64, NodeError> {
    let sum: u128 = samples.iter().copied().map(u128::from).sum();
    in_range(sum.checked_div(samples.len() as u128).unwrap_or(0))
}

fn in_range<T>(number: impl TryInto<T>) -> Result<T, NodeError> {
    let wrong = |_| damaged("a setting is out of range");
    number.try_into().map_err(wrong)
}

fn take_ledger_cost(cost: &ConfigSettingContractLedgerCostV0, network: &mut NetworkConfig) {
    let all = &mut network.ledger_limits;
    all.disk_read_entries = cost.ledger_max_disk_read_entries;
    all.disk_read_bytes = cost.ledger_max_disk_read_bytes;
    all.write_entries = cost.ledger_max_write_ledger_entries;
    all.write_bytes = cost.ledger_max_write_bytes;
    let one = &mut network.limits;
    one.disk_read_entries = cost.tx_max_disk_read_entries;
    one.disk_read_bytes = cost.tx_max_disk_read_bytes;
    one.write_entries = cost.tx_max_write_ledger_entries;
    one.write_bytes = cost.tx_max_write_bytes;
    let fees = &mut network.fees;
    fees.fee_per_disk_read_entry = cost.fee_disk_read_ledger_entry;
    fees.fee_per_write_entry = cost.fee_write_ledger_entry;
    fees.fee_per_disk_read_1kb = cost.fee_disk_read1_kb;
    network.rent.fee_per_write_entry = cost.fee_write_ledger_entry;
    let curve = &mut network.rent_curve;
    curve.state_target_size_bytes = cost.soroban_state_target_size_bytes;
    curve.rent_fee_1kb_state_size_low = cost.rent_fee1_kb_soroban_state_size_low;
    curve.rent_fee_1kb_state_size_high = cost.rent_fee1_kb_soroban_state_size_high;
    curve.state_size_rent_fee_growth_factor = cost.soroban_state_rent_fee_growth_factor;
}

fn take_archival(archival: &StateArchivalSettings, network: &mut NetworkConfig) {
    network.ttl.max = archival.max_entry_ttl;
    network.ttl.min_temporary = archival.min_temporary_ttl;
    network.ttl.min_persistent = archival.min_persistent_ttl;
    network.rent.persistent_rent_rate_denominator = archival.persistent_rent_rate_denominator;
    network.rent.temporary_rent_rate_denominator = archival.temp_rent_rate_denominator;
}
